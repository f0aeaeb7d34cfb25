"""What the board shows: tiles, the measures on them, targets, month ends, the funnel, the ranking; pure rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any, Literal

from heli_reporting.history.domain import Cell
from heli_reporting.targets.domain import norm_of
from heli_shared.kernel.access import Scope
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


@dataclass(frozen=True, slots=True)
class Target:
    """What a number should reach, by which document, and how many more rows that takes.

    A norm holds `since` a day for everybody; a target of the caller's own unit is to be reached by `due_on`.
    """

    value: Decimal
    since: date | None
    due_on: date | None
    basis: str
    missing: int


def permission_of(tile: Tile) -> str:
    """Return what it takes to see a tile."""
    return PERMISSIONS.get(tile, "statistics:read")


def own_targets(targets: Iterable[Record], unit: Record, scope: Scope, *, on: date) -> dict[str, Record]:
    """Return the target of a unit for each measure: the next one due, or the one that was due last.

    None of them where the unit answers for another place than the caller sees: the figures would not be its own.
    """
    if not _answers_for(unit, scope):
        return {}
    own = sorted(
        (each for each in targets if each["unit"] == unit["key"]), key=lambda each: (each["due_on"], each["key"])
    )
    past = {each["measure"]: each for each in own if each["due_on"] < on}
    ahead = {each["measure"]: each for each in reversed(own) if each["due_on"] >= on}
    return past | ahead


def _answers_for(unit: Record, scope: Scope) -> bool:
    if scope.everything:
        return bool(unit["kind"] == "commission" and unit["parent"] is None)
    place = ((), (unit["zone"],)) if unit["zone"] is not None else ((unit["division"],), ())
    return unit["kind"] != "department" and place == (scope.divisions, scope.zones)


def target_of(measure: str, cell: Cell, own: Mapping[str, Record], *, on: date) -> Target | None:
    """Return the target of a measure on a day: the unit's own before the norm; None where no document sets one."""
    norm = norm_of(measure, on=on)
    if measure in own:
        found = own[measure]
        value, since, due_on, basis = Decimal(found["value"]), None, found["due_on"], found["document"]
    elif norm is not None:
        value, since, due_on, basis = Decimal(norm.value), norm.since, None, norm.basis
    else:
        return None
    needed = value if cell.denominator is None else value * cell.denominator
    missing = int(needed.to_integral_value(ROUND_CEILING)) - cell.numerator
    return Target(value, since, due_on, basis, max(0, missing))


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
