"""An import as a job: what was asked for, how far it is, and how it ended."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from heli_shared.kernel.access import Scope
from heli_shared.lists.previews import Mode

Status = Literal["queued", "running", "done", "failed", "cancelled"]

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
class Found:
    """What a check found out about a file, as the job keeps it."""

    counts: Counts
    columns: dict[str, Any] | None = None
    layout: dict[str, Any] | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class ImportJob:
    """One import: who asked for what, and where it stands.

    `preview` is the dry run whose file it applies, `expected` the digest of what that one showed; `first_seq` to
    `last_seq` are the ledger's entries that it made.
    """

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
    preview: str | None = None
    expected: str | None = None
    digest: str | None = None
    layout: dict[str, Any] | None = None
    first_seq: int | None = None
    last_seq: int | None = None
    undone_at: datetime | None = None
    undone_by: str | None = None

    @property
    def file(self) -> str:
        """Return the name under which its file is kept: its own id, or that of the preview that it applies."""
        return self.preview or self.id

    @property
    def is_over(self) -> bool:
        """Say whether nothing will happen to the job any more."""
        return self.status in ("done", "failed", "cancelled")
