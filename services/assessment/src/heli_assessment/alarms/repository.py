"""The statements behind alarms: what was done lately, which orders and letters are open."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.activities.models import ACTIVITY
from heli_assessment.alarms.domain import Done


def activities_since(session: Session, first: date, last: date) -> list[Done]:
    """Return the open activities from one day to another."""
    table = ACTIVITY.table
    columns = (table.c.kind, table.c.unit, table.c.held_on, table.c.assignment, table.c.pairing)
    statement = sa.select(*columns).where(table.c.state == "open", table.c.held_on >= first, table.c.held_on <= last)
    return [Done(*row) for row in session.execute(statement)]
