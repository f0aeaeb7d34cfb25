# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Aggregates: numerators and denominators per group, and what was left out."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from heli_reporting.history import asking
from heli_reporting.history.domain import Cell, GroupRow, Query
from heli_reporting.history.names import groups_of
from heli_reporting.history.vintages import Tables
from heli_shared.statistics.dimensions import Dimension
from heli_shared.statistics.measures import ENTERPRISES, Measure, columns

Cursor = Any
Codes = tuple[str | None, ...]
Counts = dict[Codes, dict[str, int]]


def aggregate(
    cursor: Cursor, tables: Tables, measures: list[Measure], dimensions: list[Dimension], query: Query
) -> tuple[list[GroupRow], Mapping[str, Cell]]:
    """Return the lines and the total of an aggregate."""
    asking.check_dimensions(measures, dimensions)
    by_subject = sorted(measures, key=lambda measure: measure.subject)
    counts: dict[str, Counts] = {
        subject: _counts(cursor, tables, list(group), dimensions, query)
        for subject, group in groupby(by_subject, key=lambda measure: measure.subject)
    }
    codes: dict[Codes, None] = {key: None for found in counts.values() for key in found}
    if dimensions:
        codes |= dict.fromkeys(_expected(cursor, tables, dimensions, query))
    rows = _rows(cursor, tables, measures, dimensions, query, sorted(codes, key=_order), counts)
    total = {
        m.id: _cell(m, _sum(counts[m.subject], m.numerator), _sum(counts[m.subject], m.denominator)) for m in measures
    }
    return (rows if dimensions else []), total


def _order(codes: Codes) -> list[tuple[bool, str]]:
    return [(code is None, code or "") for code in codes]


def _sum(counts: Counts, column: str | None) -> int:
    return sum(found[column] for found in counts.values()) if column else 0


def _cell(measure: Measure, numerator: int, denominator: int) -> Cell:
    return Cell(numerator, None if measure.denominator is None else denominator)


def _counts(
    cursor: Cursor, tables: Tables, measures: list[Measure], dimensions: list[Dimension], query: Query
) -> Counts:
    """Count the measures' columns per group; rows that no measure counts are not looked at."""
    subject = measures[0].subject
    wanted = columns(measures)
    where = asking.where(query, subject)
    where.add("in_scope" if subject == ENTERPRISES else "is_open")
    grouped = [dimension.column for dimension in dimensions]
    selected = [*grouped, *(f"count(*) FILTER (WHERE {column})" for column in wanted)]
    group_by = f" GROUP BY {', '.join(grouped)}" if grouped else ""
    found = cursor.execute(
        f"SELECT {', '.join(selected)} FROM {_facts(tables, subject)} WHERE {where.sql}{group_by}", where.values
    )
    size = len(grouped)
    return {row[:size]: dict(zip(wanted, row[size:], strict=True)) for row in found.fetchall()}


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
        [query.on, query.on, query.on, query.on, first.level, *where.values],
    )
    return [(key,) for (key,) in found.fetchall()]


def _rows(
    cursor: Cursor,
    tables: Tables,
    measures: list[Measure],
    dimensions: list[Dimension],
    query: Query,
    codes: list[Codes],
    counts: dict[str, Counts],
) -> list[GroupRow]:
    named = [
        groups_of(cursor, tables, dimension, {key[i] for key in codes}, query.on)
        for i, dimension in enumerate(dimensions)
    ]
    rows = []
    for key in codes:
        cells = {}
        for measure in measures:
            found = counts[measure.subject].get(key, {})
            cells[measure.id] = _cell(measure, found.get(measure.numerator, 0), found.get(measure.denominator or "", 0))
        rows.append(GroupRow(tuple(groups[code] for groups, code in zip(named, key, strict=True)), cells))
    return rows


def excluded(cursor: Cursor, tables: Tables, measure: Measure, query: Query) -> dict[str, int]:
    """Count what is part of the query and not of the denominator, by reason, most frequent first."""
    where = asking.where(query, measure.subject)
    found = cursor.execute(
        f"SELECT coalesce(scope_reason, ?) AS reason, count(*) AS n FROM {_facts(tables, measure.subject)}"
        f" WHERE {where.sql} AND NOT {measure.base} GROUP BY reason ORDER BY n DESC, reason",
        [measure.outside, *where.values],
    )
    return dict(found.fetchall())
