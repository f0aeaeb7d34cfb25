"""Every SQL statement about tasks beside those that all kinds of record share."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.tasks.models import TASK
from heli_shared.records.reading import Condition


def open_parts(session: Session, task: str) -> list[Any]:
    """Return the open tasks that are parts of a task, in order of keys."""
    table = TASK.table
    statement = sa.select(table).where(table.c.parent == task, table.c.state == "open").order_by(table.c.id)
    return list(session.execute(statement))


def waiting_tasks(session: Session, conditions: list[Condition]) -> list[Any]:
    """Return the open tasks that are not done and are no sum of parts, by day and key."""
    table = TASK.table
    part = table.alias()
    has_parts = sa.exists().where(part.c.parent == table.c.id, part.c.state == "open")
    clauses = [condition.clause for condition in conditions]
    statement = sa.select(table).where(table.c.state == "open", table.c.done_on.is_(None), ~has_parts, *clauses)
    return list(session.execute(statement.order_by(table.c.due_on, table.c.id)))


def open_tasks(session: Session, plan: str, conditions: list[Condition]) -> list[Any]:
    """Return the open tasks of a plan that no other of its tasks is a part of, in order of keys."""
    table = TASK.table
    part = table.alias()
    has_parts = sa.exists().where(part.c.parent == table.c.id, part.c.state == "open")
    clauses = [condition.clause for condition in conditions]
    statement = sa.select(table).where(table.c.plan == plan, table.c.state == "open", ~has_parts, *clauses)
    return list(session.execute(statement.order_by(table.c.id)))
