"""Many writes of one kind at once: the ledger's chain and the current rows, in batches, by each database's fastest way.

The same entries and rows as `write` makes, only quicker: COPY on PostgreSQL, prepared batches on SQLite.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from heli_shared.db.loading import load_rows
from heli_shared.db.types import instant_text
from heli_shared.kernel.errors import Conflict
from heli_shared.ledger.appending import lock_head, move_head
from heli_shared.ledger.entries import Author, Operation, text_hash
from heli_shared.ledger.folding import fold
from heli_shared.ledger.reading import list_of_record
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.kinds import RecordKind
from heli_shared.records.searching import Indexer

_ENTRY_COLUMNS = (
    "seq", "recorded_at", "actor", "unit", "entity", "key", "operation", "effective_on", "changes", "previous_hash",
    "hash",
)  # fmt: skip


class BulkWrite(NamedTuple):
    """One write: `changes` are JSON values, `effective_on` ISO text; `is_late` when later effects stand already."""

    key: str
    operation: Operation
    effective_on: str
    changes: dict[str, Any]
    is_late: bool = False


def write_bulk(
    session: Session,
    ledger: LedgerTables,
    kind: RecordKind,
    batches: Iterable[Sequence[BulkWrite]],
    *,
    author: Author,
    recorded_at: datetime,
) -> int:
    """Append and apply all batches and return how many entries they made; to be the last act of the transaction.

    Rows that are changed must have been locked by the caller before. Conflict when a key is taken already or a
    reference points nowhere.
    """
    head = lock_head(session, ledger)
    seq, previous = head.seq, head.hash
    instant, unit = instant_text(recorded_at), author.unit or ""
    indexer = Indexer(session, kind)
    try:
        for batch in batches:
            first = seq + 1
            rows: list[tuple[Any, ...]] = []
            for key, operation, effective_on, changes, _ in batch:
                seq += 1
                text = _encode(changes)
                own = text_hash(
                    (previous, str(seq), instant, author.actor, unit, kind.entity, key, operation, effective_on, text)
                )
                rows.append(
                    (seq, instant, author.actor, author.unit, kind.entity, key, operation, effective_on, text,
                     previous, own)
                )  # fmt: skip
                previous = own
            load_rows(session, ledger.entries, _ENTRY_COLUMNS, rows)
            _apply(session, ledger, kind, batch, first)
            _index(indexer, batch, first)
        indexer.flush()
    except IntegrityError as error:
        raise Conflict(
            "编号已被占用，或引用的记录不存在。", "The key is taken already, or a referenced record does not exist."
        ) from error
    if seq > head.seq:
        move_head(session, ledger, seq=seq, last_hash=previous)
    return seq - head.seq


def _encode(values: Any) -> str:
    """Return the same canonical text as `changes_text`, several times faster; for JSON values without floats."""
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()


def _index(indexer: Indexer, batch: Sequence[BulkWrite], first_seq: int) -> None:
    for seq, each in enumerate(batch, start=first_seq):
        if each.operation == "create":
            indexer.created(each.key, seq, each.changes)
        else:
            indexer.changed(each.key, each.changes)


def _apply(
    session: Session, ledger: LedgerTables, kind: RecordKind, batch: Sequence[BulkWrite], first_seq: int
) -> None:
    creates: list[tuple[BulkWrite, int]] = []
    updates: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for seq, each in enumerate(batch, start=first_seq):
        if each.operation == "create":
            creates.append((each, seq))
            continue
        values = each.changes
        if each.is_late:
            # What was written with a later effect stays in force, field by field: the fold decides.
            folded = fold(list_of_record(session, ledger, kind.entity, each.key))
            values = folded.values if folded else values
        names = tuple(sorted(values))
        row = {f"new_{name}": _typed(kind, name, values[name]) for name in names}
        row |= {"row_key": each.key, "row_version": seq, "row_day": date.fromisoformat(each.effective_on)}
        updates.setdefault(names, []).append(row)
    if creates:
        names = tuple(sorted(set().union(*(each.changes for each, _ in creates))))
        texts = [place for place, name in enumerate(names, start=1) if kind.by_name[name].type == "texts"]
        rows = [(each.key, *map(each.changes.get, names), seq, each.effective_on) for each, seq in creates]
        if texts:
            rows = [_encoded(row, texts) for row in rows]
        load_rows(session, kind.table, (kind.key, *names, "version", "last_effective_on"), rows)
    for names, changed in updates.items():
        session.execute(_update(kind, names), changed)


def _encoded(row: tuple[Any, ...], texts: Sequence[int]) -> tuple[Any, ...]:
    """Return a row whose lists are the JSON text that their columns hold."""
    values = list(row)
    for place in texts:
        values[place] = None if values[place] is None else _encode(values[place])
    return tuple(values)


def _typed(kind: RecordKind, name: str, value: Any) -> Any:
    return date.fromisoformat(value) if value is not None and kind.by_name[name].type == "date" else value


def _update(kind: RecordKind, names: Sequence[str]) -> sa.Update:
    table = kind.table
    day = sa.bindparam("row_day", type_=sa.Date)
    latest = sa.case((table.c.last_effective_on > day, table.c.last_effective_on), else_=day)
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    return (
        sa.update(table)
        .where(table.c[kind.key] == sa.bindparam("row_key"))
        .values(**values, version=sa.bindparam("row_version"), last_effective_on=latest)
    )
