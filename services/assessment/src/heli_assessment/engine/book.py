"""A rulebook as the engine reads it: parts, items, grades, vetoes and caps, all frozen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from heli_assessment.engine.rules.base import Rule

MARK = "mark"


class PartKind(StrEnum):
    """Where the points of a part belong."""

    COMMON = "common"  # 通用: every subject, inside the hundred
    OWN = "own"  # 履职差异: the subjects of one group, inside the hundred
    BONUS = "bonus"  # 加分: outside the hundred
    PENALTY = "penalty"  # 扣分: outside the hundred


class WhenMissing(StrEnum):
    """What a missing value means for an item."""

    RANGE = "range"  # unknown: counted at the least, and the score becomes a range
    ZERO = "zero"  # settled: no points
    FULL = "full"  # settled: the item's maximum


class WhenNotApplicable(StrEnum):
    """What a value that cannot exist for a subject means for an item."""

    ZERO = "zero"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Basis:
    """The document and clause that a rule rests on."""

    document: str
    clause: str

    def __str__(self) -> str:
        """Return document and clause in one line."""
        return f"{self.document} {self.clause}".strip()


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the scoring table."""

    id: str
    title: str
    maximum: Decimal
    basis: Basis
    evidence: str
    scorer: str
    rule: Rule
    missing: WhenMissing
    not_applicable: WhenNotApplicable

    def input_keys(self) -> tuple[str, ...]:
        """Return the input keys of the rule's measures; a mark is keyed by the item it is given to."""
        return tuple(input_key(measure, self.id) for measure in self.rule.measures)


@dataclass(frozen=True, slots=True)
class Part:
    """A group of items with a declared maximum; `most`/`least` bound what counts of a bonus or penalty."""

    id: str
    title: str
    kind: PartKind
    group: str | None
    maximum: Decimal | None
    most: Decimal | None
    least: Decimal | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of subjects that share an own part, recognised by unit id or by words in the name."""

    id: str
    title: str
    units: tuple[str, ...]
    names: tuple[str, ...]
    otherwise: bool


@dataclass(frozen=True, slots=True)
class Grade:
    """A half-open interval of the score, [at_least, below)."""

    title: str
    at_least: Decimal | None
    below: Decimal | None


@dataclass(frozen=True, slots=True)
class Limit:
    """A condition on one measure that takes away the grade (veto) or holds it down (cap).

    Exactly one of at_least and below is given. grade None disqualifies: no grade, no rank.
    A missing value never triggers; the answer then says "unknown".
    """

    id: str
    title: str
    basis: Basis
    measure: str
    at_least: Decimal | None
    below: Decimal | None
    grade: str | None

    def key(self) -> str:
        """Return the input key of the measure."""
        return input_key(self.measure, self.id)


@dataclass(frozen=True, slots=True)
class Case:
    """Inputs and the points they must give; measures that are not named are missing."""

    title: str
    group: str | None
    values: Mapping[str, Decimal | str]
    points: Mapping[str, Decimal]
    score: Decimal | None
    low: Decimal | None
    high: Decimal | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One scoring table, dated and with its basis."""

    id: str
    title: str
    edition: str
    subject_kind: str
    effective_from: date
    basis: Basis
    maximum: Decimal
    groups: tuple[Group, ...]
    parts: tuple[Part, ...]
    grades: tuple[Grade, ...]
    vetoes: tuple[Limit, ...]
    caps: tuple[Limit, ...]
    cases: tuple[Case, ...]

    def limits(self) -> tuple[Limit, ...]:
        """Return vetoes, then caps."""
        return self.vetoes + self.caps

    def items(self) -> Iterator[tuple[Part, Item]]:
        """Yield every item with its part, in the order of the book."""
        for part in self.parts:
            for item in part.items:
                yield part, item

    def group_of(self, unit: str, name: str) -> str | None:
        """Return the group of a subject: by unit id, else the first whose word is in the name, else the rest."""
        for group in self.groups:
            if unit in group.units:
                return group.id
        for group in self.groups:
            if any(word in name for word in group.names):
                return group.id
        return next((group.id for group in self.groups if group.otherwise), None)

    def measures(self) -> frozenset[str]:
        """Return the ids of all measures that the book reads, `mark` included."""
        read = {measure for _, item in self.items() for measure in item.rule.measures}
        return frozenset(read | {limit.measure for limit in self.limits()})

    def keys(self) -> tuple[str, ...]:
        """Return all input keys in the order of their first use."""
        keys = [key for _, item in self.items() for key in item.input_keys()]
        return tuple(dict.fromkeys(keys + [limit.key() for limit in self.limits()]))


def input_key(measure: str, owner: str) -> str:
    """Return the input key of a measure: itself, or "mark:ID" for the mark given to one item or veto."""
    return f"{MARK}:{owner}" if measure == MARK else measure
