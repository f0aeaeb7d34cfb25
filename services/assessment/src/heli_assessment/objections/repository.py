"""The statement about objections beside those that all kinds of record share."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.objections.models import OBJECTION


def find_pending(session: Session, *, target: str, target_id: str, unit: str) -> str | None:
    """Return the id of a unit's objection to something that waits for its answer, or None."""
    table = OBJECTION.table
    here = (table.c.target == target, table.c.target_id == target_id, table.c.unit == unit)
    statement = sa.select(table.c.id).where(*here, table.c.status == "pending").limit(1)
    return session.execute(statement).scalar_one_or_none()
