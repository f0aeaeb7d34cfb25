"""The queue in SQL: jobs are taken under a lease, kept alive by a heartbeat, and taken over when the lease runs out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.imports.domain import LEASE_SECONDS, Counts, Found, ImportJob
from heli_registry.imports.effects import Effect, Refused
from heli_registry.imports.models import IMPORT_EFFECTS, IMPORT_JOBS, IMPORT_REFUSALS
from heli_shared.kernel.access import Scope

_BATCH = 5_000
_LATER = ("preview", "expected", "digest", "layout", "first_seq", "last_seq", "undone_at", "undone_by")


def add(session: Session, job: ImportJob) -> None:
    """Put a job into the queue."""
    session.execute(
        sa.insert(IMPORT_JOBS).values(
            id=job.id, kind=job.kind, file_name=job.file_name, dry_run=job.dry_run, mode=job.mode,
            effective_on=job.effective_on, principal=job.principal, unit=job.unit, scope=asdict(job.scope),
            status=job.status, attempts=0, cancel_requested=False, created_at=job.created_at, preview=job.preview,
            expected=job.expected,
            **_count_columns(job.counts),
        )
    )  # fmt: skip


def find(session: Session, import_id: str) -> ImportJob | None:
    """Return a job by id."""
    row = session.execute(sa.select(IMPORT_JOBS).where(IMPORT_JOBS.c.id == import_id)).one_or_none()
    return None if row is None else _job(row)


def list_page(session: Session, *, principal: str | None, after: str | None, limit: int) -> tuple[list[ImportJob], int]:
    """Return jobs, newest first, from behind the id `after`, and how many there are; of one principal, or of all."""
    table = IMPORT_JOBS
    clauses = [] if principal is None else [table.c.principal == principal]
    total = session.execute(sa.select(sa.func.count()).select_from(table).where(*clauses)).scalar_one()
    statement = sa.select(table).where(*clauses).order_by(table.c.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(table.c.id < after)
    return [_job(row) for row in session.execute(statement)], total


def list_files(session: Session, *, since: datetime) -> set[str]:
    """Return the names of all files that are still needed: by jobs under way, and by previews that ended since then."""
    table = IMPORT_JOBS
    under_way = table.c.status.in_(("queued", "running"))
    preview = table.c.dry_run & (table.c.status == "done") & (table.c.finished_at >= since)
    statement = sa.select(sa.func.coalesce(table.c.preview, table.c.id)).where(under_way | preview)
    return set(session.execute(statement).scalars())


def find_application(session: Session, preview: str) -> ImportJob | None:
    """Return the job that applies a preview, if one is under way or done; a failed one stands in nobody's way."""
    table = IMPORT_JOBS
    here = (table.c.preview == preview) & table.c.status.in_(("queued", "running", "done"))
    row = session.execute(sa.select(table).where(here).limit(1)).one_or_none()
    return None if row is None else _job(row)


def lock(session: Session, import_id: str) -> None:
    """Hold a job against others who would act on it, until the transaction ends."""
    session.execute(sa.select(IMPORT_JOBS.c.id).where(IMPORT_JOBS.c.id == import_id).with_for_update())


def forget_cells(session: Session, *, before: datetime) -> None:
    """Let go of the cells and previews of jobs that ended before an instant; counts and reasons stay."""
    old = sa.select(IMPORT_JOBS.c.id).where(IMPORT_JOBS.c.finished_at < before)
    refusals = IMPORT_REFUSALS
    kept = refusals.c.import_id.in_(old) & refusals.c.cells.is_not(None)
    session.execute(sa.update(refusals).where(kept).values(cells=None))
    session.execute(sa.delete(IMPORT_EFFECTS).where(IMPORT_EFFECTS.c.import_id.in_(old)))


def mark_undone(session: Session, import_id: str, *, now: datetime, by: str) -> None:
    """Write down that what a job wrote was taken back."""
    here = IMPORT_JOBS.c.id == import_id
    session.execute(sa.update(IMPORT_JOBS).where(here).values(undone_at=now, undone_by=by))


