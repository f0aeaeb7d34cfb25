"""A rulebook made ready for arrays: amounts as integers, groups and grades as indices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from heli_assessment.engine.amounts import IntArray, points_to_int, value_to_int
from heli_assessment.engine.book import (
    Grade,
    Item,
    Limit,
    Part,
    PartKind,
    Quota,
    Rulebook,
    WhenMissing,
    WhenNotApplicable,
)
from heli_assessment.engine.rules.base import Rule
from heli_assessment.engine.windows import lies_within

UNBOUNDED = -(2**62)
EVERY_GROUP, NO_GROUP = -1, -2


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One item with its amounts in hundredths; group -1 means every subject, -2 none (an item of another window).

    `turns` are the same item within each of the windows whose mean it is.
    """

    id: str
    rule: Rule
    keys: tuple[str, ...]
    maximum: int
    low: int
    high: int
    missing: WhenMissing
    if_missing: tuple[int, int]
    if_not_applicable: int
    is_excludable: bool
    group: int
    turns: "tuple[PlannedItem, ...]" = ()

    def singles(self) -> "tuple[PlannedItem, ...]":
        """Return the items that are read by themselves: this one, or each of its turns."""
        return self.turns or (self,)


@dataclass(frozen=True, slots=True)
class Block:
    """Items of a part that are scaled together: what they sum to becomes `target`, in hundredths."""

    rows: IntArray
    maxima: IntArray
    raw: int
    target: int
    excludable: bool

    @property
    def is_plain(self) -> bool:
        """Say whether the items count as they are."""
        return self.raw == self.target and not self.excludable


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """Where a part's items lie, how they are scaled, and the bounds on their sum."""

    first: int
    after: int
    most: int
    least: int
    blocks: tuple[Block, ...]

    @property
    def is_bounded(self) -> bool:
        """Say whether the sum can be cut at all."""
        return self.most != -UNBOUNDED or self.least != UNBOUNDED


@dataclass(frozen=True, slots=True)
class PlannedLimit:
    """A condition that is met from a bound upwards, or below it, now and in all years of `earlier` (input keys).

    It looks at a measure (`key`), at the points of `rows`, or with neither at the whole score. grade -1 disqualifies,
    the highest one holds nobody down; `most` holds the score, in hundredths.
    """

    key: str | None
    rows: IntArray | None
    bound: int
    triggers_above: bool
    grade: int
    most: int | None
    earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedStars:
    """What earns a star: sets of rows that together reach `passed` (ten-thousandths) of their maxima."""

    passed: int
    rows: tuple[IntArray, ...]


@dataclass(frozen=True, slots=True)
class ScoringPlan:
    """Everything that scoring needs, worked out once per rulebook version and window."""

    book: Rulebook
    window: str | None
    items: tuple[PlannedItem, ...]
    parts: tuple[PlannedPart, ...]
    grade_bounds: IntArray
    quotas: tuple[Quota | None, ...]
    stars: PlannedStars | None
    tie_break: tuple[IntArray, ...]
    limits: tuple[PlannedLimit, ...]
    keys: tuple[str, ...]
    groups: dict[str, int]

    def group_index(self, group: str | None) -> int:
        """Return the index of a group, -1 for none."""
        return -1 if group is None else self.groups[group]


def plan_of(book: Rulebook, window: str | None = None) -> ScoringPlan:
    """Return the plan of a rulebook that has passed the lint; with a window, of that slice of the year alone.

    The items of other windows are then left out, and the window is worth the whole maximum of its part.
    """
    groups = {group.id: index for index, group in enumerate(book.groups)}
    items: list[PlannedItem] = []
    parts: list[PlannedPart] = []
    for part in book.parts:
        first = len(items)
        items += [_planned(part, item, groups, window) for item in part.items]
        most = -UNBOUNDED if part.most is None else points_to_int(part.most)
        least = UNBOUNDED if part.least is None else points_to_int(part.least)
        parts.append(PlannedPart(first, len(items), most, least, tuple(_blocks(part, items, first, window))))
    ordered = _ordered(book)
    grades = {grade.title: index for index, grade in enumerate(ordered)}
    bounds = [_bound(book, grade.at_least) for grade in ordered if grade.at_least is not None]
    return ScoringPlan(
        book=book,
        window=window,
        items=tuple(items),
        parts=tuple(parts),
        grade_bounds=np.array(bounds, dtype=np.int64),
        quotas=tuple(grade.quota for grade in ordered),
        stars=_stars(book),
        tie_break=tuple(rows_of(book, id_) for id_ in book.tie_break),
        limits=tuple(_limit(book, limit, grades) for limit in book.limits()),
        keys=_keys(book, items),
        groups=groups,
    )


