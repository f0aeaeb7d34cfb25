"""THE way to change records: entries are appended to the ledger and laid over the current rows, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import Conflict
from heli_shared.ledger.appending import append
from heli_shared.ledger.entries import Author, Change, Entry, Operation, json_value
from heli_shared.ledger.folding import fold
from heli_shared.ledger.reading import list_of_record
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.kinds import RecordKind, column_value
from heli_shared.records.searching import Indexer


@dataclass(frozen=True, slots=True)
class Write:
    """One change of one record of a kind; `private` columns go into the row alone, never into the ledger."""

    kind: RecordKind
    key: str
    operation: Operation
    effective_on: date
    changes: Mapping[str, Any]
    private: Mapping[str, Any] = field(default_factory=dict)


def write(
    session: Session, ledger: LedgerTables, writes: Sequence[Write], *, author: Author, clock: Clock
) -> list[Entry]:
    """Append and apply writes; the last act of a transaction, because it holds the ledger's lock to the commit.

    Rows that are changed must have been locked by the caller before (`find_row(..., lock=True)`). Conflict when a
    key is taken already or a reference points nowhere.
    """
    if not writes:
        return []
    changes = [Change(each.kind.entity, each.key, each.operation, each.effective_on, each.changes) for each in writes]
    entries = append(session, ledger, changes, author=author, recorded_at=clock.now())
    try:
        for each, entry in zip(writes, entries, strict=True):
            _apply(session, ledger, each, entry)
        _index(session, writes, entries)
    except IntegrityError as error:
        raise Conflict(
            "编号已被占用，或引用的记录不存在。", "The key is taken already, or a referenced record does not exist."
        ) from error
    return entries


def _index(session: Session, writes: Sequence[Write], entries: Sequence[Entry]) -> None:
    indexers: dict[str, Indexer] = {}
    for each, entry in zip(writes, entries, strict=True):
        indexer = indexers.setdefault(each.kind.entity, Indexer(session, each.kind))
        if each.operation == "create":
            indexer.created(each.key, entry.seq, entry.changes)
        else:
            indexer.changed(each.key, entry.changes)
    for indexer in indexers.values():
        indexer.flush()


def _apply(session: Session, ledger: LedgerTables, each: Write, entry: Entry) -> None:
    table = each.kind.table
    values = _columns(each.kind, entry.changes)
    if each.operation == "create":
        row = {each.kind.key: each.key, **values, **each.private}
        session.execute(sa.insert(table).values(**row, version=entry.seq, last_effective_on=each.effective_on))
        return
    here = table.c[each.kind.key] == each.key
    last = session.execute(sa.select(table.c.last_effective_on).where(here)).scalar_one()
    if each.effective_on < last:
        # Back-dated: what was written with a later effect stays in force, field by field.
        folded = fold(list_of_record(session, ledger, each.kind.entity, each.key))
        values = _columns(each.kind, folded.values) if folded else values
        last_effective_on = last
    else:
        last_effective_on = each.effective_on
    session.execute(
        sa.update(table)
        .where(here)
        .values(**values, **each.private, version=entry.seq, last_effective_on=last_effective_on)
    )


def _columns(kind: RecordKind, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: column_value(kind.by_name[name], value) for name, value in values.items()}


def differing(values: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that differ from the present ones; both are compared as JSON."""
    return {name: value for name, value in values.items() if json_value(value) != json_value(present.get(name))}
