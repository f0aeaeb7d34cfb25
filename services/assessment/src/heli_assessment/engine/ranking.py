"""Ranks and quotas: what depends on all subjects of a run together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

import numpy as np

from heli_assessment.engine.amounts import BoolArray, IntArray
from heli_assessment.engine.book import Among, Quota, Rounding
from heli_assessment.engine.plan import ScoringPlan
from heli_assessment.engine.scoring import DISQUALIFIED, Verdicts

_ROUNDINGS = {Rounding.DOWN: ROUND_FLOOR, Rounding.HALF_UP: ROUND_HALF_UP, Rounding.UP: ROUND_CEILING}


@dataclass(frozen=True, slots=True)
class Ranks:
    """Competition ranks (1, 2, 2, 4) by score, then by the book's tie-break.

    best and worst are what missing data could still make of them. 0 stands for no rank: the subject is disqualified.
    """

    rank: IntArray
    best: IntArray
    worst: IntArray


@dataclass(frozen=True, slots=True)
class Cut:
    """How a quota was used: so many places, so many given, the lowest score in and the highest one out (hundredths)."""

    grade: int
    group: int
    places: int
    given: int
    last_in: int | None
    first_out: int | None


def order_of(plan: ScoringPlan, verdicts: Verdicts) -> IntArray:
    """Return a number for each subject, greater where it comes before; equal only where it is a tie."""
    keys = [verdicts.low_scores] + [verdicts.points[rows].sum(axis=0) for rows in plan.tie_break]
    if len(keys) == 1:
        return verdicts.low_scores
    table = np.stack(keys, axis=1)
    _, dense = np.unique(table, axis=0, return_inverse=True)
    return dense.reshape(-1).astype(np.int64)


def rank(plan: ScoringPlan, verdicts: Verdicts) -> Ranks:
    """Return the ranks of all subjects that are not disqualified."""
    counted = verdicts.grades != DISQUALIFIED
    order = order_of(plan, verdicts)
    ordered = np.sort(order[counted])
    low, high = np.sort(verdicts.low_scores[counted]), np.sort(verdicts.high_scores[counted])
    ahead = ordered.size - np.searchsorted(ordered, order, side="right")
    surely_above = low.size - np.searchsorted(low, verdicts.high_scores, side="right")
    # With a tie-break an equal score may come before; who is equal on everything still shares the rank.
    reach = verdicts.low_scores - 1 if plan.tie_break else verdicts.low_scores
    maybe_above = high.size - np.searchsorted(high, reach, side="right")
    is_open = bool((verdicts.high_scores != verdicts.low_scores)[counted].any())
    itself = 1 if plan.tie_break else (verdicts.high_scores > verdicts.low_scores).astype(np.int64)
    best = surely_above + 1 if is_open or not plan.tie_break else ahead + 1
    worst = maybe_above - itself + 1 if is_open or not plan.tie_break else ahead + 1
    return Ranks(
        rank=np.where(counted, ahead + 1, 0), best=np.where(counted, best, 0), worst=np.where(counted, worst, 0)
    )


def places_of(quota: Quota, size: int) -> int:
    """Return how many of `size` subjects may have the grade."""
    if quota.share is None:
        return quota.count or 0
    return int((quota.share * Decimal(size)).to_integral_value(_ROUNDINGS[quota.rounding]))


def with_quotas(plan: ScoringPlan, verdicts: Verdicts, groups: IntArray) -> tuple[IntArray, list[Cut]]:
    """Return the grades after quotas, from the best grade down, and how each quota was used."""
    order = order_of(plan, verdicts)
    return grades_within(plan, verdicts.grades, order=order, scores=verdicts.low_scores, groups=groups)


def grades_within(
    plan: ScoringPlan, earned: IntArray, *, order: IntArray, scores: IntArray, groups: IntArray
) -> tuple[IntArray, list[Cut]]:
    """Return the grades that quotas leave of those that were earned, and how each quota was used."""
    grades = earned.copy()
    cuts: list[Cut] = []
    for grade in range(len(plan.quotas) - 1, 0, -1):
        quota = plan.quotas[grade]
        if quota is None:
            continue
        for group in np.unique(groups) if quota.among is Among.GROUP else [-1]:
            here = (grades != DISQUALIFIED) & (groups == group if quota.among is Among.GROUP else True)
            inside = np.flatnonzero(here & (grades == grade))
            places = places_of(quota, int(here.sum()))
            kept = _kept(order[inside], places, ties_keep=quota.ties_keep)
            grades[inside[~kept]] = grade - 1
            cuts.append(_cut((grade, int(group), places), scores[inside], kept))
    return grades, cuts


def _kept(order: IntArray, places: int, *, ties_keep: bool) -> BoolArray:
    """Return who keeps the grade; those who are equal at the cut share one fate."""
    if order.size <= places:
        return np.ones(order.size, dtype=np.bool_)
    falling = np.sort(order)[::-1]
    if places == 0:
        return np.zeros(order.size, dtype=np.bool_)
    kept: BoolArray = order >= falling[places - 1] if ties_keep else order > falling[places]
    return kept


def _cut(place: tuple[int, int, int], scores: IntArray, kept: BoolArray) -> Cut:
    grade, group, places = place
    last_in = int(scores[kept].min()) if kept.any() else None
    first_out = int(scores[~kept].max()) if not kept.all() else None
    return Cut(grade, group, places, int(kept.sum()), last_in, first_out)


def grade_range(plan: ScoringPlan, verdicts: Verdicts, grades: IntArray, groups: IntArray) -> tuple[IntArray, IntArray]:
    """Return the lowest and highest grade that missing data leave possible, quotas included.

    Where any score is open, a quota could fall on whoever is graded by it: the lowest grade allows for that.
    """
    settled = (verdicts.low_scores == verdicts.high_scores) & (verdicts.low_grades == verdicts.high_grades)
    if settled.all():
        return grades, grades
    low, high = verdicts.low_grades.copy(), verdicts.high_grades.copy()
    for grade in range(len(plan.quotas) - 1, 0, -1):
        quota = plan.quotas[grade]
        if quota is None:
            continue
        least, rivals = _least_places(quota, verdicts, groups), _rivals(quota, verdicts, groups)
        low = np.where((low == grade) & (rivals >= least), grade - 1, low)
    return np.minimum(low, grades), np.maximum(high, grades)


def _least_places(quota: Quota, verdicts: Verdicts, groups: IntArray) -> IntArray:
    """Return for each subject how few places there may be, should everybody who may be disqualified be so."""
    sure = verdicts.low_grades != DISQUALIFIED
    sizes: Mapping[int, int] = {int(group): int((sure & (groups == group)).sum()) for group in np.unique(groups)}
    everybody = places_of(quota, int(sure.sum()))
    by_group = {group: places_of(quota, size) for group, size in sizes.items()}
    chosen: Sequence[int] = [by_group[int(g)] if quota.among is Among.GROUP else everybody for g in groups]
    return np.array(chosen, dtype=np.int64)


def _rivals(quota: Quota, verdicts: Verdicts, groups: IntArray) -> IntArray:
    """Return how many others may come level with each subject or ahead of it."""
    found = np.zeros(groups.size, dtype=np.int64)
    for group in np.unique(groups) if quota.among is Among.GROUP else [None]:
        here = np.ones(groups.size, dtype=np.bool_) if group is None else groups == group
        high = np.sort(verdicts.high_scores[here])
        found[here] = high.size - np.searchsorted(high, verdicts.low_scores[here], side="left") - 1
    return found
