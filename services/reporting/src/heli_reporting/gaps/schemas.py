"""What the gap list answers."""

from datetime import date

from pydantic import Field

from heli_reporting.passports import Passport, Shown


class PlaceShown(Shown):
    """A division, zone or unit with its name on the day."""

    code: str | None
    name: str


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
    cause: str = Field(examples=["members_reached"])
    cause_name: str = Field(examples=["正式党员达到应建人数"])


class GapsShown(Shown):
    """Gaps, the longest overdue first."""

    items: list[GapShown]
    next: str | None
    total: int
    filters: dict[str, list[str]]
    passport: Passport
