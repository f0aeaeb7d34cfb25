"""Points of a subject: what people may put in the place of automatic points, the sum, grades and ranks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from heli_assessment.engine.amounts import POINT_SCALE, VALUE_SCALE, IntArray
from heli_assessment.engine.book import Part, PartKind, Rulebook
from heli_assessment.engine.plan import ScoringPlan, grade_titles
from heli_assessment.engine.ranking import grades_within
from heli_assessment.engine.scoring import DISQUALIFIED

Points = Mapping[str, Decimal]
_TWO_PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ItemSpan:
    """What one item can give: points from `least` to `most`."""

    id: str
    title: str
    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class Held:
    """What vetoes and caps leave: the highest grade, the highest score, and whether there is a grade at all."""

    ceiling: str | None = None
    most: Decimal | None = None
    is_vetoed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A total with the grade it gives before quotas; None where a veto takes the grade away."""

    score: Decimal
    grade: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One subject as it stands: its points, and what vetoes and caps leave it."""

    subject: str
    group: str | None
    points: Points
    held: Held


@dataclass(frozen=True, slots=True)
class Settled:
    """The final grade and rank of one subject; both None when it is vetoed."""

    grade: str | None
    rank: int | None


def spans_of(book: Rulebook, group: str | None) -> dict[str, ItemSpan]:
    """Return the span of every item that a subject of the group is scored on; penalties lie below zero.

    Where a part is scaled, what an item gives depends on the others: it is at most what the whole part is worth.
    """
    found = {}
    for part, item in book.items():
        if part.kind is PartKind.OWN and part.group != group:
            continue
        most = item.maximum if part.maximum is None or not _is_scaled(part) else part.maximum
        ends = (-item.maximum, Decimal(0)) if part.kind is PartKind.PENALTY else (Decimal(0), most)
        found[item.id] = ItemSpan(item.id, item.title, *ends)
    return found


def _is_scaled(part: Part) -> bool:
    return part.scaled_from is not None or bool(part.windows)


def total(book: Rulebook, points: Points) -> Decimal:
    """Return the sum of points, each part held within its own bounds."""
    whole = Decimal(0)
    for part in book.parts:
        count = sum((points[item.id] for item in part.items if item.id in points), Decimal(0))
        most = part.maximum if part.kind in {PartKind.COMMON, PartKind.OWN} else part.most
        count = count if most is None else min(count, most)
        whole += count if part.least is None else max(count, part.least)
    return whole.quantize(_TWO_PLACES)


def outcome(plan: ScoringPlan, points: Points, held: Held) -> Outcome:
    """Return the total and its grade, held down by caps; a veto leaves the points and takes the grade."""
    score = _score(plan, points, held)
    if held.is_vetoed:
        return Outcome(score, None)
    return Outcome(score, grade_titles(plan.book)[_earned(plan, score, points, held.ceiling)])


def _score(plan: ScoringPlan, points: Points, held: Held) -> Decimal:
    whole = total(plan.book, points)
    return whole if held.most is None else min(whole, held.most).quantize(_TWO_PLACES)


def _earned(plan: ScoringPlan, score: Decimal, points: Points, ceiling: str | None) -> int:
    """Return the index of the grade that a score, or the stars of the items, earn."""
    by = int(score * POINT_SCALE) if plan.stars is None else _stars(plan, points)
    earned = int(np.searchsorted(plan.grade_bounds, by, side="right"))
    return earned if ceiling is None else min(earned, grade_titles(plan.book).index(ceiling))


def _stars(plan: ScoringPlan, points: Points) -> int:
    count = 0
    for rows in plan.stars.rows if plan.stars else ():
        ours = [plan.items[row] for row in rows if plan.items[row].id in points]
        wanted = sum(item.maximum for item in ours) * (plan.stars.passed if plan.stars else 0)
        earned = sum(int(points[item.id] * POINT_SCALE) for item in ours) * VALUE_SCALE
        count += bool(ours) and earned >= wanted
    return count


def lowest(book: Rulebook, titles: Iterable[str]) -> str | None:
    """Return the lowest of some grades of a book, None of none."""
    return min(titles, key=grade_titles(book).index, default=None)


def settle(plan: ScoringPlan, standings: Sequence[Standing]) -> dict[str, Settled]:
    """Return everybody's grade and rank: quotas, ties and the book's tie-break are among all of them together."""
    if not standings:
        return {}
    scores = np.array([int(_score(plan, each.points, each.held) * POINT_SCALE) for each in standings], dtype=np.int64)
    order = _order(plan, scores, standings)
    groups = np.array([plan.group_index(each.group) for each in standings], dtype=np.int64)
    earned = [
        DISQUALIFIED if each.held.is_vetoed
        else _earned(plan, Decimal(int(score)) / POINT_SCALE, each.points, each.held.ceiling)
        for each, score in zip(standings, scores, strict=True)
    ]  # fmt: skip
    grades, _ = grades_within(plan, np.array(earned, dtype=np.int64), order=order, scores=scores, groups=groups)
    counted = np.sort(order[grades != DISQUALIFIED])
    titles = grade_titles(plan.book)
    return {
        each.subject: Settled(None, None)
        if grade == DISQUALIFIED
        else Settled(titles[grade], int(counted.size - np.searchsorted(counted, place, side="right")) + 1)
        for each, grade, place in zip(standings, grades, order, strict=True)
    }


def _order(plan: ScoringPlan, scores: IntArray, standings: Sequence[Standing]) -> IntArray:
    """Return a number for each subject, greater where it comes before; equal only where it is a tie."""
    keys = [scores]
    for rows in plan.tie_break:
        ids = [plan.items[row].id for row in rows]
        keys.append(
            np.array(
                [sum(int(each.points.get(id_, 0) * POINT_SCALE) for id_ in ids) for each in standings], dtype=np.int64
            )
        )
    _, dense = np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)
    return dense.reshape(-1).astype(np.int64)
