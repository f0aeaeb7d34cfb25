"""Points by rank among the subjects of a run: so much less per rank, a table, or in proportion to the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

import numpy as np

from heli_assessment.engine.amounts import ONE, VALUE_SCALE, IntArray, half_up, short_points, value_to_int
from heli_assessment.engine.rules.base import Label, Labels, Rule, Sentence, Setting, Span, hundredths, share_text


class Order(StrEnum):
    """Which value comes first."""

    MOST = "most_first"
    LEAST = "least_first"


class Ties(StrEnum):
    """Which rank equal values take: of places 2 and 3 both the second, both the third, the mean, or no gap after."""

    BETTER = "better"  # 1, 2, 2, 4
    WORSE = "worse"  # 1, 3, 3, 4
    MEAN = "mean"  # the mean of the points of the places they take up
    DENSE = "dense"  # 1, 2, 2, 3


TIED = {
    Ties.BETTER: Sentence("并列的取较前名次", "ties take the better rank"),
    Ties.WORSE: Sentence("并列的取较后名次", "ties take the worse rank"),
    Ties.MEAN: Sentence("并列的取所占名次得分的平均", "ties share the mean of the places they take up"),
    Ties.DENSE: Sentence("并列的取同一名次，其后名次不空", "ties share a rank and none is skipped"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The values that a subject is compared with, in rising order, and how many more are not known yet.

    `holds_own` says that the subject's own value is among them.
    """

    values: IntArray
    missing: int
    holds_own: bool

    def without(self, own: int | None) -> "Standing":
        """Return what others have: without the own value, or without one that is missing."""
        if own is None:
            return Standing(self.values, max(self.missing - 1, 0), holds_own=False)
        at = int(np.searchsorted(self.values, own))
        return Standing(np.delete(self.values, at), self.missing, holds_own=False)


NOBODY = Standing(np.zeros(0, dtype=np.int64), 0, holds_own=False)


