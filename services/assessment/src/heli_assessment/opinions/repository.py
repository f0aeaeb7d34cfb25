"""The statements behind opinions."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.opinions.models import LINKAGE_OPINION
from heli_shared.records.reading import record_of_row


def opinions_on(session: Session, enterprise: str, *, limit: int) -> list[dict[str, Any]]:
    """Return the latest opinions given on an enterprise, the newest first."""
    table = LINKAGE_OPINION.table
    statement = sa.select(table).where(table.c.enterprise == enterprise).order_by(table.c.id.desc()).limit(limit)
    return [record_of_row(LINKAGE_OPINION, row) for row in session.execute(statement)]
