"""What a bulletin answers."""

from datetime import date
from typing import Literal

from pydantic import Field

from heli_reporting.passports import Definition, KnownAtShown, ScopeShown, Shown, Source


class PeriodShown(Shown):
    """The period: its code, what it is called, its first and last day."""

    code: str = Field(examples=["2026-06"])
    name: str = Field(examples=["2026年6月"])
    first: date
    last: date


class NumberShown(Shown):
    """A number as it is written, and where it comes from.

    `part`: value, ratio (numerator/denominator), gap (denominator − numerator), change (percentage points between the
    answers `ref` and `minus`), step (the same without a sign), lacking (percentage points to the target). `division`
    is a township, `unknown:town` for what lies in none, or null for the total of the answer.
    """

    text: str = Field(examples=["81.25%"])
    part: Literal["value", "ratio", "gap", "change", "step", "lacking"]
    measure: str
    division: str | None
    ref: str = Field(examples=["k3m7"])
    minus: str | None


class ParagraphShown(Shown):
    """A paragraph, and the numbers in it in their order."""

    text: str
    numbers: list[NumberShown]


class TableShown(Shown):
    """A table of texts, and the numbers in it row by row; a heading carries the mark of its column."""

    caption: str
    heads: list[str]
    rows: list[list[str]]
    numbers: list[NumberShown]


class SeriesShown(Shown):
    """One row of a chart's values, and the answer they come from."""

    name: str
    values: list[str | int | None]
    permalink: str


class ChartShown(Shown):
    """A chart as data: how it is drawn, a label for each place, and the series."""

    kind: Literal["bars", "lines"]
    title: str
    unit: Literal["share", "count"]
    labels: list[str]
    series: list[SeriesShown]


class SectionShown(Shown):
    """A section of a bulletin."""

    heading: str
    paragraphs: list[ParagraphShown]
    tables: list[TableShown]
    charts: list[ChartShown]


class CodeShown(Shown):
    """A line of the table of codes."""

    ref: str
    permalink: str
    about: str


class BulletinShown(Shown):
    """A bulletin: its words, tables and charts, and where every number of it comes from."""

    code: str = Field(examples=["bul-k3m7q2x5d4w6p7ra"])
    permalink: str
    title: str
    subtitle: str | None = Field(default=None, examples=["（2026年6月1日至2026年6月30日，与2026年5月31日相比）"])
    period: PeriodShown
    compared_with: date
    known_at: KnownAtShown
    scope: ScopeShown
    needs: list[str] = Field(description="Permissions that reading it takes beside `statistics:read`")
    stale: bool
    notice: str | None = Field(description="What readers must know when the data were not up to date")
    sections: list[SectionShown]
    codes: list[CodeShown]
    sources: list[Source]
    definitions: list[Definition]
