"""Rules with steps: graded bands and bonuses by level."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

import numpy as np

from heli_assessment.engine.amounts import ONE, VALUE_SCALE, IntArray, half_up, short_points, value_to_int
from heli_assessment.engine.rules.base import Label, Labels, Rule, Sentence, Setting, hundredths


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


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a bonus: which measure counts, and the points of one."""

    measure: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class BonusPerLevel(Rule):
    """So many points for each piece at each level (省、市、县), at most the item's maximum."""

    kind: ClassVar[str] = "bonus_per_level"
    levels: tuple[Level, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """One measure per level."""
        return tuple(level.measure for level in self.levels)

    def points(self, values: Sequence[IntArray], maximum: int) -> IntArray:
        """Return the sum over levels of count × points."""
        del maximum
        total = np.zeros_like(values[0])
        for level, counts in zip(self.levels, values, strict=True):
            total += half_up(np.maximum(counts, 0) * hundredths(level.points), VALUE_SCALE)
        return total

    def settings(self, values: Sequence[int], maximum: int) -> list[Setting]:
        """Return one more at each level, the most rewarding level first."""
        del maximum
        pairs = sorted(zip(self.levels, values, strict=True), key=lambda pair: -pair[0].points)
        return [{level.measure: value + ONE} for level, value in pairs]

    def best(self, maximum: int) -> Setting:
        """Return one at the most rewarding level and none elsewhere."""
        del maximum
        top = max(self.levels, key=lambda level: level.points)
        return {level.measure: ONE if level is top else 0 for level in self.levels}

    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""
        zh = "；".join(
            f"“{labels[x.measure].zh}”每 1 {labels[x.measure].unit_zh}加 {short_points(x.points)} 分"
            for x in self.levels
        )
        en = "; ".join(f"{short_points(x.points)} points for each of {labels[x.measure].en}" for x in self.levels)
        most = short_points(maximum)
        return Sentence(f"{zh}，最多加 {most} 分", f"{en}; at most {most} points")

    def reason(self, values: Sequence[int], maximum: int, labels: Labels) -> Sentence:
        """Return the counts at each level."""
        amounts = [labels[x.measure].amount(v) for x, v in zip(self.levels, values, strict=True)]
        zh = "，".join(f"“{labels[x.measure].zh}” {a.zh}" for x, a in zip(self.levels, amounts, strict=True))
        en = ", ".join(f"{labels[x.measure].en} {a.en}" for x, a in zip(self.levels, amounts, strict=True))
        most = short_points(maximum)
        return Sentence(f"{zh}，未达到加分上限 {most} 分", f"{en}: below the most a bonus can give, {most} points")
