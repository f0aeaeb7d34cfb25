"""Rules on counts: deduction per occurrence, shortfall against a target, penalty outside the hundred."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

import numpy as np

from heli_assessment.engine.amounts import ONE, VALUE_SCALE, IntArray, half_up, short_points, value_to_int
from heli_assessment.engine.rules.base import Labels, Rule, Sentence, Setting, Span, hundredths, loses


@dataclass(frozen=True, slots=True)
class PerOccurrence(Rule):
    """Full marks less `points` for each occurrence, never below `floor` (扣完为止)."""

    kind: ClassVar[str] = "per_occurrence"
    measure: str
    points_each: Decimal
    floor: Decimal

    @property
    def measures(self) -> tuple[str, ...]:
        """The one measure that counts occurrences."""
        return (self.measure,)

    def points(self, values: Sequence[IntArray], maximum: int) -> IntArray:
        """Return maximum − occurrences × points."""
        return maximum - half_up(np.maximum(values[0], 0) * hundredths(self.points_each), VALUE_SCALE)

    def span(self, maximum: int) -> Span:
        """Return from the floor to the maximum."""
        return Span(hundredths(self.floor), maximum)

    def settings(self, values: Sequence[int], maximum: int) -> list[Setting]:
        """Return one occurrence less, the first count above the floor, and none at all."""
        room = maximum - hundredths(self.floor)
        above_floor = -(-room // hundredths(self.points_each)) * ONE - ONE
        wanted = {min(values[0] - ONE, above_floor), above_floor, 0}
        return [{self.measure: to} for to in sorted(wanted, reverse=True) if 0 <= to < values[0]]

    def best(self, maximum: int) -> Setting:
        """Return no occurrence."""
        del maximum
        return {self.measure: 0}

    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""
        label, each, floor = labels[self.measure], short_points(self.points_each), short_points(self.floor)
        return Sentence(
            f"满分 {short_points(maximum)} 分，“{label.zh}”每 1 {label.unit_zh}扣 {each} 分，扣至 {floor} 分为止",
            f"{short_points(maximum)} points, less {each} for each unit of {label.en}, not below {floor}",
        )

    def reason(self, values: Sequence[int], maximum: int, labels: Labels) -> Sentence:
        """Return how many occurrences cost how much."""
        lost = half_up(max(values[0], 0) * hundredths(self.points_each), VALUE_SCALE)
        return loses(labels[self.measure], values[0], min(lost, maximum - hundredths(self.floor)))


@dataclass(frozen=True, slots=True)
class MissingCount(Rule):
    """Full marks less `points` for each unit short of the target (少1次扣…), never below 0."""

    kind: ClassVar[str] = "missing_count"
    measure: str
    target: Decimal
    points_each: Decimal

    @property
    def measures(self) -> tuple[str, ...]:
        """The one measure that is counted against the target."""
        return (self.measure,)

    def points(self, values: Sequence[IntArray], maximum: int) -> IntArray:
        """Return maximum − shortfall × points."""
        short = np.maximum(value_to_int(self.target) - values[0], 0)
        return maximum - half_up(short * hundredths(self.points_each), VALUE_SCALE)

    def settings(self, values: Sequence[int], maximum: int) -> list[Setting]:
        """Return one more, the first count above zero points, and the target."""
        target, each = value_to_int(self.target), hundredths(self.points_each)
        above_zero = target - (-(-maximum // each) - 1) * ONE
        wanted = {max(values[0] + ONE, above_zero), above_zero, target}
        return [{self.measure: to} for to in sorted(wanted) if values[0] < to <= target]

    def best(self, maximum: int) -> Setting:
        """Return the target."""
        del maximum
        return {self.measure: value_to_int(self.target)}

    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""
        label, each = labels[self.measure], short_points(self.points_each)
        target = label.amount(value_to_int(self.target))
        full = short_points(maximum)
        return Sentence(
            f"满分 {full} 分，“{label.zh}”应达 {target.zh}，每少 1 {label.unit_zh}扣 {each} 分，扣完为止",
            f"{full} points for {label.en} of {target.en}, less {each} for each one short, not below 0",
        )

    def reason(self, values: Sequence[int], maximum: int, labels: Labels) -> Sentence:
        """Return how many are short and what that costs."""
        label = labels[self.measure]
        short = max(value_to_int(self.target) - values[0], 0)
        lost = short_points(min(half_up(short * hundredths(self.points_each), VALUE_SCALE), maximum))
        now, gap = label.amount(values[0]), label.amount(short)
        return Sentence(
            f"“{label.zh}”为 {now.zh}，比要求少 {gap.zh}，扣 {lost} 分",
            f"{label.en} is {now.en}, {gap.en} short of the target, which costs {lost} points",
        )


@dataclass(frozen=True, slots=True)
class Penalty(Rule):
    """Minus `points` for each occurrence, outside the hundred; without a floor unless one is given."""

    kind: ClassVar[str] = "penalty"
    measure: str
    points_each: Decimal
    floor: Decimal | None

    @property
    def measures(self) -> tuple[str, ...]:
        """The one measure that counts occurrences."""
        return (self.measure,)

    def points(self, values: Sequence[IntArray], maximum: int) -> IntArray:
        """Return − occurrences × points."""
        return maximum - half_up(np.maximum(values[0], 0) * hundredths(self.points_each), VALUE_SCALE)

    def span(self, maximum: int) -> Span:
        """Return from the floor, if there is one, to the maximum (0)."""
        return Span(None if self.floor is None else hundredths(self.floor), maximum)

    def settings(self, values: Sequence[int], maximum: int) -> list[Setting]:
        """Return one occurrence less, the first count above the floor, and none at all."""
        wanted = {values[0] - ONE, 0}
        if self.floor is not None:
            room = maximum - hundredths(self.floor)
            above_floor = -(-room // hundredths(self.points_each)) * ONE - ONE
            wanted = {min(values[0] - ONE, above_floor), above_floor, 0}
        return [{self.measure: to} for to in sorted(wanted, reverse=True) if 0 <= to < values[0]]

    def best(self, maximum: int) -> Setting:
        """Return no occurrence."""
        del maximum
        return {self.measure: 0}

    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""
        del maximum
        label, each = labels[self.measure], short_points(self.points_each)
        if self.floor is None:
            return Sentence(
                f"“{label.zh}”每 1 {label.unit_zh}扣 {each} 分，不设下限",
                f"minus {each} points for each unit of {label.en}, without a floor",
            )
        floor = short_points(-self.floor)
        return Sentence(
            f"“{label.zh}”每 1 {label.unit_zh}扣 {each} 分，最多扣 {floor} 分",
            f"minus {each} points for each unit of {label.en}, at most {floor}",
        )

    def reason(self, values: Sequence[int], maximum: int, labels: Labels) -> Sentence:
        """Return how many occurrences cost how much."""
        del maximum
        lost = half_up(max(values[0], 0) * hundredths(self.points_each), VALUE_SCALE)
        if self.floor is not None:
            lost = min(lost, -hundredths(self.floor))
        return loses(labels[self.measure], values[0], lost)
