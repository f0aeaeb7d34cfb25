"""The statement about progress reports beside those that all kinds of record share."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.progress.models import PROGRESS_REPORT


def standing_reports(session: Session, task: str) -> list[Any]:
    """Return the open reports on a task by the day they tell of, of one day in the order of writing."""
    table = PROGRESS_REPORT.table
    statement = sa.select(table).where(table.c.task == task, table.c.state == "open")
    return list(session.execute(statement.order_by(table.c.reported_on, table.c.version)))
