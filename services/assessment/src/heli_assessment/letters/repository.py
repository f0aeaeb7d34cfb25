"""Every SQL statement about letters beside those that all kinds of record share."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.letters.models import LETTER
from heli_assessment.tasks.models import TASK


def letters_of(session: Session, plan: str) -> list[Any]:
    """Return the open letters of a plan, in order of keys."""
    table = LETTER.table
    statement = sa.select(table).where(table.c.plan == plan, table.c.state == "open")
    return list(session.execute(statement.order_by(table.c.id)))


def late_letters(session: Session, on: date) -> list[Any]:
    """Return open letters that are unsigned after their day, or signed and not yet checked, in order of keys."""
    table = LETTER.table
    unsigned = table.c.is_signed.is_(False) & (table.c.sign_by < on)
    unchecked = table.c.is_signed.is_(True) & table.c.checked_on.is_(None)
    statement = sa.select(table).where(table.c.state == "open", unsigned | unchecked)
    return list(session.execute(statement.order_by(table.c.id)))


def tasks_ever_of(session: Session, plan: str) -> list[str]:
    """Return the keys of all tasks of a plan, the closed ones too, in order."""
    table = TASK.table
    return list(session.execute(sa.select(table.c.id).where(table.c.plan == plan).order_by(table.c.id)).scalars())
