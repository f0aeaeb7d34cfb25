"""The statement behind a cycle's appeals."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.appeals.models import APPEAL
from heli_shared.records.reading import Record, record_of_row


def appeals_of(session: Session, cycle: str) -> list[Record]:
    """Return every appeal in a cycle, in order of their ids: the eldest first."""
    table = APPEAL.table
    rows = session.execute(sa.select(table).where(table.c.cycle == cycle).order_by(table.c.id))
    return [record_of_row(APPEAL, row) for row in rows]
