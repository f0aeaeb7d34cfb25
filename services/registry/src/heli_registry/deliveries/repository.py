"""Statements on deliveries: taken down in batches, listed newest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.deliveries.models import DELIVERIES
from heli_registry.identity.models import PRINCIPAL


def insert(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Take deliveries down."""
    session.execute(sa.insert(DELIVERIES), rows)


def roles_of(session: Session, principal: str) -> tuple[str, ...]:
    """Return the roles of a principal; none when there is no such principal."""
    table = PRINCIPAL.table
    found = session.execute(sa.select(table.c.roles).where(table.c.id == principal)).scalar_one_or_none()
    return tuple(found or ())


def page(
    session: Session, *, given: Mapping[str, Any], since: datetime | None, after: str | None, limit: int
) -> tuple[Sequence[Any], int, int]:
    """Return deliveries, newest first, how many there are in all, and how many rows they carried together."""
    table = DELIVERIES
    clauses = [table.c[name] == value for name, value in given.items() if value is not None]
    if since is not None:
        clauses.append(table.c.delivered_at >= since)
    counts = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(table.c.row_count), 0)).where(*clauses)
    total, rows = session.execute(counts).one()
    statement = sa.select(table).where(*clauses).order_by(table.c.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(table.c.id < after)
    return session.execute(statement).all(), int(total), int(rows)
