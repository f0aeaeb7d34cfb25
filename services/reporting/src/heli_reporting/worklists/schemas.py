"""What worklists answer."""

from datetime import date
from typing import Literal

from pydantic import Field

from heli_reporting.passports import Passport, Shown


class SubjectShown(Shown):
    """What a line is about."""

    kind: Literal[
        "party_organization", "task", "assignment", "person", "letter", "rectification_order", "dispute",
        "representative_evaluation", "unit", "transfer", "pairing",
    ]  # fmt: skip
    id: str
    name: str | None
    link: str | None = Field(
        description="Where the record is read: at the registry or at assessment", examples=["registry:/v1/units/unt-1"]
    )


class NamedShown(Shown):
    """A unit or division with its name on the day."""

    code: str
    name: str


class UrgencyShown(Shown):
    """Why a line stands where it stands: the `rank`-th of its kind ÷ the kind's weight, small values first."""

    place: str = Field(examples=["0.125"])
    rank: int
    weight: int
    basis: str
    words: str = Field(examples=["同类第1急，权重8：1÷8=0.125，小者在前"])


class LineShown(Shown):
    """One thing to do; `days` until it is due, negative when overdue, null when no date was set."""

    kind: str = Field(examples=["election_overdue"])
    kind_name: str = Field(examples=["换届逾期"])
    subject: SubjectShown
    unit: NamedShown | None
    person: str | None
    division: NamedShown | None = Field(
        description="Where what the line is about lies; for what is about no place, where the unit does"
    )
    due_on: date | None
    days: int | None
    since: date | None = Field(description="The first day it stood in the list; null where the records do not tell")
    detail: str
    rule: str = Field(description="The dated parameter, or the field of a record, that sets the day or the limit")
    basis: str
    urgency: UrgencyShown


class WorklistShown(Shown):
    """Lines, most urgent first, and how many there are of each kind."""

    items: list[LineShown]
    next: str | None
    total: int
    counts: dict[str, int]
    passport: Passport
