"""The day on which the figures of a form are counted: the last of its period, or today while that runs."""

import calendar
from dataclasses import dataclass
from datetime import date

from heli_reporting.periods import Period, period_of
from heli_shared.kernel.errors import BadRequest, FieldProblem


@dataclass(frozen=True, slots=True)
class Due:
    """A period that a form is due for, and the day on which its figures are counted."""

    period: Period
    on: date
    is_over: bool


def due_for(code: str | None, *, today: date) -> Due:
    """Return what a form is due for by the code of a period, the year that runs by default; BadRequest before it."""
    period = period_of(code or str(today.year))
    if period.first > today:
        raise BadRequest(
            f"报告期 {period.code} 尚未开始。",
            f"The period {period.code} has not begun.",
            errors=[FieldProblem("parameter period", "尚未开始", "has not begun")],
        )
    return Due(period, min(period.last, today), period.last <= today)


def year_before(day: date) -> date:
    """Return the same day a year before; of 29 February the 28th, and the last of a month stays the last."""
    last = calendar.monthrange(day.year, day.month)[1] == day.day
    ends = calendar.monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, ends if last else min(day.day, ends))
