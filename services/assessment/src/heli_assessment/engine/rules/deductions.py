"""The rule with several deductions and one floor that they share (多种扣分，扣完为止)."""

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
from heli_assessment.engine.rules.base import Label, Labels, Sentence, Setting, Span, hundredths, titled
from heli_assessment.engine.rules.several import Several


@dataclass(frozen=True, slots=True)
class Deduction:
    """What costs `points`: each unit of the measure, each one short of `target`, or once `below` or from `at_least`.

    With a `step` each started step below costs so much.
    """

    measure: str
    points: Decimal
    title: str = ""
    target: Decimal | None = None
    below: Decimal | None = None
    step: Decimal | None = None
    at_least: Decimal | None = None

    def lost(self, values: IntArray) -> IntArray:
        """Return what these values cost, in hundredths."""
        each = hundredths(self.points)
        if self.target is not None:
            return half_up(np.maximum(value_to_int(self.target) - values, 0) * each, VALUE_SCALE)
        if self.below is not None:
            short = np.maximum(value_to_int(self.below) - values, 0)
            steps = (short > 0) * np.int64(1) if self.step is None else -(-short // value_to_int(self.step))
            return steps * each
        if self.at_least is not None:
            return (values >= value_to_int(self.at_least)) * np.int64(each)
        return half_up(np.maximum(values, 0) * each, VALUE_SCALE)

    def best(self) -> int:
        """Return the nearest value that costs nothing."""
        bound = self.target if self.target is not None else self.below
        return 0 if bound is None else value_to_int(bound)

    def worst(self) -> int:
        """Return a value that costs most."""
        if self.target is not None or self.below is not None:
            return 0
        return value_to_int(LARGEST_VALUE if self.at_least is None else self.at_least)

    def nearer(self, now: int) -> int:
        """Return the next better value from here."""
        if self.target is not None:
            return min(now + ONE, self.best())
        if self.below is not None and self.step is not None:
            step = value_to_int(self.step)
            return self.best() - max(-(-(self.best() - now) // step) - 1, 0) * step
        return max(now - ONE, 0) if self.below is None and self.at_least is None else self.best()

    def label(self, labels: Labels) -> Label:
        """Return how it is named in sentences."""
        return titled(self.title, self.measure, labels)

    def words(self, labels: Labels) -> Sentence:
        """Return it in words."""
        label, each = self.label(labels), short_points(self.points)
        if self.target is not None:
            aim = label.amount(value_to_int(self.target))
            return Sentence(
                f"“{label.zh}”应达 {aim.zh}，每少 1 {label.unit_zh}扣 {each} 分",
                f"{each} less for each one of {label.en} short of {aim.en}",
            )
        if self.below is not None:
            bound = label.amount(value_to_int(self.below))
            if self.step is None:
                return Sentence(
                    f"“{label.zh}”低于 {bound.zh} 扣 {each} 分", f"{each} less when {label.en} is below {bound.en}"
                )
            step = label.amount(value_to_int(self.step))
            return Sentence(
                f"“{label.zh}”低于 {bound.zh} 的，每低 {step.zh}扣 {each} 分",
                f"{each} less for each started {step.en} by which {label.en} is below {bound.en}",
            )
        if self.at_least is not None:
            bound = label.amount(value_to_int(self.at_least))
            return Sentence(
                f"“{label.zh}”达到 {bound.zh} 扣 {each} 分", f"{each} less when {label.en} reaches {bound.en}"
            )
        return Sentence(f"“{label.zh}”每 1 {label.unit_zh}扣 {each} 分", f"{each} less for each unit of {label.en}")


@dataclass(frozen=True, slots=True)
class Deductions(Several):
    """Full marks less everything that several deductions cost, never below the floor they share."""

    kind: ClassVar[str] = "deductions"
    of: tuple[Deduction, ...]
    floor: Decimal

    @property
    def measures(self) -> tuple[str, ...]:
        """One measure for each deduction."""
        return tuple(each.measure for each in self.of)

    def together(self, values: Sequence[IntArray], there: Sequence[BoolArray], maximum: int) -> IntArray:
        """Return the maximum less what those that are there cost; what cannot be costs nothing."""
        total = np.full(values[0].shape, maximum, dtype=np.int64)
        for each, cell, counts in zip(self.of, values, there, strict=True):
            total -= np.where(counts, each.lost(cell), 0)
        return total

    def span(self, maximum: int) -> Span:
        """Return from the floor to the maximum."""
        return Span(hundredths(self.floor), maximum)

    def worst(self, maximum: int) -> Setting:
        """Return the value of each that costs most."""
        del maximum
        return {each.measure: each.worst() for each in self.of}

    def best(self, maximum: int) -> Setting:
        """Return the value of each that costs nothing."""
        del maximum
        return {each.measure: each.best() for each in self.of}

    def settings(self, values: Sequence[int], maximum: int) -> list[Setting]:
        """Return for each that costs something the next better value and the best, then ever more of them at once."""
        del maximum
        costs = [(self._cost(each, now), each, now) for each, now in zip(self.of, values, strict=True)]
        costly = sorted((each for each in costs if each[0] > 0), key=lambda found: -found[0])
        found: list[Setting] = []
        for _, each, now in costly:
            if now >= 0:
                found.append({each.measure: each.nearer(now)})
            found.append({each.measure: each.best()})
        bests = [(each.measure, each.best()) for _, each, _ in costly]
        return found + [dict(bests[:size]) for size in range(2, len(bests) + 1)]

    def label_of(self, measure: str, labels: Labels) -> Label:
        """Return how a deduction is named."""
        return next(each for each in self.of if each.measure == measure).label(labels)

    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""
        words = [each.words(labels) for each in self.of]
        zh, en = "；".join(each.zh for each in words), "; ".join(each.en for each in words)
        full, floor = short_points(maximum), short_points(self.floor)
        if maximum == 0:
            most = short_points(-self.floor)
            return Sentence(f"{zh}；合计最多扣 {most} 分", f"{en}; at most {most} altogether")
        return Sentence(f"满分 {full} 分：{zh}；合计扣至 {floor} 分为止", f"{full} points: {en}; not below {floor}")

    def reason(self, values: Sequence[int], maximum: int, labels: Labels) -> Sentence:
        """Return which of them cost how much."""
        zh, en, total = [], [], 0
        for each, now in zip(self.of, values, strict=True):
            lost = self._cost(each, now)
            if lost:
                label, amount = each.label(labels), each.label(labels).amount(now)
                zh.append(f"“{label.zh}”为 {amount.zh}，扣 {short_points(lost)} 分")
                en.append(f"{label.en} is {amount.en}: {short_points(lost)} less")
            total += lost
        room = maximum - hundredths(self.floor)
        if total > room:
            zh.append(f"合计 {short_points(total)} 分，只扣 {short_points(room)} 分")
            en.append(f"{short_points(total)} altogether, of which {short_points(room)} count")
        return Sentence("；".join(zh), "; ".join(en))

    def _cost(self, each: Deduction, now: int) -> int:
        value = each.worst() if now < 0 else now
        return int(each.lost(np.array([value], dtype=np.int64))[0])
