"""Runs: values of some days as stretches from day to day, so that facts meet them once and not once for each day."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

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


def days_before(column: str, days: Sequence[date]) -> str:
    """Return the SQL that tells how many of some days, given in order, lie before the day in a column."""

    def within(low: int, high: int) -> str:
        if low == high:
            return str(low)
        middle = (low + high) // 2
        return (
            f"CASE WHEN DATE '{days[middle].isoformat()}' < {column} THEN {within(middle + 1, high)}"
            f" ELSE {within(low, middle)} END"
        )

    return within(0, len(days))
