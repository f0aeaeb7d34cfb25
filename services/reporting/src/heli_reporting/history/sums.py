# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Sums of numbers over exactly the rows that a measure counts, or over what a year brought organisations.

What a year brought are the flows of members that they told, and the money that they were given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from heli_reporting.history import asking, versions
from heli_reporting.history.domain import Query
from heli_reporting.history.schema import FUND_SOURCES, MEMBER_FLOWS
from heli_reporting.history.vintages import Tables
from heli_shared.statistics.dimensions import Dimension
from heli_shared.statistics.measures import ENTERPRISES, ORGANIZATIONS, Measure
from heli_shared.statistics.tables import MEMBERS_AT_POSTS, REPORTED_NUMBERS

Cursor = Any

SUMMED: dict[str, tuple[str, ...]] = {
    ENTERPRISES: ("staff", "full_members", "probationary_members", *MEMBERS_AT_POSTS, "instructors"),
    ORGANIZATIONS: ("full_members", "probationary_members", "enterprises", *REPORTED_NUMBERS),
}
"""The numbers in the facts of each subject; the rows behind a number have them all."""


FUNDS = ("total", *FUND_SOURCES)
"""The sums of money there are: by where it comes from, and all of it."""

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """A number to add up: a field of the rows that a measure counts, or what a `year` brought organisations.

    With a year it is a field of member flows, or with `is_money` one of `FUNDS`, in yuan up to the query's day. Both
    count for every organisation of the query, closed ones too: what left with one that closed did leave.
    """

    field: str
    measure: Measure
    year: int | None = None
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class Seqs:
    """How far the two ledgers are read; None is the head."""

    registry: int | None
    assessment: int | None


def sums(
    cursor: Cursor, tables: Tables, wanted: Sequence[Sum], dimension: Dimension, query: Query, *, seqs: Seqs
) -> dict[str | None, list[Number | None]]:
    """Return the sums by the values of a dimension, in the order wanted; None where nothing is there to add up."""
    found: dict[str | None, list[Number | None]] = {}
    for place, each in enumerate(wanted):
        for code, number in _sum(cursor, tables, each, dimension, query, seqs):
            found.setdefault(code, [None] * len(wanted))[place] = number
    return found


def _sum(
    cursor: Cursor, tables: Tables, wanted: Sum, dimension: Dimension, query: Query, seqs: Seqs
) -> Sequence[tuple[str | None, Number]]:
    subject = wanted.measure.subject
    facts = tables.facts if subject == ENTERPRISES else tables.organization_facts
    where = asking.where(query, subject)
    rows: Sequence[tuple[str | None, Number]]
    if wanted.year is None:
        if wanted.field not in SUMMED[subject]:
            raise LookupError(wanted.field)
        rows = cursor.execute(
            f"SELECT {dimension.column}, CAST(coalesce(sum({wanted.field}), 0) AS BIGINT) FROM {facts}"
            f" WHERE {where.sql} AND {wanted.measure.numerator} GROUP BY 1",
            where.values,
        ).fetchall()
        return rows
    brought, bound = _money(wanted, query.on, seqs) if wanted.is_money else _flows(wanted, seqs)
    rows = cursor.execute(
        f"SELECT f.place, sum(r.number) FROM (SELECT id, {dimension.column} AS place FROM {facts} WHERE {where.sql})"
        f" AS f JOIN ({brought}) AS r ON r.organization = f.id GROUP BY 1",
        [*where.values, *bound],
    ).fetchall()
    return [(code, number if wanted.is_money else int(number)) for code, number in rows]


def _latest(kind: str, seq: int | None) -> tuple[str, list[int]]:
    """Return the records of a kind that are open at last as known at a seq, as SQL and what it binds."""
    source, bound = versions.as_known(kind, seq)
    return f"(SELECT * FROM {source} WHERE state = 'open' AND valid_to = DATE '9999-12-31')", bound


def _flows(wanted: Sum, seqs: Seqs) -> tuple[str, list[Any]]:
    if wanted.field not in MEMBER_FLOWS:
        raise LookupError(wanted.field)
    source, bound = _latest("member_flow", seqs.registry)
    told = f"SELECT organization, coalesce({wanted.field}, 0) AS number FROM {source} WHERE year = ?"
    return told, [*bound, wanted.year]


def _money(wanted: Sum, on: date, seqs: Seqs) -> tuple[str, list[Any]]:
    """Return what organisations were given in a year up to a day: allocations by their budget's source, dues back."""
    if wanted.field not in FUNDS:
        raise LookupError(wanted.field)
    movements, bound = _latest("fund_movement", seqs.assessment)
    budgets, also_bound = _latest("fund_budget", seqs.assessment)
    chosen = "" if wanted.field == "total" else f" AND source = '{wanted.field}'"
    given = f"""
SELECT organization, amount AS number FROM (
  SELECT m.organization, m.amount, m.happened_on,
    CASE WHEN m.kind = 'dues_returned' THEN 'dues' ELSE coalesce(b.source, 'other') END AS source
  FROM {movements} AS m LEFT JOIN {budgets} AS b ON b.key = m.budget
  WHERE m.kind IN ('allocation', 'dues_returned') AND m.organization IS NOT NULL
) WHERE year(happened_on) = ? AND happened_on <= ?{chosen}"""
    return given, [*bound, *also_bound, wanted.year, on]
