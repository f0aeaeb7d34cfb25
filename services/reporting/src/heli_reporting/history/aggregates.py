# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Aggregates: numerators and denominators per group, and what was left out."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from heli_reporting.history import asking
from heli_reporting.history.asking import Sql, Where
from heli_reporting.history.domain import Aggregate, Cell, GroupRow, Query, Series, SeriesRow, line_order
from heli_reporting.history.names import named_lines
from heli_reporting.history.runs import days_before
from heli_reporting.history.vintages import Tables
from heli_shared.statistics.dimensions import Dimension
from heli_shared.statistics.measures import ENTERPRISES, Measure, columns

_FEW = 3
"""Of so many days each is counted by itself; what more of them have in common is counted once."""

Cursor = Any
Codes = tuple[str | None, ...]
Counts = dict[date, dict[Codes, dict[str, int]]]
"""Per day and group, how many rows meet each column."""

Cells = Mapping[str, tuple[Cell, ...]]
"""For each measure a cell a day."""


def aggregate(
    cursor: Cursor, tables: Tables, measures: list[Measure], dimensions: list[Dimension], query: Query
) -> tuple[list[GroupRow], Mapping[str, Cell]]:
    """Return the lines and the total of an aggregate."""
    rows, total = series(cursor, tables, measures, dimensions, query, [query.on])
    first = [GroupRow(row.groups, {name: cells[0] for name, cells in row.cells.items()}) for row in rows]
    return first, {name: cells[0] for name, cells in total.items()}


def series(
    cursor: Cursor,
    tables: Tables,
    measures: list[Measure],
    dimensions: list[Dimension],
    query: Query,
    days: Sequence[date],
) -> tuple[list[SeriesRow], Cells]:
    """Return the lines and the totals of an aggregate on some days, see `counted`, named as on the query's day."""
    lines, total = counted(cursor, tables, measures, dimensions, query, days)
    named = named_lines(cursor, tables, dimensions, list(lines), query.structure_on)
    return [SeriesRow(groups, lines[codes]) for codes, groups in named.items()], total


def counted(
    cursor: Cursor,
    tables: Tables,
    measures: list[Measure],
    dimensions: list[Dimension],
    query: Query,
    days: Sequence[date],
) -> tuple[dict[Codes, Cells], Cells]:
    """Return the lines in order, and the total, counted in one pass for each kind of subject; no lines without groups.

    The days are given in order.
    """
    asking.check_dimensions(measures, dimensions)
    by_subject = sorted(measures, key=lambda measure: measure.subject)
    counts: dict[str, Counts] = {
        subject: _counts(cursor, tables, list(group), dimensions, query, days)
        for subject, group in groupby(by_subject, key=lambda measure: measure.subject)
    }
    codes: dict[Codes, None] = {}
    if dimensions:
        codes |= {key: None for found in counts.values() for of_day in found.values() for key in of_day}
        codes |= dict.fromkeys(_expected(cursor, tables, dimensions, query))
    lines = {key: _line(measures, counts, days, key) for key in sorted(codes, key=line_order(dimensions))}
    return lines, {m.id: tuple(_total(m, counts[m.subject], day) for day in days) for m in measures}


def joined(days: Sequence[Aggregate], dimensions: Sequence[Dimension]) -> Series:
    """Return the answers of several days as one series; lines that a day lacks are empty on it."""
    lines = {tuple(group.code for group in row.groups): row.groups for answer in days for row in answer.rows}
    cells = [{tuple(group.code for group in row.groups): row.cells for row in answer.rows} for answer in days]
    last = days[-1]
    empty = {name: Cell(0, None if cell.denominator is None else 0) for name, cell in last.total.items()}
    rows = [
        SeriesRow(lines[codes], {name: tuple(found.get(codes, empty)[name] for found in cells) for name in last.total})
        for codes in sorted(lines, key=line_order(dimensions))
    ]
    return Series(rows, {name: tuple(each.total[name] for each in days) for name in last.total}, last.known_at)


def _total(measure: Measure, counts: Counts, day: date) -> Cell:
    of_day = counts[day]
    above = sum(found[measure.numerator] for found in of_day.values())
    below = sum(found[measure.denominator] for found in of_day.values()) if measure.denominator else 0
    return _cell(measure, above, below)


def _cell(measure: Measure, numerator: int, denominator: int) -> Cell:
    return Cell(numerator, None if measure.denominator is None else denominator)


def _counts(
    cursor: Cursor,
    tables: Tables,
    measures: list[Measure],
    dimensions: list[Dimension],
    query: Query,
    days: Sequence[date],
) -> Counts:
    """Count the measures' columns per day and group; rows that no measure counts are not looked at."""
    subject = measures[0].subject
    wanted = columns(measures)
    where = asking.chosen(query, subject)
    where.add(f"({' OR '.join(sorted({measure.frame for measure in measures}))})")
    groups = {f"g{i}": dimension.column for i, dimension in enumerate(dimensions)}
    facts, size = _facts(tables, subject), len(dimensions)
    if len(days) <= _FEW:
        made = _of_few_days(facts, where, groups, wanted, days)
        found = cursor.execute(made, where.values).fetchall()
        return {
            day: {tuple(row[:size]): dict(zip(wanted, row[size + n :: len(days)], strict=True)) for row in found}
            for n, day in enumerate(days)
        }
    make = _of_days if facts.isidentifier() else _of_days_placed
    sql = make(facts, where, groups, wanted, days)
    return _added_up(cursor.execute(sql.text, sql.values).fetchall(), size, wanted, days)


