"""The rule that converts a value, or another scheme's score, along a line through given points (折算)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar

import numpy as np

from heli_assessment.engine.amounts import ONE, IntArray, half_up, short_points, value_to_int
from heli_assessment.engine.rules.base import Labels, Rule, Sentence, Setting, Span, hundredths


@dataclass(frozen=True, slots=True)
class Knot:
    """A value and the points it gives."""

    value: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Conversion(Rule):
    """Straight between neighbouring knots, level outside them, rounded half up to 0.01; knots rise by value."""

    kind: ClassVar[str] = "conversion"
    measure: str
    knots: tuple[Knot, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """The one measure that is converted."""
        return (self.measure,)

    def points(self, values: Sequence[IntArray], maximum: int) -> IntArray:
        """Return the points on the line."""
        del maximum
        at = [value_to_int(knot.value) for knot in self.knots]
        give = [hundredths(knot.points) for knot in self.knots]
        result = np.full(values[0].shape, give[0], dtype=np.int64)
        for (left, right), (low, high) in zip(pairwise(at), pairwise(give), strict=True):
            inside = values[0] > left
            way = np.minimum(values[0], right) - left
            # half_up wants parts from 0: what falls is counted from its lower end.
            base = min(low, high)
            rising = (low - base) * (right - left) + way * (high - low)
            result = np.where(inside, base + half_up(rising, right - left), result)
        return result

    def span(self, maximum: int) -> Span:
        """Return from the least knot, or 0, to the maximum."""
        return Span(min(0, *(hundredths(knot.points) for knot in self.knots)), maximum)

    def settings(self, values: Sequence[int], maximum: int) -> list[Setting]:
        """Return a whole one nearer to the best knot, and the better knots."""
        del maximum
        now = int(self.points([np.array(values, dtype=np.int64)], 0)[0])
        best = self._best()
        step = values[0] + ONE if best > values[0] else values[0] - ONE
        wanted = {value_to_int(knot.value) for knot in self.knots if hundredths(knot.points) > now}
        if step >= 0 and abs(best - step) < abs(best - values[0]):
            wanted.add(step)
        return [{self.measure: to} for to in sorted(wanted, key=lambda to: abs(to - values[0]))]

    def best(self, maximum: int) -> Setting:
        """Return the knot with most points."""
        del maximum
        return {self.measure: self._best()}

    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""
        label, points = labels[self.measure], short_points(maximum)
        pairs = [(label.amount(value_to_int(knot.value)), short_points(knot.points)) for knot in self.knots]
        zh = "、".join(f"{amount.zh}折 {given} 分" for amount, given in pairs)
        en = ", ".join(f"{amount.en} gives {given}" for amount, given in pairs)
        return Sentence(
            f"最多 {points} 分，按“{label.zh}”折算：{zh}，其间按比例",
            f"at most {points} points, converted from {label.en}: {en}, in proportion between",
        )

    def reason(self, values: Sequence[int], maximum: int, labels: Labels) -> Sentence:
        """Return what the value is converted to."""
        label = labels[self.measure]
        now = label.amount(values[0])
        got = short_points(int(self.points([np.array(values, dtype=np.int64)], maximum)[0]))
        return Sentence(
            f"“{label.zh}”为 {now.zh}，折算得 {got} 分，最多 {short_points(maximum)} 分",
            f"{label.en} is {now.en}, converted to {got} of {short_points(maximum)} points",
        )

    def _best(self) -> int:
        return value_to_int(max(self.knots, key=lambda knot: knot.points).value)
