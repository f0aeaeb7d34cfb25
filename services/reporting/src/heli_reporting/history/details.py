# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Details: exactly the rows behind a number, and organisations for worklists."""

from datetime import date
from typing import Any

from heli_reporting.history import asking, denominators
from heli_reporting.history.domain import Group, Part, Query
from heli_reporting.history.duties import gap_of
from heli_reporting.history.names import names_on
from heli_reporting.history.sums import SUMMED
from heli_reporting.history.vintages import Tables
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


def _part(measure: Measure, part: Part) -> str:
    """Return the condition that puts a row into a part of a measure."""
    if measure.denominator is None:
        parts = {"numerator": measure.numerator, "denominator": measure.numerator, "gap": "FALSE"}
    else:
        parts = {"numerator": measure.numerator, "denominator": measure.denominator, "gap": gap_of(measure)}
    return {**parts, "excluded": f"NOT {measure.base}", "all": "TRUE"}[part]


def fetch(cursor: Cursor, sql: str, values: list[Any]) -> list[Item]:
    """Return the rows of a SELECT by the names of its columns."""
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
    items = fetch(
        cursor,
        f"SELECT {', '.join(shown)}, {measure.numerator} AS in_numerator, {measure.base} AS in_denominator,"
        f" CASE WHEN NOT {measure.base} THEN coalesce(scope_reason, ?) END AS reason,"
        f" {denominators.reason_of(measure)} AS because"
        f" FROM {facts} WHERE {where.sql} ORDER BY {key} LIMIT ?",
        [measure.outside, *where.values, limit + 1],
    )
    following = encode_cursor(items[limit - 1][key]) if len(items) > limit else None
    denominators.add_deciding(cursor, measure, query.on, items[:limit], seq=seq)
    return named(cursor, tables, items[:limit], query.structure_on), following, total


def named(cursor: Cursor, tables: Tables, items: list[Item], on: date) -> list[Item]:
    """Put the groups of the day in the place of the codes of division, zone and unit."""
    for column in ("division", "zone", "unit"):
        held = [item for item in items if item.get(column) is not None]
        found = names_on(cursor, tables.names[column], [item[column] for item in held], on)
        for item in held:
            code = item[column]
            item[column] = Group(code, found.get(code) or code, found.get(code) or code)
    return items


def organizations(cursor: Cursor, tables: Tables, query: Query) -> list[Item]:
    """Return the open organisations of a query, by id."""
    where = asking.where(query, ORGANIZATIONS)
    where.add("is_open")
    facts = tables.organization_facts
    return fetch(cursor, f"SELECT {', '.join(_WORKLIST)} FROM {facts} WHERE {where.sql} ORDER BY id", where.values)
