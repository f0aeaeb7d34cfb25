"""What the routes of base lists answer."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from heli_registry.base_list.domain import STATES
from heli_registry.censuses.models import ITEMS

ItemCode = Literal[ITEMS]  # type: ignore[valid-type]
ItemState = Literal[STATES]  # type: ignore[valid-type]


class Head(BaseModel):
    """Which census, as of which day, known when: whoever asks with this `known_at` gets the same bytes."""

    census: str
    name: str
    cut_off_on: date
    on: date = Field(description="The day that was looked at: the cut-off day, or today while that is to come")
    known_at: int
    is_preliminary: bool
    is_pinned: bool = Field(description="The census is closed: what became known since is left out")


class FunnelStep(BaseModel):
    """One step: whom it leaves out and by which document, and the rows before, at and behind it."""

    number: int
    step: str = Field(examples=["not_operating"])
    zh: str
    en: str
    basis: str
    since: date
    is_optional: bool
    before: int
    dropped: int
    after: int


class Funnel(Head):
    """From all registered to the base; `denominator` is what the statistics count of the same territory and day."""

    registered: int
    base: int
    denominator: int
    kept_unknown: dict[str, int] = Field(description="How many of the base stay while this fact is unknown")
    steps: list[FunnelStep]


class Placed(BaseModel):
    """An enterprise as it was looked at."""

    enterprise: str = Field(examples=["91990121MA0000001R"])
    name: str
    division: str
    zone: str | None
    responsible_unit: str | None


class FunnelRow(Placed):
    """A row with the step at which it fell, or `base`, and the facts that decided."""

    step: str
    zh: str
    en: str
    basis: str | None
    facts: dict[str, Any]


class FunnelRowPage(BaseModel):
    """A page of rows of the funnel."""

    items: list[FunnelRow]
    next: str | None
    total: int
    known_at: int


class ItemShown(BaseModel):
    """One of the five clear items."""

    item: ItemCode
    zh: str
    en: str
    basis: str


class Tally(BaseModel):
    """How clear some enterprises are; `by_clear_items` counts those with 0, 1, … 5 clear items."""

    enterprises: int
    all_clear: int
    by_clear_items: list[int]
    clear: dict[str, int]
    confirmed: dict[str, int]
    not_reachable: dict[str, int]


class ProgressGroup(Tally):
    """The tally of one unit, zone or division."""

    code: str | None
    name: str | None


class Progress(Head):
    """How clear the base is, group by group."""

    by: Literal["responsible_unit", "zone", "division"]
    items: list[ItemShown]
    groups: list[ProgressGroup]
    total: Tally


class MissingShown(BaseModel):
    """A field that must still be asked for, of the enterprise or of an organisation that covers it."""

    item: ItemCode
    record_kind: Literal["enterprise", "party_organization"]
    field: str
    zh: str
    reason: Literal["empty", "stale"]


class Gap(Placed):
    """An enterprise of the base with the state of its items and what is missing."""

    clear: int
    items: dict[str, ItemState]
    missing: list[MissingShown]


class GapPage(BaseModel):
    """A page of what must still be asked."""

    items: list[Gap]
    next: str | None
    total: int
    known_at: int


class Lists(BaseModel):
    """The lists a unit sent in: files, and rows read, unchanged and refused."""

    files: int
    read: int
    unchanged: int
    refused: int


class Source(BaseModel):
    """What one unit's lists brought; new + matched + conflicting = enterprises."""

    unit: str | None
    name: str | None
    enterprises: int
    new: int
    matched: int
    conflicting: int
    in_base: int
    lists: Lists | None = Field(description="Null for who does not see the whole county")


class Sources(Head):
    """Where the registered enterprises came from; `in_several` of them were named by more than one unit."""

    enterprises: int
    in_several: int
    sources: list[Source]


class Late(BaseModel):
    """An enterprise written to since; `step` is where it fell in the result, null when it was not there at all."""

    enterprise: str
    step: str | None


class LatePage(BaseModel):
    """A page of what became known too late."""

    items: list[Late]
    next: str | None
    total: int
    known_at: int
