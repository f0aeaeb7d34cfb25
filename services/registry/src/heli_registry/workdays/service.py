"""The working calendar: the office's own days first, then the State Council's, then the plain week."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy.orm import Session

from heli_registry.workdays import repository
from heli_registry.workdays.models import CALENDAR_DAY
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.kernel.workdays import working_day_after, working_days_between
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters, no_conditions
from heli_shared.records.service import Resource
from heli_shared.statistics import statutory

Source = Literal["office", "announced", "computed"]


@dataclass(frozen=True, slots=True)
class WorkDay:
    """One day of the calendar: `source` says who made it so."""

    day: date
    is_working: bool
    name: str | None
    source: Source


class Calendar:
    """The calendar as one transaction sees it."""

    def __init__(self, session: Session) -> None:
        """Read the office's own days once."""
        self._own: Mapping[date, Any] = repository.days_spoken_about(session)

    def is_working(self, day: date) -> bool:
        """Say whether a day is a working day."""
        own = self._own.get(day)
        return statutory.is_working(day) if own is None else bool(own.is_working)

    def describe(self, day: date) -> WorkDay:
        """Return a day with its name and with who made it a working day or none."""
        own = self._own.get(day)
        if own is not None:
            return WorkDay(day, bool(own.is_working), own.name, "office")
        source: Source = "announced" if statutory.is_announced(day.year) else "computed"
        return WorkDay(day, statutory.is_working(day), statutory.name_of(day), source)

    def days(self, start: date, end: date) -> Iterator[WorkDay]:
        """Yield every day from `start` to `end`, both included."""
        for number in range((end - start).days + 1):
            yield self.describe(start + timedelta(days=number))

    def deadline_after(self, start: date, days: int) -> date:
        """Return the `days`-th working day after `start`."""
        return working_day_after(start, days, self.is_working)

    def days_left(self, today: date, due: date) -> int:
        """Return how many working days are left until a deadline, negative when it has passed."""
        return working_days_between(today, due, self.is_working)


def deadline_after(session: Session, start: date, days: int) -> date:
    """Return the `days`-th working day after `start` by the calendar in force."""
    return Calendar(session).deadline_after(start, days)


def check_calendar_day(
    _call: RecordCall, _before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse a key that is no day of the calendar."""
    try:
        date.fromisoformat(after["day"])
    except ValueError as error:
        found = FieldProblem("/day", "没有这一天", "there is no such day")
        raise InvalidInput("日期有误。", "There is no such day.", errors=[found]) from error


CALENDAR_DAYS = Resource(CALENDAR_DAY, no_conditions, check=check_calendar_day, filters=equality_filters(CALENDAR_DAY))
