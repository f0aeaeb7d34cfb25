# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Sums of numbers over exactly the rows that a measure counts, or over what was told of organisations for a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from heli_reporting.history import asking, versions
from heli_reporting.history.domain import Query
from heli_reporting.history.schema import MEMBER_FLOWS, version_table
from heli_reporting.history.vintages import Tables
from heli_shared.statistics.dimensions import Dimension
from heli_shared.statistics.measures import ENTERPRISES, ORGANIZATIONS, Measure
from heli_shared.statistics.tables import REPORTED_NUMBERS

Cursor = Any

SUMMED: dict[str, tuple[str, ...]] = {
    ENTERPRISES: ("staff", "full_members", "probationary_members"),
    ORGANIZATIONS: ("full_members", "probationary_members", "enterprises", *REPORTED_NUMBERS),
}
"""The numbers in the facts of each subject; the rows behind a number have them all."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A number to add up: a field of the rows that a measure counts, or with a `year` a field of member flows.

    Flows count for every organisation of the query, closed ones too: what left with one that closed did leave.
    """

    field: str
    measure: Measure
    year: int | None = None


def sums(
    cursor: Cursor, tables: Tables, wanted: Sequence[Sum], dimension: Dimension, query: Query, *, seq: int | None
) -> dict[str | None, list[int]]:
    """Return the sums by the values of a dimension, in the order wanted; unknown numbers add nothing."""
    found: dict[str | None, list[int]] = {}
    for place, each in enumerate(wanted):
        for code, number in _sum(cursor, tables, each, dimension, query, seq=seq):
            found.setdefault(code, [0] * len(wanted))[place] = number
    return found


def _sum(
    cursor: Cursor, tables: Tables, wanted: Sum, dimension: Dimension, query: Query, *, seq: int | None
) -> Sequence[tuple[str | None, int]]:
    subject = wanted.measure.subject
    facts = tables.facts if subject == ENTERPRISES else tables.organization_facts
    where = asking.where(query, subject)
    rows: Sequence[tuple[str | None, int]]
    if wanted.year is None:
        if wanted.field not in SUMMED[subject]:
            raise LookupError(wanted.field)
        rows = cursor.execute(
            f"SELECT {dimension.column}, CAST(coalesce(sum({wanted.field}), 0) AS BIGINT) FROM {facts}"
            f" WHERE {where.sql} AND {wanted.measure.numerator} GROUP BY 1",
            where.values,
        ).fetchall()
        return rows
    if wanted.field not in MEMBER_FLOWS:
        raise LookupError(wanted.field)
    source, bound = version_table("member_flow"), list[Any]()
    if seq is not None:
        source = f"({versions.fold('member_flow', versions.entries_of('member_flow', until=True))})"
        bound.append(seq)
    rows = cursor.execute(
        f"""
SELECT f.place, CAST(coalesce(sum(r.{wanted.field}), 0) AS BIGINT)
FROM (SELECT id, {dimension.column} AS place FROM {facts} WHERE {where.sql}) AS f
JOIN {source} AS r ON r.organization = f.id AND r.year = ? AND r.state = 'open' AND r.valid_to = DATE '9999-12-31'
GROUP BY 1""",
        [*where.values, *bound, wanted.year],
    ).fetchall()
    return rows
