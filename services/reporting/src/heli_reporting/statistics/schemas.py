"""What statistics answer, for the document; the answers themselves are built as bytes."""

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


class Row(BaseModel):
    """One line: a group for each dimension of `by` and a cell for each measure, under their ids."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, GroupShown | CellShown]


class Total(BaseModel):
    """A cell for each measure, every row counted once."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, CellShown]


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
    filters: dict[str, list[str]]
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
    """A dimension of the catalogue: how `by` writes it, whose facts carry it, which filter narrows it."""

    text: str = Field(examples=["division:town"])
    id: str
    level: str | None
    name: str
    subjects: list[str]
    filter: str | None
    values: list[GroupShown]


class DimensionsShown(Shown):
    """The catalogue of dimensions and the names of all filters."""

    items: list[DimensionShown]
    filters: list[str]
