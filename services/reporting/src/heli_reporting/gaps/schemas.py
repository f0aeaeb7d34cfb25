"""What the gap list answers."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from heli_reporting.gaps.causes import CauseCode
from heli_reporting.gaps.planning import Kind
from heli_reporting.passports import Passport, Shown
from heli_reporting.statistics.schemas import CellShown


class PlaceShown(Shown):
    """A division, zone or unit with its name on the day."""

    code: str | None
    name: str


class ChangeShown(Shown):
    """A figure as it is and as it would be."""

    before: CellShown
    after: CellShown


class Changes(BaseModel):
    """A change for each measure that would move, under its id; `division` names the township it is about."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, ChangeShown | PlaceShown]


class OutlookShown(Shown):
    """What would move: in total, and in each township (with its `division`)."""

    total: Changes
    townships: list[Changes]


class ProposedEnterprise(Shown):
    """An enterprise of a proposal; the first is the seat of a new branch."""

    uscc: str
    name: str | None
    full_members: int
    in_gap: bool = Field(description="false: not in the gap itself, drawn in with its members")


class ProposedHost(Shown):
    """The joint branch that would take an enterprise in, and how many it may still cover."""

    id: str
    name: str | None
    room: int


class ProposalShown(Shown):
    """Something that could be done, why it is possible, by which documents, and what it alone would gain."""

    kind: Kind
    kind_name: str = Field(examples=["单独组建党支部"])
    planned: bool = Field(description="Whether it is part of the plan that simulations sum up")
    enterprises: list[ProposedEnterprise]
    organization: ProposedHost | None
    person: str | None = Field(description="The instructor, by the id of the record")
    distance: int | None = Field(
        description="0 same zone, 1 same village, 2 same town, 3 same county …; null where nobody else takes part"
    )
    distance_name: str | None
    reasons: list[str]
    basis: list[str]
    gain: OutlookShown


class CauseShown(Shown):
    """What stands in the way, since when without a break, and the document that asks for what is missing."""

    cause: CauseCode
    cause_name: str = Field(examples=["没有党建指导员"])
    since: date
    basis: str


class GapShown(Shown):
    """An enterprise that should have what the measure asks for and has not."""

    uscc: str
    name: str | None
    division: PlaceShown | None
    zone: PlaceShown | None
    unit: PlaceShown | None
    full_members: int | None
    probationary_members: int | None
    staff: int | None
    reached: bool = Field(description="Whether an instructor, liaison, union or youth league reaches it")
    reason: str = Field(examples=["正式党员5名，已达应建人数，尚未建立党组织"])
    since: date = Field(
        description="First day of the unbroken run in which the condition was met and nothing was there"
    )
    days_overdue: int
    began: str = Field(description="What began the gap", examples=["condition_reached"])
    began_name: str = Field(examples=["人数达到标准"])
    causes: list[CauseShown] = Field(description="What stands in the way on the day, the most telling first")
    proposals: list[ProposalShown] = Field(default=[], description="Only with `proposals=true`")


class GapsShown(Shown):
    """Gaps, the longest overdue first."""

    items: list[GapShown]
    next: str | None
    total: int
    filters: dict[str, list[str]]
    passport: Passport


class SmallShown(Shown):
    """Gap enterprises with members and too few alone: `placed` have a joint branch, no method places over `at_most`."""

    total: int
    placed: int
    at_most: int


class SimulatedShown(Shown):
    """The figures before and after the whole plan; `without_proposal` are the gaps it leaves."""

    total: Changes
    townships: list[Changes]
    gaps: int
    without_proposal: list[str]
    small: SmallShown


class SimulationShown(Shown):
    """The plan, a page of its proposals, and what it would change."""

    items: list[ProposalShown]
    next: str | None
    total: int
    simulation: SimulatedShown
    filters: dict[str, list[str]]
    passport: Passport
