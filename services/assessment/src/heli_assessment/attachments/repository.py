"""Every SQL statement about attachments beside those that all kinds of record share."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.attachments.models import ATTACHMENT


def names_of(session: Session, keys: Iterable[str]) -> dict[str, str | None]:
    """Return the names of attachments by key."""
    table = ATTACHMENT.table
    rows = session.execute(sa.select(table.c.id, table.c.name).where(table.c.id.in_(list(keys))))
    return {row.id: row.name for row in rows}


def open_twin(session: Session, unit: str, digest: str) -> Any | None:
    """Return a unit's open attachment of this content, or None."""
    table = ATTACHMENT.table
    statement = sa.select(table).where(table.c.unit == unit, table.c.digest == digest, table.c.state == "open")
    return session.execute(statement.order_by(table.c.id).limit(1)).first()


def is_held(session: Session, digest: str) -> bool:
    """Say whether any open attachment is of this content."""
    table = ATTACHMENT.table
    statement = sa.select(table.c.id).where(table.c.digest == digest, table.c.state == "open").limit(1)
    return session.execute(statement).first() is not None
