"""The clock as a seam: services ask it for now and today, tests set it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

CIVIL_ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """Return the civil day in China, on which deadlines and effects are counted."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the civil day in China."""
        return datetime.now(CIVIL_ZONE).date()


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until somebody sets `instant`."""

    instant: datetime

    def now(self) -> datetime:
        """Return the instant it was set to."""
        return self.instant

    def today(self) -> date:
        """Return the civil day in China of that instant."""
        return self.instant.astimezone(CIVIL_ZONE).date()
