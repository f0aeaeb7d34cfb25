"""The rule with steps: graded bands."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

import numpy as np

from heli_assessment.engine.amounts import ONE, IntArray, short_points, value_to_int
from heli_assessment.engine.rules.base import Label, Labels, Rule, Sentence, Setting, Span, hundredths


@dataclass(frozen=True, slots=True)
class Band:
    """A half-open interval [at_least, below) and its points; an absent bound is open."""

    at_least: Decimal | None
    below: Decimal | None
    points: Decimal
    title: str

    def aim(self) -> int:
        """Return a value inside: the greatest whole one below the upper bound, otherwise the lower bound."""
        lowest = 0 if self.at_least is None else value_to_int(self.at_least)
        if self.below is None:
            return lowest
        whole = (value_to_int(self.below) - 1) // ONE * ONE
        return max(whole, lowest)

    def words(self, label: Label) -> Sentence:
        """Return the interval in words."""
        low = None if self.at_least is None else label.amount(value_to_int(self.at_least))
        high = None if self.below is None else label.amount(value_to_int(self.below))
        if low is not None and high is not None:
            return Sentence(f"{low.zh}以上、不足 {high.zh}", f"from {low.en} to below {high.en}")
        if low is not None:
            return Sentence(f"{low.zh}以上", f"{low.en} and more")
        if high is not None:
            return Sentence(f"不足 {high.zh}", f"below {high.en}")
        return Sentence("任何值", "any value")


@dataclass(frozen=True, slots=True)
class Graded(Rule):
    """The points of the band the value falls into (好/较好/一般/无); bands are sorted and without holes."""

    kind: ClassVar[str] = "graded"
    measure: str
    steps: tuple[Band, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """The one measure that is graded."""
        return (self.measure,)

    def bands(self, values: Sequence[IntArray]) -> IntArray:
        """Return the index of each subject's band."""
        bounds = np.array([value_to_int(band.at_least or Decimal(0)) for band in self.steps[1:]], dtype=np.int64)
        return np.searchsorted(bounds, values[0], side="right").astype(np.int64)

    def points(self, values: Sequence[IntArray], maximum: int) -> IntArray:
        """Return the points of each subject's band."""
        del maximum
        table = np.array([hundredths(band.points) for band in self.steps], dtype=np.int64)
        return table[self.bands(values)]

    def span(self, maximum: int) -> Span:
        """Return from the least band, or 0, to the maximum."""
        return Span(min(0, *(hundredths(band.points) for band in self.steps)), maximum)

    def settings(self, values: Sequence[int], maximum: int) -> list[Setting]:
        """Return a value in each better band, the nearest band first."""
        del maximum
        now = int(self.bands([np.array([values[0]], dtype=np.int64)])[0])
        better = [i for i, band in enumerate(self.steps) if band.points > self.steps[now].points]
        return [{self.measure: self._toward(i, now)} for i in sorted(better, key=lambda i: abs(i - now))]

    def best(self, maximum: int) -> Setting:
        """Return a value in the band with most points."""
        del maximum
        top = max(range(len(self.steps)), key=lambda i: self.steps[i].points)
        return {self.measure: self._toward(top, 0)}

    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""
        label = labels[self.measure]
        zh, en = [], []
        for band in self.steps:
            words, points = band.words(label), short_points(band.points)
            zh.append(
                f"{band.title or words.zh}（{words.zh}）得 {points} 分" if band.title else f"{words.zh}得 {points} 分"
            )
            en.append(f"{points} points for {words.en}")
        return Sentence(
            f"满分 {short_points(maximum)} 分，按“{label.zh}”分档：" + "；".join(zh),
            f"{short_points(maximum)} points, graded by {label.en}: " + "; ".join(en),
        )

    def reason(self, values: Sequence[int], maximum: int, labels: Labels) -> Sentence:
        """Return the band the value fell into."""
        label = labels[self.measure]
        band = self.steps[int(self.bands([np.array([values[0]], dtype=np.int64)])[0])]
        now, words = label.amount(values[0]), band.words(label)
        points, full = short_points(band.points), short_points(maximum)
        return Sentence(
            f"“{label.zh}”为 {now.zh}，属于“{band.title or words.zh}”档，得 {points} 分，满分 {full} 分",
            f"{label.en} is {now.en}, in the band {words.en}: {points} of {full} points",
        )

    def _toward(self, band: int, now: int) -> int:
        step = self.steps[band]
        if band > now and step.at_least is not None:
            return value_to_int(step.at_least)
        return step.aim()
