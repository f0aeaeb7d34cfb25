"""Runs and scores as the API shows them."""

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from heli_assessment.runs.repository import Run
from heli_shared.db.types import instant_text
from heli_shared.records.models import Day, Strict


class KnownAtPins(Strict):
    """Up to which seq of each ledger the run shall know things; the head when left out."""

    registry: int | None = Field(default=None, ge=0, le=10**15)
    records: int | None = Field(default=None, ge=0, le=10**15)


class NewRun(Strict):
    """What to score, with what, and as of when."""

    rulebook: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", examples=["department"])
    version: int | None = Field(default=None, ge=1, le=10**9, description="The newest when left out")
    on: Day | None = Field(default=None, description="The last day that counts; today when left out")
    period_from: Day | None = Field(default=None, description="The first day; 1 January of that year when left out")
    known_at: KnownAtPins | None = None


class RunShown(BaseModel):
    """One run: what it was pinned to, and the digest of its result."""

    id: str
    rulebook: dict[str, Any] = Field(description="id, version and digest of the rulebook")
    on: date
    period_from: date
    known_at: dict[str, int] = Field(description="Seq of the registry's and of this service's ledger")
    epochs: dict[str, str]
    subjects: int
    digest: str
    created_at: str
    created_by: str


class RunPage(BaseModel):
    """A page of runs."""

    items: list[RunShown]
    next: str | None
    total: int


class PointsRange(BaseModel):
    """The least and the most that missing data leave possible; low null: nothing bounds it."""

    low: str | None
    high: str


class RankRange(BaseModel):
    """The best and the worst rank that missing data leave possible."""

    best: int | None
    worst: int | None


class ScoreShown(BaseModel):
    """One subject's score."""

    subject: str
    name: str
    group: str | None
    score: str
    range: PointsRange
    grade: str | None = Field(description="Null when disqualified")
    rank: int | None
    rank_range: RankRange


class ScorePage(BaseModel):
    """A page of scores, best rank first."""

    items: list[ScoreShown]
    next: str | None
    total: int


class ValueShown(BaseModel):
    """One value that an item was scored from."""

    measure: str
    value: str | None
    state: str = Field(description="value, missing or not_applicable")
    numerator: int | None
    denominator: int | None
    source: str
    on: str | None


class GainShown(BaseModel):
    """A change that would raise the score, and by how much."""

    change: str
    change_en: str
    set: dict[str, str] = Field(description="The values that the change means")
    gain: str


class ItemShown(BaseModel):
    """One item of the explanation; the points of all items sum to the score."""

    id: str
    title: str
    part: str
    points: str
    maximum: str
    range: PointsRange
    state: str
    rule: str
    rule_en: str
    basis: str
    evidence: str
    scorer: str
    values: list[ValueShown]
    why_not_full: str | None
    why_not_full_en: str | None
    to_gain: list[GainShown]


class LimitShown(BaseModel):
    """A veto or cap: not_triggered, triggered or unknown, and what it does."""

    id: str
    title: str
    basis: str
    verdict: str
    effect: str
    effect_en: str
    value: ValueShown


class ExplanationShown(ScoreShown):
    """One subject's score with everything that explains it."""

    run: str
    items: list[ItemShown]
    vetoes: list[LimitShown]
    caps: list[LimitShown]


def run_json(run: Run) -> dict[str, Any]:
    """Return a run as the API shows it."""
    pins = run.pins
    return {
        "id": run.id,
        "rulebook": {"id": pins.rulebook, "version": pins.version, "digest": pins.digest},
        "on": pins.on,
        "period_from": pins.period_from,
        "known_at": {"registry": pins.registry_known_at, "records": pins.records_known_at},
        "epochs": {"registry": pins.registry_epoch, "records": pins.records_epoch},
        "subjects": run.subjects,
        "digest": run.digest,
        "created_at": instant_text(run.created_at),
        "created_by": run.created_by,
    }
