"""Cycles, entries and steps as the API takes and shows them."""

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from heli_assessment.cycles.domain import STAGE_WORDS, STATUS_WORDS, Stage, Status, Step, steps_from
from heli_assessment.cycles.models import CYCLE, DELEGATION
from heli_assessment.cycles.points import spans_of
from heli_assessment.cycles.requests import Adjustment, StepRequest, SubjectStep
from heli_assessment.cycles.turns import final_points, points_of
from heli_shared.records.models import SINGLE_LINE, Day, DecimalText, Strict, models_of
from heli_shared.records.reading import Record

if TYPE_CHECKING:
    from heli_assessment.engine.book import Rulebook

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000, pattern=SINGLE_LINE)]
Statement = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=SINGLE_LINE)]
RulebookId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]

_MANY = 2_000


class SubjectGiven(Strict):
    """A subject that is no unit: an organisation, an instructor, a secretary."""

    subject: Name
    name: Title
    unit: Name = Field(description="The unit it belongs to: it submits for the subject and never judges it")


class NewCycle(Strict):
    """A cycle as it is drafted."""

    title: Title = Field(examples=["2026年上半年成员单位考核"])
    rulebook: RulebookId = Field(examples=["department"])
    version: int | None = Field(default=None, ge=1, le=10**9, description="The newest at publication when left out")
    period_from: Day
    counted_on: Day = Field(description="The last day that counts")
    first_reviewers: list[Name] = Field(min_length=1, max_length=20, description="Units whose people review first")
    second_reviewers: list[Name] = Field(min_length=1, max_length=20, description="Units whose people review again")
    subjects: list[Name | SubjectGiven] = Field(
        default_factory=list,
        max_length=_MANY,
        description="Ids of units, or subjects that are none; all open units of the rulebook's kind when left out",
    )


class AdjustmentGiven(Strict):
    """Points in the place of an item's present ones, and why."""

    item: Name
    points: DecimalText
    reason: Line


class SubjectStepGiven(Strict):
    """What the step says about one subject."""

    subject: Name
    version: int | None = Field(
        default=None, ge=1, le=10**15, description="The entry's version that was read; needed with `adjustments`"
    )
    points: dict[Name, DecimalText] = Field(default_factory=dict, max_length=200, description="submit: own points")
    statement: Statement | None = Field(default=None, description="submit: what was done, where the evidence lies")
    adjustments: list[AdjustmentGiven] = Field(default_factory=list, max_length=200)

    def to_step(self) -> SubjectStep:
        """Return it as the use cases take it."""
        return SubjectStep(
            self.subject,
            self.version,
            {item: Decimal(points) for item, points in self.points.items()},
            self.statement,
            tuple(Adjustment(each.item, Decimal(each.points), each.reason) for each in self.adjustments),
        )


class StepGiven(Strict):
    """A step of a cycle."""

    step: Literal[tuple(Step)]  # type: ignore[valid-type]
    reason: Line | None = Field(default=None, description="Needed to return, extend, unlock, withdraw, score anew")
    subjects: list[SubjectStepGiven] = Field(
        default_factory=list, max_length=_MANY, description="Several at once: all of them or none"
    )
    run: Name | None = Field(default=None, description="score: the run whose scores are taken over")
    days: int | None = Field(default=None, ge=1, le=120, description="Working days, instead of the parameter's")

    def to_request(self) -> StepRequest:
        """Return it as the use cases take it."""
        subjects = tuple(each.to_step() for each in self.subjects)
        return StepRequest(Step(self.step), self.reason, subjects, self.run, self.days)


class NewDelegation(Strict):
    """Which of the caller's steps somebody else may take."""

    cycle: Name
    delegate: Name = Field(description="Id of a principal")
    steps: list[Literal["submit", "adjust", "first_review", "return", "second_review", "decide", "approve"]] = Field(
        min_length=1, max_length=7
    )
    until: Day
    reason: Line


class NewSpotCheck(Strict):
    """What to draw a spot check from, and how many."""

    cycle: Name
    title: Title
    size: int = Field(ge=1, le=5_000)
    population: list[Name] = Field(
        default_factory=list, max_length=5_000, description="Ids to draw from; the cycle's subjects when left out"
    )
    group: Name | None = Field(default=None, description="Only subjects of this group of the rulebook")


class Reasoned(Strict):
    """Why something ends."""

    reason: Line


CycleRecord = models_of(CYCLE).shown
DelegationShown = models_of(DELEGATION).shown


class CycleShown(CycleRecord):  # type: ignore[valid-type, misc]
    """One cycle: where it stands, and which steps can be taken now."""

    stage_zh: str
    next_steps: list[str]
    counts: dict[str, int] = Field(description="How many subjects stand where")


class CyclePage(BaseModel):
    """A page of cycles."""

    items: list[CycleShown]
    next: str | None
    total: int