def grade_titles(book: Rulebook) -> tuple[str, ...]:
    """Return the grades from the lowest to the highest, as grade indices count them."""
    return tuple(grade.title for grade in _ordered(book))


def rows_of(book: Rulebook, id_: str) -> IntArray:
    """Return the rows of an item, or of all items of a part."""
    found = [row for row, (part, item) in enumerate(book.items()) if id_ in {part.id, item.id}]
    return np.array(found, dtype=np.int64)


def _ordered(book: Rulebook) -> list[Grade]:
    return sorted(book.grades, key=lambda grade: (grade.at_least is not None, grade.at_least or 0))


def _bound(book: Rulebook, at_least: Decimal) -> int:
    return points_to_int(at_least) if book.stars is None else int(at_least)


def _keys(book: Rulebook, items: Sequence[PlannedItem]) -> tuple[str, ...]:
    keys = [key for item in items if item.group != NO_GROUP for key in item.keys]
    return tuple(dict.fromkeys([*keys, *book.limit_keys()]))


def _planned(part: Part, item: Item, groups: dict[str, int], window: str | None) -> PlannedItem:
    maximum = points_to_int(item.maximum)
    span = item.rule.span(maximum)
    low = UNBOUNDED if span.low is None else span.low
    settled = {WhenMissing.RANGE: (low, span.high), WhenMissing.ZERO: (0, 0), WhenMissing.FULL: (maximum, maximum)}
    group = groups[part.group] if part.kind is PartKind.OWN and part.group is not None else EVERY_GROUP
    kept = [turn for turn in item.turns if window is None or lies_within(turn, window)]
    is_left_out = window is not None and (item.window not in {None, window} or (bool(item.turns) and not kept))
    planned = PlannedItem(
        id=item.id,
        rule=item.rule,
        keys=item.input_keys(),
        maximum=maximum,
        low=low,
        high=span.high,
        missing=item.missing,
        if_missing=settled[item.missing],
        if_not_applicable=maximum if item.not_applicable is WhenNotApplicable.FULL else 0,
        is_excludable=item.not_applicable is WhenNotApplicable.EXCLUDED,
        group=NO_GROUP if is_left_out else group,
    )
    if not kept:
        return planned
    turns = tuple(replace(planned, id=f"{item.id}@{turn}", keys=item.keys_within(turn)) for turn in kept)
    return replace(planned, keys=tuple(key for turn in turns for key in turn.keys), turns=turns)


def _blocks(part: Part, items: Sequence[PlannedItem], first: int, window: str | None) -> list[Block]:
    """Return the blocks of a part in turn: one for each window, or one for all; then the mean of windows, if it is."""
    if part.maximum is None:
        return []
    worth, everything = points_to_int(part.maximum), range(first, len(items))
    if not part.slices:
        return [_block(items, everything, worth)]
    shares = dict(part.windows) or dict.fromkeys(part.mean_of, part.maximum)
    if window in shares:
        shares = {window: part.maximum}
    blocks = [
        _block(items, [first + i for i, item in enumerate(part.items) if item.window == each], points_to_int(share))
        for each, share in shares.items()
    ]
    if part.mean_of and len(shares) > 1:
        rows = np.array(everything, dtype=np.int64)
        blocks.append(Block(rows, np.zeros_like(rows), len(shares) * worth, worth, excludable=False))
    return blocks


def _block(items: Sequence[PlannedItem], rows: Sequence[int], target: int) -> Block:
    maxima = np.array([items[row].maximum for row in rows], dtype=np.int64)
    excludable = any(items[row].is_excludable for row in rows)
    return Block(np.array(rows, dtype=np.int64), maxima, int(maxima.sum()), target, excludable)


def _stars(book: Rulebook) -> PlannedStars | None:
    if book.stars is None:
        return None
    return PlannedStars(value_to_int(book.stars.passed), tuple(rows_of(book, id_) for id_ in book.stars.of))


def _limit(book: Rulebook, limit: Limit, grades: dict[str, int]) -> PlannedLimit:
    highest = len(grades) - 1
    disqualified = -1 if limit in book.vetoes else highest
    by_points = limit.measure is None and limit.item != book.id
    return PlannedLimit(
        key=limit.key(),
        rows=rows_of(book, limit.item or "") if by_points else None,
        bound=value_to_int(limit.below or Decimal(0) if limit.at_least is None else limit.at_least),
        triggers_above=limit.at_least is not None,
        grade=disqualified if limit.grade is None else grades[limit.grade],
        most=None if limit.most is None else points_to_int(limit.most),
        earlier=limit.earlier_keys(book.id),
    )
