"""The rule that adds points for each piece at each level, or for each one beyond a target."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

import numpy as np

from heli_assessment.engine.amounts import (
    LARGEST_VALUE,
    ONE,
    VALUE_SCALE,
    BoolArray,
    IntArray,
    half_up,
    short_points,
    value_to_int,
)
from heli_assessment.engine.rules.base import Label, Labels, Sentence, Setting, hundredths, titled
from heli_assessment.engine.rules.several import Several


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a bonus: which measure counts, the points of one, and from which count on (`beyond`)."""

    measure: str
    points: Decimal
    beyond: Decimal = Decimal(0)
    title: str = ""

    def gained(self, counts: IntArray) -> IntArray:
        """Return what these counts add, in hundredths."""
        above = np.maximum(counts - value_to_int(self.beyond), 0)
        return half_up(above * hundredths(self.points), VALUE_SCALE)

    def label(self, labels: Labels) -> Label:
        """Return how it is named in sentences."""
        return titled(self.title, self.measure, labels)

    def words(self, labels: Labels) -> Sentence:
        """Return it in words."""
        label, each = self.label(labels), short_points(self.points)
        if not self.beyond:
            return Sentence(f"“{label.zh}”每 1 {label.unit_zh}加 {each} 分", f"{each} points for each of {label.en}")
        beyond = label.amount(value_to_int(self.beyond))
        return Sentence(
            f"“{label.zh}”超过 {beyond.zh} 的，每多 1 {label.unit_zh}加 {each} 分",
            f"{each} points for each of {label.en} beyond {beyond.en}",
        )


@dataclass(frozen=True, slots=True)
class BonusPerLevel(Several):
    """So many points for each piece at each level (省、市、县), at most the item's maximum."""

    kind: ClassVar[str] = "bonus_per_level"
    levels: tuple[Level, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """One measure per level."""
        return tuple(level.measure for level in self.levels)

    def together(self, values: Sequence[IntArray], there: Sequence[BoolArray], maximum: int) -> IntArray:
        """Return the sum over levels of count × points."""
        del maximum
        total = np.zeros_like(values[0])
        for level, counts, is_there in zip(self.levels, values, there, strict=True):
            total += np.where(is_there, level.gained(counts), 0)
        return total

    def settings(self, values: Sequence[int], maximum: int) -> list[Setting]:
        """Return one more that counts at each level, the most rewarding level first."""
        del maximum
        pairs = sorted(zip(self.levels, values, strict=True), key=lambda pair: -pair[0].points)
        return [{level.measure: max(value, value_to_int(level.beyond), 0) + ONE} for level, value in pairs]

    def best(self, maximum: int) -> Setting:
        """Return one that counts at the most rewarding level and none elsewhere."""
        del maximum
        top = max(self.levels, key=lambda level: level.points)
        return {level.measure: value_to_int(level.beyond) + ONE if level is top else 0 for level in self.levels}

    def worst(self, maximum: int) -> Setting:
        """Return nothing at any level."""
        del maximum
        return dict.fromkeys(self.measures, 0)

    def utmost(self, maximum: int) -> Setting:
        """Return more than can count at every level."""
        del maximum
        return dict.fromkeys(self.measures, value_to_int(LARGEST_VALUE))

    def label_of(self, measure: str, labels: Labels) -> Label:
        """Return how a level is named."""
        return next(level for level in self.levels if level.measure == measure).label(labels)

    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""
        words, most = [level.words(labels) for level in self.levels], short_points(maximum)
        zh, en = "；".join(each.zh for each in words), "; ".join(each.en for each in words)
        return Sentence(f"{zh}，最多加 {most} 分", f"{en}; at most {most} points")

    def reason(self, values: Sequence[int], maximum: int, labels: Labels) -> Sentence:
        """Return the counts at each level."""
        names = [level.label(labels) for level in self.levels]
        pairs = [(name, name.amount(value)) for name, value in zip(names, values, strict=True)]
        zh = "，".join(f"“{name.zh}” {amount.zh}" for name, amount in pairs)
        en = ", ".join(f"{name.en} {amount.en}" for name, amount in pairs)
        most = short_points(maximum)
        return Sentence(f"{zh}，未达到加分上限 {most} 分", f"{en}: below the most a bonus can give, {most} points")
