"""Counting working days: a deadline is so many of them after the day that starts it, that day not counted."""

from collections.abc import Callable
from datetime import date, timedelta

IsWorking = Callable[[date], bool]
_DAY = timedelta(days=1)


def working_day_after(start: date, days: int, is_working: IsWorking) -> date:
    """Return the `days`-th working day after `start`; `start` itself is never counted, and is returned for 0 days."""
    day = start
    while days > 0:
        day += _DAY
        days -= is_working(day)
    return day


def working_days_between(start: date, end: date, is_working: IsWorking) -> int:
    """Return how many working days lie after `start` up to `end`, negative when `end` lies before `start`.

    A deadline `end` is met on its own day: 0 means that it is today or that only holidays lie between.
    """
    if end < start:
        return -working_days_between(end, start, is_working)
    return sum(is_working(start + _DAY * number) for number in range(1, (end - start).days + 1))
