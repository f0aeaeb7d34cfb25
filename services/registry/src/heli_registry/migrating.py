"""Bringing a registry's database up to date: its tables, and the name indexes of the records that are in it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.database import LEDGER
from heli_registry.resources import PLAIN_RESOURCES
from heli_shared.db.engine import make_engine, transaction
from heli_shared.db.revisions import migrate_service
from heli_shared.ledger.appending import lock_head
from heli_shared.records.kinds import RecordKind
from heli_shared.records.searching import rebuild


def migrate_registry(url: str, revision: str = "head") -> None:
    """Bring the registry's database to a revision; running it again changes nothing."""
    migrate_service("heli_registry", url, revision)
    if revision == "head":
        _index_names(url)


def _index_names(url: str) -> None:
    engine = make_engine(url)
    try:
        with transaction(engine, writes=False) as session:
            stale = [each.kind for each in PLAIN_RESOURCES if _is_stale(session, each.kind)]
        if stale:
            with transaction(engine, writes=True) as session:
                lock_head(session, LEDGER)
                for kind in stale:
                    rebuild(session, LEDGER, kind)
    finally:
        engine.dispose()


def _is_stale(session: Session, kind: RecordKind) -> bool:
    """Say whether a kind's index lacks records: those that were made before it was."""
    if kind.index is None:
        return False
    rows, entries = (
        session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in (kind.table, kind.index.entries)
    )
    return bool(rows != entries)