def _of_few_days(
    facts: str, where: Where, groups: Mapping[str, str], wanted: Sequence[str], days: Sequence[date]
) -> str:
    """Return the SELECT of each group's counts, for each column those of all days."""
    held = [f"(valid_from <= DATE '{day.isoformat()}' AND valid_to > DATE '{day.isoformat()}')" for day in days]
    and_held = [f" AND {each}" for each in held] if len(days) > 1 else [""]
    numbers = [f"coalesce(count_if({column}{on_day}), 0)" for column in wanted for on_day in and_held]
    selected = ", ".join([*(f"{sql} AS {name}" for name, sql in groups.items()), *numbers])
    group_by = f" GROUP BY {', '.join(groups)}" if groups else ""
    return f"SELECT {selected} FROM {facts} WHERE {where.sql} AND ({' OR '.join(held)}){group_by}"


def _of_days(facts: str, where: Where, groups: Mapping[str, str], wanted: Sequence[str], days: Sequence[date]) -> Sql:
    """Return the SELECT of what is there on the first day, and of what each later one adds and takes away.

    So what holds on all of the days is counted once, and what changes between them twice. The last column counts rows.
    """
    first, last = (f"DATE '{day.isoformat()}'" for day in (days[0], days[-1]))
    steps = (
        (Sql("0", []), f"valid_from <= {first} AND valid_to > {first}", ""),
        (days_before("valid_from", days), f"valid_from > {first} AND valid_from <= {last}", ""),
        (days_before("valid_to", days), f"valid_to > {first} AND valid_to <= {last}", "-"),
    )
    numbers = [f"count_if({column})" for column in wanted]
    named = "".join(f", {sql} AS {name}" for name, sql in groups.items())
    text = " UNION ALL ".join(
        f"SELECT {n.text} AS n{named}{''.join(f', {sign}CAST({each} AS BIGINT)' for each in (*numbers, 'count(*)'))}"
        f" FROM {facts} WHERE {where.sql} AND {held} GROUP BY {', '.join(['n', *groups])}"
        for n, held, sign in steps
    )
    return Sql(text, [value for n, _, _ in steps for value in (*n.values, *where.values)])


def _of_days_placed(
    facts: str, where: Where, groups: Mapping[str, str], wanted: Sequence[str], days: Sequence[date]
) -> Sql:
    """Return what `_of_days` does for rows that are placed anew: they take long to plan, so they are made once."""
    named = "".join(f", {sql} AS {name}" for name, sql in groups.items())
    placed = (
        f"SELECT valid_from, valid_to{named}, {', '.join(wanted)} FROM {facts} WHERE {where.sql}"
        f" AND valid_from <= DATE '{days[-1].isoformat()}' AND valid_to > DATE '{days[0].isoformat()}'"
    )
    steps = _of_days("placed", Where(["TRUE"]), {name: name for name in groups}, wanted, days)
    return Sql(f"WITH placed AS MATERIALIZED ({placed}) {steps.text}", [*where.values, *steps.values])


def _added_up(steps: Sequence[tuple[Any, ...]], size: int, wanted: Sequence[str], days: Sequence[date]) -> Counts:
    """Return what is there on each day; a group without a row on a day is not named on it."""
    by_day: list[list[tuple[Any, ...]]] = [[] for _ in days]
    for step in steps:
        by_day[step[0]].append(step[1:])
    held: dict[Codes, list[int]] = {}
    counts: Counts = {}
    for day, changes in zip(days, by_day, strict=True):
        for change in changes:
            codes, added = change[:size], change[size:]
            before = held.get(codes)
            held[codes] = list(added) if before is None else [a + b for a, b in zip(before, added, strict=True)]
        counts[day] = {codes: dict(zip(wanted, found[:-1], strict=True)) for codes, found in held.items() if found[-1]}
    return counts


def _facts(tables: Tables, subject: str) -> str:
    return tables.facts if subject == ENTERPRISES else tables.organization_facts


def _expected(cursor: Cursor, tables: Tables, dimensions: list[Dimension], query: Query) -> list[Codes]:
    """Return the open divisions of the level in the query's territory, so that an empty one has its line, too."""
    first = dimensions[0]
    if len(dimensions) > 1 or first.id != "division":
        return []
    where = asking.Where()
    asking.add_scope(where, query.scope)
    if "division" in query.filters:
        asking.add_filter(where, "division", query.filters["division"])
    conditions = f" AND {where.sql}" if where.conditions else ""
    found = cursor.execute(
        f"SELECT d.key FROM {tables.names['division']} AS d"
        f" JOIN (SELECT *, NULL AS zone FROM {tables.paths} WHERE valid_from <= ? AND valid_to > ?) AS p"
        " ON p.key = d.key"
        f" WHERE d.valid_from <= ? AND d.valid_to > ? AND d.state = 'open' AND d.level = ?{conditions}",
        [*[query.structure_on] * 4, first.level, *where.values],
    )
    return [(key,) for (key,) in found.fetchall()]


def _line(measures: Sequence[Measure], counts: Mapping[str, Counts], days: Sequence[date], codes: Codes) -> Cells:
    found = {measure: [counts[measure.subject][day].get(codes, {}) for day in days] for measure in measures}
    return {
        measure.id: tuple(
            _cell(measure, each.get(measure.numerator, 0), each.get(measure.denominator or "", 0)) for each in by_day
        )
        for measure, by_day in found.items()
    }


def excluded(cursor: Cursor, tables: Tables, measure: Measure, query: Query) -> dict[str, int]:
    """Count what is part of the query and not of the denominator, by reason, most frequent first."""
    where = asking.where(query, measure.subject)
    found = cursor.execute(
        f"SELECT coalesce(scope_reason, ?) AS reason, count(*) AS n FROM {_facts(tables, measure.subject)}"
        f" WHERE {where.sql} AND NOT {measure.base} GROUP BY reason ORDER BY n DESC, reason",
        [measure.outside, *where.values],
    )
    return dict(found.fetchall())