@dataclass(frozen=True, slots=True)
class Ranked(Rule):
    """Points by rank; exactly one of table, points_each, share and in_proportion is given.

    `from_bottom` counts ranks from the last place. Ranks behind `down_to`, or outside the table, get `rest`. What
    others are missing opens the item's range.
    """

    kind: ClassVar[str] = "ranked"
    measure: str
    order: Order
    ties: Ties
    in_group: bool
    from_bottom: bool
    table: tuple[Decimal, ...]
    rest: Decimal
    points_each: Decimal | None
    share: Decimal | None
    in_proportion: bool
    down_to: int | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """The one measure that is compared."""
        return (self.measure,)

    def points(self, values: Sequence[IntArray], maximum: int) -> IntArray:
        """Return what a subject alone would get."""
        return self.within(values[0], NOBODY, maximum)[0]

    def within(self, values: IntArray, standing: Standing, maximum: int) -> tuple[IntArray, IntArray]:
        """Return the least and the most points that these values can have in a standing."""
        if self.in_proportion:
            return self._proportions(values, standing, maximum)
        ahead, equal = self._places(values, standing)
        given = self._by_place(standing.values.size + standing.missing + 1, maximum)
        first, last = (self._pick(given, ahead + shift, equal) for shift in (0, standing.missing))
        return np.minimum(first, last), np.maximum(first, last)

    def place(self, value: int, standing: Standing) -> int:
        """Return the rank of a value among those that are known."""
        ahead, equal = self._places(np.array([value], dtype=np.int64), standing)
        return int(ahead[0]) + 1 + (int(equal[0]) if self.ties is Ties.WORSE else 0)

    def span(self, maximum: int) -> Span:
        """Return from the least entry of the table, or 0, to the maximum."""
        return Span(min(0, hundredths(self.rest), *(hundredths(points) for points in self.table)), maximum)

    def settings(self, values: Sequence[int], maximum: int) -> list[Setting]:
        """Return nothing: what is worth aiming at depends on the others, see `aims`."""
        del values, maximum
        return []

    def aims(self, value: int | None, standing: Standing, *, is_share: bool) -> list[Setting]:
        """Return the values that overtake the next one ahead and the first; for a missing value, the first."""
        others = np.unique(standing.values)
        better = others[others > value] if value is not None and self.order is Order.MOST else others
        if value is not None and self.order is Order.LEAST:
            better = others[others < value][::-1]
        if value is None:
            better = others[-1:] if self.order is Order.MOST else others[:1]
        step = (1 if is_share else ONE) * (1 if self.order is Order.MOST else -1)
        marks = [int(better[0]), int(better[-1])] if better.size else [value or 0]
        found = [mark + more for mark in dict.fromkeys(marks) for more in (0, step)]
        return [{self.measure: to} for to in found if 0 <= to <= (ONE if is_share else to) and to != value]

    def best(self, maximum: int) -> Setting:
        """Return 0: the engine asks `aims` instead."""
        del maximum
        return {self.measure: 0}

    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""
        label, how, tied = labels[self.measure], self._how(maximum), TIED[self.ties]
        most = self.order is Order.MOST
        zh = f"按“{label.zh}”由{'高到低' if most else '低到高'}排名{'（倒数）' if self.from_bottom else ''}"
        en = f"ranked by {label.en}, the {'most' if most else 'least'} first{', from the last' * self.from_bottom}"
        if self.in_group:
            zh, en = f"在同组内{zh}", f"within the group {en}"
        return Sentence(f"{zh}：{how.zh}；{tied.zh}", f"{en}: {how.en}; {tied.en}")

    def reason(self, values: Sequence[int], maximum: int, labels: Labels) -> Sentence:
        """Return the value; the rank is told by `reason_within`."""
        return self.reason_within(values[0], NOBODY, maximum, labels[self.measure])

    def reason_within(self, value: int, standing: Standing, maximum: int, label: Label) -> Sentence:
        """Return the value, its rank and what that gives."""
        low, high = (int(each[0]) for each in self.within(np.array([value], dtype=np.int64), standing, maximum))
        now, place, of = label.amount(value), self.place(value, standing), standing.values.size + 1
        end = ("倒数", " from the last") if self.from_bottom else ("", "")
        zh = f"“{label.zh}”为 {now.zh}，在已知的 {of} 个中列{end[0]}第 {place} 名，得 {short_points(low)} 分"
        en = f"{label.en} is {now.en}, rank {place}{end[1]} of {of} known: {short_points(low)} points"
        if standing.missing:
            zh += f"；另有 {standing.missing} 个未报，最多可得 {short_points(high)} 分"
            en += f"; {standing.missing} more are not known, at most {short_points(high)}"
        return Sentence(zh, en)

    def _places(self, values: IntArray, standing: Standing) -> tuple[IntArray, IntArray]:
        """Return how many are ahead of each value, and how many others equal it."""
        known = standing.values
        below = np.searchsorted(known, values, side="left").astype(np.int64)
        upto = np.searchsorted(known, values, side="right").astype(np.int64)
        # A value that is not known is not in the standing: what is computed for it here is never used.
        equal = np.maximum(upto - below - (1 if standing.holds_own else 0), 0)
        counts_above = (self.order is Order.MOST) != self.from_bottom
        if self.ties is Ties.DENSE:
            distinct = np.unique(known)
            if counts_above:
                return distinct.size - np.searchsorted(distinct, values, side="right"), equal
            return np.searchsorted(distinct, values, side="left").astype(np.int64), equal
        return (known.size - upto if counts_above else below), equal

    def _pick(self, given: IntArray, ahead: IntArray, equal: IntArray) -> IntArray:
        if self.ties is Ties.WORSE:
            ahead = np.minimum(ahead + equal, given.size - 1)
        if self.ties is not Ties.MEAN:
            picked: IntArray = given[ahead]
            return picked
        sums: IntArray = np.concatenate([np.zeros(1, dtype=np.int64), given.cumsum()])
        return half_up(sums[np.minimum(ahead + equal + 1, given.size)] - sums[ahead], equal + 1)

    def _by_place(self, places: int, maximum: int) -> IntArray:
        """Return the points of the first, second … place."""
        behind = np.arange(places, dtype=np.int64)
        if self.points_each is not None:
            given = np.maximum(maximum - behind * hundredths(self.points_each), 0)
        elif self.share is not None:
            given = half_up(np.maximum(VALUE_SCALE - behind * value_to_int(self.share), 0) * maximum, VALUE_SCALE)
        else:
            table = np.array([hundredths(points) for points in (*self.table, self.rest)], dtype=np.int64)
            return table[np.minimum(behind, table.size - 1)]
        return given if self.down_to is None else np.where(behind < self.down_to, given, hundredths(self.rest))

    def _proportions(self, values: IntArray, standing: Standing, maximum: int) -> tuple[IntArray, IntArray]:
        top = int(standing.values[-1]) if standing.values.size else 0
        first = np.maximum(np.maximum(values, top), 1)
        most = half_up(np.maximum(values, 0) * maximum, first)
        least = np.zeros_like(most) if standing.missing else most
        if self.down_to is None:
            return least, most
        ahead, equal = self._places(values, standing)
        # Who is still missing may come in ahead: the place is one of these two, or lies between them.
        ends = [
            self._within(ahead + shift, equal, points) for shift in {0, standing.missing} for points in (least, most)
        ]
        return np.minimum.reduce(ends), np.maximum.reduce(ends)

    def _within(self, ahead: IntArray, equal: IntArray, points: IntArray) -> IntArray:
        """Return the points of those whose place counts, `rest` of the others; who is level takes what `ties` says."""
        rest, last = hundredths(self.rest), self.down_to or 0
        if self.ties is Ties.MEAN:
            inside = np.clip(last - ahead, 0, equal + 1)
            return half_up(inside * points + (equal + 1 - inside) * rest, equal + 1)
        behind = ahead + equal if self.ties is Ties.WORSE else ahead
        return np.where(behind < last, points, rest)

    def _how(self, maximum: int) -> Sentence:
        how, rest = self._how_first(maximum), short_points(self.rest)
        if self.down_to is None:
            return how
        return Sentence(
            f"{how.zh}；只计到第 {self.down_to} 名，其后 {rest} 分",
            f"{how.en}; down to rank {self.down_to}, {rest} behind it",
        )

    def _how_first(self, maximum: int) -> Sentence:
        full = short_points(maximum)
        if self.in_proportion:
            return Sentence(
                f"第一名 {full} 分，其他按与第一名的比例得分", f"{full} points for the first, others in proportion"
            )
        if self.points_each is not None:
            each = short_points(self.points_each)
            return Sentence(
                f"第一名 {full} 分，每降一名减 {each} 分", f"{full} points for the first, {each} less per rank"
            )
        if self.share is not None:
            part = share_text(self.share)
            return Sentence(
                f"第一名 {full} 分，每降一名减 {full} 分的 {part}",
                f"{full} points for the first, {part} of that less per rank",
            )
        listed, rest = "、".join(short_points(points) for points in self.table), short_points(self.rest)
        return Sentence(f"依次得 {listed} 分，其余 {rest} 分", f"in turn {listed} points, the rest {rest}")
