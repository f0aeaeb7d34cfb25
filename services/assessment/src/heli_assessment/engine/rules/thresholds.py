"""Rules on a target or a threshold: all or nothing, in proportion, so much for each step below."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

import numpy as np

from heli_assessment.engine.amounts import ONE, IntArray, half_up, short_points, value_to_int
from heli_assessment.engine.rules.base import Labels, Rule, Sentence, Setting, hundredths, loses


@dataclass(frozen=True, slots=True)
class AllOrNothing(Rule):
    """Full marks when the condition holds, otherwise none (否则不得分).

    Exactly one of at_least and at_most is given.
    """

    kind: ClassVar[str] = "all_or_nothing"
    measure: str
    at_least: Decimal | None
    at_most: Decimal | None

    @property
    def measures(self) -> tuple[str, ...]:
        """The one measure that the condition is about."""
        return (self.measure,)

    def points(self, values: Sequence[IntArray], maximum: int) -> IntArray:
        """Return the maximum or 0."""
        wants_more = self.at_least is not None
        met = values[0] >= self._bound() if wants_more else values[0] <= self._bound()
        return met * np.int64(maximum)

    def settings(self, values: Sequence[int], maximum: int) -> list[Setting]:
        """Return the bound itself."""
        del values, maximum
        return [{self.measure: self._bound()}]

    def best(self, maximum: int) -> Setting:
        """Return the bound itself."""
        del maximum
        return {self.measure: self._bound()}

    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""
        label = labels[self.measure]
        bound, points = label.amount(self._bound()), short_points(maximum)
        if self.at_least is not None:
            return Sentence(
                f"“{label.zh}”达到 {bound.zh} 得 {points} 分，否则不得分",
                f"{points} points when {label.en} is at least {bound.en}, otherwise none",
            )
        return Sentence(
            f"“{label.zh}”不超过 {bound.zh} 得 {points} 分，否则不得分",
            f"{points} points when {label.en} is at most {bound.en}, otherwise none",
        )

    def reason(self, values: Sequence[int], maximum: int, labels: Labels) -> Sentence:
        """Return by which bound the value is missed."""
        del maximum
        label = labels[self.measure]
        now, bound = label.amount(values[0]), label.amount(self._bound())
        if self.at_least is not None:
            return Sentence(
                f"“{label.zh}”为 {now.zh}，未达到 {bound.zh}，不得分",
                f"{label.en} is {now.en}, below {bound.en}: no points",
            )
        return Sentence(
            f"“{label.zh}”为 {now.zh}，超过 {bound.zh}，不得分",
            f"{label.en} is {now.en}, above {bound.en}: no points",
        )

    def _bound(self) -> int:
        bound = self.at_least if self.at_least is not None else self.at_most
        return value_to_int(bound if bound is not None else Decimal(0))


@dataclass(frozen=True, slots=True)
class Proportional(Rule):
    """Points in proportion to completion of the target (按完成比例得分), rounded half up to 0.01."""

    kind: ClassVar[str] = "proportional"
    measure: str
    target: Decimal

    @property
    def measures(self) -> tuple[str, ...]:
        """The one measure that is held against the target."""
        return (self.measure,)

    def points(self, values: Sequence[IntArray], maximum: int) -> IntArray:
        """Return maximum × value ÷ target, where more than the target counts as the target."""
        target = value_to_int(self.target)
        return half_up(values[0].clip(0, target) * maximum, target)

    def settings(self, values: Sequence[int], maximum: int) -> list[Setting]:
        """Return one more, where the target is a count, and the target."""
        del maximum
        target = value_to_int(self.target)
        wanted = {target} if target <= ONE else {min(values[0] + ONE, target), target}
        return [{self.measure: to} for to in sorted(wanted) if to > values[0]]

    def best(self, maximum: int) -> Setting:
        """Return the target."""
        del maximum
        return {self.measure: value_to_int(self.target)}

    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""
        label = labels[self.measure]
        target, points = label.amount(value_to_int(self.target)), short_points(maximum)
        return Sentence(
            f"“{label.zh}”达到 {target.zh} 得 {points} 分，未达到的按完成比例得分",
            f"{points} points when {label.en} reaches {target.en}, below that in proportion",
        )

    def reason(self, values: Sequence[int], maximum: int, labels: Labels) -> Sentence:
        """Return which part of the target was reached."""
        label, target = labels[self.measure], value_to_int(self.target)
        now, aim = label.amount(values[0]), label.amount(target)
        points = short_points(half_up(min(max(values[0], 0), target) * maximum, target))
        return Sentence(
            f"“{label.zh}”为 {now.zh}，目标为 {aim.zh}，按比例得 {points} 分",
            f"{label.en} is {now.en} of {aim.en}: {points} points in proportion",
        )


@dataclass(frozen=True, slots=True)
class BelowThreshold(Rule):
    """Full marks less `points` for each started step below the threshold; once when there is no step."""

    kind: ClassVar[str] = "below_threshold"
    measure: str
    threshold: Decimal
    points_each: Decimal
    step: Decimal | None

    @property
    def measures(self) -> tuple[str, ...]:
        """The one measure that is held against the threshold."""
        return (self.measure,)

    def points(self, values: Sequence[IntArray], maximum: int) -> IntArray:
        """Return maximum − started steps below the threshold × points."""
        short = np.maximum(value_to_int(self.threshold) - values[0], 0)
        steps = (short > 0) * np.int64(1) if self.step is None else -(-short // value_to_int(self.step))
        return maximum - steps * hundredths(self.points_each)

    def settings(self, values: Sequence[int], maximum: int) -> list[Setting]:
        """Return the end of the present step, the first value above zero points, and the threshold."""
        threshold = value_to_int(self.threshold)
        wanted = {threshold}
        if self.step is not None:
            step = value_to_int(self.step)
            started = -(-max(threshold - values[0], 0) // step)
            affordable = -(-maximum // hundredths(self.points_each)) - 1
            wanted |= {threshold - max(min(started - 1, affordable), 0) * step}
        return [{self.measure: to} for to in sorted(wanted) if values[0] < to <= threshold]

    def best(self, maximum: int) -> Setting:
        """Return the threshold."""
        del maximum
        return {self.measure: value_to_int(self.threshold)}

    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""
        label, each, points = labels[self.measure], short_points(self.points_each), short_points(maximum)
        bound = label.amount(value_to_int(self.threshold))
        if self.step is None:
            return Sentence(
                f"满分 {points} 分，“{label.zh}”低于 {bound.zh} 扣 {each} 分",
                f"{points} points, less {each} when {label.en} is below {bound.en}",
            )
        step = label.amount(value_to_int(self.step))
        return Sentence(
            f"满分 {points} 分，“{label.zh}”低于 {bound.zh} 的，"
            f"每低 {step.zh}（不足的按 {step.zh} 计）扣 {each} 分，扣完为止",
            f"{points} points, less {each} for each started {step.en} by which {label.en} is below {bound.en}",
        )

    def reason(self, values: Sequence[int], maximum: int, labels: Labels) -> Sentence:
        """Return how much the distance to the threshold costs."""
        got = int(self.points([np.array([values[0]], dtype=np.int64)], maximum)[0])
        return loses(labels[self.measure], values[0], min(maximum - got, maximum))
