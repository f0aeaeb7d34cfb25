"""One step as it is being taken: the cycle, what was asked, and the writes it becomes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from heli_assessment.cycles.acting import Capacity
from heli_assessment.cycles.models import CYCLE, CYCLE_ENTRY
from heli_assessment.cycles.points import Held, Points
from heli_assessment.cycles.requests import StepRequest
from heli_assessment.intake.domain import Unit
from heli_assessment.rulebooks.service import get_version, planned
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.kernel.workdays import working_day_after
from heli_shared.ledger.entries import Operation
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Record
from heli_shared.records.service import Resource
from heli_shared.records.writing import Write
from heli_shared.statistics.parameters import parameter

if TYPE_CHECKING:
    from heli_assessment.engine.plan import ScoringPlan
    from heli_assessment.runs.service import RunService


class Bodies(Protocol):
    """What is known of the registry's units."""

    def unit(self, unit: str) -> Unit | None:
        """Return a unit, or None."""
        ...

    def units_of_kind(self, kind: str) -> list[Unit]:
        """Return the open units of a kind in order of their ids."""
        ...

    def is_working(self, day: date) -> bool:
        """Say whether a day is a working day."""
        ...


Seal = Callable[[RecordCall, Record, list[Record]], str]
"""Makes and keeps the sealed package of a cycle with its entries; returns the digest of its manifest."""


@dataclass(frozen=True, slots=True)
class Helpers:
    """What steps need of the rest of the service."""

    bodies: Bodies
    entries: Resource
    runs: "RunService"
    seal: Seal


@dataclass(frozen=True, slots=True)
class Turn:
    """A step of a locked cycle."""

    call: RecordCall
    cycle: Record
    asked: StepRequest
    helpers: Helpers

    @property
    def today(self) -> date:
        """Return the day on which the step is taken."""
        return self.call.clock.today()

    def deadline(self, name: str) -> date:
        """Return the day on which the working days of a parameter are over, or so many as were asked for."""
        return self.after(self.asked.days or parameter_days(name, self.today))

    def after(self, days: int) -> date:
        """Return the day on which so many working days from today are over."""
        return working_day_after(self.today, days, self.helpers.bodies.is_working)

    def write_cycle(
        self, changes: Mapping[str, Any], *, operation: Operation = "change", capacity: Capacity | None = None
    ) -> Write:
        """Return the change of the cycle that this step makes."""
        told = {"step": self.asked.step.value, "reason": self.asked.reason, "acted_for": _for(capacity)}
        return Write(CYCLE, self.cycle["id"], operation, self.today, {**changes, **told})

    def write_entry(self, entry: Record, capacity: Capacity | None = None, **changes: Any) -> Write:
        """Return the change of one entry that this step makes."""
        told = {"step": self.asked.step.value, "reason": self.asked.reason, "acted_for": _for(capacity)}
        return Write(CYCLE_ENTRY, entry["id"], "change", self.today, {**told, **changes})

    def plan(self) -> "ScoringPlan":
        """Return the plan of the cycle's rulebook in the version that is fixed, the newest before that."""
        return plan_for(self.call, self.cycle)


def parameter_days(name: str, on: date) -> int:
    """Return a parameter of working days as of a day."""
    return int(parameter(name).on(on))


def _for(capacity: Capacity | None) -> str | None:
    return capacity.acted_for if capacity else None


def plan_for(call: RecordCall, cycle: Record) -> "ScoringPlan":
    """Return the plan of a cycle's rulebook in the version that is fixed, the newest before that."""
    return planned(get_version(call, cycle["rulebook"], cycle["rulebook_version"]).body)


def points_of(text: str | None) -> Points:
    """Return stored points."""
    return {item: Decimal(points) for item, points in json.loads(text or "{}").items()}


def points_text(points: Mapping[str, Decimal]) -> str:
    """Return points as they are stored: decimals with two places, in order of items."""
    return json.dumps({item: f"{points[item]:.2f}" for item in sorted(points)}, separators=(",", ":"))


def final_points(entry: Record) -> Points:
    """Return the points in force: the automatic ones, with what people put in their place."""
    adjusted = {item: Decimal(each["points"]) for item, each in json.loads(entry["adjustments"] or "{}").items()}
    return {**points_of(entry["automatic_points"]), **adjusted}


def held_of(entry: Record) -> Held:
    """Return what vetoes and caps leave the subject of an entry."""
    most = entry["score_limit"]
    return Held(entry["ceiling"], None if most is None else Decimal(most), bool(entry["vetoed"]))


def wrong(pointer: str, zh: str, en: str) -> InvalidInput:
    """Return the refusal of one part of a step."""
    return InvalidInput("内容有误。", "The step is not valid.", errors=[FieldProblem(pointer, zh, en)])
