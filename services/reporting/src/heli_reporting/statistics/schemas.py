"""What statistics answer, for the document; the answers themselves are built as bytes."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from heli_reporting.passports import FullPassport, Passport, Shown


class GroupShown(Shown):
    """The value of a dimension; code null where a row has none."""

    code: str | None
    name: str


class CellShown(BaseModel):
    """A share as decimal text with its numerator and denominator, or a count; `reason` says why there is no value."""

    model_config = ConfigDict(extra="forbid")

    value: str | int | None = Field(examples=["0.8125"])
    numerator: int = 0
    denominator: int = 0
    reason: Literal["zero_denominator"] = "zero_denominator"


class RankShown(Shown):
    """The position of a line by the ranked value (null: it has none), and how many lines share it."""

    position: int | None
    tied: int


class Row(BaseModel):
    """One line: a group for each dimension of `by`, a cell for each measure, under their ids, and `rank` if asked."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, GroupShown | CellShown | RankShown]


class Total(BaseModel):
    """A cell for each measure, every row counted once."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, CellShown]


class ChangeOfCell(BaseModel):
    """Now minus before: `value` null where one of both has none."""

    model_config = ConfigDict(extra="forbid")

    value: str | int | None
    numerator: int = 0
    denominator: int = 0


class ComparedCell(CellShown):
    """The cell of the earlier day, and the change since."""

    change: ChangeOfCell


class ComparedRow(BaseModel):
    """One line of either day."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, GroupShown | ComparedCell]


class Comparison(Shown):
    """The figures of another day beside those asked for."""

    on: date
    rows: list[ComparedRow]
    total: dict[str, ComparedCell]


class BreakShown(Shown):
    """From `on` a definition reads another value of a parameter (null: none yet), by a document."""

    measure: str
    on: date
    parameter: str = Field(examples=["branch.min_full_members"])
    before: Any
    after: Any
    basis: str


class RankingShown(Shown):
    """By what the lines are ranked, how many of them are, and how ties are handled."""

    measure: str
    order: Literal["desc", "asc"]
    ranked: int
    ties: str


class Statistics(Shown):
    """Figures with the passport that explains them."""

    rows: list[Row] = Field(
        examples=[
            [
                {
                    "division": {"code": "990101001000", "name": "示例镇"},
                    "organization_coverage": {"value": "0.8125", "numerator": 13, "denominator": 16},
                }
            ]
        ]
    )
    total: Total
    comparison: Comparison | None = Field(default=None, description="With `compare`")
    breaks: list[BreakShown] = Field(default=[], description="With `compare`: where a definition changes in between")
    ranking: RankingShown | None = Field(default=None, description="With `rank`")
    filters: dict[str, list[str]]
    passport: FullPassport


class ReadersShown(Shown):
    """Who may read a tile again by its permalink, beside having its scope; `unit` null: members of any unit."""

    permission: str = Field(examples=["worklists:read"])
    unit: str | None


class KeptTile(Shown):
    """A tile of the board, as it was when the board gave its permalink."""

    tile: str = Field(examples=["cards"])
    title: str
    figures: dict[str, Any]
    readers: ReadersShown
    passport: FullPassport


class RowPageShown(Shown):
    """Rows behind a number; `total` equals the number."""

    items: list[dict[str, Any]]
    next: str | None
    total: int
    filters: dict[str, list[str]]
    passport: Passport


class MeasureShown(Shown):
    """A measure of the catalogue."""

    id: str
    name: str
    version: str
    kind: Literal["share", "count"]
    subject: str
    unit: str
    definition: str
    basis: str


class MeasuresShown(Shown):
    """The catalogue of measures."""

    items: list[MeasureShown]


class DimensionShown(Shown):
    """A dimension of the catalogue: how `by` writes it, whose facts carry it, which filter narrows it.

    The rows behind a line are had by `filter` with `value`, in which the line's code takes the place of `{code}`, and
    those of the line without a code by `unknown`.
    """

    text: str = Field(examples=["division:town"])
    id: str
    level: str | None
    name: str
    subjects: list[str]
    filter: str | None
    value: str | None = Field(examples=["{code}"])
    unknown: str | None = Field(examples=["unknown:town"])
    values: list[GroupShown]


class DimensionsShown(Shown):
    """The catalogue of dimensions, the names of all filters, and the reasons for leaving rows out."""

    items: list[DimensionShown]
    filters: list[str]
    reasons: list[GroupShown]
