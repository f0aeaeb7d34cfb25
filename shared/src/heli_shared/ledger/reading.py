"""Reading the ledger: a record's entries, pages of the feed, and entries by key for as-of lists."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.kernel.errors import BadRequest, Gone
from heli_shared.ledger.appending import Head
from heli_shared.ledger.entries import Entry
from heli_shared.ledger.tables import LedgerTables

_KEYS_AT_ONCE = 500


def as_entry(row: Any) -> Entry:
    """Return a stored row as an entry."""
    return Entry(
        seq=row.seq,
        recorded_at=datetime.fromisoformat(row.recorded_at),
        actor=row.actor,
        unit=row.unit,
        entity=row.entity,
        key=row.key,
        operation=row.operation,
        effective_on=row.effective_on,
        changes=json.loads(row.changes),
        previous_hash=row.previous_hash,
        hash=row.hash,
    )


def list_of_record(session: Session, ledger: LedgerTables, entity: str, key: str) -> list[Entry]:
    """Return all entries of one record, by seq."""
    table = ledger.entries
    statement = sa.select(table).where(table.c.entity == entity, table.c.key == key).order_by(table.c.seq)
    return [as_entry(row) for row in session.execute(statement)]


def by_key(
    session: Session, ledger: LedgerTables, entity: str, *, on: date | None, known_at: int | None
) -> Iterator[tuple[str, list[Entry]]]:
    """Yield each record of an entity with its entries up to a day and a point of the ledger, in order of keys."""
    table = ledger.entries
    statement = sa.select(table).where(table.c.entity == entity)
    if on is not None:
        statement = statement.where(table.c.effective_on <= on)
    if known_at is not None:
        statement = statement.where(table.c.seq <= known_at)
    rows = session.execute(statement.order_by(table.c.key, table.c.seq), execution_options={"yield_per": 5_000})
    for key, group in groupby((as_entry(row) for row in rows), key=attrgetter("key")):
        yield key, list(group)


def of_records(
    session: Session, ledger: LedgerTables, entity: str, keys: Iterable[str], *, up_to: int
) -> Iterator[tuple[str, list[Entry]]]:
    """Yield each of these records with its entries up to a seq, by seq; records without any are left out."""
    table, ordered = ledger.entries, sorted(keys)
    for start in range(0, len(ordered), _KEYS_AT_ONCE):
        chosen = table.c.key.in_(ordered[start : start + _KEYS_AT_ONCE])
        statement = sa.select(table).where(table.c.entity == entity, chosen, table.c.seq <= up_to)
        rows = session.execute(statement.order_by(table.c.key, table.c.seq))
        for key, group in groupby((as_entry(row) for row in rows), key=attrgetter("key")):
            yield key, list(group)


def changed_keys(
    session: Session, ledger: LedgerTables, entity: str, *, after: int, up_to: int, limit: int
) -> set[str]:
    """Return the keys of an entity's records with entries behind one seq up to another, at most `limit` of them."""
    table = ledger.entries
    statement = sa.select(table.c.key).where(table.c.seq > after, table.c.seq <= up_to, table.c.entity == entity)
    return set(session.execute(statement.distinct().limit(limit)).scalars())


def page_after(
    session: Session, ledger: LedgerTables, after: int, limit: int, *, entities: Sequence[str] = (), up_to: int = 0
) -> Sequence[Any]:
    """Return the next stored rows behind a seq, in order; their `changes` are JSON text as it was hashed.

    With `entities`, only rows of these, looked for up to the seq `up_to`.
    """
    table = ledger.entries
    statement = sa.select(table).where(table.c.seq > after)
    if entities:
        statement = statement.where(table.c.entity.in_(entities), table.c.seq <= up_to)
    return session.execute(statement.order_by(table.c.seq).limit(limit)).all()


def cursor_text(head_epoch: str, seq: int) -> str:
    """Return the feed's cursor for the position behind a seq."""
    return f"{head_epoch}:{seq}"


def parse_cursor(cursor: str, head: Head) -> int:
    """Return the seq in a feed cursor (`EPOCH:SEQ`, or a bare number); Gone when it is of another epoch or beyond."""
    epoch, _, number = cursor.rpartition(":")
    if not (number.isascii() and number.isdigit() and len(number) <= 18):  # noqa: PLR2004 - digits of a 64-bit seq
        raise BadRequest(
            "参数 after 应为上次返回的 next，或从 0 开始。", "Parameter after must be a `next` given before, or 0."
        )
    seq = int(number)
    if (epoch and epoch != head.epoch) or seq > head.seq:
        raise Gone(
            "数据库已从备份恢复，该游标不再有效：请重新下载全量 /v1/exports/ledger，再从其序号继续。",
            "The ledger was restored since: pull /v1/exports/ledger anew and continue from the seq that it names.",
            data={"epoch": head.epoch, "head": head.seq},
        )
    return seq
