"""How one enterprise is classified on a day: its size, whether it is above scale, what its staff and members make due.

Said of a single record by the definitions that the statistics use on columns; a test compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from heli_shared.statistics.parameters import DatedValue, parameter
from heli_shared.statistics.sizes import Size, size_of

Record = Mapping[str, Any]

THRESHOLDS = {
    "branch_due": ("full_members", "branch.min_full_members"),
    "member_due": ("staff", "staff50.min_staff"),
    "organization_due": ("staff", "staff100.min_staff"),
    "above_scale_by_revenue": ("annual_revenue", "scale.above_revenue"),
    "above_scale_by_staff": ("staff", "scale.above_staff"),
}
"""What an enterprise reaches when a figure of it is at least a dated parameter."""


@dataclass(frozen=True, slots=True)
class Reached:
    """One threshold: the figure, what it was held against, and whether it is reached; None where that is not known."""

    name: str
    field: str
    value: Any
    parameter: str
    least: DatedValue | None
    reached: bool | None


@dataclass(frozen=True, slots=True)
class Classes:
    """Everything that follows from an enterprise's own figures on a day."""

    size: Size
    thresholds: tuple[Reached, ...]

    @property
    def is_above_scale(self) -> bool:
        """Say whether revenue or staff put it above scale; unknown figures do not."""
        by = {each.name: each.reached for each in self.thresholds}
        return bool(by["above_scale_by_revenue"] or by["above_scale_by_staff"])


def classes_of(record: Record, day: date) -> Classes:
    """Return the classes of an enterprise, whose values are as JSON has them, on a day."""
    return Classes(size_of(record, day), tuple(_reached(name, record, day) for name in THRESHOLDS))


def _reached(name: str, record: Record, day: date) -> Reached:
    field, key = THRESHOLDS[name]
    value, least = record.get(field), parameter(key).find(day)
    known = value is not None and least is not None
    reached = Decimal(value) >= Decimal(least.value) if known and least is not None and value is not None else None
    return Reached(name, field, value, key, least, reached)