class ItemPoints(BaseModel):
    """One item of a subject: own, automatic and adjusted points, and those in force."""

    id: str
    title: str
    least: str
    most: str
    own: str | None
    automatic: str | None
    adjusted: str | None
    points: str | None
    adjusted_by: str | None
    reason: str | None


class EntryShown(BaseModel):
    """Where one subject stands, with its points."""

    id: str
    cycle: str
    subject: str
    name: str
    unit: str
    group: str | None
    status: str
    status_zh: str
    due_on: str | None
    self_score: str | None
    statement: str | None
    automatic_score: str | None
    score: str | None
    grade: str | None
    ceiling: str | None
    score_limit: str | None
    vetoed: bool | None
    rank: int | None
    submitted_by: str | None
    submitted_on: str | None
    first_reviewed_by: str | None
    second_reviewed_by: str | None
    decided_by: str | None
    open_appeal: str | None
    step: str | None
    reason: str | None
    acted_for: str | None
    explanation: str | None = Field(description="Where the automatic score is explained")
    version: int


class EntryWithItems(EntryShown):
    """One entry with its items."""

    items: list[ItemPoints]


class EntryPage(BaseModel):
    """A page of entries in order of their ids."""

    items: list[EntryShown]
    next: str | None
    total: int


class StepTaken(BaseModel):
    """The cycle after a step, and the entries that the step touched."""

    cycle: CycleShown
    entries: list[EntryShown]


class SpotCheckShown(BaseModel):
    """A drawn spot check: the first `size` ids in the order of the SHA-256 of the lines seed, title, id."""

    id: str
    cycle: str
    title: str
    size: int
    seed: str
    population: list[str]
    population_digest: str
    drawn: list[str]
    version: int


class SpotCheckPage(BaseModel):
    """A page of spot checks."""

    items: list[SpotCheckShown]
    next: str | None
    total: int


class NoticeHead(BaseModel):
    """A public notice that is up."""

    id: str
    title: str
    notice_from: str
    notice_until: str
    appeal_until: str


class NoticeLine(BaseModel):
    """Name, unit and result; nothing else is public."""

    name: str
    unit: str
    result: str


class NoticeShown(NoticeHead):
    """A public notice with its lines."""

    items: list[NoticeLine]


class NoticePage(BaseModel):
    """The public notices that are up today."""

    items: list[NoticeHead]
    next: str | None
    total: int


def cycle_json(cycle: Record, counts: dict[str, int]) -> dict[str, Any]:
    """Return a cycle as the API shows it."""
    stage = Stage(cycle["stage"])
    following = [step.value for step in steps_from(stage)]
    return {**cycle, "stage_zh": STAGE_WORDS[stage], "next_steps": following, "counts": counts}


_COPIED = (
    "id", "cycle", "subject", "name", "unit", "status", "due_on", "self_score", "statement", "automatic_score",
    "score", "grade", "ceiling", "score_limit", "vetoed", "rank", "submitted_by", "submitted_on", "first_reviewed_by",
    "second_reviewed_by", "decided_by", "open_appeal", "step", "reason", "acted_for", "version",
)  # fmt: skip


def entry_json(entry: Record, cycle: Record) -> dict[str, Any]:
    """Return an entry as the API shows it, without its items."""
    path = f"/v1/runs/{cycle['run']}/scores/{entry['subject']}" if cycle["run"] else None
    told = {name: entry[name] for name in _COPIED}
    return {
        **told,
        "group": entry["subject_group"],
        "status_zh": STATUS_WORDS[Status(entry["status"])],
        "explanation": path,
    }


def items_json(entry: Record, book: "Rulebook") -> list[dict[str, Any]]:
    """Return every item of a subject with own, automatic, adjusted and final points."""
    own, automatic = points_of(entry["self_points"]), points_of(entry["automatic_points"])
    adjusted, final = json.loads(entry["adjustments"] or "{}"), final_points(entry)
    shown = []
    for span in spans_of(book, entry["subject_group"]).values():
        changed = adjusted.get(span.id, {})
        shown.append(
            {
                "id": span.id,
                "title": span.title,
                "least": f"{span.least:.2f}",
                "most": f"{span.most:.2f}",
                "own": _text(own.get(span.id)),
                "automatic": _text(automatic.get(span.id)),
                "adjusted": changed.get("points"),
                "points": _text(final.get(span.id)),
                "adjusted_by": changed.get("by"),
                "reason": changed.get("reason"),
            }
        )
    return shown


def _text(points: Decimal | None) -> str | None:
    return None if points is None else f"{points:.2f}"


def spot_check_json(drawn: Record) -> dict[str, Any]:
    """Return a spot check as the API shows it."""
    lists = {name: json.loads(drawn[name]) for name in ("population", "drawn")}
    names = ("id", "cycle", "title", "size", "seed", "population_digest", "version")
    return {**{name: drawn[name] for name in names}, **lists}
