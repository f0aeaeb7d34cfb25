"""The bodies and replies of stewardship's routes."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.stewardship.models import CLAIM, FIELD_NAMES
from heli_registry.stewardship.service import MOST_ROWS
from heli_shared.records.models import SINGLE_LINE, Day, Strict, models_of

Key = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400, pattern=SINGLE_LINE)]
Value = str | int | bool | list[str] | None
FieldName = Literal[FIELD_NAMES]  # type: ignore[valid-type]
StateName = Literal["open", "lapsed", "settled", "withdrawn"]
ClaimShown = models_of(CLAIM).shown
ClaimPage = models_of(CLAIM).page


class NewClaim(Strict):
    """What a unit says about one field of one enterprise."""

    enterprise: Annotated[str, StringConstraints(pattern=ENTERPRISE.key_pattern)] = Field(
        examples=["91990121MA0000001R"]
    )
    field: FieldName = Field(examples=["staff"])
    value: Value = Field(description="Of the field's type; null when the unit says nothing any more", examples=[12])
    unit: Key | None = Field(default=None, description="The source; your own unit when not given")
    observed_on: Day | None = Field(default=None, description="The day on which it was so; today when not given")
    document: Line | None = Field(default=None, description="The list or document it stands in")


class BatchRow(Strict):
    """One row of a delivery; what is wrong with it is told in the reply and keeps no other row back."""

    enterprise: Annotated[str, StringConstraints(max_length=64)] = Field(examples=["91990121MA0000001R"])
    field: Annotated[str, StringConstraints(max_length=64)] = Field(examples=["staff"])
    value: Value = Field(examples=[9])
    observed_on: Day | None = None
    document: Line | None = None


class Batch(Strict):
    """A delivery of one unit: `observed_on` and `document` hold for the rows that name none of their own."""

    unit: Key | None = Field(default=None, description="The source; your own unit when not given")
    observed_on: Day | None = None
    document: Line | None = None
    rows: Annotated[list[BatchRow], Field(min_length=1, max_length=MOST_ROWS)]


class InForceShown(BaseModel):
    """The value in force: settled, by precedence, the latest of units not listed, or held before anybody claimed."""

    value: Value
    unit: str | None
    unit_name: str | None = None
    how: Literal["settled", "precedence", "latest", "held"]


class ClaimTaken(BaseModel):
    """A claim as it was taken, and what is in force now."""

    id: str
    enterprise: str
    field: str
    unit: str
    value: Value
    observed_on: date
    document: str | None
    unchanged: bool = Field(description="Exactly this had been said before")
    in_force: InForceShown
    dispute: str | None = Field(description="The open dispute about the field")


class Reason(BaseModel):
    """One reason why a row was refused."""

    pointer: str
    zh: str
    en: str


class RefusedRow(BaseModel):
    """A row that was not taken; rows count from 1."""

    row: int
    errors: list[Reason]


class BatchTaken(BaseModel):
    """What became of a delivery."""

    rows: int
    accepted: int
    unchanged: int
    refused: list[RefusedRow]
    enterprises_changed: int = Field(description="Enterprises of which a value in force changed")
    disputes_opened: int
    disputes_closed: int


class Said(BaseModel):
    """What one unit says."""

    unit: str
    unit_name: str | None
    value: Value
    observed_on: date
    document: str | None
    in_force: bool


class EffectShown(BaseModel):
    """What one of the values would make of the enterprise; `changes` names what is then otherwise than now."""

    value: Value
    units: list[str]
    scope_reason: str | None = Field(description="Why the statistics would leave it out; null when they count it")
    size_class: Literal["large", "medium", "small", "micro"] | None
    above_scale: bool
    thresholds: dict[str, bool | None]
    measures: dict[str, Literal["numerator", "denominator", "outside"]]
    changes: list[str]


class SettlementShown(BaseModel):
    """How a dispute was settled."""

    value: Value
    unit: str | None
    unit_name: str | None
    reason: str
    evidence: str | None
    settled_on: date


class DisputeShown(BaseModel):
    """One dispute: what everybody says, what is in force meanwhile, until when it is to be settled, what it changes."""

    id: str
    enterprise: str
    enterprise_name: str
    field: str
    field_zh: str
    owner: str | None = Field(description="The unit that answers for the field; null: the county office")
    owner_name: str | None
    state: Literal["open", "settled", "withdrawn"]
    opened_on: date
    due_on: date
    days_left: int | None = Field(description="Working days until the deadline, negative when it has passed")
    overdue: bool
    in_force: InForceShown
    values: list[Said]
    effect: list[EffectShown]
    settlement: SettlementShown | None
    closed_reason: str | None
    version: int


class DisputePage(BaseModel):
    """A page of disputes, the most urgent first."""

    items: list[DisputeShown]
    next: str | None
    total: int


class Settling(Strict):
    """How a dispute is settled: by a value, or by the unit whose value is taken."""

    value: Value = Field(default=None, examples=[14])
    unit: Key | None = Field(default=None, description="Take what this unit says")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)] = Field(
        examples=["实地核对花名册"]
    )
    evidence: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)] | None = None
    effective_on: Day | None = Field(default=None, description="From which day; today when not given, never later")


class NumberShown(BaseModel):
    """A value with what was counted."""

    value: str | int | None
    numerator: int
    denominator: int | None


class SwingShown(BaseModel):
    """A measure now, and the least and the largest that it can become until every open dispute is settled."""

    measure: str
    version: str
    zh: str
    en: str
    division: str | None
    on: date
    known_at: int
    disputes: int = Field(description="Open disputes about fields that the statistics look at")
    enterprises: int = Field(description="Enterprises whose part in this measure hangs on a dispute")
    in_force: NumberShown
    low: NumberShown
    high: NumberShown
    can_be_empty: bool = Field(description="Some settlement leaves nothing to count, so that there is no value")


class StewardShown(BaseModel):
    """Who answers for a field, and the order of precedence."""

    id: str
    unit: str
    unit_name: str | None
    precedence: list[str]
    basis: str


class ClaimBeside(BaseModel):
    """What one unit says about a field."""

    unit: str
    unit_name: str | None
    value: Value
    observed_on: date
    document: str | None


class OpenDispute(BaseModel):
    """The open dispute about a field."""

    id: str
    owner: str | None
    opened_on: date
    due_on: date


class FieldSource(BaseModel):
    """One field: its value in force, the unit it comes from and since when, and what everybody says."""

    field: str
    field_zh: str
    value: Value
    unit: str | None
    unit_name: str | None
    since: date | None
    rule: Literal["settled", "precedence", "latest", "held"]
    steward: StewardShown | None
    claims: list[ClaimBeside]
    dispute: OpenDispute | None


class SourcesShown(BaseModel):
    """Where the values of an enterprise come from."""

    enterprise: str
    on: date
    known_at: int | None
    fields: list[FieldSource]
