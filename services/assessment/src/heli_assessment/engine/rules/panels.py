"""Rules on several marks for one item: of several scorers, or on several things that were drawn (抽查)."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

import numpy as np

from heli_assessment.engine.amounts import POINT_SCALE, BoolArray, IntArray, half_up, short_points, value_to_int
from heli_assessment.engine.rules.base import Label, Labels, Sentence, Setting
from heli_assessment.engine.rules.several import Several


class Combine(StrEnum):
    """How several marks become one."""

    SUM = "sum"
    MEAN = "mean"
    TRIMMED_MEAN = "trimmed_mean"
    WEIGHTS = "weights"
    LEAST = "least"


COMBINED = {
    Combine.SUM: Sentence("各方分值相加", "their points are added"),
    Combine.MEAN: Sentence("取平均", "the mean counts"),
    Combine.TRIMMED_MEAN: Sentence("去掉最高、最低后取平均", "the mean without the highest and the lowest counts"),
    Combine.WEIGHTS: Sentence("按权重加权平均", "the weighted mean counts"),
    Combine.LEAST: Sentence("取最低", "the lowest counts"),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """One mark of a panel: whose it is, its full mark, and its weight."""

    id: str
    title: str
    full: Decimal
    weight: Decimal = Decimal(1)


class Panel(Several):
    """Marks from 0 to the full mark of each seat, put together and brought to the item's maximum.

    A seat that is not applicable is left out; one without a mark counts 0 at the least and its full mark at the most.
    """

    __slots__ = ()
    combine: Combine

    @property
    @abstractmethod
    def seats(self) -> tuple[Seat, ...]:
        """Every mark that the item expects, in order."""

    @property
    def trim(self) -> int:
        """How many marks are left out at each end."""
        return 0

    @property
    def measures(self) -> tuple[str, ...]:
        """One mark per seat."""
        return tuple(f"mark.{seat.id}" for seat in self.seats)

    def together(self, values: Sequence[IntArray], there: Sequence[BoolArray], maximum: int) -> IntArray:
        """Return the points of the seats that are there; 0 where none is."""
        full = [value_to_int(seat.full) for seat in self.seats]
        marks = np.stack([np.clip(value, 0, most) for value, most in zip(values, full, strict=True)])
        counts = np.stack(there)
        if self.combine is Combine.LEAST:
            least: IntArray = np.where(counts, marks, full[0]).min(axis=0) * counts.any(axis=0)
            return half_up(least * maximum, full[0])
        if self.combine is Combine.TRIMMED_MEAN:
            counts = counts & ~_ends(marks, counts, self.trim)
        weights = np.array([int(seat.weight * POINT_SCALE) for seat in self.seats], dtype=np.int64)[:, None]
        got: IntArray = np.where(counts, marks * weights, 0).sum(axis=0)
        most: IntArray = np.where(counts, np.array(full, dtype=np.int64)[:, None] * weights, 0).sum(axis=0)
        return half_up(got * maximum, np.maximum(most, 1))

    def settings(self, values: Sequence[int], maximum: int) -> list[Setting]:
        """Return the full mark at each seat that has less, and everywhere at once."""
        del maximum
        full = {name: value_to_int(seat.full) for name, seat in zip(self.measures, self.seats, strict=True)}
        short = {name: full[name] for name, now in zip(self.measures, values, strict=True) if now < full[name]}
        single: list[Setting] = [{name: to} for name, to in short.items()]
        return single if len(short) < 2 else [*single, short]  # noqa: PLR2004 - one alone is the same setting twice

    def best(self, maximum: int) -> Setting:
        """Return the full mark everywhere."""
        del maximum
        return {name: value_to_int(seat.full) for name, seat in zip(self.measures, self.seats, strict=True)}

    def worst(self, maximum: int) -> Setting:
        """Return no point anywhere."""
        del maximum
        return dict.fromkeys(self.measures, 0)

    def label_of(self, measure: str, labels: Labels) -> Label:
        """Return how the mark of a seat is named."""
        seat, mark = self.seats[self.measures.index(measure)], labels["mark"]
        return Label(f"{seat.title}：{mark.zh}", f"{mark.en}, {seat.title}", mark.unit_zh, mark.unit_en, is_share=False)

    def reason(self, values: Sequence[int], maximum: int, labels: Labels) -> Sentence:
        """Return the marks that were given."""
        del labels
        got = short_points(int(self.points([np.array([v], dtype=np.int64) for v in values], maximum)[0]))
        pairs = [(seat, short_points(Decimal(v) / 10_000)) for seat, v in zip(self.seats, values, strict=True)]
        zh = "、".join(f"{seat.title} {mark} 分（满分 {short_points(seat.full)}）" for seat, mark in pairs)
        en = ", ".join(f"{seat.title} {mark} of {short_points(seat.full)}" for seat, mark in pairs)
        how = COMBINED[self.combine]
        return Sentence(f"{zh}；{how.zh}，计 {got} 分", f"{en}; {how.en}: {got} points")


def _ends(marks: IntArray, counts: BoolArray, trim: int) -> BoolArray:
    """Return which marks are left out: `trim` at each end, where more than that remain."""
    lowest, highest = np.iinfo(np.int64).min, np.iinfo(np.int64).max
    rising = np.argsort(np.argsort(np.where(counts, marks, highest), axis=0, kind="stable"), axis=0, kind="stable")
    falling = np.argsort(np.argsort(-np.where(counts, marks, lowest + 1), axis=0, kind="stable"), axis=0, kind="stable")
    enough = counts.sum(axis=0) > 2 * trim
    ends: BoolArray = ((rising < trim) | (falling < trim)) & enough & counts
    return ends


@dataclass(frozen=True, slots=True)
class Scorers(Panel):
    """Several offices or judges score one item, each with its own points or on one scale."""

    kind: ClassVar[str] = "scorers"
    panel: tuple[Seat, ...]
    combine: Combine
    drop: int = 0

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Return the scorers."""
        return self.panel

    @property
    def trim(self) -> int:
        """Return how many marks are dropped at each end."""
        return self.drop

    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""
        del labels
        weighted = self.combine is Combine.WEIGHTS
        zh = "、".join(f"{s.title} {short_points(s.weight if weighted else s.full)}" for s in self.panel)
        en = ", ".join(f"{s.title} {short_points(s.weight if weighted else s.full)}" for s in self.panel)
        how, points = COMBINED[self.combine], short_points(maximum)
        dropped = f"（各去掉 {self.drop} 个）" if self.drop else ""
        return Sentence(
            f"满分 {points} 分，由 {len(self.panel)} 方评分（{zh}），{how.zh}{dropped}",
            f"{points} points, scored by {len(self.panel)} ({en}); {how.en}",
        )


