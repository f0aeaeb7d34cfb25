"""The specification of a chart: plain data that a page, a document and the drawing here read alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["bars", "lines"]
Unit = Literal["share", "count"]


@dataclass(frozen=True, slots=True)
class Series:
    """One row of values, as decimal text or whole numbers, None where there is none; `permalink` is their answer."""

    name: str
    values: tuple[str | int | None, ...]
    permalink: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: what it is called, how it is drawn, what its values are, a label for each place, and the series."""

    kind: Kind
    title: str
    unit: Unit
    labels: tuple[str, ...]
    series: tuple[Series, ...]

    def __post_init__(self) -> None:
        """Refuse series that do not fit the labels."""
        if any(len(each.values) != len(self.labels) for each in self.series):
            raise ValueError("each series needs a value for each label")


def chart_json(chart: Chart) -> dict[str, Any]:
    """Return a chart as JSON values."""
    return {
        "kind": chart.kind,
        "title": chart.title,
        "unit": chart.unit,
        "labels": list(chart.labels),
        "series": [
            {"name": each.name, "values": list(each.values), "permalink": each.permalink} for each in chart.series
        ],
    }


def chart_of(content: dict[str, Any]) -> Chart:
    """Return the chart that JSON values describe."""
    series: Sequence[dict[str, Any]] = content["series"]
    made = tuple(Series(each["name"], tuple(each["values"]), each["permalink"]) for each in series)
    return Chart(content["kind"], content["title"], content["unit"], tuple(content["labels"]), made)
