"""Every SQL statement about runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.access import in_reach
from heli_assessment.intake.domain import Reach
from heli_assessment.newest import page_of_newest
from heli_assessment.runs.domain import Pins, SubjectResult
from heli_assessment.runs.models import RUN_SCORES, RUNS
from heli_shared.kernel.pages import Page

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
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def standings(self) -> Mapping[str, Any]:
        """Return the standings of ranked items as they were kept."""
        kept: Mapping[str, Any] = self.context.get("standings", {})
        return kept

    @property
    def cuts(self) -> list[dict[str, Any]]:
        """Return how each quota was used."""
        return [dict(sorted(cut.items())) for cut in self.context.get("cuts", [])]


def find_run(session: Session, run: str) -> Run | None:
    """Return a run, or None."""
    row = session.execute(sa.select(RUNS).where(RUNS.c.id == run)).one_or_none()
    return None if row is None else _run(row)


def list_runs(session: Session, *, cursor: str | None, limit: int) -> Page[Run]:
    """Return a page of runs, the newest first."""
    return page_of_newest(session, RUNS, _run, cursor=cursor, limit=limit)


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
            more_pins={
                "window": pins.window,
                "scores": list(pins.scores),
                "samples": list(pins.samples),
                "draft": pins.draft,
            },
            context=dict(run.context),
            digest=run.digest,
            created_at=run.created_at,
            created_by=run.created_by,
        )
    )
    for start in range(0, len(results), _CHUNK):
        lines = [_line(run.id, result) for result in results[start : start + _CHUNK]]
        session.execute(sa.insert(RUN_SCORES), lines)


def page_of_scores(
    session: Session, run: str, *, reach: Reach | None, after: int, limit: int
) -> tuple[list[SubjectResult], int, bool]:
    """Return lines of a run behind a position, those in reach only if one is told; how many, and more or not."""
    conditions = [RUN_SCORES.c.run == run]
    if reach is not None:
        conditions.append(in_reach(RUN_SCORES, reach))
    total = session.execute(sa.select(sa.func.count()).select_from(RUN_SCORES).where(*conditions)).scalar_one()
    statement = sa.select(RUN_SCORES).where(*conditions, RUN_SCORES.c.position > after)
    rows = session.execute(statement.order_by(RUN_SCORES.c.position).limit(limit + 1)).all()
    return [_result(row) for row in rows[:limit]], total, len(rows) > limit


def latest_run(session: Session, rulebook: str, *, first: date, last: date) -> Run | None:
    """Return the run of a rulebook that was made last, of those on a day within a period.

    Only runs of published versions and of whole periods count. Of two that were made in the same instant it is the one
    that knew more: an id is a hash and says nothing of time.
    """
    columns = RUNS.c
    newest = (columns.created_at, columns.records_known_at, columns.registry_known_at, columns.id)
    statement = (
        sa.select(RUNS)
        .where(columns.rulebook == rulebook, columns.on_day >= first, columns.on_day <= last)
        .order_by(*(column.desc() for column in newest))
    )
    found = (_run(row) for row in session.execute(statement))
    return next((run for run in found if run.pins.window is None and not run.pins.draft), None)


def settled_scores(session: Session, run: str) -> dict[str, tuple[int, dict[str, int]]]:
    """Return by subject the scores of a run that nothing can change any more, and the points of their items.

    All are hundredths.
    """
    columns = RUN_SCORES.c
    statement = sa.select(columns.subject, columns.score, columns.points).where(
        columns.run == run, columns.low == columns.high
    )
    return {row.subject: (row.score, row.points) for row in session.execute(statement)}


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
        "unit": result.unit,
        "division": result.division,
        "zone": result.zone,
        "low_grade": result.low_grade,
        "high_grade": result.high_grade,
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
        unit=row.unit,
        # A line from before grades had a range says the grade alone.
        low_grade=row.low_grade if row.low_grade or row.high_grade else row.grade,
        high_grade=row.high_grade or row.grade,
        division=row.division,
        zone=row.zone,
    )


def _run(row: Any) -> Run:
    more = row.more_pins or {}
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
        window=more.get("window"),
        scores=tuple(more.get("scores", ())),
        samples=tuple(more.get("samples", ())),
        # A run from before this was kept counts as one of published rules.
        draft=bool(more.get("draft", False)),
    )
    return Run(row.id, pins, row.subjects, row.digest, row.created_at, row.created_by, row.context or {})
