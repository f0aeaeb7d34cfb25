# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Details: exactly the rows behind a number, the gaps with since when and why, and organisations for worklists."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from heli_reporting.history import asking, causes, denominators
from heli_reporting.history.asking import Where
from heli_reporting.history.domain import Gap, Group, Part, Query
from heli_reporting.history.names import names_on
from heli_reporting.history.sums import SUMMED
from heli_reporting.history.vintages import Tables
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.kernel.pages import decode_cursor, encode_cursor
from heli_shared.statistics.measures import ENTERPRISES, ORGANIZATIONS, Measure
from heli_shared.statistics.tables import PATH_LEVELS

Cursor = Any
Item = dict[str, Any]

_ENTERPRISE = (
    "uscc",
    "name",
    "division",
    "zone",
    "responsible_unit AS unit",
    "industry",
    "size_class",
    "ownership",
    *SUMMED[ENTERPRISES],
    "organization_cover",
    "is_reached AS reached",
    "state",
)
_ORGANIZATION = (
    "id",
    "name",
    "kind",
    "division",
    "zone",
    "secretary_kind",
    "secretary_post",
    "premises",
    "setup_form",
    "affiliation_kind",
    "elected_on",
    "election_due_on",
    *SUMMED[ORGANIZATIONS],
    "state",
)
_WORKLIST = (
    "id",
    "name",
    "kind",
    "setup_form",
    "division",
    *PATH_LEVELS,
    "zone",
    "established_on",
    "elected_on",
    "term_years",
    "extension_until",
    "election_due_on",
    "full_members",
    "probationary_members",
    "has_secretary",
    "enterprises",
)
DUTIES = {
    "due_established_rate": "full_members",
    "staff50_with_member_rate": "staff",
    "staff100_with_organization_rate": "staff",
}
"""The measures whose gap is a duty not met, and the field that makes it one."""


def _part(measure: Measure, part: Part) -> str:
    """Return the condition that puts a row into a part of a measure."""
    if measure.denominator is None:
        parts = {"numerator": measure.numerator, "denominator": measure.numerator, "gap": "FALSE"}
    else:
        gap = f"{measure.denominator} AND NOT {measure.numerator}"
        parts = {"numerator": measure.numerator, "denominator": measure.denominator, "gap": gap}
    return {**parts, "excluded": f"NOT {measure.base}", "all": "TRUE"}[part]


def gap_condition(measure: Measure) -> str:
    """Return the condition of a row that is in the measure's denominator and not in its numerator."""
    return f"({_part(measure, 'gap')})"


def _fetch(cursor: Cursor, sql: str, values: list[Any]) -> list[Item]:
    found = cursor.execute(sql, values)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def rows(  # noqa: PLR0913 - what, whose, which and how many
    cursor: Cursor,
    tables: Tables,
    measure: Measure,
    query: Query,
    *,
    part: Part,
    reason: str | None,
    limit: int,
    after: str | None,
    seq: int,
) -> tuple[list[Item], str | None, int]:
    """Return one page of a part's rows as known at a seq, the cursor of the next, and how many rows the part has."""
    facts = tables.facts if measure.subject == ENTERPRISES else tables.organization_facts
    key = asking.key_of(measure.subject)
    where = asking.where(query, measure.subject)
    where.add(_part(measure, part))
    if reason is not None:
        where.add(f"NOT {measure.base} AND coalesce(scope_reason, ?) = ?", measure.outside, reason)
    total = cursor.execute(f"SELECT count(*) FROM {facts} WHERE {where.sql}", where.values).fetchall()[0][0]
    if after is not None:
        where.add(f"{key} > ?", *decode_cursor(after, str))
    shown = _ENTERPRISE if measure.subject == ENTERPRISES else _ORGANIZATION
    items = _fetch(
        cursor,
        f"SELECT {', '.join(shown)}, {measure.numerator} AS in_numerator, {measure.base} AS in_denominator,"
        f" CASE WHEN NOT {measure.base} THEN coalesce(scope_reason, ?) END AS reason,"
        f" {denominators.reason_of(measure)} AS because"
        f" FROM {facts} WHERE {where.sql} ORDER BY {key} LIMIT ?",
        [measure.outside, *where.values, limit + 1],
    )
    following = encode_cursor(items[limit - 1][key]) if len(items) > limit else None
    denominators.add_deciding(cursor, measure, query.on, items[:limit], seq=seq)
    return _named(cursor, tables, items[:limit], query.structure_on), following, total


