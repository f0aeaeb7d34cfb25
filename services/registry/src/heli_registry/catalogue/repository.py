"""Statements for the catalogue: how much there is of a kind, and who answers for its fields."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.stewardship.models import FIELD_STEWARD
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Condition


def count(session: Session, kind: RecordKind, conditions: Sequence[Condition]) -> int:
    """Return how many records of a kind meet these conditions now, closed ones included."""
    statement = sa.select(sa.func.count()).select_from(kind.table).where(*(each.clause for each in conditions))
    return int(session.execute(statement).scalar_one())


def stewards(session: Session, kind: RecordKind) -> dict[str, str]:
    """Return the steward unit of each field of a kind that has one."""
    table = FIELD_STEWARD.table
    statement = sa.select(table.c.field, table.c.steward).where(table.c.state == "open", table.c.kind == kind.entity)
    return {row.field: row.steward for row in session.execute(statement.order_by(table.c.id))}
