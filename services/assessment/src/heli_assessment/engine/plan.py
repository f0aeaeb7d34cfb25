"""A rulebook made ready for arrays: amounts as integers, groups and grades as indices."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from heli_assessment.engine.amounts import IntArray, points_to_int, value_to_int
from heli_assessment.engine.book import Grade, Item, Limit, Part, PartKind, Rulebook, WhenMissing, WhenNotApplicable
from heli_assessment.engine.rules.base import Rule

UNBOUNDED = -(2**62)


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One item with its amounts in hundredths; group -1 means every subject."""

    id: str
    rule: Rule
    keys: tuple[str, ...]
    maximum: int
    low: int
    high: int
    if_missing: tuple[int, int]
    if_not_applicable: int
    group: int


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """Where a part's items lie, and the bounds on their sum."""

    first: int
    after: int
    most: int
    least: int

    @property
    def is_bounded(self) -> bool:
        """Say whether the sum can be cut at all."""
        return self.most != -UNBOUNDED or self.least != UNBOUNDED


@dataclass(frozen=True, slots=True)
class PlannedLimit:
    """A veto or cap that triggers from a bound upwards, or below it; grade -1 disqualifies."""

    key: str
    bound: int
    triggers_above: bool
    grade: int


@dataclass(frozen=True, slots=True)
class ScoringPlan:
    """Everything that scoring needs, worked out once per rulebook version."""

    book: Rulebook
    items: tuple[PlannedItem, ...]
    parts: tuple[PlannedPart, ...]
    grade_bounds: IntArray
    limits: tuple[PlannedLimit, ...]
    keys: tuple[str, ...]
    groups: dict[str, int]

    def group_index(self, group: str | None) -> int:
        """Return the index of a group, -1 for none."""
        return -1 if group is None else self.groups[group]


def plan_of(book: Rulebook) -> ScoringPlan:
    """Return the plan of a rulebook that has passed the lint."""
    groups = {group.id: index for index, group in enumerate(book.groups)}
    items: list[PlannedItem] = []
    parts: list[PlannedPart] = []
    for part in book.parts:
        first = len(items)
        items += [_planned(part, item, groups) for item in part.items]
        most = -UNBOUNDED if part.most is None else points_to_int(part.most)
        least = UNBOUNDED if part.least is None else points_to_int(part.least)
        parts.append(PlannedPart(first, len(items), most, least))
    ordered = _ordered(book)
    grades = {grade.title: index for index, grade in enumerate(ordered)}
    bounds = [points_to_int(grade.at_least) for grade in ordered if grade.at_least is not None]
    return ScoringPlan(
        book=book,
        items=tuple(items),
        parts=tuple(parts),
        grade_bounds=np.array(bounds, dtype=np.int64),
        limits=tuple(_limit(limit, grades) for limit in book.limits()),
        keys=book.keys(),
        groups=groups,
    )


def grade_titles(book: Rulebook) -> tuple[str, ...]:
    """Return the grades from the lowest to the highest, as grade indices count them."""
    return tuple(grade.title for grade in _ordered(book))


def _ordered(book: Rulebook) -> list[Grade]:
    return sorted(book.grades, key=lambda grade: (grade.at_least is not None, grade.at_least or 0))


def _planned(part: Part, item: Item, groups: dict[str, int]) -> PlannedItem:
    maximum = points_to_int(item.maximum)
    span = item.rule.span(maximum)
    low = UNBOUNDED if span.low is None else span.low
    settled = {WhenMissing.RANGE: (low, span.high), WhenMissing.ZERO: (0, 0), WhenMissing.FULL: (maximum, maximum)}
    return PlannedItem(
        id=item.id,
        rule=item.rule,
        keys=item.input_keys(),
        maximum=maximum,
        low=low,
        high=span.high,
        if_missing=settled[item.missing],
        if_not_applicable=maximum if item.not_applicable is WhenNotApplicable.FULL else 0,
        group=groups[part.group] if part.kind is PartKind.OWN and part.group is not None else -1,
    )


def _limit(limit: Limit, grades: dict[str, int]) -> PlannedLimit:
    return PlannedLimit(
        key=limit.key(),
        bound=value_to_int(limit.below or Decimal(0) if limit.at_least is None else limit.at_least),
        triggers_above=limit.at_least is not None,
        grade=-1 if limit.grade is None else grades[limit.grade],
    )