def has_work(session: Session, now: datetime) -> bool:
    """Say whether a job waits, or has lost its worker."""
    return session.execute(sa.select(IMPORT_JOBS.c.id).where(_free(now)).limit(1)).one_or_none() is not None


def _free(now: datetime) -> sa.ColumnElement[bool]:
    table = IMPORT_JOBS
    return (table.c.status == "queued") | ((table.c.status == "running") & (table.c.lease_until < now))


def claim(session: Session, worker: str, now: datetime) -> ImportJob | None:
    """Take the oldest job that waits or whose worker has gone silent, and hold it under a lease."""
    table = IMPORT_JOBS
    statement = sa.select(table.c.id).where(_free(now)).order_by(table.c.id).limit(1).with_for_update(skip_locked=True)
    import_id = session.execute(statement).scalar_one_or_none()
    if import_id is None:
        return None
    session.execute(
        sa.update(table)
        .where(table.c.id == import_id)
        .values(
            status="running", worker=worker, lease_until=now + timedelta(seconds=LEASE_SECONDS),
            started_at=sa.func.coalesce(table.c.started_at, sa.bindparam("now", now, table.c.started_at.type)),
            attempts=table.c.attempts + 1, **_count_columns(Counts()),
        )
    )  # fmt: skip
    return find(session, import_id)


def beat(session: Session, import_id: str, worker: str, *, now: datetime, counts: Counts) -> bool | None:
    """Prolong the lease and tell the progress; return whether a cancel was asked for, None when the job was lost."""
    table = IMPORT_JOBS
    mine = (table.c.id == import_id, table.c.worker == worker, table.c.status == "running")
    lease = now + timedelta(seconds=LEASE_SECONDS)
    session.execute(sa.update(table).where(*mine).values(lease_until=lease, **_count_columns(counts)))
    return session.execute(sa.select(table.c.cancel_requested).where(*mine)).scalar_one_or_none()


def release(session: Session, import_id: str, worker: str) -> None:
    """Give a job back to the queue, for another worker to start over."""
    table = IMPORT_JOBS
    mine = (table.c.id == import_id, table.c.worker == worker, table.c.status == "running")
    session.execute(sa.update(table).where(*mine).values(status="queued", worker=None, lease_until=None))


def hold(session: Session, import_id: str, worker: str) -> bool:
    """Lock one's own running job for the transaction that ends it; False when it is no longer one's own."""
    table = IMPORT_JOBS
    mine = (
        table.c.id == import_id,
        table.c.worker == worker,
        table.c.status == "running",
        table.c.cancel_requested.is_(False),
    )
    return session.execute(sa.select(table.c.id).where(*mine).with_for_update()).one_or_none() is not None


def finish(
    session: Session,
    import_id: str,
    *,
    status: str,
    now: datetime,
    found: Found | None = None,
    error: dict[str, str] | None = None,
) -> None:
    """Write down how a job ended."""
    values: dict[str, Any] = {"status": status, "finished_at": now, "worker": None, "lease_until": None}
    values["error"] = error
    if found is not None:
        values |= {"columns": found.columns, "layout": found.layout, "digest": found.digest}
        values |= _count_columns(found.counts)
    session.execute(sa.update(IMPORT_JOBS).where(IMPORT_JOBS.c.id == import_id).values(**values))


def request_cancel(session: Session, import_id: str) -> None:
    """Ask the worker of a running job to stop."""
    session.execute(sa.update(IMPORT_JOBS).where(IMPORT_JOBS.c.id == import_id).values(cancel_requested=True))


def note_entries(session: Session, import_id: str, *, first: int, last: int) -> None:
    """Write down which entries of the ledger a job made."""
    here = IMPORT_JOBS.c.id == import_id
    session.execute(sa.update(IMPORT_JOBS).where(here).values(first_seq=first, last_seq=last))


