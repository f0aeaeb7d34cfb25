"""What the board shows: tiles, the measures on them, targets, month ends, the funnel, the ranking; pure rules."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from heli_shared.kernel.spans import add_months

Record = Mapping[str, Any]
Tile = Literal["cards", "townships", "trend", "ranking", "gaps", "worklist", "funnel"]

TILES: dict[Tile, tuple[str, str]] = {
    "cards": ("两个覆盖", "Coverage"),
    "townships": ("乡镇街道", "Townships"),
    "trend": ("近12个月", "The last twelve months"),
    "ranking": ("部门排名", "Ranking of departments"),
    "gaps": ("应建未建", "Gaps"),
    "worklist": ("工作清单", "Worklist"),
    "funnel": ("底册漏斗", "From the register to the base"),
}
PERMISSIONS: dict[Tile, str] = {"gaps": "gaps:read", "worklist": "worklists:read"}
"""What a tile takes in the place of the board's own permission; who does not hold it gets the others."""
OF_UNIT: frozenset[Tile] = frozenset({"worklist", "ranking"})
"""The tiles that show lines of the caller's unit wherever it lies, beside those of the scope."""

CARDS = (
    "organization_coverage",
    "work_coverage_broad",
    "due_established_rate",
    "sole_setup_rate",
    "staff50_with_member_rate",
    "staff100_with_organization_rate",
    "enterprise_count",
    "organization_count",
)
TOWNSHIPS = ("organization_coverage", "work_coverage_broad", "due_established_rate", "enterprise_count")
TREND = ("organization_coverage", "work_coverage_broad", "sole_setup_rate")
UNITS = ("organization_coverage", "due_established_rate")
GAPS = ("due_established_rate", "staff50_with_member_rate", "staff100_with_organization_rate")
BASE = "enterprise_count"
MONTHS = 12
HEAD = 8
"""Lines of a list that a tile shows; the whole list is one drill away."""
PUBLISHED = ("notice", "approved", "archived")
"""The stages of a cycle from which on its results may be shown: never before they were announced."""


def permission_of(tile: Tile) -> str:
    """Return what it takes to see a tile."""
    return PERMISSIONS.get(tile, "statistics:read")


def month_ends(on: date, months: int = MONTHS) -> list[date]:
    """Return the last days of the `months` - 1 months before a day's month, and then the day itself."""
    first = on.replace(day=1)
    return [add_months(first, -back) - timedelta(days=1) for back in range(months - 2, -1, -1)] + [on]


def latest_cycle(cycles: Iterable[Record], *, on: date) -> Record | None:
    """Return the cycle of departments whose results were announced last; None when there is none yet."""
    shown = [
        each
        for each in cycles
        if each["subject_kind"] == "department" and each["stage"] in PUBLISHED and each["counted_on"] <= on
    ]
    return max(shown, key=lambda each: (each["counted_on"], each["key"]), default=None)


def ranked(entries: Iterable[Record], units: frozenset[str] | None) -> list[Record]:
    """Return the entries of the units a caller sees (None: all), best rank first, those without a rank last."""
    seen = [each for each in entries if units is None or each["unit"] in units]
    return sorted(seen, key=lambda each: (each["rank"] is None, each["rank"] or 0, each["subject"]))


def steps(excluded: Mapping[str, int], base: int) -> tuple[int, Sequence[tuple[str, int]]]:
    """Return how many are registered, and how many each reason left out, the most frequent first."""
    return base + sum(excluded.values()), sorted(excluded.items(), key=lambda step: (-step[1], step[0]))
