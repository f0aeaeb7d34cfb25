# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Explanations: what named persons said about figures of a period, and about records whose cells are impossible."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from heli_reporting.history import asking, versions
from heli_reporting.history.domain import Query
from heli_reporting.history.schema import version_table
from heli_reporting.history.vintages import Tables
from heli_shared.statistics.measures import ENTERPRISES, Measure
from heli_shared.statistics.tables import PATH_LEVELS

Cursor = Any

_FIELDS = ("period_code", "unit", "division", "zone", "check", "record_kind", "record", "figure", "compared_with",
           "measures", "value", "previous", "text", "person")  # fmt: skip
_NAMES = ("id", *_FIELDS, "unit_name", "path")
_KIND_OF_SUBJECT = {True: "enterprise", False: "party_organization"}


def any_given(cursor: Cursor) -> bool:
    """Say whether anybody ever explained anything: if not, no question need pay for looking closer."""
    return cursor.execute(f"SELECT 1 FROM {version_table('explanation')} LIMIT 1").fetchone() is not None


def explanations(cursor: Cursor, measures: Sequence[str], on: date, *, seq: int | None) -> list[dict[str, Any]]:
    """Return the explanations that stand of a period which holds a day, about one of some measures, by unit.

    Each has its fields, `unit_name`, and `path`: the unit's division and all above it on the day. They are taken as
    known at `seq` (None: the head), however late they were given: a figure is explained after its day.
    """
    condition = "x.figure IS NOT NULL AND list_has_any(x.measures, CAST(? AS VARCHAR[]))"
    return _standing(cursor, condition, [list(measures)], on, seq=seq)


def of_counted_records(
    cursor: Cursor, tables: Tables, measures: Sequence[Measure], query: Query, *, seq: int | None
) -> list[dict[str, Any]]:
    """Return the explanations of failed checks whose record is among the rows of a query that a measure counts.

    Each is as those of `explanations`; `measures` are those whose numerator or denominator holds the record, and
    `record_name` what the record is called on the day.
    """
    found = _standing(cursor, 'x."check" IS NOT NULL', [], query.on, seq=seq)
    counted: dict[tuple[str, str], list[str]] = {}
    names: dict[tuple[str, str], str] = {}
    for measure in measures:
        kind = _KIND_OF_SUBJECT[measure.subject == ENTERPRISES]
        keys = [each["record"] for each in found if each["record_kind"] == kind]
        for key, name in _counted(cursor, tables, measure, query, keys) if keys else ():
            counted.setdefault((kind, key), []).append(measure.id)
            names[kind, key] = name
    places = ((each, (each["record_kind"], each["record"])) for each in found)
    return [
        each | {"measures": counted[place], "record_name": names[place]} for each, place in places if place in counted
    ]


def _counted(
    cursor: Cursor, tables: Tables, measure: Measure, query: Query, keys: Sequence[str]
) -> Sequence[tuple[str, str]]:
    """Return key and name of those of some records that a measure counts above or below the line."""
    facts = tables.facts if measure.subject == ENTERPRISES else tables.organization_facts
    key, where = asking.key_of(measure.subject), asking.where(query, measure.subject)
    where.add(f"({measure.numerator} OR {measure.base})")
    where.add(f"list_contains(CAST(? AS VARCHAR[]), {key})", sorted(set(keys)))
    rows: Sequence[tuple[str, str]] = cursor.execute(
        f"SELECT {key}, name FROM {facts} WHERE {where.sql}", where.values
    ).fetchall()
    return rows


def _standing(
    cursor: Cursor, condition: str, values: Sequence[Any], on: date, *, seq: int | None
) -> list[dict[str, Any]]:
    """Return the explanations of a period that holds a day which stand as known at a seq and meet a condition."""
    source, bound = versions.as_known("explanation", seq)
    fields = ", ".join(f'x."{name}"' for name in _FIELDS)
    found = cursor.execute(
        f"""
SELECT x.key AS id, {fields}, coalesce(u.name, x.unit) AS unit_name, [{", ".join(f"p.{each}" for each in PATH_LEVELS)}]
FROM {source} x
LEFT JOIN paths p ON p.key = x.division AND p.valid_from <= ? AND p.valid_to > ?
LEFT JOIN {version_table("unit")} u ON u.key = x.unit AND u.valid_to = DATE '9999-12-31'
WHERE x.state = 'open' AND x.valid_to = DATE '9999-12-31' AND x.starts_on <= ? AND x.ends_on >= ?
  AND {condition}
ORDER BY x.unit, x.figure, x."check", x.key""",
        [*bound, on, on, on, on, *values],
    ).fetchall()
    rows: list[Mapping[str, Any]] = [dict(zip(_NAMES, row, strict=True)) for row in found]
    return [{**row, "record_name": None} for row in rows]