def add_refusals(session: Session, import_id: str, refusals: Iterable[Refused]) -> None:
    """Keep the rows that were refused, with their reasons and their cells."""
    for batch in batches(refusals):
        rows = [
            {
                "import_id": import_id,
                "row_number": each.row,
                "errors": [asdict(problem) for problem in each.errors],
                "cells": each.cells,
            }
            for each in batch
        ]
        session.execute(sa.insert(IMPORT_REFUSALS), rows)


def add_effects(session: Session, import_id: str, effects: Iterable[Sequence[Effect]]) -> None:
    """Keep what a dry run would do."""
    for batch in effects:
        rows = [
            {
                "import_id": import_id,
                "row_number": each.row,
                "key": None if each.is_made else each.write.key,
                "name": each.name,
                "operation": each.write.operation,
                "effective_on": date.fromisoformat(each.write.effective_on),
                "changes": [
                    {"field": name, "before": each.before.get(name), "after": value}
                    for name, value in each.write.changes.items()
                ],
            }
            for each in batch
        ]
        session.execute(sa.insert(IMPORT_EFFECTS), rows)


def page_of_refusals(
    session: Session, import_id: str, *, after: int | None, limit: int
) -> tuple[list[tuple[int, Sequence[dict[str, str]]]], int]:
    """Return (row number, problems) behind a row number, and how many rows were refused in all."""
    table = IMPORT_REFUSALS
    mine = table.c.import_id == import_id
    total = session.execute(sa.select(sa.func.count()).select_from(table).where(mine)).scalar_one()
    statement = sa.select(table.c.row_number, table.c.errors).where(mine).order_by(table.c.row_number).limit(limit)
    if after is not None:
        statement = statement.where(table.c.row_number > after)
    return [(row.row_number, row.errors) for row in session.execute(statement)], total


def iterate_refusals(session: Session, import_id: str) -> Iterator[Any]:
    """Yield the refused rows (row_number, errors, cells) in the order of the file."""
    table = IMPORT_REFUSALS
    statement = sa.select(table.c.row_number, table.c.errors, table.c.cells).where(table.c.import_id == import_id)
    yield from session.execute(statement.order_by(table.c.row_number), execution_options={"yield_per": 1_000})


def page_of_effects(session: Session, import_id: str, *, after: int | None, limit: int) -> tuple[list[Any], int]:
    """Return the rows of a preview behind a row number, and how many there are in all."""
    table = IMPORT_EFFECTS
    mine = table.c.import_id == import_id
    total = session.execute(sa.select(sa.func.count()).select_from(table).where(mine)).scalar_one()
    statement = sa.select(table).where(mine).order_by(table.c.row_number).limit(limit)
    if after is not None:
        statement = statement.where(table.c.row_number > after)
    return list(session.execute(statement)), total


def _count_columns(counts: Counts) -> dict[str, int]:
    return {f"rows_{name}": value for name, value in asdict(counts).items()}


def _job(row: Any) -> ImportJob:
    scope = row.scope
    return ImportJob(
        id=row.id,
        kind=row.kind,
        file_name=row.file_name,
        dry_run=row.dry_run,
        mode=row.mode,
        effective_on=row.effective_on,
        principal=row.principal,
        unit=row.unit,
        scope=Scope(scope["everything"], tuple(scope["divisions"]), tuple(scope["zones"])),
        created_at=row.created_at,
        status=row.status,
        attempts=row.attempts,
        cancel_requested=row.cancel_requested,
        counts=Counts(row.rows_read, row.rows_created, row.rows_updated, row.rows_unchanged, row.rows_refused),
        columns=row.columns,
        error=row.error,
        started_at=row.started_at,
        finished_at=row.finished_at,
        **{name: getattr(row, name) for name in _LATER},
    )


def batches(items: Iterable[Any], size: int = _BATCH) -> Iterator[list[Any]]:
    """Yield the items in lists of at most `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
