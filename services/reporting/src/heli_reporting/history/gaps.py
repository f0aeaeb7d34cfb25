# ruff: noqa: S608 -- names of columns and tables come from closed lists, days are dates, values are bound
"""Gaps: who lacks what a duty asks for, since when, and what stands in the way; the longest overdue first."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from heli_reporting.history import asking, causes
from heli_reporting.history.asking import Sql, Where
from heli_reporting.history.details import Item, fetch, named
from heli_reporting.history.domain import Gap, Query
from heli_reporting.history.duties import DRIVERS, SHOWN, gap_of
from heli_reporting.history.vintages import Tables
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.kernel.pages import decode_cursor, encode_cursor
from heli_shared.statistics.measures import Measure

Cursor = Any


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
    if measure.id not in DRIVERS:
        raise _no_list()
    where = asking.where(query, measure.subject)
    where.add(gap_of(measure))
    steps = causes.steps(tables, causes.relations(cursor, seq), query.on)
    lacking = _lacking(tables, measure, where, query)
    start = () if after is None else decode_cursor(after, str, str)
    beyond = "" if after is None else " WHERE (since, uscc) > (TRY_CAST(? AS DATE), ?)"
    rest = Sql(f"SELECT * FROM ({lacking.text}){beyond}", [*lacking.values, *start])
    if chosen:
        all_of_them = _explained(tables, measure, lacking, query, steps)
        counted = Sql(f"({all_of_them.text}) WHERE {causes.chosen(chosen)}", all_of_them.values)
        told = _explained(tables, measure, rest, query, steps)
        page = _first(Sql(f"SELECT * FROM ({told.text}) WHERE {causes.chosen(chosen)}", told.values), limit + 1)
    else:
        counted = Sql(f"{tables.facts} WHERE {where.sql}", where.values)
        page = _explained(tables, measure, _first(rest, limit + 1), query, steps)
    total = cursor.execute(f"SELECT count(*) FROM {counted.text}", counted.values).fetchall()[0][0]
    items = fetch(cursor, f"SELECT * FROM ({page.text}) ORDER BY since, uscc", page.values)
    shown = items[:limit]
    following = encode_cursor(shown[-1]["since"].isoformat(), shown[-1]["uscc"]) if len(items) > limit else None
    return [_gap(item, query.on) for item in named(cursor, tables, shown, query.on)], following, total


def _no_list() -> BadRequest:
    known = ", ".join(DRIVERS)
    return BadRequest(
        f"缺口清单只用于：{known}。",
        f"There are gap lists for: {known}.",
        errors=[FieldProblem("measure", "没有缺口清单", "has no gap list")],
    )


def _lacking(tables: Tables, measure: Measure, where: Where, query: Query) -> Sql:
    """Return the SELECT of who lacks something on the day, and since when."""
    return Sql(
        f"SELECT uscc, run.since FROM {tables.facts} JOIN (SELECT uscc, since FROM {tables.runs}"
        f" WHERE duty = '{measure.id}' AND since <= ? AND until > ?) AS run USING (uscc) WHERE {where.sql}",
        [query.on, query.on, *where.values],
    )


def _first(found: Sql, count: int) -> Sql:
    return Sql(f"{found.text} ORDER BY since, uscc LIMIT ?", [*found.values, count])


def _explained(tables: Tables, measure: Measure, lacking: Sql, query: Query, steps: str) -> Sql:
    """Return the SELECT of some who lack something on the day, with how that began and the causes.

    `before` is the last stretch outside the gap: what held before the run.
    """
    driver = DRIVERS[measure.id]
    outside = f"FILTER (WHERE NOT {gap_of(measure)})"
    text = f"""
WITH listed AS MATERIALIZED ({lacking.text}), told AS MATERIALIZED (
  SELECT * FROM {tables.stretches} WHERE uscc IN (SELECT uscc FROM listed) AND valid_from <= ?
), gap AS (SELECT told.*, listed.since FROM told JOIN listed USING (uscc) WHERE valid_to > ?), runs AS (
  SELECT uscc, min(valid_from) AS born, {causes.RUNS},
    arg_max(struct_pack(scoped := in_scope, base := {measure.base}, driver := {driver}), valid_to) {outside} AS before
  FROM told GROUP BY uscc
), {steps}
SELECT {", ".join(f"gap.{column}" for column in (*SHOWN, "since"))}, gap.responsible_unit AS unit,
  gap.is_reached AS reached,
  CASE WHEN before IS NULL THEN 'recorded' WHEN NOT before.scoped THEN 'entered_scope' WHEN before.base THEN 'lost'
    WHEN before.driver IS NOT DISTINCT FROM gap.{driver} THEN 'rule_changed' ELSE 'condition_reached' END AS began,
  {causes.columns(query.on)}
FROM gap JOIN runs ON runs.uscc = gap.uscc {causes.JOINS}"""
    return Sql(text, [*lacking.values, query.on, query.on])


def _gap(item: Item, on: date) -> Gap:
    held = causes.taken(item)
    return Gap(**item, days_overdue=(on - item["since"]).days, causes=held)
