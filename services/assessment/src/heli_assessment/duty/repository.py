"""Every SQL statement about reports on duty beside those that all kinds of record share."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.duty.models import DUTY_MARK, DUTY_REPORT
from heli_shared.records.reading import Condition


def open_reports(session: Session, report_session: str, conditions: list[Condition]) -> list[Any]:
    """Return the open reports of a session that conditions let through, by unit and key."""
    table = DUTY_REPORT.table
    clauses = [each.clause for each in conditions]
    statement = sa.select(table).where(table.c.session == report_session, table.c.state == "open", *clauses)
    return list(session.execute(statement.order_by(table.c.unit, table.c.id)))


def twin_report(session: Session, report_session: str, unit: str, key: str) -> bool:
    """Say whether a unit has another open report in a session."""
    table = DUTY_REPORT.table
    same = (table.c.session == report_session, table.c.unit == unit, table.c.state == "open", table.c.id != key)
    return session.execute(sa.select(table.c.id).where(*same).limit(1)).first() is not None


def open_marks(session: Session, reports: list[str]) -> list[Any]:
    """Return the open marks of some reports, in order of keys."""
    table = DUTY_MARK.table
    statement = sa.select(table).where(table.c.report.in_(reports), table.c.state == "open")
    return list(session.execute(statement.order_by(table.c.id)))


def twin_mark(session: Session, report: str, judge: str) -> bool:
    """Say whether a judge has marked a report already."""
    table = DUTY_MARK.table
    same = (table.c.report == report, table.c.judge == judge, table.c.state == "open")
    return session.execute(sa.select(table.c.id).where(*same).limit(1)).first() is not None
