"""Every SQL statement about simulations."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_assessment.access import in_reach
from heli_assessment.intake.domain import Reach
from heli_assessment.newest import page_of_newest
from heli_assessment.simulations.domain import Line, Simulation, line_json
from heli_assessment.simulations.models import SIMULATION_LINES, SIMULATIONS
from heli_shared.kernel.pages import Page

_CHUNK = 1_000


def find_simulation(session: Session, simulation: str) -> Simulation | None:
    """Return a simulation, or None."""
    row = session.execute(sa.select(SIMULATIONS).where(SIMULATIONS.c.id == simulation)).one_or_none()
    return None if row is None else _simulation(row)


def list_simulations(session: Session, *, cursor: str | None, limit: int) -> Page[Simulation]:
    """Return a page of simulations, the newest first."""
    return page_of_newest(session, SIMULATIONS, _simulation, cursor=cursor, limit=limit)


def add_simulation(session: Session, simulation: Simulation, years: Mapping[str, Sequence[Line]]) -> None:
    """Store a simulation with all its lines; IntegrityError when it is there already."""
    session.execute(
        sa.insert(SIMULATIONS).values(
            id=simulation.id,
            rulebook=simulation.rulebook,
            draft_version=simulation.draft_version,
            draft_digest=simulation.draft_digest,
            draft_body=simulation.draft_body,
            against=simulation.against,
            pins=dict(simulation.pins),
            summaries=dict(simulation.summaries),
            digest=simulation.digest,
            created_at=simulation.created_at,
            created_by=simulation.created_by,
        )
    )
    for year, lines in years.items():
        for start in range(0, len(lines), _CHUNK):
            chunk = lines[start : start + _CHUNK]
            rows = [_row(simulation.id, year, start + n, line) for n, line in enumerate(chunk, 1)]
            session.execute(sa.insert(SIMULATION_LINES), rows)


def page_of_lines(
    session: Session, simulation: str, year: str, *, reach: Reach | None, after: int, limit: int
) -> tuple[list[tuple[int, dict[str, Any]]], int, bool]:
    """Return (position, line) behind a position, those in reach only if one is told; how many, and more or not."""
    columns = SIMULATION_LINES.c
    conditions = [columns.simulation == simulation, columns.year == year]
    if reach is not None:
        conditions.append(in_reach(SIMULATION_LINES, reach))
    total = session.execute(sa.select(sa.func.count()).select_from(SIMULATION_LINES).where(*conditions)).scalar_one()
    statement = sa.select(columns.position, columns.line).where(*conditions, columns.position > after)
    rows = session.execute(statement.order_by(columns.position).limit(limit + 1)).all()
    return [(row.position, row.line) for row in rows[:limit]], total, len(rows) > limit


def _row(simulation: str, year: str, position: int, line: Line) -> dict[str, Any]:
    return {
        "simulation": simulation,
        "year": year,
        "position": position,
        "subject": line.subject,
        "unit": line.unit,
        "division": line.division,
        "zone": line.zone,
        "line": line_json(line),
    }


def _simulation(row: Any) -> Simulation:
    return Simulation(
        id=row.id,
        rulebook=row.rulebook,
        draft_version=row.draft_version,
        draft_digest=row.draft_digest,
        draft_body=row.draft_body,
        against=row.against,
        pins=row.pins,
        summaries=row.summaries,
        digest=row.digest,
        created_at=row.created_at,
        created_by=row.created_by,
    )
