"""Reading records: the current row, and any record or list as of a day and as known at a point of the ledger."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.kernel.errors import BadRequest
from heli_shared.ledger.appending import read_head
from heli_shared.ledger.entries import json_value
from heli_shared.ledger.folding import Folded, fold
from heli_shared.ledger.reading import by_key, list_of_record
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.kinds import RecordKind

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """The two clocks of a read: the day it is about and the seq it is known at; None means now."""

    on: date | None = None
    known_at: int | None = None

    @property
    def is_now(self) -> bool:
        """Say whether the current rows answer this."""
        return self.on is None and self.known_at is None


def beyond_the_end() -> BadRequest:
    """Return the refusal of a `known_at` that the ledger has not reached."""
    return BadRequest("known_at 超出了台账的最后序号。", "known_at lies beyond the last entry of the ledger.")


def check_moment(session: Session, ledger: LedgerTables, moment: Moment) -> Moment:
    """Return the moment, refused when `known_at` lies beyond the ledger's end."""
    if moment.known_at is not None and moment.known_at > read_head(session, ledger).seq:
        raise beyond_the_end()
    return moment


def columns_of(kind: RecordKind) -> list[sa.Column[Any]]:
    """Return the columns that the API and exports show, key first."""
    table = kind.table
    return [table.c[name] for name in kind.shown_names]


def find_row(session: Session, kind: RecordKind, key: str, *, lock: bool = False) -> Any | None:
    """Return the current row with this key, or None; locked against other writers until the end if asked."""
    statement = sa.select(kind.table).where(kind.table.c[kind.key] == key)
    if lock:
        # Weaker than FOR UPDATE on purpose: others may still refer to the row while we wait for the ledger.
        statement = statement.with_for_update(key_share=True)
    return session.execute(statement).one_or_none()


def rows_of_keys(session: Session, kind: RecordKind, keys: Sequence[str]) -> dict[str, Any]:
    """Return the current rows with these keys, however many, in one statement; what is not there is left out."""
    if not keys:
        return {}
    column = kind.table.c[kind.key]
    return {
        getattr(row, kind.key): row
        for row in session.execute(sa.select(kind.table).where(is_one_of(session, column, keys)))
    }


def is_one_of(session: Session, column: sa.ColumnElement[Any], values: Sequence[str]) -> sa.ColumnElement[bool]:
    """Compare with a long list as one parameter, which costs a fraction of one parameter for each value."""
    if session.get_bind().dialect.name == "postgresql":
        return column == sa.func.any(sa.bindparam(None, list(values), type_=sa.ARRAY(sa.Text)))
    listed = sa.func.json_each(orjson.dumps(list(values)).decode()).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def record_of_row(kind: RecordKind, row: Any) -> Record:
    """Return a row as the JSON values the API shows."""
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public way to read a row by name
    return {name: json_value(values[name]) for name in kind.shown_names}


def record_of_fold(kind: RecordKind, key: str, folded: Folded) -> Record:
    """Return a fold as the JSON values the API shows; fields nobody wrote are null."""
    fields = {each.name: folded.values.get(each.name) for each in kind.all_fields}
    return {kind.key: key, **fields, "version": folded.version}


def find_as_of(session: Session, ledger: LedgerTables, kind: RecordKind, key: str, moment: Moment) -> Record | None:
    """Return a record as of a moment, or None when it did not exist then or was not known."""
    folded = fold(list_of_record(session, ledger, kind.entity, key), on=moment.on, known_at=moment.known_at)
    return record_of_fold(kind, key, folded) if folded else None


def iterate_as_of(session: Session, ledger: LedgerTables, kind: RecordKind, moment: Moment) -> Iterator[Record]:
    """Yield every record of a kind as of a moment, in order of keys."""
    for key, entries in by_key(session, ledger, kind.entity, on=moment.on, known_at=moment.known_at):
        folded = fold(entries)
        if folded is not None:
            yield record_of_fold(kind, key, folded)


@dataclass(frozen=True, slots=True)
class Condition:
    """One restriction of a list, said twice for the two ways to read: as SQL on current rows, as a test on a record."""

    clause: sa.ColumnElement[bool]
    matches: Callable[[Mapping[str, Any]], bool]


def equals(kind: RecordKind, name: str, value: Any) -> Condition:
    """Keep records whose field has this value."""
    wanted = json_value(value)
    return Condition(kind.table.c[name] == value, lambda record: bool(record[name] == wanted))


def page_of_records(
    session: Session,
    ledger: LedgerTables,
    kind: RecordKind,
    conditions: list[Condition],
    *,
    moment: Moment,
    after: str | None,
    limit: int,
) -> tuple[list[Record], int, bool]:
    """Return records behind the key `after` in key order, how many there are in all, and whether more follow."""
    if moment.is_now:
        return _current_page(session, kind, conditions, after=after, limit=limit)
    found: list[Record] = []
    total = 0
    for record in iterate_as_of(session, ledger, kind, moment):
        if all(condition.matches(record) for condition in conditions):
            total += 1
            if (after is None or record[kind.key] > after) and len(found) <= limit:
                found.append(record)
    return found[:limit], total, len(found) > limit


def _current_page(
    session: Session, kind: RecordKind, conditions: list[Condition], *, after: str | None, limit: int
) -> tuple[list[Record], int, bool]:
    key = kind.table.c[kind.key]
    clauses = [condition.clause for condition in conditions]
    total = session.execute(sa.select(sa.func.count()).select_from(kind.table).where(*clauses)).scalar_one()
    statement = sa.select(*columns_of(kind)).where(*clauses).order_by(key).limit(limit + 1)
    if after is not None:
        statement = statement.where(key > after)
    rows = session.execute(statement).all()
    return [record_of_row(kind, row) for row in rows[:limit]], total, len(rows) > limit
