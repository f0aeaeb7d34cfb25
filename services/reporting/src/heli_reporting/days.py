"""Days told in words, relative to another day, and the ends of months, quarters and years between two days."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Literal, get_args

from heli_shared.kernel.spans import add_months

Every = Literal["month", "quarter", "year"]
DayWord = Literal[
    "today",
    "month_end",
    "quarter_end",
    "year_end",
    "previous_month_end",
    "previous_quarter_end",
    "previous_year_end",
    "a_month_before",
    "a_quarter_before",
    "a_year_before",
]
WORDS: tuple[str, ...] = get_args(DayWord)
"""`…_end`: the newest end not after the day; `previous_…_end`: the newest before it; `a_…_before`: the day earlier."""

_MONTHS: dict[Every, int] = {"month": 1, "quarter": 3, "year": 12}
_ONE = timedelta(days=1)


def _is_end(day: date, every: Every) -> bool:
    following = day + _ONE
    return following.day == 1 and (following.month - 1) % _MONTHS[every] == 0


def _end_before(day: date, every: Every) -> date:
    """Return the newest end of a period before a day."""
    months = _MONTHS[every]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1) - _ONE


def _end_until(day: date, every: Every) -> date:
    return day if _is_end(day, every) else _end_before(day, every)


def _earlier(day: date, every: Every) -> date:
    return add_months(day, -_MONTHS[every])


def _rules(every: Every) -> dict[str, Callable[[date], date]]:
    return {
        f"{every}_end": partial(_end_until, every=every),
        f"previous_{every}_end": partial(_end_before, every=every),
        f"a_{every}_before": partial(_earlier, every=every),
    }


_RULES: dict[str, Callable[[date], date]] = {
    "today": lambda day: day,
    **_rules("month"),
    **_rules("quarter"),
    **_rules("year"),
}


def day_of(told: date | DayWord, reference: date) -> date:
    """Return a day that is told as such, or in a word relative to a reference."""
    return told if isinstance(told, date) else _RULES[told](reference)


def ends_between(first: date, last: date, every: Every) -> Iterator[date]:
    """Yield the ends of periods from a first day until before a last one, and then the last day, whatever it ends."""
    day = first if _is_end(first, every) else _next_end(first, every)
    while day < last:
        yield day
        day = _next_end(day, every)
    yield last


def _next_end(day: date, every: Every) -> date:
    """Return the first end of a period after a day."""
    months = _MONTHS[every]
    start = (day + _ONE).replace(day=1)
    begun = start.replace(month=(start.month - 1) // months * months + 1)
    return add_months(begun, months) - _ONE
