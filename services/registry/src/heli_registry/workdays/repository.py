"""The statement behind the calendar: which days the office has spoken about."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.workdays.models import CALENDAR_DAY


def days_spoken_about(session: Session) -> dict[date, Any]:
    """Return the open calendar days: day → row."""
    table = CALENDAR_DAY.table
    return {
        date.fromisoformat(row.day): row for row in session.execute(sa.select(table).where(table.c.state == "open"))
    }
