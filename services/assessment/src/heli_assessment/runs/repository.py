"""Every SQL statement about runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.runs.domain import Pins, SubjectResult
from heli_assessment.runs.models import RUN_SCORES, RUNS

_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Run:
    """One stored run."""

    id: str
    pins: Pins
    subjects: int
    digest: str
    created_at: datetime
    created_by: str


def find_run(session: Session, run: str) -> Run | None:
    """Return a run, or None."""
    row = session.execute(sa.select(RUNS).where(RUNS.c.id == run)).one_or_none()
    return None if row is None else _run(row)


def list_runs(session: Session, *, after: tuple[datetime, str] | None, limit: int) -> tuple[list[Run], int, bool]:
    """Return runs, the newest first, behind (created_at, id); how many there are, and whether more follow."""
    total = session.execute(sa.select(sa.func.count()).select_from(RUNS)).scalar_one()
    statement = sa.select(RUNS).order_by(RUNS.c.created_at.desc(), RUNS.c.id.desc()).limit(limit + 1)
    if after is not None:
        earlier = RUNS.c.created_at < after[0]
        statement = statement.where(earlier | ((RUNS.c.created_at == after[0]) & (RUNS.c.id < after[1])))
    rows = session.execute(statement).all()
    return [_run(row) for row in rows[:limit]], total, len(rows) > limit


def add_run(session: Session, run: Run, results: Sequence[SubjectResult]) -> None:
    """Store a run with all its lines; IntegrityError when it is there already."""
    pins = run.pins
    session.execute(
        sa.insert(RUNS).values(
            id=run.id,
            rulebook=pins.rulebook,
            rulebook_version=pins.version,
            rulebook_digest=pins.digest,
            on_day=date.fromisoformat(pins.on),
            period_from=date.fromisoformat(pins.period_from),
            registry_epoch=pins.registry_epoch,
            registry_known_at=pins.registry_known_at,
            records_epoch=pins.records_epoch,
            records_known_at=pins.records_known_at,
            subjects=run.subjects,
            digest=run.digest,
            created_at=run.created_at,
            created_by=run.created_by,
        )
    )
    for start in range(0, len(results), _CHUNK):
        lines = [_line(run.id, result) for result in results[start : start + _CHUNK]]
        session.execute(sa.insert(RUN_SCORES), lines)


def page_of_scores(
    session: Session, run: str, *, only: frozenset[str] | None, after: int, limit: int
) -> tuple[list[SubjectResult], int, bool]:
    """Return lines of a run behind a position, of some subjects only if told; how many, and whether more follow."""
    conditions = [RUN_SCORES.c.run == run]
    if only is not None:
        conditions.append(RUN_SCORES.c.subject.in_(sorted(only)))
    total = session.execute(sa.select(sa.func.count()).select_from(RUN_SCORES).where(*conditions)).scalar_one()
    statement = sa.select(RUN_SCORES).where(*conditions, RUN_SCORES.c.position > after)
    rows = session.execute(statement.order_by(RUN_SCORES.c.position).limit(limit + 1)).all()
    return [_result(row) for row in rows[:limit]], total, len(rows) > limit


def find_score(session: Session, run: str, subject: str) -> SubjectResult | None:
    """Return one subject's line of a run, or None."""
    statement = sa.select(RUN_SCORES).where(RUN_SCORES.c.run == run, RUN_SCORES.c.subject == subject)
    row = session.execute(statement).one_or_none()
    return None if row is None else _result(row)


def _line(run: str, result: SubjectResult) -> dict[str, Any]:
    return {
        "run": run,
        "position": result.position,
        "subject": result.subject,
        "name": result.name,
        "subject_group": result.group,
        "score": result.score,
        "low": result.low,
        "high": result.high,
        "grade": result.grade,
        "rank": result.rank,
        "best_rank": result.best_rank,
        "worst_rank": result.worst_rank,
        "points": dict(result.points),
        "inputs": dict(result.inputs),
    }


def _result(row: Any) -> SubjectResult:
    return SubjectResult(
        position=row.position,
        subject=row.subject,
        name=row.name,
        group=row.subject_group,
        score=row.score,
        low=row.low,
        high=row.high,
        grade=row.grade,
        rank=row.rank,
        best_rank=row.best_rank,
        worst_rank=row.worst_rank,
        points=row.points,
        inputs=row.inputs,
    )


def _run(row: Any) -> Run:
    pins = Pins(
        rulebook=row.rulebook,
        version=row.rulebook_version,
        digest=row.rulebook_digest,
        on=row.on_day.isoformat(),
        period_from=row.period_from.isoformat(),
        registry_epoch=row.registry_epoch,
        registry_known_at=row.registry_known_at,
        records_epoch=row.records_epoch,
        records_known_at=row.records_known_at,
    )
    return Run(row.id, pins, row.subjects, row.digest, row.created_at, row.created_by)
