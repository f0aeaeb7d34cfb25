"""The day on which the figures of a form are counted: the last of its period, or today while that runs."""

from dataclasses import dataclass
from datetime import date, timedelta

from heli_reporting.periods import Period, period_of
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.kernel.spans import add_months


@dataclass(frozen=True, slots=True)
class Due:
    """A period that a form is due for, and the day on which its figures are counted."""

    period: Period
    on: date
    is_over: bool

    @property
    def a_year_before(self) -> date:
        """Return the last day of the same period a year before, or while the period runs the same day a year before.

        So February ends on the 29th of one year and on the 28th of another.
        """
        if not self.is_over:
            return add_months(self.on, -12)
        return add_months(self.period.last + timedelta(days=1), -12) - timedelta(days=1)


def due_for(code: str | None, *, today: date) -> Due:
    """Return what a form is due for by the code of a period, the year that runs by default; BadRequest before it."""
    period = period_of(str(today.year) if code is None else code)
    if period.first > today:
        raise BadRequest(
            f"报告期 {period.code} 尚未开始。",
            f"The period {period.code} has not begun.",
            errors=[FieldProblem("parameter period", "尚未开始", "has not begun")],
        )
    return Due(period, min(period.last, today), period.last <= today)
