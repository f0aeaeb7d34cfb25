"""Digest trees kept ready: built once from the rows, carried along by the ledger, laid down for the next start.

Trees of whole kinds are carried from one point of the ledger to another, forwards or backwards, by folding only the
records that changed between the two. What a narrower scope sees depends on more than one kind, so its trees are made
anew for each point and only remembered for the calls that follow.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.kernel.access import Scope
from heli_shared.ledger.appending import Head
from heli_shared.ledger.folding import fold
from heli_shared.ledger.reading import changed_keys, of_records
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.digests import DigestTree, RowDigest, canonical_text, digest_row
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import (
    Condition,
    Moment,
    columns_of,
    iterate_as_of,
    record_of_fold,
    record_of_row,
)
from heli_shared.records.service import Resource

_KEPT = 4
_SCOPED_KEPT = 8
_REFOLDED = 20_000
"""Up to so many changed records are folded one by one; beyond, reading all rows is quicker."""
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class _At:
    """A tree and the point of the ledger that it shows."""

    epoch: str
    seq: int
    tree: DigestTree


class DigestIndex:
    """The digest trees of one database; safe to use from several threads."""

    def __init__(self, ledger: LedgerTables, folder: Path) -> None:
        """Keep trees of a ledger's kinds, and their files in a folder."""
        self._ledger = ledger
        self._folder = folder
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()
        self._kept: dict[str, list[_At]] = {}
        self._scoped: OrderedDict[Any, DigestTree] = OrderedDict()

    def tree(self, session: Session, resource: Resource, scope: Scope, *, head: Head, known_at: int) -> DigestTree:
        """Return the tree of what a scope sees of a kind, as known at a seq not beyond the head."""
        kind = resource.kind
        conditions = resource.visible(session, scope)
        with self._guard:
            lock = self._locks.setdefault(kind.plural, threading.Lock())
        with lock:
            if conditions:
                return self._scoped_tree(session, kind, conditions, scope, head=head, known_at=known_at)
            return self._whole_tree(session, kind, head=head, known_at=known_at)

    def _scoped_tree(
        self,
        session: Session,
        kind: RecordKind,
        conditions: list[Condition],
        scope: Scope,
        *,
        head: Head,
        known_at: int,
    ) -> DigestTree:
        # The head is part of the name: what lies in a scope is looked up as of now, whatever moment is asked for.
        name = (kind.plural, scope, head.epoch, head.seq, known_at)
        found = self._scoped.pop(name, None)
        if found is None:
            found = DigestTree.of(_scoped_rows(session, self._ledger, kind, conditions, head=head, known_at=known_at))
        self._scoped[name] = found
        while len(self._scoped) > _SCOPED_KEPT:
            self._scoped.popitem(last=False)
        return found

    def _whole_tree(self, session: Session, kind: RecordKind, *, head: Head, known_at: int) -> DigestTree:
        kept = [each for each in self._kept.get(kind.plural, []) if each.epoch == head.epoch and each.seq <= head.seq]
        if not kept:
            kept = self._read_file(kind, head)
        nearest = min(kept, key=lambda each: abs(each.seq - known_at), default=None)
        if nearest is not None and nearest.seq == known_at:
            self._kept[kind.plural] = kept
            return nearest.tree
        tree = None if nearest is None else self._carried(session, kind, nearest, known_at)
        if tree is None:
            newest = _At(head.epoch, head.seq, DigestTree.of(_current_rows(session, kind)))
            self._write_file(kind, newest)
            kept = [newest]
            tree = newest.tree
            if known_at != head.seq:
                tree = self._carried(session, kind, newest, known_at, limit=None) or tree
        self._kept[kind.plural] = [*kept, _At(head.epoch, known_at, tree)][-_KEPT:]
        return tree

    def _carried(
        self, session: Session, kind: RecordKind, start: _At, seq: int, *, limit: int | None = _REFOLDED
    ) -> DigestTree | None:
        """Return a tree carried to another seq, or None when more than `limit` records changed between."""
        low, high = sorted((start.seq, seq))
        most = 2**62 if limit is None else limit + 1
        keys = changed_keys(session, self._ledger, kind.entity, after=low, up_to=high, limit=most)
        if limit is not None and len(keys) > limit:
            return None
        changed: dict[str, RowDigest | None] = dict.fromkeys(keys)
        for key, entries in of_records(session, self._ledger, kind.entity, keys, up_to=seq):
            folded = fold(entries)
            if folded is not None:
                text = canonical_text(record_of_fold(kind, key, folded))
                changed[key] = digest_row(key, folded.version, text)
        tree = start.tree.with_changes(changed)
        if len(keys) > _BATCH and seq > start.seq:
            self._write_file(kind, _At(start.epoch, seq, tree))
        return tree

    def _file(self, kind: RecordKind, epoch: str) -> Path:
        shape = sha256(",".join(kind.shown_names).encode()).hexdigest()[:12]
        return self._folder / f"{kind.plural}-{epoch}-{shape}.tree"

    def _read_file(self, kind: RecordKind, head: Head) -> list[_At]:
        try:
            data = self._file(kind, head.epoch).read_bytes()
            seq, digest, body = int.from_bytes(data[:8], "big"), data[8:40], data[40:]
            if sha256(body).digest() != digest or seq > head.seq:
                return []
            return [_At(head.epoch, seq, DigestTree.from_bytes(body))]
        except (OSError, ValueError):
            return []  # it can always be built again

    def _write_file(self, kind: RecordKind, at: _At) -> None:
        path = self._file(kind, at.epoch)
        body = at.tree.to_bytes()
        with suppress(OSError):  # the file only saves time at the next start
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.write_bytes(at.seq.to_bytes(8, "big") + sha256(body).digest() + body)
            fresh.replace(path)
            for old in self._folder.glob(f"{kind.plural}-*.tree"):
                if old != path and old.name.rsplit("-", 2)[0] == kind.plural:
                    old.unlink(missing_ok=True)


