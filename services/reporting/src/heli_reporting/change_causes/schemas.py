"""What a change answers, for the document."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from heli_reporting.passports import FullPassport, Passport, Shown
from heli_reporting.statistics.schemas import BreakShown, CellShown, ChangeOfCell, GroupShown


class CauseShown(Shown):
    """What a cause adds to numerator and denominator through how many parts, and where its rows are."""

    cause: GroupShown = Field(
        description="gained, lost, entered, left, moved, redrawn, reclassified, rule_changed, corrected"
    )
    reason: GroupShown | None = Field(description="Why it was out on the other day; of a correction: what it did")
    numerator: int
    denominator: int
    records: int
    rows: str = Field(examples=["/v1/statistics/change/rows?measure=organization_coverage&cause=moved&…"])


class LineShown(Shown):
    """Before, after, and the causes whose numerators and denominators add up to the difference."""

    before: CellShown
    after: CellShown
    difference: ChangeOfCell
    causes: list[CauseShown]


class ChangeRow(BaseModel):
    """One line: a group for each dimension of `by`, and its change."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, GroupShown | LineShown]


class FromShown(Shown):
    """The earlier day, and the seq of registry up to which it was known."""

    on: date
    known_at: int


class ChangeShown(Shown):
    """A change with its causes; the passport is the later day's."""

    from_: FromShown = Field(alias="from")
    rows: list[ChangeRow]
    total: LineShown
    breaks: list[BreakShown]
    filters: dict[str, list[str]]
    passport: FullPassport


class PartsShown(Shown):
    """The parts behind a cause, in order of their records."""

    items: list[dict[str, Any]]
    next: str | None
    total: int
    filters: dict[str, list[str]]
    passport: Passport
