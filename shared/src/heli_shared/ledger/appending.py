"""Appending: the one place where entries get their number and their hash.

The head row is locked as the last act of a transaction and held to its commit. So numbers are given in the order of
commits, without gaps: whoever has read up to seq K never later finds a new entry at or below K, with any number of
writers, and an aborted transaction gives its numbers back. The rest of each transaction runs in parallel.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.db.types import instant_text
from heli_shared.ledger.entries import GENESIS, Author, Change, Entry, changes_text, entry_hash, json_value
from heli_shared.ledger.tables import LedgerTables


@dataclass(frozen=True, slots=True)
class Head:
    """Where the ledger stands: its epoch (new after a restore), the last seq and the last hash."""

    epoch: str
    seq: int
    hash: str


def read_head(session: Session, ledger: LedgerTables) -> Head:
    """Return the head as this transaction's snapshot sees it."""
    row = session.execute(sa.select(ledger.head.c.epoch, ledger.head.c.seq, ledger.head.c.hash)).one()
    return Head(row.epoch, row.seq, row.hash)


def lock_head(session: Session, ledger: LedgerTables) -> Head:
    """Wait for the turn to append and return the head; held until the transaction ends."""
    statement = sa.select(ledger.head.c.epoch, ledger.head.c.seq, ledger.head.c.hash).with_for_update()
    row = session.execute(statement).one()
    return Head(row.epoch, row.seq, row.hash)


def chained(changes: Iterable[Change], *, author: Author, recorded_at: datetime, head: Head) -> list[dict[str, Any]]:
    """Return the rows to store for changes that follow `head`, each with its seq and hash."""
    instant = instant_text(recorded_at)
    rows: list[dict[str, Any]] = []
    seq, previous = head.seq, head.hash
    for change in changes:
        seq += 1
        text = changes_text(change.changes)
        effective = change.effective_on.isoformat()
        own = entry_hash(
            previous,
            seq, instant, author.actor, author.unit, change.entity, change.key, change.operation, effective, text,
        )  # fmt: skip
        rows.append(
            {
                "seq": seq,
                "recorded_at": instant,
                "actor": author.actor,
                "unit": author.unit,
                "entity": change.entity,
                "key": change.key,
                "operation": change.operation,
                "effective_on": change.effective_on,
                "changes": text,
                "previous_hash": previous,
                "hash": own,
            }
        )
        previous = own
    return rows


def append(
    session: Session,
    ledger: LedgerTables,
    changes: Sequence[Change],
    *,
    author: Author,
    recorded_at: datetime,
) -> list[Entry]:
    """Append changes in order and return them as entries; call it as the last act of the transaction."""
    head = lock_head(session, ledger)
    rows = chained(changes, author=author, recorded_at=recorded_at, head=head)
    session.execute(sa.insert(ledger.entries), rows)
    move_head(session, ledger, seq=rows[-1]["seq"], last_hash=rows[-1]["hash"])
    return [
        Entry(
            **{
                **row,
                "recorded_at": recorded_at,
                "changes": {name: json_value(value) for name, value in change.changes.items()},
            }
        )
        for row, change in zip(rows, changes, strict=True)
    ]


def move_head(session: Session, ledger: LedgerTables, *, seq: int, last_hash: str) -> None:
    """Set the head to the last entry written; the caller holds the lock."""
    session.execute(sa.update(ledger.head).values(seq=seq, hash=last_hash))


def plant_head(session: Session, ledger: LedgerTables, epoch: str) -> None:
    """Write the first head of an empty ledger, unless there is one."""
    if session.execute(sa.select(sa.func.count()).select_from(ledger.head)).scalar_one() == 0:
        session.execute(sa.insert(ledger.head).values(id=1, epoch=epoch, seq=0, hash=GENESIS))
