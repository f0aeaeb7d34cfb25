"""What the account of a denominator answers, for the document."""

from pydantic import BaseModel, ConfigDict

from heli_reporting.passports import FullPassport, Shown
from heli_reporting.statistics.schemas import GroupShown


class ReasonShown(Shown):
    """Why records are in the denominator (`is_in`) or not, and how many."""

    code: str
    name: str
    is_in: bool
    records: int


class AccountShown(Shown):
    """All records: numerator + gap = denominator, denominator + excluded = records = the sum of the reasons."""

    records: int
    denominator: int
    numerator: int
    gap: int
    excluded: int
    reasons: list[ReasonShown]


class AccountLine(BaseModel):
    """One line: a group for each dimension of `by`, and its account."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, GroupShown | AccountShown]


class DenominatorShown(Shown):
    """What became of every record of a question."""

    rows: list[AccountLine]
    total: AccountShown
    filters: dict[str, list[str]]
    passport: FullPassport
