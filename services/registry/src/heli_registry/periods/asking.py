"""What has to be explained in a period: impossible cells, and figures that jump against the periods pinned before."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from heli_registry.periods import repository
from heli_registry.periods.domain import Given, Pinned, Question, Target, is_jump, parse_span
from heli_registry.periods.figures import Figure, figures
from heli_registry.quality.examining import Asked, Examination, FailingRecord, Look
from heli_registry.quality.placing import Territory
from heli_registry.quality.service import EVERYTHING, look_of
from heli_registry.units.models import UNIT
from heli_registry.units.service import visible_units
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Moment, Record

Cells = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Stand:
    """A period as it stands: the figures by unit, what they are held against, and the questions they raise."""

    period: Record
    known_at: int
    names: Mapping[str, str]
    cells: Cells
    earlier: tuple[Pinned, ...]
    questions: tuple[Question, ...]
    territory: Territory

    def within(self, unit: str) -> list[Question]:
        """Return the questions of a unit and of those below it."""
        return [each for each in self.questions if unit in self.territory.superiors(each.unit)]


def stand_of(call: RecordCall, period: Record, *, known_at: int | None = None) -> Stand:
    """Return how a period stands for the caller, on the day it counts or today when that has not come yet."""
    return _stand_of(call, period, look_of(call), known_at=known_at, seen=visible_unit_keys(call))


def whole_stand_of(call: RecordCall, period: Record, *, known_at: int | None = None) -> Stand:
    """Return how a period stands, whoever asks: what a unit hands in is what the county will see."""
    look = Look(call.session, call.ledger, EVERYTHING, call.clock.today())
    return _stand_of(call, period, look, known_at=known_at, seen=None)


def _stand_of(
    call: RecordCall, period: Record, look: Look, *, known_at: int | None, seen: frozenset[str] | None
) -> Stand:
    counted_on = min(date.fromisoformat(period["counted_on"]), call.clock.today())
    asked = Asked(moment=Moment(counted_on, known_at), blocking=True, within=period["unit"])
    examination = Examination(look, asked)
    sums = examination.sums_by_unit([each.quantity for each in figures().values()])
    inside = {
        unit: numbers
        for unit, numbers in sorted(sums.items())
        if period["unit"] in examination.territory.superiors(unit) and (seen is None or unit in seen)
    }
    span = parse_span(period["code"])
    codes = () if span is None else span.compared_with()
    found = (repository.pinned(call.session, code, period["unit"]) for code in codes)
    earlier = tuple(each for each in found if each is not None)
    names, given = examination.territory.names, repository.given(call.session, period["id"])
    questions = [_impossible(row, period, given) for row in examination.all_failing()]
    impossible = [each for some in questions for each in some]
    jumps = list(_jumps(inside, earlier, counted_on, names=names, given=given))
    every = (*impossible, *jumps)
    return Stand(period, examination.known_at, names, inside, earlier, every, examination.territory)


def visible_unit_keys(call: RecordCall) -> frozenset[str] | None:
    """Return the units that the caller may see; None for all."""
    conditions = visible_units(call.session, call.principal.scope)
    if not conditions:
        return None
    statement = sa.select(UNIT.table.c.id).where(*(condition.clause for condition in conditions))
    return frozenset(call.session.execute(statement).scalars())


def _impossible(row: FailingRecord, period: Record, given: Mapping[Target, Given]) -> list[Question]:
    found = []
    for check, facts in row.failures:
        target = Target(check=check.id, record=row.key)
        value = json.dumps(facts, ensure_ascii=False, sort_keys=True)
        unit = row.unit or period["unit"]
        found.append(
            Question(target, row.kind, row.name, unit, row.unit_name, check.zh, check.en, value, None, None,
                     given.get(target))
        )  # fmt: skip
    return found


def _jumps(
    cells: Cells,
    earlier: tuple[Pinned, ...],
    on: date,
    *,
    names: Mapping[str, str],
    given: Mapping[Target, Given],
) -> Iterator[Question]:
    for unit, numbers in cells.items():
        for figure in figures().values():
            for other in earlier:
                before = other.cells.get((unit, figure.id))
                if before is not None:
                    yield from _jump(
                        figure, unit, numbers[figure.id], (other.code, before), on, names=names, given=given
                    )


def _jump(
    figure: Figure,
    unit: str,
    now: int,
    then: tuple[str, int],
    on: date,
    *,
    names: Mapping[str, str],
    given: Mapping[Target, Given],
) -> Iterator[Question]:
    percent, least = figure.jump(on)
    code, before = then
    if percent is None or least is None or not is_jump(now, before, percent=percent.value, least=least.value):
        return
    target = Target(unit=unit, figure=figure.id, compared_with=code)
    yield Question(
        target=target,
        record_kind=None,
        name=None,
        unit=unit,
        unit_name=names.get(unit),
        zh=f"{figure.zh}由{code}的{before}变为{now}，变动超过{percent.value}%。",
        en=f"{figure.en}: {before} in {code}, now {now}, a change of more than {percent.value} %.",
        value=str(now),
        previous=str(before),
        threshold={"percent": percent.value, "least": least.value, "since": percent.since.isoformat(),
                   "basis": percent.basis},
        given=given.get(target),
    )  # fmt: skip
