"""Data quality for a caller: results in the caller's scope, and the series that is kept of them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from heli_registry.quality import series
from heli_registry.quality.examining import Asked, Examination, Look, View
from heli_registry.quality.reading import catalogue
from heli_registry.quality.series import Line
from heli_registry.units.service import UNITS
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Moment
from heli_shared.records.service import get_record

EVERYTHING = Scope(everything=True)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of a day."""

    day: date
    lines: int
    known_at: int


def look_of(call: RecordCall) -> Look:
    """Return the look of a caller."""
    return Look(call.session, call.ledger, call.principal.scope, call.clock.today())


def examine(call: RecordCall, asked: Asked) -> Examination:
    """Return a caller's examination; NotFound for a unit that the caller may not see."""
    if asked.unit is not None:
        get_record(call, UNITS, asked.unit)
    return Examination(look_of(call), asked)


@dataclass(frozen=True, slots=True)
class DayCounts:
    """A day counted for every unit, as known at a seq."""

    day: date
    lines: list[Line]
    known_at: int


def count_day(session: Session, ledger: LedgerTables, *, today: date, on: date) -> DayCounts:
    """Count a day for every unit, in both views; only reads."""
    lines: list[Line] = []
    known_at = 0
    views: tuple[View, ...] = ("territory", "responsibility")
    for view in views:
        examination = Examination(Look(session, ledger, EVERYTHING, today), Asked(view=view, moment=Moment(on, None)))
        known_at = examination.known_at
        lines += series.lines_of(view, examination.results(), examination.territory)
    return DayCounts(on, lines, known_at)


def keep_day(session: Session, counts: DayCounts, *, today: date) -> Kept:
    """Keep what was counted of a day in the place of what was kept of it; thin out what is long past."""
    series.replace_day(session, counts.day, counts.lines, known_at=counts.known_at)
    series.thin_out(session, today)
    return Kept(counts.day, len(counts.lines), counts.known_at)


def list_history(
    call: RecordCall, *, check: str | None, unit: str | None, view: View, days: tuple[date | None, date | None]
) -> list[Line]:
    """Return the kept lines of a check (None: records and those with errors) for a unit or, where all is seen, all."""
    if check is not None and check not in catalogue():
        raise _refused("check", "没有这项检查", "is no check")
    if unit is not None:
        get_record(call, UNITS, unit)
    elif not call.principal.scope.everything:
        raise _refused("unit", "请指明机构", "name a unit")
    return series.lines(call.session, check=check, unit=unit, view=view, days=days)


def _refused(name: str, zh: str, en: str) -> BadRequest:
    return BadRequest(f"{zh}。", f"{name} {en}.", errors=[FieldProblem(f"parameter {name}", zh, en)])
