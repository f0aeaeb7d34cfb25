"""A ledger in memory that keeps the feed's contract, for tests of whoever copies a service."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from heli_shared.contracts.errors import Gone, Refused, Unreachable
from heli_shared.contracts.feed import (
    LEDGER_COLUMNS,
    START,
    Bulk,
    ChangePage,
    Cursor,
    LedgerEntry,
    Operation,
)

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 50_000
_EPOCH_START = datetime(2026, 1, 1, tzinfo=UTC)
_NOT_FOUND = 404


@dataclass(slots=True)
class FakeLedger:
    """A LedgerSource whose entries a test writes itself; `is_down` makes calls Unreachable, counted in `refused`."""

    name: str
    epoch: str = "fake"
    is_down: bool = False
    refused: int = 0
    entries: list[LedgerEntry] = field(default_factory=list)

    def append(
        self,
        entity: str,
        key: str,
        *,
        effective_on: date,
        changes: Mapping[str, Any],
        operation: Operation = "create",
        recorded_at: datetime | None = None,
    ) -> LedgerEntry:
        """Add one entry at the head and return it."""
        seq = len(self.entries) + 1
        previous = self.entries[-1].hash if self.entries else ""
        body = json.dumps([seq, entity, key, operation, dict(changes), previous], sort_keys=True)
        entry = LedgerEntry(
            seq=seq,
            recorded_at=recorded_at or _EPOCH_START + timedelta(seconds=seq),
            actor="prn-test",
            unit=None,
            entity=entity,
            key=key,
            operation=operation,
            effective_on=effective_on,
            changes=dict(changes),
            previous_hash=previous,
            hash=hashlib.sha256(body.encode()).hexdigest(),
        )
        self.entries.append(entry)
        return entry

    def restore(self, epoch: str, *, upto: int) -> None:
        """Act as after a restore from backup: an earlier state and a new epoch."""
        self.epoch = epoch
        del self.entries[upto:]

    def changes(self, after: Cursor = START, *, limit: int = 1000, wait: float = 0.0) -> ChangePage:
        """Return entries after a cursor at once; `wait` is accepted and not waited."""
        del wait
        self._answer()
        head = len(self.entries)
        if after.seq > head or after.epoch not in {None, self.epoch}:
            raise Gone(self.name, 410, "gone")
        items = self.entries[after.seq : after.seq + limit]
        following = after.seq + len(items)
        return ChangePage(items=items, next=f"{self.epoch}:{following}", head=f"{self.epoch}:{head}", epoch=self.epoch)

    @contextmanager
    def export(self, kind: str, *, on: date | None = None, known_at: int | None = None) -> Iterator[Bulk]:
        """Open the whole ledger up to `known_at`; other kinds are refused as not found."""
        del on
        self._answer()
        if kind != "ledger":
            raise Refused(self.name, _NOT_FOUND, "not-found")
        upto = len(self.entries) if known_at is None else known_at
        yield Bulk(upto, self.epoch, self._batches(upto))

    def _batches(self, upto: int) -> "Iterator[pa.RecordBatch]":
        for start in range(0, upto, _BATCH):
            self._answer()
            yield ledger_batch(self.entries[start : min(start + _BATCH, upto)])

    def _answer(self) -> None:
        if self.is_down:
            self.refused += 1
            raise Unreachable(self.name, "is down")


def ledger_batch(entries: list[LedgerEntry]) -> "pa.RecordBatch":
    """Return entries as one Arrow batch with the columns of a ledger export."""
    import pyarrow as pa

    text, stamp = pa.string(), pa.timestamp("us", tz="UTC")
    kinds = [pa.int64(), stamp, text, text, text, text, text, pa.date32(), text, text, text]
    rows = [entry.model_dump() | {"changes": json.dumps(entry.changes, ensure_ascii=False)} for entry in entries]
    columns = [
        pa.array([row[name] for row in rows], type=kind) for name, kind in zip(LEDGER_COLUMNS, kinds, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, names=list(LEDGER_COLUMNS))
