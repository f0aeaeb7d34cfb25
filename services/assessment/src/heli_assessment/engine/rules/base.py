"""What every rule kind promises the engine."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, NamedTuple

from heli_assessment.engine.amounts import IntArray, points_to_int, short_points, value_text


class Sentence(NamedTuple):
    """The same statement in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Label:
    """How a measure is named in sentences; a share is shown in per cent."""

    zh: str
    en: str
    unit_zh: str
    unit_en: str
    is_share: bool

    def amount(self, value: int) -> Sentence:
        """Return a scaled value with its unit: "3 次", "81.25%"."""
        if self.is_share:
            text = value_text(value * 100) + "%"
            return Sentence(text, text)
        text = value_text(value)
        return Sentence(f"{text} {self.unit_zh}".strip(), f"{text} {self.unit_en}".strip())


Labels = Mapping[str, Label]


def base_of(measure: str) -> str:
    """Return the name in the catalogue: "mark" of "mark.finance", "score" of "score:township"."""
    return measure.partition(":")[0].partition(".")[0]


Setting = Mapping[str, int]


class Span(NamedTuple):
    """The least and the most an item can give, in hundredths; low None means that nothing bounds it."""

    low: int | None
    high: int


class Rule(ABC):
    """A way to turn measure values into points.

    `values` are ten-thousandths, one array per measure in the order of `measures`; `maximum` and all results are
    hundredths of points. The engine clips what `points` returns to the span.
    """

    __slots__ = ()
    kind: ClassVar[str]

    @property
    @abstractmethod
    def measures(self) -> tuple[str, ...]:
        """The measures that are read, in the order in which `points` takes them."""

    @abstractmethod
    def points(self, values: Sequence[IntArray], maximum: int) -> IntArray:
        """Return the points of all subjects, not yet clipped to the span."""

    @abstractmethod
    def settings(self, values: Sequence[int], maximum: int) -> list[Setting]:
        """Return values worth aiming at from here, the nearest first; the engine keeps those that gain."""

    @abstractmethod
    def best(self, maximum: int) -> Setting:
        """Return measure values that give full marks (for a bonus: that give something)."""

    @abstractmethod
    def describe(self, maximum: int, labels: Labels) -> Sentence:
        """Return the rule as a sentence."""

    @abstractmethod
    def reason(self, values: Sequence[int], maximum: int, labels: Labels) -> Sentence:
        """Return why these values do not give full marks."""

    def label_of(self, measure: str, labels: Labels) -> Label:
        """Return how one of the measures is named in sentences."""
        return labels[measure]

    def span(self, maximum: int) -> Span:
        """Return the least and the most this rule can give."""
        return Span(0, maximum)

    def bands(self, values: Sequence[IntArray]) -> IntArray | None:
        """Return the band each subject fell into, for rules that have bands."""
        del values
        return None


def titled(title: str, measure: str, labels: Labels) -> Label:
    """Return the label of a measure that a rule names in words of its own; marks then count how often."""
    label = labels[measure]
    if not title:
        return label
    units = ("次", "times") if base_of(measure) == "mark" else (label.unit_zh, label.unit_en)
    return Label(title, title, *units, label.is_share)


def loses(label: Label, value: int, lost: int) -> Sentence:
    """Return the common sentence "it is X, which costs Y points"."""
    amount = label.amount(value)
    points = short_points(lost)
    return Sentence(
        f"“{label.zh}”为 {amount.zh}，扣 {points} 分", f"{label.en} is {amount.en}, which costs {points} points"
    )


def share_text(share: Decimal) -> str:
    """Return a share in per cent for sentences, such as "5%"."""
    return f"{short_points(share * 100)}%"


def hundredths(points: Decimal) -> int:
    """Return points of a rule in hundredths; the edge has checked that this is exact."""
    return points_to_int(points)
