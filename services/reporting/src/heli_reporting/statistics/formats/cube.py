"""An answer as observations: what JSON-stat and SDMX are written from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from heli_reporting.statistics.domain import Language
from heli_reporting.statistics.formats.flat import Answer
from heli_shared.statistics.dimensions import Dimension
from heli_shared.statistics.measures import Measure

TOTAL, UNKNOWN = "_T", "_U"
"""The codes of SDMX for a total and for what is not known."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The cells of a group on a day; what changed since the day it is compared with, and its rank, where asked for."""

    codes: tuple[str, ...]
    on: str
    cells: Answer
    changes: Answer = field(default_factory=dict)
    rank: Answer | None = None


@dataclass(frozen=True, slots=True)
class Cube:
    """Observations along dimensions and days; the totals apart, because they would be added up with the others.

    `compared_with` is the day that changes are counted from, `ranked` the measure that ranks; `beside` is what the
    answer says beside its observations, passport and total included.
    """

    dimensions: Sequence[Dimension]
    measures: Sequence[Measure]
    language: Language
    names: Sequence[Mapping[str, str]]
    observations: Sequence[Observation]
    totals: Sequence[Observation]
    beside: Mapping[str, Any]
    compared_with: str | None = None
    ranked: str | None = None

    @property
    def days(self) -> list[str]:
        """Return the days that there are observations of, in their order."""
        return sorted({each.on for each in (*self.observations, *self.totals)})

    @property
    def breaks(self) -> set[tuple[str, str]]:
        """Return the measures and days whose definition is another than on the day before them in this cube."""
        days, told = self.days, self.beside.get("breaks", ())
        steps = list(pairwise(days))
        return {(each["measure"], day) for each in told for earlier, day in steps if earlier < each["on"] <= day}


def codes_of(row: Answer, dimensions: Sequence[Dimension]) -> tuple[str, ...]:
    """Return the codes of a line."""
    return tuple(row[each.id]["code"] or UNKNOWN for each in dimensions)


def total_codes(dimensions: Sequence[Dimension]) -> tuple[str, ...]:
    """Return the codes under which a total stands."""
    return (TOTAL,) * len(dimensions)


def names_of(rows: Sequence[Answer], dimensions: Sequence[Dimension]) -> list[dict[str, str]]:
    """Return for each dimension the names of the codes that occur, in the order of the lines."""
    return [{row[each.id]["code"] or UNKNOWN: row[each.id]["name"] for row in rows} for each in dimensions]
