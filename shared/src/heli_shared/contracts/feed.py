"""The contract that every service with a ledger keeps: a change feed and a bulk copy that names its place in it."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

if TYPE_CHECKING:
    import pyarrow as pa

Operation = Literal["create", "change", "close", "reopen", "erase", "leave"]
"""`leave` is told to readers of a part: the record is no longer theirs."""
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]*$", max_length=128)]
Name = Annotated[str, Field(min_length=1, max_length=200)]

LEDGER_COLUMNS = (
    "seq",
    "recorded_at",
    "actor",
    "unit",
    "entity",
    "key",
    "operation",
    "effective_on",
    "changes",
    "previous_hash",
    "hash",
)
_CURSOR = re.compile(r"(?:(?P<epoch>[0-9A-Za-z_.\-]{1,64}):)?(?P<seq>[0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a feed: everything up to and including `seq` has been read, in the feed's `epoch`."""

    epoch: str | None
    seq: int

    def __str__(self) -> str:
        """Return it as the feed's `after` parameter."""
        return str(self.seq) if self.epoch is None else f"{self.epoch}:{self.seq}"

    @classmethod
    def parsed(cls, text: str) -> "Cursor":
        """Return the cursor written as `EPOCH:SEQ` or `SEQ`; ValueError for anything else."""
        match = _CURSOR.fullmatch(text)
        if match is None:
            raise ValueError(f"not a cursor: {text!r}")
        return cls(match["epoch"], int(match["seq"]))


START = Cursor(None, 0)


class LedgerEntry(BaseModel):
    """One change as a feed delivers it; `changes` holds new values only, null means cleared."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    seq: Annotated[int, Field(ge=1)]
    recorded_at: AwareDatetime
    actor: Name
    unit: Name | None
    entity: Name
    key: Name
    operation: Operation
    effective_on: date
    changes: dict[str, JsonValue]
    previous_hash: Digest
    hash: Digest


class ChangePage(BaseModel):
    """Entries after a cursor in seq order, the cursor after them, and how far the feed reaches."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    items: list[LedgerEntry]
    next: str
    head: str
    epoch: Name

    @property
    def next_cursor(self) -> Cursor:
        """Return where the next page begins."""
        return Cursor.parsed(self.next)

    @property
    def is_last(self) -> bool:
        """Say whether nothing lay behind this page when it was read."""
        return Cursor.parsed(self.next).seq >= Cursor.parsed(self.head).seq


@dataclass(frozen=True, slots=True)
class Bulk:
    """A consistent copy as Arrow batches, complete up to `known_at` of `epoch`.

    Reading `batches` raises Malformed when the copy is cut off or is not what its headers promise.
    """

    known_at: int
    epoch: str
    batches: "Iterator[pa.RecordBatch]"


class LedgerSource(Protocol):
    """A service one can copy: the bulk once, then the feed from there on."""

    def changes(self, after: Cursor = START, *, limit: int = 1000, wait: float = 0.0) -> ChangePage:
        """Return entries after a cursor, waiting up to `wait` seconds for the first; Gone for a foreign cursor."""
        ...

    def export(self, kind: str, *, on: date | None = None, known_at: int | None = None) -> AbstractContextManager[Bulk]:
        """Open a bulk copy of a kind of record (plural) or of `ledger`; use it inside the `with` block."""
        ...
