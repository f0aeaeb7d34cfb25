"""A rulebook as the engine reads it: parts, items, grades, vetoes and caps, all frozen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from heli_assessment.engine.rules.base import Rule, base_of
from heli_assessment.engine.windows import EACH, look_back, years_back

MARK = "mark"
SCORE = "score"
POINTS = "points"


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
    EXCLUDED = "excluded"  # 缺项折算: the other items of the part share its points


class Evidence(StrEnum):
    """How an item is verified."""

    DOCUMENTS = "documents"  # 查资料
    LEDGERS = "ledgers"  # 查台账
    SITE = "site"  # 看现场
    MINUTES = "minutes"  # 查会议记录
    TALKS = "talks"  # 座谈走访
    SURVEY = "survey"  # 测评问卷
    DATA = "data"  # 系统数据


class Among(StrEnum):
    """Who is compared with whom."""

    ALL = "all"
    GROUP = "group"


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
    """One line of the scoring table; `each` names the windows (month, quarter) whose mean it is."""

    id: str
    title: str
    maximum: Decimal
    basis: Basis
    evidence: str
    scorer: str
    rule: Rule
    missing: WhenMissing
    not_applicable: WhenNotApplicable
    evidence_kinds: tuple[Evidence, ...] = ()
    window: str | None = None
    each: str | None = None

    @property
    def turns(self) -> tuple[str, ...]:
        """Return the windows that the item is read in one by one."""
        return EACH[self.each] if self.each else ()

    def keys_within(self, window: str) -> tuple[str, ...]:
        """Return the input keys of one of these windows; marks are then read by their day, too."""
        return tuple(f"{input_key(measure, self.id)}@{window}" for measure in self.rule.measures)

    def input_keys(self) -> tuple[str, ...]:
        """Return the input keys of the rule's measures; a mark is keyed by the item it is given to."""
        if self.turns:
            return tuple(key for window in self.turns for key in self.keys_within(window))
        return tuple(input_key(measure, self.id, self.window) for measure in self.rule.measures)


@dataclass(frozen=True, slots=True)
class Part:
    """A group of items with a declared maximum; `most`/`least` bound what counts of a bonus or penalty.

    `scaled_from` is what the items (of each window) sum to where that is not the maximum: they are then scaled to it.
    `windows` say how much of the maximum each slice of the year is worth; with `mean_of` each is worth all of it, and
    their mean counts.
    """

    id: str
    title: str
    kind: PartKind
    group: str | None
    maximum: Decimal | None
    most: Decimal | None
    least: Decimal | None
    items: tuple[Item, ...]
    scaled_from: Decimal | None = None
    windows: tuple[tuple[str, Decimal], ...] = ()
    mean_of: tuple[str, ...] = ()

    @property
    def slices(self) -> tuple[str, ...]:
        """Return the slices of the year that the items of the part belong to."""
        return self.mean_of or tuple(window for window, _ in self.windows)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of subjects that share an own part, recognised by unit id or by words in the name."""

    id: str
    title: str
    units: tuple[str, ...]
    names: tuple[str, ...]
    otherwise: bool


class Rounding(StrEnum):
    """How a share of the subjects becomes a number of places."""

    DOWN = "down"
    HALF_UP = "half_up"
    UP = "up"


@dataclass(frozen=True, slots=True)
class Quota:
    """How many may have a grade: a share of those ranked, or a count; who exceeds it gets the next lower grade.

    `ties_keep` says whether those who are equal at the cut all keep the grade, or all lose it.
    """

    share: Decimal | None
    count: int | None
    rounding: Rounding
    ties_keep: bool
    among: Among


@dataclass(frozen=True, slots=True)
class Grade:
    """A half-open interval of the score (or of the stars), [at_least, below)."""

    title: str
    at_least: Decimal | None
    below: Decimal | None
    quota: Quota | None = None


@dataclass(frozen=True, slots=True)
class Stars:
    """Grades by passes: one star for each of these parts or items that reaches `passed` of its maximum."""

    passed: Decimal
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A condition that takes away the grade (veto), holds grade or score down (cap), or is told (consequence).

    It is on a measure, on the points of `item` (an item, a part, or the whole book by its id), or with both on the
    mark given to that item. Exactly one of at_least and below is given. A veto without a grade disqualifies: no grade,
    no rank. `most` holds the score. A missing value never triggers; the answer then says "unknown". With `look_back`
    the measure is read over so many months up to the day of the run; with `running` the condition must have held so
    many years running, the year of the run included.
    """

    id: str
    title: str
    basis: Basis
    measure: str | None
    at_least: Decimal | None
    below: Decimal | None
    grade: str | None
    look_back: int | None = None
    item: str | None = None
    most: Decimal | None = None
    running: int = 1
    effect: str | None = None

    def key(self) -> str | None:
        """Return the input key of the measure; None where points are looked at."""
        if self.measure is None:
            return None
        key = input_key(self.measure, self.item or self.id)
        return key if self.look_back is None else f"{key}@{look_back(self.look_back)}"

    def earlier_keys(self, book: str) -> tuple[str, ...]:
        """Return the input keys of the years before that are looked at, in a book with this id."""
        whole = f"{SCORE}:{book}" if self.item == book else f"{POINTS}:{self.item}"
        return tuple(f"{self.key() or whole}@{years_back(n)}" for n in range(1, self.running))


@dataclass(frozen=True, slots=True)
class Case:
    """Inputs and the points they must give; measures that are not named are missing.

    `others` holds the values of other subjects, by input key, for what is ranked. A case with
    `subjects` is of several instead, each a case by itself: they are ranked among one another, and quotas are applied.
    """

    title: str
    group: str | None
    values: Mapping[str, Decimal | str]
    points: Mapping[str, Decimal]
    score: Decimal | None
    low: Decimal | None
    high: Decimal | None
    grade: str | None
    others: Mapping[str, Sequence[Decimal | str]] = field(default_factory=dict)
    rank: int | None = None
    triggers: frozenset[str] | None = None
    subjects: "tuple[Case, ...]" = ()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One scoring table, dated and with its basis.

    `tie_break` names parts or items that decide between equal scores; `clauses` are those of the document that rules
    must rest on.
    """

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
    stars: Stars | None = None
    tie_break: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    consequences: tuple[Limit, ...] = ()

    def limits(self) -> tuple[Limit, ...]:
        """Return vetoes, then caps, then consequences."""
        return self.vetoes + self.caps + self.consequences

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
        read = {base_of(measure) for _, item in self.items() for measure in item.rule.measures}
        return frozenset(read | {base_of(limit.measure) for limit in self.limits() if limit.measure is not None})

    def keys(self) -> tuple[str, ...]:
        """Return all input keys in the order of their first use."""
        keys = [key for _, item in self.items() for key in item.input_keys()]
        return tuple(dict.fromkeys([*keys, *self.limit_keys()]))

    def limit_keys(self) -> tuple[str, ...]:
        """Return the input keys that vetoes, caps and consequences read."""
        keys = [key for limit in self.limits() for key in (limit.key(), *limit.earlier_keys(self.id))]
        return tuple(dict.fromkeys(key for key in keys if key is not None))


def input_key(measure: str, owner: str, window: str | None = None) -> str:
    """Return the input key of a measure: "mark:ITEM" or "mark:ITEM.SCORER" for marks, "visits@q1" within a window.

    Marks are given to the item itself and scores of other schemes are of a whole run: neither takes a window.
    """
    base = base_of(measure)
    if base == MARK:
        return f"{MARK}:{owner}{measure.removeprefix(MARK)}"
    return measure if window is None or base == SCORE else f"{measure}@{window}"
