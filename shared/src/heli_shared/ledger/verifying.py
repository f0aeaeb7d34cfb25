"""Proving a ledger offline: every hash recomputed, every number in its place, every row equal to its fold."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from heli_shared.ledger.entries import GENESIS, entry_hash


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a chain is sound: entries read, the last hash, and the first fault (None when there is none)."""

    entries: int
    last_hash: str
    fault_seq: int | None = None
    fault: str | None = None


def verify_chain(rows: Iterable[Any], *, head_seq: int | None = None, head_hash: str | None = None) -> Verdict:
    """Recompute the chain over stored rows in order of seq and compare its end with the head.

    `rows` have the columns of the ledger as stored; the first fault names its seq.
    """
    previous, count = GENESIS, 0
    for count, row in enumerate(rows, start=1):
        if row.seq != count:
            return Verdict(count - 1, previous, count, f"entry {count} is missing: found {row.seq}")
        if row.previous_hash != previous:
            return Verdict(count - 1, previous, count, f"entry {count} does not follow entry {count - 1}")
        own = entry_hash(
            previous,
            row.seq, row.recorded_at, row.actor, row.unit, row.entity, row.key, row.operation,
            str(row.effective_on), row.changes,
        )  # fmt: skip
        if own != row.hash:
            return Verdict(count - 1, previous, count, f"entry {count} was altered: its hash does not fit its content")
        previous = own
    if head_seq is not None and head_seq != count:
        return Verdict(count, previous, min(head_seq, count) + 1, f"the head says {head_seq} entries, found {count}")
    if head_hash is not None and head_hash != previous:
        return Verdict(count, previous, count, "the head's hash is not the last entry's")
    return Verdict(count, previous)
