"""What answers are in the forms that are JSON themselves, for the document."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from heli_reporting.passports import FullPassport, Passport, Shown
from heli_reporting.statistics.schemas import BreakShown, RankingShown

CellOfLine = str | int | float | None


class Beside(BaseModel):
    """What goes with flat lines: the total (lines, where a group has several), what else was told, the passport."""

    model_config = ConfigDict(extra="forbid")

    total: dict[str, CellOfLine] | list[dict[str, CellOfLine]]
    breaks: list[BreakShown] = Field(default=[], description="Where a definition changes between the days")
    ranking: RankingShown | None = Field(default=None, description="With `rank`")
    compared_with: date | None = Field(default=None, description="With `compare`: the day")
    from_: dict[str, Any] | None = Field(default=None, alias="from", description="Of a change: the earlier day")
    passport: FullPassport | Passport


class ColumnForm(Shown):
    """A column: its name in the lines, its heading, and of which kind its values are."""

    name: str = Field(examples=["organization_coverage"])
    title: str
    type: Literal["text", "share", "count", "day"]


class RowsForm(Beside):
    """`format=rows`: flat lines with numbers as numbers."""

    columns: list[ColumnForm]
    rows: list[dict[str, CellOfLine]]


class EchartsDimension(Shown):
    """A column as ECharts names it."""

    name: str
    displayName: str  # noqa: N815 - the name is ECharts's
    type: Literal["ordinal", "float", "int", "time"]


class EchartsDataset(Shown):
    """What goes into the option of a chart as it is."""

    dimensions: list[EchartsDimension]
    source: list[list[CellOfLine]]


class EchartsForm(Beside):
    """`format=echarts`: a dataset."""

    dataset: EchartsDataset


class JsonStatForm(BaseModel):
    """`format=jsonstat`: a dataset of JSON-stat 2.0, whose members are the standard's."""

    model_config = ConfigDict(extra="allow")

    version: Literal["2.0"]
    dataset: Literal["dataset"] = Field(alias="class")
    id: list[str]
    size: list[int]
    dimension: dict[str, Any]
    value: dict[str, int | float]
    status: dict[str, str]
    extension: dict[str, Any]


TABLE_FORMS = RowsForm | EchartsForm
CUBE_FORMS = RowsForm | EchartsForm | JsonStatForm
