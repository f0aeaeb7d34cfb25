"""The kept series in the database: lines of a day, by unit and check, each unit with everything below it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.quality.examining import Results, View
from heli_registry.quality.models import QUALITY_COUNTS, WHOLE
from heli_registry.quality.placing import Territory

KEPT_DAYS = 92
"""Days of which every line is kept; of earlier months the last day that was kept remains."""
_T = QUALITY_COUNTS


class Line(NamedTuple):
    """One day, one unit, one check."""

    day: date
    view: str
    unit: str
    check: str
    looked_at: int
    failing: int
    known_at: int


def lines_of(view: View, results: Results, territory: Territory) -> list[Line]:
    """Return the lines of a day's results: in total, and for each unit with those below it."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for owner, counts in results.counted.units.items():
        for unit in (WHOLE, *territory.superiors(owner)):
            _add(sums[(unit, WHOLE)], counts.records, counts.with_errors)
            for check, tally in counts.tallies.items():
                _add(sums[(unit, check)], tally.looked_at, tally.failing)
    return [
        Line(results.on, view, unit, check, looked_at, failing, results.known_at)
        for (unit, check), (looked_at, failing) in sums.items()
    ]


def _add(held: list[int], looked_at: int, failing: int) -> None:
    held[0] += looked_at
    held[1] += failing


def replace_day(session: Session, day: date, lines: Sequence[Line], *, known_at: int) -> None:
    """Keep the lines of a day; a day without records keeps one line that says so."""
    session.execute(sa.delete(_T).where(_T.c.day == day))
    rows = lines or [Line(day, "territory", WHOLE, WHOLE, 0, 0, known_at)]
    names = ("day", "view", "unit", "check_id", "looked_at", "failing", "known_at")
    session.execute(sa.insert(_T), [dict(zip(names, row, strict=True)) for row in rows])


def thin_out(session: Session, today: date) -> None:
    """Let go of the days before the last three months, but for the last day kept of each month."""
    days = sorted(
        session.execute(sa.select(_T.c.day).where(_T.c.day < today - timedelta(days=KEPT_DAYS)).distinct()).scalars()
    )
    last = {(day.year, day.month): day for day in days}
    for day in days:
        if last[(day.year, day.month)] != day:
            session.execute(sa.delete(_T).where(_T.c.day == day))


def has_day(session: Session, day: date) -> bool:
    """Say whether a day is kept already."""
    return session.execute(sa.select(sa.exists().where(_T.c.day == day))).scalar_one()


def lines(
    session: Session, *, check: str | None, unit: str | None, view: View, days: tuple[date | None, date | None]
) -> list[Line]:
    """Return the kept lines of one check and unit by day."""
    statement = sa.select(_T).where(_T.c.view == view, _T.c.unit == (unit or WHOLE), _T.c.check_id == (check or WHOLE))
    first, last = days
    statement = statement if first is None else statement.where(_T.c.day >= first)
    statement = statement if last is None else statement.where(_T.c.day <= last)
    return [
        Line(row.day, row.view, row.unit, row.check_id, row.looked_at, row.failing, row.known_at)
        for row in session.execute(statement.order_by(_T.c.day))
    ]
