"""Simulations as the API shows them."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, Field, model_validator

from heli_shared.db.types import instant_text
from heli_shared.records.models import Day, Strict

if TYPE_CHECKING:
    from heli_assessment.simulations.domain import Simulation


class PinnedAt(Strict):
    """Up to which seq of each ledger things are known; the head when left out."""

    registry: int | None = Field(default=None, ge=0, le=10**15)
    records: int | None = Field(default=None, ge=0, le=10**15)


class NewSimulation(Strict):
    """What to try on everybody: the text of a draft, or a stored version (the newest when both are left out)."""

    rulebook: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", examples=["department"])
    draft: str | None = Field(default=None, max_length=262_144, description="A rulebook in YAML or JSON, as text")
    version: int | None = Field(default=None, ge=1, le=10**9)
    against: int | None = Field(
        default=None, ge=1, le=10**9, description="The version before; the published one when left out"
    )
    on: Day | None = Field(default=None, description="The last day that counts; today when left out")
    period_from: Day | None = Field(default=None, description="The first day; 1 January of that year when left out")
    known_at: PinnedAt | None = None
    last_year: bool = Field(default=True, description="Try it on the data of a year ago too")

    @model_validator(mode="after")
    def _one_draft(self) -> Self:
        if self.draft is not None and self.version is not None:
            raise ValueError("draft 与 version 只能给出一个 (give draft or version, not both)")
        return self


class Publication(Strict):
    """Which version to publish, and the simulation that tried it."""

    version: int = Field(ge=1, le=10**9)
    simulation: str = Field(pattern=r"^sim-[a-z2-7]{26}$")
    digest: str = Field(pattern=r"^[0-9a-f]{64}$", description="The digest of that simulation")


class GradeMove(BaseModel):
    """How many subjects move from one grade to another; null: disqualified."""

    before: str | None
    after: str | None
    subjects: int


class Tally(BaseModel):
    """How many win and lose; ranks go up where they get better."""

    subjects: int
    winners: int
    losers: int
    unchanged: int
    points_before: str
    points_after: str
    ranks_up: int
    ranks_down: int
    grades_changed: int
    grade_moves: list[GradeMove]


class KeyedTally(Tally):
    """The same of one group, unit or township; null: of none."""

    key: str | None


class Summary(Tally):
    """What the draft does to everybody."""

    newly_disqualified: list[str]
    by_group: list[KeyedTally]
    by_unit: list[KeyedTally]
    by_township: list[KeyedTally]


class SimulationShown(BaseModel):
    """One simulation; `last_year` is null where it was not asked for or nobody was there."""

    id: str
    rulebook: str
    draft_version: int | None
    draft_digest: str
    against: int | None
    on: date
    period_from: date
    known_at: dict[str, int] = Field(description="Seq of the registry's and of this service's ledger")
    now: Summary
    last_year: Summary | None
    digest: str = Field(description="What publishing asks for")
    created_at: str
    created_by: str


class SimulationPage(BaseModel):
    """A page of simulations."""

    items: list[SimulationShown]
    next: str | None
    total: int


class OutcomeShown(BaseModel):
    """What one rulebook makes of a subject."""

    score: str
    range: dict[str, str]
    grade: str | None
    rank: int | None


class LineShown(BaseModel):
    """One subject before and after."""

    subject: str
    name: str
    group: str | None
    unit: str | None
    township: str | None
    before: OutcomeShown | None
    after: OutcomeShown
    change: str | None
    ranks_gained: int | None
    newly_disqualified: bool


class LinePage(BaseModel):
    """A page of lines, the greatest loss first."""

    items: list[LineShown]
    next: str | None
    total: int


def simulation_json(simulation: "Simulation") -> dict[str, Any]:
    """Return a simulation as the API shows it."""
    pins = simulation.pins
    return {
        "id": simulation.id,
        "rulebook": simulation.rulebook,
        "draft_version": simulation.draft_version,
        "draft_digest": simulation.draft_digest,
        "against": simulation.against,
        "on": pins["on"],
        "period_from": pins["period_from"],
        "known_at": {"registry": pins["registry"]["known_at"], "records": pins["records"]["known_at"]},
        "now": simulation.summaries["now"],
        "last_year": simulation.summaries.get("last_year"),
        "digest": simulation.digest,
        "created_at": instant_text(simulation.created_at),
        "created_by": simulation.created_by,
    }
