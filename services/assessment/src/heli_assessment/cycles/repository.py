"""Every SQL statement about cycles, their entries and delegations."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.cycles.domain import LOCKED, Status
from heli_assessment.cycles.models import CYCLE, CYCLE_ENTRY, DELEGATION, SPOT_CHECK
from heli_shared.records.reading import Record, is_one_of, record_of_row

_ENTRIES, _CYCLES = CYCLE_ENTRY.table, CYCLE.table


def entries_of(session: Session, cycle: str) -> list[Record]:
    """Return every entry of a cycle in order of subjects."""
    rows = session.execute(sa.select(_ENTRIES).where(_ENTRIES.c.cycle == cycle).order_by(_ENTRIES.c.subject))
    return [record_of_row(CYCLE_ENTRY, row) for row in rows]


def find_entry(session: Session, cycle: str, subject: str) -> Record | None:
    """Return the entry of a subject in a cycle, or None."""
    here = (_ENTRIES.c.cycle == cycle) & (_ENTRIES.c.subject == subject)
    row = session.execute(sa.select(_ENTRIES).where(here)).one_or_none()
    return None if row is None else record_of_row(CYCLE_ENTRY, row)


def delegations_to(session: Session, cycle: str, delegate: str, *, on: date) -> list[Record]:
    """Return the open delegations of a cycle to somebody that hold on a day, in order of their keys."""
    table = DELEGATION.table
    statement = (
        sa.select(table)
        .where(table.c.cycle == cycle, table.c.delegate == delegate, table.c.state == "open", table.c.until >= on)
        .order_by(table.c.id)
    )
    return [record_of_row(DELEGATION, row) for row in session.execute(statement)]


def spot_checks_of(session: Session, cycle: str) -> list[Record]:
    """Return the spot checks drawn in a cycle, in the order in which they were drawn."""
    table = SPOT_CHECK.table
    rows = session.execute(sa.select(table).where(table.c.cycle == cycle).order_by(table.c.version))
    return [record_of_row(SPOT_CHECK, row) for row in rows]


def delegations_of(session: Session, cycle: str) -> list[Record]:
    """Return every delegation of a cycle, in order of their keys."""
    table = DELEGATION.table
    rows = session.execute(sa.select(table).where(table.c.cycle == cycle).order_by(table.c.id))
    return [record_of_row(DELEGATION, row) for row in rows]


def locked_cycles(session: Session, *, today: date) -> list[Any]:
    """Return (id, title, period_from, counted_on) of the cycles that hold records still, in order of ids."""
    statement = (
        sa.select(_CYCLES.c.id, _CYCLES.c.title, _CYCLES.c.period_from, _CYCLES.c.counted_on)
        .where(
            _CYCLES.c.stage.in_(sorted(LOCKED)),
            sa.or_(_CYCLES.c.unlocked_until.is_(None), _CYCLES.c.unlocked_until < today),
        )
        .order_by(_CYCLES.c.id)
    )
    return list(session.execute(statement))


def names_of_assessed(session: Session, cycles: Sequence[str], keys: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return the names of those that some cycles assess, by cycle and key: that of the subject and of its unit."""
    columns = (_ENTRIES.c.unit, _ENTRIES.c.subject)
    named = sa.or_(*(is_one_of(session, column, sorted(keys)) for column in columns))
    statement = (
        sa.select(_ENTRIES.c.cycle, *columns, _ENTRIES.c.name)
        .where(_ENTRIES.c.cycle.in_(sorted(cycles)), named)
        .order_by(_ENTRIES.c.subject.desc())
    )
    rows = session.execute(statement).all()
    return {(row.cycle, key): row.name for row in rows for key in (row.unit, row.subject)}


def notices(session: Session, *, on: date) -> list[Record]:
    """Return the cycles whose public notice is up on a day, the newest first."""
    statement = (
        sa.select(_CYCLES)
        .where(_CYCLES.c.notice_from <= on, _CYCLES.c.notice_until >= on)
        .order_by(_CYCLES.c.notice_from.desc(), _CYCLES.c.id)
    )
    return [record_of_row(CYCLE, row) for row in session.execute(statement)]


def count_by_status(session: Session, cycle: str) -> dict[str, int]:
    """Return how many entries of a cycle have each status."""
    statement = (
        sa.select(_ENTRIES.c.status, sa.func.count().label("entries"))
        .where(_ENTRIES.c.cycle == cycle)
        .group_by(_ENTRIES.c.status)
        .order_by(_ENTRIES.c.status)
    )
    return {row.status: row.entries for row in session.execute(statement)}


def approved_of(session: Session, subject: str) -> list[Record]:
    """Return the entries of a subject in cycles that are approved, in order of their ids."""
    statement = (
        sa.select(_ENTRIES).where(_ENTRIES.c.subject == subject, _ENTRIES.c.status == Status.APPROVED.value)
    ).order_by(_ENTRIES.c.id)
    return [record_of_row(CYCLE_ENTRY, row) for row in session.execute(statement)]