def _scoped_rows(
    session: Session,
    ledger: LedgerTables,
    kind: RecordKind,
    conditions: list[Condition],
    *,
    head: Head,
    known_at: int,
) -> Iterator[RowDigest]:
    if known_at == head.seq:
        statement = sa.select(*columns_of(kind)).where(*(each.clause for each in conditions))
        rows = session.execute(statement, execution_options={"yield_per": _BATCH})
        records: Iterator[Any] = (record_of_row(kind, row) for row in rows)
    else:
        whole = iterate_as_of(session, ledger, kind, Moment(known_at=known_at))
        records = (each for each in whole if all(condition.matches(each) for condition in conditions))
    for record in records:
        yield digest_row(record[kind.key], record["version"], canonical_text(record))


def _current_rows(session: Session, kind: RecordKind) -> Iterator[RowDigest]:
    """Yield all current rows, read by the driver itself: SQLAlchemy's own rows cost twice as much."""
    names = sorted(kind.shown_names)
    columns = ", ".join(f'"{name}"' for name in names)
    key, version = names.index(kind.key), names.index("version")
    converted = [
        (place, name, _CONVERTED[kind.by_name[name].type])
        for place, name in enumerate(names)
        if name in kind.by_name and kind.by_name[name].type in _CONVERTED
    ]
    connection = session.connection()
    # A named cursor of PostgreSQL stays on the server: the client never holds the whole table.
    is_server_side = connection.dialect.name == "postgresql"
    cursor = connection.connection.cursor(*(("digests",) if is_server_side else ()))
    try:
        cursor.execute(f'SELECT {columns} FROM "{kind.table.name}"')  # noqa: S608 - own names
        while rows := cursor.fetchmany(_BATCH):
            for row in rows:
                shown = {name: value for name, value in zip(names, row, strict=True) if value is not None}
                for place, name, convert in converted:
                    if row[place] is not None:
                        shown[name] = convert(row[place])
                # The names are in order already, and orjson writes PostgreSQL's dates as ISO texts.
                yield digest_row(row[key], row[version], orjson.dumps(shown))
    finally:
        cursor.close()


# SQLite answers booleans as numbers; lists are stored as the canonical JSON text that is hashed.
_CONVERTED: dict[str, Any] = {"boolean": bool, "texts": orjson.Fragment}
