# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Enterprises whose ledger was not refreshed since a day, counted by who is responsible and where they lie."""

from datetime import date
from typing import Any

from heli_reporting.history import asking, versions
from heli_reporting.history.domain import Query
from heli_reporting.history.schema import version_table
from heli_reporting.history.vintages import Tables
from heli_shared.statistics.measures import ENTERPRISES
from heli_shared.statistics.tables import PATH_LEVELS

Cursor = Any

_PLACES = ("responsible_unit", "zone", *PATH_LEVELS)


def not_refreshed_since(
    cursor: Cursor, tables: Tables, query: Query, since: date, *, seq: int | None
) -> list[dict[str, Any]]:
    """Return groups of enterprises that count: place, how many, how many never refreshed, the oldest day."""
    where, bound = asking.where(query, ENTERPRISES), list[Any]()
    source = version_table("enterprise")
    if seq is not None:
        source = f"({versions.fold('enterprise', versions.entries_of('enterprise', until=True))})"
        bound.append(seq)
    places = ", ".join(f"f.{name}" for name in _PLACES)
    found = cursor.execute(
        f"""
SELECT {places}, count(*) AS enterprises, count(*) FILTER (WHERE e.refreshed_on IS NULL) AS never,
  min(e.refreshed_on) AS oldest
FROM (SELECT * FROM {tables.facts} WHERE {where.sql} AND in_scope) AS f
JOIN {source} AS e ON e.key = f.uscc AND e.valid_from <= ? AND e.valid_to > ?
WHERE e.refreshed_on IS NULL OR e.refreshed_on < ?
GROUP BY ALL ORDER BY ALL""",
        [*where.values, *bound, query.on, query.on, since],
    )
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
