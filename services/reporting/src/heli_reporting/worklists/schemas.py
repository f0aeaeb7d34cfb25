"""What worklists answer."""

from datetime import date
from typing import Literal

from pydantic import Field

from heli_reporting.passports import Passport, Shown


class SubjectShown(Shown):
    """What a line is about."""

    kind: Literal["party_organization", "task", "assignment", "person"]
    id: str
    name: str | None


class NamedShown(Shown):
    """A unit or division with its name on the day."""

    code: str
    name: str


class LineShown(Shown):
    """One thing to do; `days` until it is due, negative when overdue, null when no date was set."""

    kind: str = Field(examples=["election_overdue"])
    kind_name: str = Field(examples=["换届逾期"])
    subject: SubjectShown
    unit: NamedShown | None
    person: str | None
    division: NamedShown | None
    due_on: date | None
    days: int | None
    detail: str
    basis: str


class WorklistShown(Shown):
    """Lines, most urgent first, and how many there are of each kind."""

    items: list[LineShown]
    next: str | None
    total: int
    counts: dict[str, int]
    passport: Passport
