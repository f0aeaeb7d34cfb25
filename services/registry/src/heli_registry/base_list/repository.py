"""What a survey reads from the ledger beyond the plain as-of reads: single records, what came later, what was sent."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.ledger.entries import Entry
from heli_shared.ledger.reading import as_entry
from heli_shared.ledger.tables import LedgerTables

_SOME = 500
SURVEYED = ("enterprise", "division", "zone", "unit", "cover", "party_organization", "census", "census_check")
"""The entities whose entries can change a survey."""


def is_untouched(session: Session, ledger: LedgerTables, *, after: int, until: int) -> bool:
    """Say whether nothing that a survey rests on was written behind one seq up to another."""
    table = ledger.entries
    written = sa.select(table.c.seq).where(table.c.seq > after, table.c.seq <= until, table.c.entity.in_(SURVEYED))
    return session.execute(written.limit(1)).first() is None


def last_closing(session: Session, ledger: LedgerTables, census: str, *, until: int | None) -> int:
    """Return the seq of the entry that closed a census last; its result is pinned there."""
    table = ledger.entries
    closing = sa.select(sa.func.max(table.c.seq)).where(
        table.c.entity == "census", table.c.key == census, table.c.operation == "close"
    )
    if until is not None:
        closing = closing.where(table.c.seq <= until)
    return int(session.execute(closing).scalar_one())


def recorded_at(session: Session, ledger: LedgerTables, seq: int) -> datetime | None:
    """Return when an entry was written; None before the first."""
    table = ledger.entries
    found = session.execute(sa.select(table.c.recorded_at).where(table.c.seq == seq)).scalar_one_or_none()
    return None if found is None else datetime.fromisoformat(found)


def entries_of(
    session: Session, ledger: LedgerTables, entity: str, keys: Sequence[str], *, known_at: int
) -> dict[str, list[Entry]]:
    """Return the entries of some records up to a seq, by key and in order of seq."""
    table = ledger.entries
    found: dict[str, list[Entry]] = {}
    for some in _portions(keys):
        statement = sa.select(table).where(table.c.entity == entity, table.c.key.in_(some), table.c.seq <= known_at)
        for row in session.execute(statement.order_by(table.c.key, table.c.seq)):
            found.setdefault(row.key, []).append(as_entry(row))
    return found


def written_late(session: Session, ledger: LedgerTables, *, cut_off_on: date, known_at: int) -> Iterable[str]:
    """Return the enterprises of which something about the cut-off day was written behind a seq, in order of keys."""
    table = ledger.entries
    late = sa.select(table.c.key).distinct()
    late = late.where(table.c.seq > known_at, table.c.entity == "enterprise", table.c.effective_on <= cut_off_on)
    return session.execute(late.order_by(table.c.key)).scalars()


def _portions(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _SOME):
        yield keys[start : start + _SOME]
