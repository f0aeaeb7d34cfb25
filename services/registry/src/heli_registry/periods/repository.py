"""Periods in the database: the one that is asked for, its closings, the figures pinned, the explanations given."""

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.periods.domain import Given, HandedIn, Pinned, Target
from heli_registry.periods.models import EXPLANATION, PERIOD, PERIOD_CELL, PERIOD_CLOSING, PERIOD_SUBMISSION

_P, _L, _C, _X = PERIOD.table, PERIOD_CLOSING.table, PERIOD_CELL.table, EXPLANATION.table


def find_period(session: Session, code: str, unit: str) -> str | None:
    """Return the key of a unit's period with this code."""
    statement = sa.select(_P.c.id).where(_P.c.code == code, _P.c.unit == unit)
    return session.execute(statement.limit(1)).scalar_one_or_none()


def closings_of(session: Session, period: str) -> list[Any]:
    """Return the closings of a period, the first first."""
    return list(session.execute(sa.select(_L).where(_L.c.period == period).order_by(_L.c.number)))


def pinned(session: Session, code: str, unit: str) -> Pinned | None:
    """Return the figures in force of a unit's closed period; None when it is not closed (any more)."""
    statement = sa.select(_L.c.id).join(_P, _P.c.id == _L.c.period)
    statement = statement.where(_P.c.code == code, _P.c.unit == unit, _L.c.state == "open")
    closing = session.execute(statement.order_by(_L.c.number.desc()).limit(1)).scalar_one_or_none()
    if closing is None:
        return None
    cells = session.execute(sa.select(_C.c.unit, _C.c.figure, _C.c.value).where(_C.c.closing == closing))
    return Pinned(code, closing, {(row.unit, row.figure): row.value for row in cells})


def given(session: Session, period: str) -> dict[Target, Given]:
    """Return the explanations of a period that stand, by what they are about."""
    statement = sa.select(_X).where(_X.c.period == period, _X.c.state == "open")
    return {
        target_of(row): Given(row.id, row.text, row.person, row.value, row.previous)
        for row in session.execute(statement)
    }


def handed_in(session: Session, period: str) -> dict[str, HandedIn]:
    """Return what stands of what was said for the units of a period, by unit."""
    table = PERIOD_SUBMISSION.table
    rows = session.execute(sa.select(table).where(table.c.period == period, table.c.state == "open"))
    return {
        row.unit: HandedIn(
            row.id, row.form, row.person, row.principal, row.last_effective_on, row.known_at, json.loads(row.figures),
            row.reason,
        )
        for row in rows
    }  # fmt: skip


def target_of(row: Any) -> Target:
    """Return what an explanation is about."""
    if row.check is not None:
        return Target(check=row.check, record=row.record)
    return Target(unit=row.unit, figure=row.figure, compared_with=row.compared_with)
