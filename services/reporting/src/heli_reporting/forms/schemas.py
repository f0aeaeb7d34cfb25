"""What forms answer."""

from datetime import date, datetime

from pydantic import Field

from heli_reporting.passports import FullPassport, Shown


class ColumnShown(Shown):
    """A column: its headings from the top down, the measure it comes from and which part of it."""

    id: str
    number: int
    name: str = Field(description="What it is called where it stands alone", examples=["组织覆盖率"])
    headings: list[str] = Field(examples=[["党的组织覆盖", "组织覆盖率"]])
    is_share: bool
    is_money: bool = Field(description="Amounts in yuan, as text")
    measure: str
    part: str = Field(description="value, numerator, denominator, gap; sum, flow or fund: numbers added up")
    field: str | None = Field(description="Which number is added up; null where rows are counted")
    definition: str = Field(description="The measure's definition, and what the column makes of it")


class FormShown(Shown):
    """What a form is; `is_own`: the county's own, from its data folder."""

    id: str = Field(examples=["two-coverages"])
    title: str
    basis: str
    by: str = Field(examples=["division:town"])
    lines: str
    is_own: bool
    columns: list[ColumnShown]


class UnsoundFormShown(Shown):
    """A county's own file that is no form, and why."""

    id: str
    reason: str


class FormsShown(Shown):
    """All forms there are, and the files that should be forms and are not."""

    items: list[FormShown]
    unsound: list[UnsoundFormShown]


class CellShown(Shown):
    """A number with its parts; null where a denominator is zero or nothing was told."""

    value: int | str | None
    numerator: int | None
    denominator: int | None
    rows: str | None = Field(description="Where the rows behind it are listed")
    permalink: str | None = Field(description="The answer that it comes from, byte for byte")


class FormLineShown(Shown):
    """A line, or the total, in which every row counts once."""

    code: str | None
    name: str
    cells: dict[str, CellShown]


class FailureShown(Shown):
    """Where a check does not hold, the number on either side, and the rows behind them."""

    line: str | None
    name: str
    is_total: bool
    left: int | str
    right: int | str
    left_rows: list[str]
    right_rows: list[str]


class CheckShown(Shown):
    """A check with its formula: numbers are those of columns."""

    id: str
    formula: str = Field(examples=["2增加·合计 = 3发展党员 + 4恢复党籍 + 5转入组织关系"])
    passed: bool
    failures: list[FailureShown]


class JumpShown(Shown):
    """A number that changed over a year by more than the parameters of forms allow, and what was said about it."""

    line: str | None
    name: str
    is_total: bool
    column: str
    before: int
    now: int
    explanations: list[str]


class FilledShown(Shown):
    """A form of a period as it goes upward; `is_over` false: the period runs, figures are those of `on`."""

    form: FormShown
    period: str
    period_name: str = Field(examples=["2026年上半年"])
    is_over: bool
    on: date
    unit: str
    filled_at: datetime
    filled_on: date = Field(description="The day on which it was filled, where the county is")
    total: FormLineShown
    rows: list[FormLineShown]
    checks: list[CheckShown]
    jumps: list[JumpShown]
    passport: FullPassport
