"""Every SQL statement about archives, and the ledger's entries that go into one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.archives.models import ARCHIVES
from heli_shared.ledger.tables import LedgerTables

_AT_ONCE = 500


def add_archive(session: Session, cycle: str, *, digest: str, content: bytes, at: datetime, by: str) -> None:
    """Keep a package."""
    row = {"cycle": cycle, "digest": digest, "content": content, "created_at": at, "created_by": by}
    session.execute(sa.insert(ARCHIVES).values(**row))


def find_archive(session: Session, cycle: str) -> tuple[str, bytes] | None:
    """Return the digest and the bytes of a cycle's package, or None."""
    statement = sa.select(ARCHIVES.c.digest, ARCHIVES.c.content).where(ARCHIVES.c.cycle == cycle)
    row = session.execute(statement).one_or_none()
    return None if row is None else (row.digest, bytes(row.content))


def stored_entries(session: Session, ledger: LedgerTables, keys: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Return the ledger's entries of records (keys by entity) in order of seq, every field as it was hashed."""
    table = ledger.entries
    found = [
        _stored(row)
        for entity, wanted in keys.items()
        for start in range(0, len(wanted), _AT_ONCE)
        for row in session.execute(
            sa.select(table).where(table.c.entity == entity, table.c.key.in_(wanted[start : start + _AT_ONCE]))
        )
    ]
    return sorted(found, key=lambda each: each["seq"])


def _stored(row: Any) -> dict[str, Any]:
    names = ("seq", "recorded_at", "actor", "unit", "entity", "key", "operation", "changes", "previous_hash", "hash")
    return {**{name: getattr(row, name) for name in names}, "effective_on": str(row.effective_on)}
