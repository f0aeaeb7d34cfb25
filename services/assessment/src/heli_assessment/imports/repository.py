"""Every SQL statement about imports of lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.activities.models import ACTIVITY
from heli_assessment.imports.models import LIST_FILES, LIST_IMPORTS, LIST_REFUSALS
from heli_assessment.tasks.models import TASK

_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class ListImport:
    """One import: what was sent, by whom, and how its rows ended."""

    id: str
    kind: str
    file_name: str
    plan: str | None
    dry_run: bool
    mode: str
    effective_on: date | None
    principal: str
    counts: dict[str, int]
    columns: dict[str, Any]
    layout: dict[str, Any]
    changes: list[dict[str, Any]]
    created_at: datetime
    status: str = "done"
    error: dict[str, str] | None = None
    preview: str | None = None
    digest: str | None = None
    first_seq: int | None = None
    last_seq: int | None = None
    undone_at: datetime | None = None
    undone_by: str | None = None


def add_import(session: Session, made: ListImport, refusals: Sequence[tuple[int, list[Any], list[Any]]]) -> None:
    """Store an import and its refused rows (number, errors, cells)."""
    names = ListImport.__slots__
    session.execute(sa.insert(LIST_IMPORTS).values({name: getattr(made, name) for name in names}))
    for start in range(0, len(refusals), _CHUNK):
        lines = [
            {"import_id": made.id, "row_number": number, "errors": errors, "cells": cells}
            for number, errors, cells in refusals[start : start + _CHUNK]
        ]
        session.execute(sa.insert(LIST_REFUSALS), lines)


def find_import(session: Session, key: str) -> ListImport | None:
    """Return an import, or None."""
    row = session.execute(sa.select(LIST_IMPORTS).where(LIST_IMPORTS.c.id == key)).one_or_none()
    return None if row is None else ListImport(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to read a row by name


def lock_import(session: Session, key: str) -> None:
    """Hold an import against others who would act on it, until the transaction ends."""
    session.execute(sa.select(LIST_IMPORTS.c.id).where(LIST_IMPORTS.c.id == key).with_for_update())


def find_application(session: Session, preview: str) -> ListImport | None:
    """Return the import that applied a preview, or None; a failed one stands in nobody's way."""
    here = (LIST_IMPORTS.c.preview == preview) & (LIST_IMPORTS.c.status == "done")
    row = session.execute(sa.select(LIST_IMPORTS).where(here).limit(1)).one_or_none()
    return None if row is None else ListImport(**row._mapping)  # noqa: SLF001 - as above


def note_entries(session: Session, key: str, *, first: int, last: int) -> None:
    """Write down which entries of the ledger an import made."""
    session.execute(sa.update(LIST_IMPORTS).where(LIST_IMPORTS.c.id == key).values(first_seq=first, last_seq=last))


def mark_undone(session: Session, key: str, *, now: datetime, by: str) -> None:
    """Write down that what an import wrote was taken back."""
    session.execute(sa.update(LIST_IMPORTS).where(LIST_IMPORTS.c.id == key).values(undone_at=now, undone_by=by))


def keep_file(session: Session, key: str, content: bytes) -> None:
    """Keep the file of a preview, until it is applied or its time is over."""
    session.execute(sa.insert(LIST_FILES).values(import_id=key, content=content))


def find_file(session: Session, key: str) -> bytes | None:
    """Return the file of a preview, or None."""
    content = session.execute(sa.select(LIST_FILES.c.content).where(LIST_FILES.c.import_id == key)).scalar_one_or_none()
    return None if content is None else bytes(content)


def forget_file(session: Session, key: str) -> None:
    """Let go of the file of a preview."""
    session.execute(sa.delete(LIST_FILES).where(LIST_FILES.c.import_id == key))


def forget_old_files(session: Session, *, before: datetime) -> None:
    """Let go of the files of previews that were made before an instant."""
    old = sa.select(LIST_IMPORTS.c.id).where(LIST_IMPORTS.c.created_at <= before)
    session.execute(sa.delete(LIST_FILES).where(LIST_FILES.c.import_id.in_(old)))


def page_of_imports(
    session: Session, principal: str | None, *, before: str | None, limit: int
) -> tuple[list[ListImport], int, bool]:
    """Return somebody's imports, or all, the newest first, behind an id; how many there are, whether more follow."""
    table = LIST_IMPORTS
    own = sa.true() if principal is None else table.c.principal == principal
    total = session.execute(sa.select(sa.func.count()).select_from(table).where(own)).scalar_one()
    statement = sa.select(table).where(own).order_by(table.c.id.desc()).limit(limit + 1)
    if before is not None:
        statement = statement.where(table.c.id < before)
    rows = [ListImport(**row._mapping) for row in session.execute(statement)]  # noqa: SLF001 - as above
    return rows[:limit], total, len(rows) > limit


def page_of_refusals(session: Session, key: str, *, after: int, limit: int) -> tuple[list[Any], int, bool]:
    """Return refused rows behind a row number; how many there are, and whether more follow."""
    table = LIST_REFUSALS
    own = table.c.import_id == key
    total = session.execute(sa.select(sa.func.count()).select_from(table).where(own)).scalar_one()
    statement = sa.select(table).where(own, table.c.row_number > after).order_by(table.c.row_number).limit(limit + 1)
    rows = list(session.execute(statement))
    return rows[:limit], total, len(rows) > limit


def iterate_refusals(session: Session, key: str) -> Iterable[Any]:
    """Yield the refused rows of an import in order."""
    table = LIST_REFUSALS
    return session.execute(sa.select(table).where(table.c.import_id == key).order_by(table.c.row_number))


def open_tasks_of(session: Session, plan: str) -> list[Any]:
    """Return the open tasks of a plan, in order of keys."""
    table = TASK.table
    statement = sa.select(table).where(table.c.plan == plan, table.c.state == "open")
    return list(session.execute(statement.order_by(table.c.id)))


def open_activities_between(session: Session, units: Iterable[str], first: date, last: date) -> list[Any]:
    """Return the open activities of some units from one day to another, in order of keys."""
    table = ACTIVITY.table
    found: list[Any] = []
    named = sorted(set(units))
    for start in range(0, len(named), _CHUNK):
        chosen = named[start : start + _CHUNK]
        statement = sa.select(table).where(
            table.c.unit.in_(chosen), table.c.held_on >= first, table.c.held_on <= last, table.c.state == "open"
        )
        found += session.execute(statement.order_by(table.c.id))
    return found
