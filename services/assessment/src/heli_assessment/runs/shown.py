"""Runs and scores as the API shows them."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from heli_assessment.runs.repository import Run
from heli_shared.db.types import instant_text
from heli_shared.records.models import Day, Strict

WindowId = Literal[
    "q1", "q2", "q3", "q4", "h1", "h2",
    "m01", "m02", "m03", "m04", "m05", "m06", "m07", "m08", "m09", "m10", "m11", "m12",
]  # fmt: skip
RunId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class KnownAtPins(Strict):
    """Up to which seq of each ledger the run shall know things; the head when left out."""

    registry: int | None = Field(default=None, ge=0, le=10**15)
    records: int | None = Field(default=None, ge=0, le=10**15)


class NewRun(Strict):
    """What to score, with what, and as of when."""

    rulebook: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", examples=["department"])
    version: int | None = Field(
        default=None, ge=1, le=10**9, description="The published one when left out, the newest where none is published"
    )
    on: Day | None = Field(default=None, description="The last day that counts; today when left out")
    period_from: Day | None = Field(default=None, description="The first day; 1 January of that year when left out")
    known_at: KnownAtPins | None = None
    window: WindowId | None = Field(default=None, description="Score this slice of the year alone, worth all points")
    scores: list[RunId] | None = Field(
        default=None, max_length=20, description="Runs whose scores are converted; the latest in the period if left out"
    )
    samples: list[RunId] = Field(default_factory=list, max_length=20, description="What was drawn")


class QuotaCut(BaseModel):
    """How many might have a grade and how many have it, and what lies between the last one in and the first one out."""

    grade: str
    group: str | None
    places: int
    given: int
    last_in: str | None
    first_out: str | None
    margin: str | None


class RunShown(BaseModel):
    """One run: what it was pinned to, and the digest of its result."""

    id: str
    rulebook: dict[str, Any] = Field(description="id, version and digest of the rulebook")
    published: bool = Field(description="False: a draft was tried; no cycle and no other rulebook reads such a run")
    on: date
    period_from: date
    known_at: dict[str, int] = Field(description="Seq of the registry's and of this service's ledger")
    epochs: dict[str, str]
    window: str | None
    scores: list[str]
    samples: list[str]
    subjects: int
    quotas: list[QuotaCut] = Field(description="How each quota on a grade was used, and by which margin")
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


class GradeRange(BaseModel):
    """The lowest and the highest grade that missing data leave possible, quotas included; null: disqualified."""

    lowest: str | None
    highest: str | None


class ScoreShown(BaseModel):
    """One subject's score."""

    subject: str
    name: str
    group: str | None
    score: str
    range: PointsRange
    grade: str | None = Field(description="Null when disqualified")
    grade_range: GradeRange
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
    rows: str | None = Field(description="Where the records behind the value are listed, if anything stands behind it")


class RowShown(BaseModel):
    """One record behind a value; `part` null: not known, which makes the value missing."""

    entity: str = Field(description="enterprise, party_organization, mass_organization, assignment or activity")
    key: str
    name: str
    unit: str | None
    division: str | None
    zone: str | None
    part: int | None = Field(description="What it adds to the value or to its numerator")
    whole: int | None = Field(description="What it adds to the denominator of a share")


class RowPage(BaseModel):
    """The records behind a value that the caller may see, in order of their keys; `outside` counts the others."""

    items: list[RowShown]
    next: str | None
    total: int
    outside: int


class GainShown(BaseModel):
    """A change that would raise the score, and by how much."""

    change: str
    change_en: str
    set: dict[str, str] = Field(description="The values that the change means")
    gain: str


class Unscaled(BaseModel):
    """What the item gives by itself, before its part is scaled."""

    points: str
    maximum: str


class ItemShown(BaseModel):
    """One item of the explanation, or (state `held`) what a cap takes; the points of all of them sum to the score."""

    id: str
    title: str
    part: str
    points: str = Field(description="What counts in the score")
    maximum: str
    unscaled: Unscaled
    range: PointsRange = Field(description="Before the part is scaled or bounded")
    state: str
    rule: str
    rule_en: str
    basis: str
    evidence: str
    evidence_kinds: list[str]
    scorer: str
    window: str | None
    drawn: list[str] = Field(description="What was drawn for the subject, in the order of the marks")
    values: list[ValueShown]
    why_not_full: str | None
    why_not_full_en: str | None
    to_gain: list[GainShown]


class LimitShown(BaseModel):
    """A veto, cap or consequence: not_triggered, triggered or unknown, and what it does."""

    id: str
    title: str
    basis: str
    verdict: str
    condition: str
    condition_en: str
    effect: str
    effect_en: str
    value: ValueShown | None = Field(description="Null where points are looked at")
    earlier: list[ValueShown] = Field(description="The same of the years before, the latest first")


class ExplanationShown(ScoreShown):
    """One subject's score with everything that explains it."""

    run: str
    stars: int | None = Field(description="Null where grades go by score")
    held: str = Field(description="What caps hold back; told as an item with state `held`, too")
    items: list[ItemShown]
    vetoes: list[LimitShown]
    caps: list[LimitShown]
    consequences: list[LimitShown] = Field(description="What follows outside the score")


def run_json(run: Run) -> dict[str, Any]:
    """Return a run as the API shows it."""
    pins = run.pins
    return {
        "id": run.id,
        "rulebook": {"id": pins.rulebook, "version": pins.version, "digest": pins.digest},
        "published": not pins.draft,
        "on": pins.on,
        "period_from": pins.period_from,
        "known_at": {"registry": pins.registry_known_at, "records": pins.records_known_at},
        "epochs": {"registry": pins.registry_epoch, "records": pins.records_epoch},
        "window": pins.window,
        "scores": list(pins.scores),
        "samples": list(pins.samples),
        "subjects": run.subjects,
        "quotas": run.cuts,
        "digest": run.digest,
        "created_at": instant_text(run.created_at),
        "created_by": run.created_by,
    }
