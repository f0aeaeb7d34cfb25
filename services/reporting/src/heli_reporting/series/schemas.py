"""What a series answers, for the document."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from heli_reporting.passports import FullPassport, Shown
from heli_reporting.statistics.schemas import BreakShown, CellShown, GroupShown


class SeriesLine(BaseModel):
    """One line: a group for each dimension of `by`, and for each measure a cell a day."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, GroupShown | list[CellShown]]


class SeriesShown(Shown):
    """A statistic on some days, with the breaks of its definition and the passport of the last day."""

    days: list[date]
    rows: list[SeriesLine]
    total: dict[str, list[CellShown]]
    breaks: list[BreakShown]
    filters: dict[str, list[str]]
    passport: FullPassport
