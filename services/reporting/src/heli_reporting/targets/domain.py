"""Targets: which one holds for whose figures, and a target held against its figure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from heli_reporting.history.domain import Cell
from heli_shared.kernel.access import Scope
from heli_shared.kernel.divisions import ancestors
from heli_shared.statistics.measures import ENTERPRISES, Measure
from heli_shared.statistics.parameters import DatedValue, names, parameter

DEPARTMENT = "department"

Record = Mapping[str, Any]


def norm_of(measure: str, *, on: date) -> DatedValue | None:
    """Return what a document sets for a measure on a day for everybody, with its basis; None where none does."""
    name = f"target.{measure}"
    return parameter(name).find(on) if name in names() else None


@dataclass(frozen=True, slots=True)
class Place:
    """What a unit answers for: a department for its enterprises wherever they are, others for a territory."""

    unit: str
    name: str | None
    kind: str | None
    division: str | None
    zone: str | None

    def filters(self, measure: Measure) -> dict[str, tuple[str, ...]]:
        """Return the filters that pick what the unit answers for; none where nothing is known of its territory."""
        if self.kind == DEPARTMENT:
            return {"unit" if measure.subject == ENTERPRISES else "affiliation": (self.unit,)}
        if self.zone is not None:
            return {"zone": (self.zone,)}
        return {} if self.division is None else {"division": (self.division,)}

    def is_seen(self, scope: Scope) -> bool:
        """Say whether a caller sees the whole of the place, so that the figure is the unit's and not a part of it."""
        if scope.everything:
            return True
        if self.kind == DEPARTMENT:
            return False
        above = set() if self.division is None else {self.division, *ancestors(self.division)}
        return self.zone in scope.zones or not above.isdisjoint(scope.divisions)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a figure stands to its target on a day: what is missing, and how many days are left.

    `distance` is 0 once the target is reached and None where there is no figure; `days_left` is negative after the day.
    """

    distance: Decimal | None
    is_reached: bool | None
    days_left: int


def standing(cell: Cell, value: Decimal, *, due_on: date, on: date) -> Standing:
    """Hold a figure against its target: exactly, not as it is shown."""
    days_left = (due_on - on).days
    if cell.denominator is None:
        missing = value - cell.numerator
    elif cell.denominator == 0:
        return Standing(None, None, days_left)
    else:
        missing = value - Decimal(cell.numerator) / Decimal(cell.denominator)
        # Compared without dividing, so that 2 of 3 reaches no 0.6667 and 1 of 3 reaches 1 of 3.
        if Decimal(cell.numerator) >= value * cell.denominator:
            missing = Decimal(0)
    return Standing(max(missing, Decimal(0)), missing <= 0, days_left)


@dataclass(frozen=True, slots=True)
class Target:
    """What a number should reach, and by which document.

    A norm holds `since` a day for everybody; a target of the unit that answers for the figures is to be reached by
    `due_on`.
    """

    value: Decimal
    since: date | None
    due_on: date | None
    basis: str

    def missing(self, cell: Cell) -> int:
        """Return how many more rows it takes to reach it; 0 where it is reached."""
        needed = self.value if cell.denominator is None else self.value * cell.denominator
        return max(0, int(needed.to_integral_value(ROUND_CEILING)) - cell.numerator)


def answering_unit(units: Iterable[Record], scope: Scope) -> Record | None:
    """Return the unit whose place is exactly a scope, so that figures of the scope are its own; None without one."""
    return min((each for each in units if _answers_for(each, scope)), key=lambda each: each["key"], default=None)


def latest_targets(targets: Iterable[Record], unit: Record, *, on: date) -> dict[str, Record]:
    """Return the target of a unit for each measure: the next one due, or the one that was due last."""
    own = sorted(
        (each for each in targets if each["unit"] == unit["key"]), key=lambda each: (each["due_on"], each["key"])
    )
    past = {each["measure"]: each for each in own if each["due_on"] < on}
    ahead = {each["measure"]: each for each in reversed(own) if each["due_on"] >= on}
    return past | ahead


def _answers_for(unit: Record, scope: Scope) -> bool:
    if scope.everything:
        return bool(unit["kind"] == "commission" and unit["parent"] is None)
    place = ((), (unit["zone"],)) if unit["zone"] is not None else ((unit["division"],), ())
    return unit["kind"] != DEPARTMENT and place == (scope.divisions, scope.zones)


def target_of(measure: str, own: Mapping[str, Record], *, on: date) -> Target | None:
    """Return the target of a measure on a day: the unit's own before the norm; None where no document sets one."""
    norm = norm_of(measure, on=on)
    if measure in own:
        found = own[measure]
        return Target(Decimal(found["value"]), None, found["due_on"], found["document"])
    return None if norm is None else Target(Decimal(norm.value), norm.since, None, norm.basis)
