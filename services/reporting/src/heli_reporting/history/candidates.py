# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Candidates: the enterprises without an organisation that a gap list is about, and those that could join them."""

from typing import Any

from heli_reporting.history import asking
from heli_reporting.history.domain import Query
from heli_reporting.history.duties import gap_of
from heli_reporting.history.vintages import Tables
from heli_shared.statistics.measures import ENTERPRISES, Measure
from heli_shared.statistics.tables import PATH_LEVELS

Cursor = Any

_SHOWN = (
    "uscc",
    "name",
    "division",
    *PATH_LEVELS,
    "zone",
    "industry",
    "full_members",
    "staff",
    "is_reached",
    "is_covered",
    "due",
    "staff100",
)


def candidates(cursor: Cursor, tables: Tables, measure: Measure, query: Query) -> list[dict[str, Any]]:
    """Return who lacks what the measure asks for (`is_gap`), and who else has members and no organisation, by code."""
    where = asking.where(query, measure.subject)
    gap = gap_of(measure)
    where.add(f"({gap} OR (without_organization AND coalesce(full_members, 0) > 0))")
    found = cursor.execute(
        f"SELECT {', '.join(_SHOWN)}, {gap} AS is_gap FROM {tables.facts} WHERE {where.sql} ORDER BY uscc",
        where.values,
    )
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def places(cursor: Cursor, tables: Tables, keys: list[str], query: Query) -> list[dict[str, Any]]:
    """Return where those of these enterprises lie that the query's scope and filters let through, by code."""
    where = asking.where(query, ENTERPRISES)
    where.add("state = 'open' AND uscc IN (SELECT unnest(CAST(? AS VARCHAR[])))", keys)
    found = cursor.execute(
        f"SELECT uscc, division, {', '.join(PATH_LEVELS)}, zone FROM {tables.facts} WHERE {where.sql} ORDER BY uscc",
        where.values,
    )
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
