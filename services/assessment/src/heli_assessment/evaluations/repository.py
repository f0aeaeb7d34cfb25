"""The statement behind an enterprise's evaluations."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.evaluations.models import REPRESENTATIVE_EVALUATION
from heli_shared.records.reading import Record, record_of_row


def confirmed_of(session: Session, enterprise: str) -> list[Record]:
    """Return the decided evaluations of people of an enterprise, in order of their ids."""
    table = REPRESENTATIVE_EVALUATION.table
    statement = sa.select(table).where(table.c.enterprise == enterprise, table.c.status == "confirmed")
    return [record_of_row(REPRESENTATIVE_EVALUATION, row) for row in session.execute(statement.order_by(table.c.id))]
