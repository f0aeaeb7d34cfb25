"""An import as a job: what was asked for, how far it is, and how it ended."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from heli_shared.kernel.access import Scope

Status = Literal["queued", "running", "done", "failed", "cancelled"]
Mode = Literal["accept_valid", "all_or_nothing"]

LEASE_SECONDS = 6
MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Counts:
    """How the rows of a file ended; the four kinds of end add up to `read`."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Return both together."""
        return Counts(
            self.read + other.read,
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.refused + other.refused,
        )

    def nothing_applied(self) -> "Counts":
        """Return the counts of a file that was refused as a whole for the sake of some rows."""
        return replace(self, created=0, updated=0)


@dataclass(frozen=True, slots=True)
class ImportJob:
    """One import: who asked for what, and where it stands."""

    id: str
    kind: str
    file_name: str
    dry_run: bool
    mode: Mode
    effective_on: date | None
    principal: str
    unit: str | None
    scope: Scope
    created_at: datetime
    status: Status = "queued"
    attempts: int = 0
    cancel_requested: bool = False
    counts: Counts = field(default_factory=Counts)
    columns: dict[str, Any] | None = None
    error: dict[str, str] | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Say whether nothing will happen to the job any more."""
        return self.status in ("done", "failed", "cancelled")