def _named(cursor: Cursor, tables: Tables, items: list[Item], on: date) -> list[Item]:
    """Put the groups of the day in the place of the codes of division, zone and unit."""
    for column in ("division", "zone", "unit"):
        held = [item for item in items if item.get(column) is not None]
        found = names_on(cursor, tables.names[column], [item[column] for item in held], on)
        for item in held:
            code = item[column]
            item[column] = Group(code, found.get(code) or code, found.get(code) or code)
    return items


def gaps(
    cursor: Cursor,
    tables: Tables,
    measure: Measure,
    query: Query,
    *,
    chosen: Sequence[str],
    limit: int,
    after: str | None,
    seq: int | None,
) -> tuple[list[Gap], str | None, int]:
    """Return one page of a duty's gaps, the longest overdue first, the cursor of the next, and how many there are.

    Where causes are `chosen`, only the gaps for which one of them holds; `seq` bounds what is known (None: the head).
    """
    if measure.id not in DUTIES:
        known = ", ".join(DUTIES)
        raise BadRequest(
            f"缺口清单只用于：{known}。",
            f"There are gap lists for: {known}.",
            errors=[FieldProblem("measure", "没有缺口清单", "has no gap list")],
        )
    where = asking.where(query, measure.subject)
    where.add(_part(measure, "gap"))
    page = Where()
    if chosen:
        page.add(causes.chosen(chosen))
    listed = _gap_sql(tables, measure, where, causes.steps(tables, causes.relations(cursor, seq), query.on))
    counted = f"({listed}) WHERE {page.sql}" if chosen else f"{tables.facts} WHERE {where.sql}"
    bound = [*where.values, query.on] if chosen else where.values
    total = cursor.execute(f"SELECT count(*) FROM {counted}", bound).fetchall()[0][0]
    if after is not None:
        since, uscc = decode_cursor(after, str, str)
        page.add("(since, uscc) > (TRY_CAST(? AS DATE), ?)", since, uscc)
    further = f" WHERE {page.sql}" if page.conditions else ""
    ordered = f"SELECT * FROM ({listed}){further} ORDER BY since, uscc LIMIT ?"
    items = _fetch(cursor, ordered, [*where.values, query.on, *page.values, limit + 1])
    shown = items[:limit]
    following = encode_cursor(shown[-1]["since"].isoformat(), shown[-1]["uscc"]) if len(items) > limit else None
    return [_gap(item, query.on) for item in _named(cursor, tables, shown, query.on)], following, total


def _gap_sql(tables: Tables, measure: Measure, where: Where, steps: str) -> str:
    """Return the SELECT of gaps with the start of their run, what held before it, and the causes.

    The stretches of an enterprise follow one another without a hole, so the run begins where the last stretch outside
    the gap ended, or with the record itself. `before` is that last stretch.
    """
    driver = DUTIES[measure.id]
    outside = f"FILTER (WHERE NOT ({_part(measure, 'gap')}))"
    return f"""
WITH gap AS (SELECT * FROM {tables.facts} WHERE {where.sql}), runs AS (
  SELECT f.uscc, min(f.valid_from) AS born, max(f.valid_to) {outside} AS ended,
    arg_max(struct_pack(scoped := f.in_scope, base := {measure.base}, driver := f.{driver}), f.valid_to)
      {outside} AS before, {causes.RUNS}
  FROM {tables.runs} AS f WHERE f.uscc IN (SELECT uscc FROM gap) AND f.valid_from <= ? GROUP BY f.uscc
), {steps}
SELECT gap.uscc, name, division, zone, responsible_unit AS unit, full_members, probationary_members, staff,
  is_reached AS reached, coalesce(ended, born) AS since,
  CASE WHEN before IS NULL THEN 'recorded' WHEN NOT before.scoped THEN 'entered_scope' WHEN before.base THEN 'lost'
    WHEN before.driver IS NOT DISTINCT FROM gap.{driver} THEN 'rule_changed' ELSE 'condition_reached' END AS began,
  {causes.COLUMNS}
FROM gap JOIN runs ON runs.uscc = gap.uscc {causes.JOINS}"""


def _gap(item: Item, on: date) -> Gap:
    held = causes.taken(item)
    return Gap(**item, days_overdue=(on - item["since"]).days, causes=held)


def organizations(cursor: Cursor, tables: Tables, query: Query) -> list[Item]:
    """Return the open organisations of a query, by id."""
    where = asking.where(query, ORGANIZATIONS)
    where.add("is_open")
    facts = tables.organization_facts
    return _fetch(cursor, f"SELECT {', '.join(_WORKLIST)} FROM {facts} WHERE {where.sql} ORDER BY id", where.values)