class Population(StrEnum):
    """What things may be drawn from, for each subject."""

    TOWNSHIPS = "townships"
    CONTACT_POINTS = "contact_points"
    ENTERPRISES = "enterprises"
    ORGANIZATIONS = "organizations"


POPULATIONS = {
    Population.TOWNSHIPS: Sentence("乡镇（街道）", "townships"),
    Population.CONTACT_POINTS: Sentence("领导联系点", "contact points"),
    Population.ENTERPRISES: Sentence("企业", "enterprises"),
    Population.ORGANIZATIONS: Sentence("党组织", "Party organisations"),
}


@dataclass(frozen=True, slots=True)
class Sampled(Panel):
    """So many things are drawn for each subject; each is marked, the marks are put together (抽查)."""

    kind: ClassVar[str] = "sampled"
    population: Population
    draw: int
    full: Decimal
    combine: Combine

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Return one seat for each place in the draw."""
        title = POPULATIONS[self.population].zh
        return tuple(Seat(str(n), f"抽中的第 {n} 个{title}", self.full) for n in range(1, self.draw + 1))

    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""
        del labels
        what, how = POPULATIONS[self.population], COMBINED[self.combine]
        points, full = short_points(maximum), short_points(self.full)
        return Sentence(
            f"满分 {points} 分，抽查 {self.draw} 个{what.zh}，每个按 {full} 分评分，{how.zh}",
            f"{points} points: {self.draw} {what.en} are drawn, each marked up to {full}; {how.en}",
        )
