"""Runs: values of some days as stretches from day to day, so that facts meet them once and not once for each day."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import TypeVar

from heli_reporting.history.asking import Sql
from heli_reporting.history.domain import FOREVER

Value = TypeVar("Value")


def runs(days: Sequence[date], values: Sequence[Value]) -> list[tuple[date, date, Value]]:
    """Return (valid from, valid to, value) of values that hold on days in order; together they cover all of time.

    Of the days in between nothing is known and nothing is asked: a value reaches to the next day with another one.
    """
    found: list[tuple[date, date, Value]] = []
    for day, value in zip(days, values, strict=True):
        if not found:
            found.append((date.min, FOREVER, value))
        elif found[-1][2] != value:
            found[-1] = (found[-1][0], day, found[-1][2])
            found.append((day, FOREVER, value))
    return found


def days_before(column: str, days: Sequence[date]) -> Sql:
    """Return the SQL that tells how many of some days, given in order, lie before the day in a column.

    It tells so of days after the first and up to the last. The answer is looked up in a list with a place for each of
    those, which is faster than to compare with one day after another.
    """
    counts = [n for n, (day, until) in enumerate(pairwise(days), 1) for _ in range((until - day).days)]
    text = f"list_extract(CAST(? AS USMALLINT[]), {column} - DATE '{days[0].isoformat()}')"
    return Sql(text, [counts])
