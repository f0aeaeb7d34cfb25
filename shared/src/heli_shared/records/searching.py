"""The name index of a kind: written in the transaction of the rows, read by the pairs of characters in a text.

Lists of ids are only ever added to. A name that was changed leaves its old tokens behind, and different pairs may share
a token: whoever reads the index compares the names it finds with what was asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.db.loading import load_rows
from heli_shared.kernel.text import searchable
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.kinds import NameIndex, RecordKind
from heli_shared.records.postings import postings, tokens_of

FLUSHED_AT = 50_000
_ENOUGH_TOKENS = 3
_BATCH = 500
# Where the rarest pair of a text stands in more names than this, reading names in order until enough fit is quicker …
_TOO_COMMON = 60_000
# … and where all that fit are wanted, reading all names is from here on.
_TOO_MANY = 5_000

Values = Mapping[str, Any]


class Indexer:
    """Collects what a transaction writes of one kind and puts it into the kind's index."""

    def __init__(self, session: Session, kind: RecordKind) -> None:
        """Nothing is written before `flush`, or before there is a lot of it."""
        self._session = session
        self._kind = kind
        self._index = kind.index
        self._created: list[tuple[int, str, Values]] = []
        self._changed: set[str] = set()

    def created(self, key: str, seq: int, values: Values) -> None:
        """Take a record that was made by the entry `seq`."""
        if self._index is None:
            return
        # Only what the index needs is kept: the rest of a long list need not stay in memory.
        self._created.append((seq, key, {name: values.get(name) for name in self._index.fields}))
        if len(self._created) >= FLUSHED_AT:
            self._add_created()

    def changed(self, key: str, fields: Iterable[str]) -> None:
        """Take a record whose row has new values in these fields."""
        if self._index is not None and not set(self._index.fields).isdisjoint(fields):
            self._changed.add(key)

    def flush(self) -> None:
        """Write what was taken; rows are read again, because a late entry need not be the one in force."""
        self._add_created()
        keys = sorted(self._changed)
        self._changed.clear()
        for start in range(0, len(keys), _BATCH):
            _renew(self._session, self._kind, keys[start : start + _BATCH])

    def _add_created(self) -> None:
        if self._created and self._index is not None:
            _add(self._session, self._index, self._created)
            self._created.clear()


def _entry(index: NameIndex, values: Values) -> tuple[str | None, ...]:
    text = searchable(str(values.get(index.field) or ""))
    return (text, *(index.matching.of(values, text) if index.matching else ()))


def _add(session: Session, index: NameIndex, records: Sequence[tuple[int, str, Values]]) -> None:
    rows = [(number, key, *_entry(index, values)) for number, key, values in records]
    load_rows(session, index.entries, index.columns, rows)
    ids = [number for number, _, _ in records]
    _add_tokens(session, index, max(ids), ids, [str(row[2]) for row in rows])


def _add_tokens(session: Session, index: NameIndex, written: int, ids: Sequence[int], texts: Sequence[str]) -> None:
    """Add lists for texts; `written` is the highest seq that wrote these records, so no other list has it."""
    number = [str(each) for each in ids].__getitem__
    rows = [(token, written, len(places), ",".join(map(number, places))) for token, places in postings(texts)]
    load_rows(session, index.tokens, ("token", "written", "size", "ids"), rows)


def _renew(session: Session, kind: RecordKind, keys: Sequence[str]) -> None:
    index, table = kind.index, kind.table
    assert index is not None  # noqa: S101 - asked before
    names = index.fields
    rows = session.execute(
        sa.select(index.entries, *(table.c[name].label(f"of_{name}") for name in names), table.c.version)
        .join(table, table.c[kind.key] == index.entries.c.key)
        .where(index.entries.c.key.in_(keys))
    ).all()
    renamed: list[tuple[int, str, int]] = []
    for row in rows:
        fresh = _entry(index, {name: getattr(row, f"of_{name}") for name in names})
        values = dict(zip(index.columns[2:], fresh, strict=True))
        if all(getattr(row, name) == value for name, value in values.items()):
            continue
        session.execute(sa.update(index.entries).where(index.entries.c.id == row.id).values(**values))
        if values["text"] != row.text:
            renamed.append((row.id, str(values["text"]), row.version))
    if renamed:
        ids, texts, versions = zip(*renamed, strict=True)
        _add_tokens(session, index, max(versions), ids, texts)


