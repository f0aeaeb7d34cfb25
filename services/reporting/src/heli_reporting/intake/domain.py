"""How fresh the copy of a source is, and what one reading of the sources brought."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Status = Literal["fresh", "stale", "never"]
Mode = Literal["bulk", "feed", "none"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The last attempts to read a source: when it last succeeded, when it was last tried, what went wrong then."""

    source: str
    fetched_at: datetime | None
    attempted_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the copy of a source goes and whether it is up to date; `age_seconds` is since `fetched_at`."""

    source: str
    status: Status
    epoch: str | None
    known_at: int
    fetched_at: datetime | None
    age_seconds: int | None
    error: str | None

    @property
    def is_fresh(self) -> bool:
        """Say whether answers from this copy need no warning."""
        return self.status == "fresh"


@dataclass(frozen=True, slots=True)
class Taken:
    """What one reading of a source brought: by which way, how many entries, and why not, if it failed."""

    source: str
    mode: Mode
    entries: int
    error: str | None


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one reading of all sources brought, and what was made anew from it."""

    taken: tuple[Taken, ...]
    enterprises: int
    organizations: int
    rebuilt: bool
    seconds: float


def status_of(reading: Reading, *, now: datetime, stale_seconds: float, is_down: bool) -> Status:
    """Return `never` before the first copy; `stale` when the last try failed, the source is down, or it is too old."""
    if reading.fetched_at is None:
        return "never"
    if is_down or reading.error is not None:
        return "stale"
    age = (now - reading.fetched_at).total_seconds()
    return "fresh" if age <= stale_seconds else "stale"
