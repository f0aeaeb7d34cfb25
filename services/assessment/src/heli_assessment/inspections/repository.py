"""The statement about rectification orders beside those that all kinds of record share."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.inspections.domain import OPEN, WAITING
from heli_assessment.inspections.models import RECTIFICATION_ORDER
from heli_shared.records.reading import Condition


def open_orders_about(session: Session, enterprise: str, conditions: list[Condition]) -> list[Any]:
    """Return the orders about an enterprise that are neither accepted nor cancelled, by day and key."""
    table = RECTIFICATION_ORDER.table
    clauses = [condition.clause for condition in conditions]
    open_ones = (table.c.enterprise == enterprise, table.c.stage.in_(sorted(OPEN)), *clauses)
    return list(session.execute(sa.select(table).where(*open_ones).order_by(table.c.due_on, table.c.id)))


def waiting_orders(session: Session, *, before: date) -> list[Any]:
    """Return the orders whose unit has still to answer and whose day lies before one, by day and key."""
    table = RECTIFICATION_ORDER.table
    statement = sa.select(table).where(table.c.stage.in_(sorted(WAITING)), table.c.due_on < before)
    return list(session.execute(statement.order_by(table.c.due_on, table.c.id)))
