"""Taking a batch of writes back: what it made is closed from its first day, what it changed is set back.

A batch is a stretch of the ledger: the entries that one import made. Nothing is deleted, and nothing is taken back
that somebody else has touched since.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.kernel.errors import Conflict, FieldProblem, Forbidden
from heli_shared.ledger.entries import Entry, Operation
from heli_shared.ledger.folding import fold
from heli_shared.ledger.reading import as_entry
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.bulk import BulkWrite
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Condition

UNDONE = "撤销导入"
"""How the reason begins for which a record is closed when the import that made it is undone."""
Link = tuple[RecordKind, str]
"""A kind and its field that names records of another kind."""
_BATCH = 2_000
_SHOWN = 100


class Batch:
    """The entries `first` to `last` of the ledger, as far as they are about one kind."""

    def __init__(self, session: Session, ledger: LedgerTables, kind: RecordKind, *, first: int, last: int) -> None:
        """Look at nothing yet."""
        self._session = session
        self._entries = ledger.entries
        self._kind = kind
        self._first, self._last = first, last

    def keys(self, *operations: str) -> sa.Select[Any]:
        """Select the keys that were written, by some operations only if they are named."""
        statement = sa.select(self._entries.c.key).where(self._mine)
        return statement.where(self._entries.c.operation.in_(operations)) if operations else statement

    def entries(self) -> list[Entry]:
        """Return the entries of the batch in their order."""
        rows = self._session.execute(sa.select(self._entries).where(self._mine).order_by(self._entries.c.seq))
        return [as_entry(row) for row in rows]

    def lock_rows(self) -> None:
        """Lock the rows in order of keys, and before the ledger's lock, as every writer does."""
        key = self._kind.table.c[self._kind.key]
        statement = sa.select(key).where(key.in_(self.keys())).order_by(key)
        self._session.execute(statement.with_for_update(key_share=True)).all()

    def check_visible(self, conditions: Sequence[Condition]) -> None:
        """Refuse somebody who does not (or no longer) see everything that would be taken back."""
        table = self._kind.table
        mine = table.c[self._kind.key].in_(self.keys())
        count = sa.select(sa.func.count()).select_from(table)
        seen = self._session.execute(count.where(mine, *(each.clause for each in conditions))).scalar_one()
        if seen != self._session.execute(count.where(mine)).scalar_one():
            raise Forbidden(
                "该导入写入的记录有一部分不在您的管辖范围内，不能由您撤销。",
                "Some records of this import lie outside your scope; you cannot undo it.",
            )

    def check_untouched(self, links: Iterable[Link]) -> None:
        """Refuse to go on when a record was changed since, or is named by a record of somebody else; name them."""
        entries, plural = self._entries, self._kind.plural
        later = (entries.c.entity == self._kind.entity) & (entries.c.seq > self._last) & entries.c.key.in_(self.keys())
        changed = sa.select(entries.c.key, sa.func.max(entries.c.seq)).where(later).group_by(entries.c.key)
        touched = [
            FieldProblem(f"/{plural}/{key}", f"此后又有改动（序号{seq}）", f"changed since (seq {seq})")
            for key, seq in self._session.execute(changed.order_by(entries.c.key))
        ]
        for link in links:
            kind = link[0]
            touched += [
                FieldProblem(f"/{plural}/{named}", f"被{kind.zh} {key} 引用", f"{kind.plural}/{key} refers to it")
                for key, named in self.referring(link)
            ]
        if touched:
            raise Conflict(
                f"不能撤销：导入之后，其写入的记录有{len(touched)}处被改动或引用，见 errors；请先处理，或逐条更正。",
                f"It cannot be undone: {len(touched)} changes were built on it since; see `errors`.",
                errors=touched[:_SHOWN],
                data={"touched": len(touched)},
            )

    def referring(self, link: Link) -> Iterator[tuple[str, str]]:
        """Yield open records of other writers, and what they name, that name a record which this batch made."""
        kind, field = link
        table = kind.table
        outside = ~table.c.version.between(self._first, self._last)
        statement = sa.select(table.c[kind.key], table.c[field])
        wanted = (table.c[field].in_(self.keys("create", "reopen")), table.c.state == "open", outside)
        for row in self._session.execute(statement.where(*wanted).order_by(table.c[kind.key])):
            yield row[0], row[1]

    def taken_back(self, reason: str) -> Iterator[list[BulkWrite]]:
        """Yield what takes the batch's entries back, in their order; what it made is closed for a reason."""
        after = self._first - 1
        while True:
            statement = sa.select(self._entries).where(self._mine, self._entries.c.seq > after)
            rows = self._session.execute(statement.order_by(self._entries.c.seq).limit(_BATCH)).all()
            if not rows:
                return
            entries = [as_entry(row) for row in rows]
            after = entries[-1].seq
            keys = [entry.key for entry in entries]
            made = set(self._session.execute(self.keys("create").where(self._entries.c.key.in_(keys))).scalars())
            earlier = self._earlier([key for key in keys if key not in made])
            last_days = self._last_days(keys)
            batch = [
                closing(entry, reason) if entry.operation == "create" else _setting_back(entry, earlier[entry.key])
                for entry in entries
                if entry.operation == "create" or entry.key not in made
            ]
            yield [each._replace(is_late=each.effective_on < last_days[each.key]) for each in batch]

    @property
    def _mine(self) -> sa.ColumnElement[bool]:
        entries = self._entries
        return (entries.c.entity == self._kind.entity) & entries.c.seq.between(self._first, self._last)

    def _last_days(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Return the last day of effect of these records as they stand."""
        table = self._kind.table
        key = table.c[self._kind.key]
        rows = self._session.execute(sa.select(key, table.c.last_effective_on).where(key.in_(keys)))
        return {row[0]: row[1].isoformat() for row in rows}

    def _earlier(self, keys: Sequence[str]) -> Mapping[str, list[Entry]]:
        """Return the entries of these records from before the batch."""
        entries = self._entries
        found: dict[str, list[Entry]] = defaultdict(list)
        if keys:
            before = (entries.c.entity == self._kind.entity) & (entries.c.seq < self._first) & entries.c.key.in_(keys)
            for row in self._session.execute(sa.select(entries).where(before).order_by(entries.c.seq)):
                found[row.key].append(as_entry(row))
        return found


def closing(entry: Entry, reason: str) -> BulkWrite:
    """Return the write that closes what an entry made, from its first day."""
    day = entry.effective_on.isoformat()
    return BulkWrite(entry.key, "close", day, {"state": "closed", "closed_on": day, "closed_reason": reason})


def reason_of(file_name: str, import_id: str) -> str:
    """Return the reason for which what an import made is closed."""
    return f"{UNDONE} {file_name[-200:]}（{import_id}）"


def links_to(target: RecordKind, kinds: Iterable[RecordKind]) -> Iterator[Link]:
    """Yield every field of some kinds that is declared to name records of a kind."""
    for kind in kinds:
        for field in kind.fields:
            if field.references == target.entity:
                yield kind, field.name


def _setting_back(entry: Entry, earlier: Sequence[Entry]) -> BulkWrite:
    """Return the write that gives the changed fields, from the same day on, what they held before the batch."""
    stood = fold(earlier, on=entry.effective_on)
    values = {name: stood.values.get(name) if stood else None for name in entry.changes}
    operation: Operation = "close" if entry.operation == "reopen" else "change"
    return BulkWrite(entry.key, operation, entry.effective_on.isoformat(), values)