def rebuild(session: Session, ledger: LedgerTables, kind: RecordKind) -> None:
    """Make a kind's index anew from its rows; the caller holds the ledger's lock."""
    index, table = kind.index, kind.table
    assert index is not None  # noqa: S101 - a caller's mistake
    session.execute(sa.delete(index.tokens))
    session.execute(sa.delete(index.entries))
    names = index.fields
    statement = sa.select(table.c[kind.key].label("key"), *(table.c[name] for name in names))
    entries = ledger.entries
    made = sa.select(entries.c.key, sa.func.min(entries.c.seq).label("seq")).where(
        entries.c.entity == kind.entity, entries.c.operation == "create"
    )
    created = {row.key: int(row.seq) for row in session.execute(made.group_by(entries.c.key))}
    indexer = Indexer(session, kind)
    for row in session.execute(statement.order_by(table.c[kind.key])).all():
        indexer.created(row.key, created[row.key], {name: getattr(row, name) for name in names})
    indexer.flush()


def ids_holding(
    session: Session, index: NameIndex, tokens: Sequence[int], *, at_most: int = _TOO_COMMON
) -> sa.Select[Any] | None:
    """Return a query for the ids of entries that may hold all these tokens; None when reading all is no slower.

    The rarest tokens decide: one that no name holds gives a query that finds nothing.
    """
    if not tokens:
        return None
    table = index.tokens
    counted = session.execute(
        sa.select(table.c.token, sa.func.sum(table.c.size)).where(table.c.token.in_(tokens)).group_by(table.c.token)
    )
    sizes = dict.fromkeys(tokens, 0) | {token: int(size) for token, size in counted}
    rarest = sorted(sizes, key=lambda token: (sizes[token], token))[:_ENOUGH_TOKENS]
    if sizes[rarest[0]] > at_most:
        return None
    parts = [_ids_of(session, table, token) for token in rarest]
    return parts[0] if len(parts) == 1 else sa.select(sa.intersect(*parts).subquery().c.id)


def _ids_of(session: Session, table: sa.Table, token: int) -> sa.Select[Any]:
    if session.get_bind().dialect.name == "postgresql":
        numbers = sa.func.unnest(sa.cast(sa.func.string_to_array(table.c.ids, ","), sa.ARRAY(sa.BigInteger)))
        return sa.select(numbers.label("id")).where(table.c.token == token)
    each = sa.func.json_each("[" + table.c.ids + "]").table_valued("value")
    return sa.select(each.c.value.label("id")).select_from(table).join(each, sa.true()).where(table.c.token == token)


def text_within(session: Session, column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    """Return a clause: the column holds a text, upper and lower case alike, in the quickest way the database has."""
    if text.lower() != text.upper():
        return column.icontains(text, autoescape=True)
    if session.get_bind().dialect.name == "sqlite":
        return sa.func.instr(column, text) > 0
    return column.contains(text, autoescape=True)


def keys_containing(session: Session, kind: RecordKind, text: str) -> sa.Select[Any] | None:
    """Return a query for the keys of records whose indexed name may contain a text; None to look at all of them."""
    if kind.index is None:
        return None
    ids = ids_holding(session, kind.index, tokens_of(searchable(text)), at_most=_TOO_MANY)
    return None if ids is None else sa.select(kind.index.entries.c.key).where(kind.index.entries.c.id.in_(ids))
