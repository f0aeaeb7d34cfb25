"""Answering how far units are from their targets."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_UP, Decimal
from typing import Any

from heli_reporting.history.domain import Cell, KnownAt
from heli_reporting.history.store import Store
from heli_reporting.passports import known_by
from heli_reporting.statistics.answers import cell_json
from heli_reporting.statistics.domain import Language, Question
from heli_reporting.statistics.service import StatisticsService, check_size
from heli_reporting.targets.domain import Place, Record, answering_unit, latest_targets, standing
from heli_shared.kernel.access import Scope
from heli_shared.statistics.measures import MEASURES, Measure

_STEP = Decimal("0.0001")


def own_targets(store: Store, scope: Scope, *, on: date, known_at: KnownAt) -> dict[str, Record]:
    """Return the targets of the unit whose place is exactly a scope, by measure, see `latest_targets`."""
    unit = answering_unit(store.records("unit", on, known_at=known_at), scope)
    return {} if unit is None else latest_targets(store.records("target", on, known_at=known_at), unit, on=on)


class TargetService:
    """Holds targets against figures from the store."""

    def __init__(self, store: Store, statistics: StatisticsService) -> None:
        """Count in `store`; `statistics` tells how fresh it is and seals what is answered."""
        self._store = store
        self._statistics = statistics

    def answer(self, *, on: date, known_at: KnownAt, scope: Scope, language: Language, strict: bool) -> bytes:
        """Return every target that stands on a day and whose whole place the caller sees, with its figure."""
        question = Question(tuple(MEASURES.values()), (), on, known_at, {}, scope, language)
        freshness = self._statistics.opened(question, strict=strict)
        known = known_by(known_at, freshness)
        places = self._places(on, known)
        targets = self._store.records("target", on, known_at=known)
        seen = [each for each in targets if each["unit"] in places and places[each["unit"]].is_seen(scope)]
        check_size(len(seen))
        rows = []
        for target in sorted(seen, key=lambda each: (each["due_on"], each["unit"], each["key"])):
            place, measure = places[target["unit"]], MEASURES[target["measure"]]
            query = replace(question.query, known_at=known, filters=place.filters(measure))
            cell = self._store.aggregate([measure.id], [], query).total[measure.id]
            rows.append(_row(target, place, cell, on, language))
        used = tuple(measure for measure in question.measures if any(row["measure"] == measure.id for row in rows))
        return self._statistics.sealed(replace(question, measures=used), {"rows": rows}, freshness, known)

    def _places(self, on: date, known: KnownAt) -> dict[str, Place]:
        units = self._store.records("unit", on, known_at=known)
        return {
            each["key"]: Place(each["key"], each["name"], each["kind"], each["division"], each["zone"])
            for each in units
        }


def _row(target: dict[str, Any], place: Place, cell: Cell, on: date, language: Language) -> dict[str, Any]:
    measure, value = MEASURES[target["measure"]], Decimal(target["value"])
    found = standing(cell, value, due_on=target["due_on"], on=on)
    return {
        "id": target["key"],
        "unit": {"code": place.unit, "name": place.name or place.unit},
        "measure": measure.id,
        "name": measure.en if language == "en" else measure.zh,
        "target": _shown(value, measure),
        "figure": cell_json(cell),
        "distance": None if found.distance is None else _shown(found.distance, measure),
        "is_reached": found.is_reached,
        "due_on": target["due_on"].isoformat(),
        "days_left": found.days_left,
        "document": target["document"],
    }


def _shown(number: Decimal, measure: Measure) -> str | int:
    """Return a share with four places, a missing rest never rounded away, or a count."""
    return int(number) if measure.denominator is None else format(number.quantize(_STEP, rounding=ROUND_UP), "f")
