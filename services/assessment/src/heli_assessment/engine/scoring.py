"""Scores of all subjects at once, with the verdicts that explanations are made from."""

from dataclasses import dataclass

import numpy as np

from heli_assessment.engine.amounts import VALUE_SCALE, IntArray, SmallArray
from heli_assessment.engine.inputs import NOT_APPLICABLE, Column, Inputs
from heli_assessment.engine.items import OTHER_GROUP, Raw, empty_raw, score_items
from heli_assessment.engine.limits import NOT_TRIGGERED, TRIGGERED, Gained, held_down, verdict_of
from heli_assessment.engine.parts import bound_part, scale_parts
from heli_assessment.engine.plan import ScoringPlan
from heli_assessment.engine.standings import Standings, standings_of

__all__ = ["DISQUALIFIED", "OTHER_GROUP", "Verdicts", "score", "score_with_raw"]

DISQUALIFIED = -1
CHUNK = 16_384  # so many subjects at a time stay in the processor's caches


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What was decided: arrays items × subjects, limits × subjects, or one entry per subject.

    points and high are hundredths; points counts what is unknown at its least. states: 0 known, 1 missing,
    2 not applicable, -1 item of another group. bands: index of the band, -1 where a rule has none. uncapped is what an
    item would give without the bound of its part. held is what caps take from the sum of the points to make the low
    score. stars are 0 where grades go by score. grades: index from the lowest,
    -1 disqualified, before quotas; low_grades and high_grades are what missing data leave possible.
    """

    points: IntArray
    uncapped: IntArray
    high: IntArray
    states: SmallArray
    bands: SmallArray
    limits: SmallArray
    held: IntArray
    low_scores: IntArray
    high_scores: IntArray
    stars: IntArray
    grades: IntArray
    low_grades: IntArray
    high_grades: IntArray


def score(plan: ScoringPlan, inputs: Inputs, standings: Standings | None = None) -> Verdicts:
    """Return the verdicts on every subject; the same inputs always give the same arrays.

    Ranked items compare the subjects with one another, unless it is said what they are compared with.
    """
    return _scored(plan, inputs, standings, None)


def score_with_raw(plan: ScoringPlan, inputs: Inputs, standings: Standings) -> tuple[Verdicts, Raw]:
    """Return the verdicts, and what each item gives by itself, before its part is scaled and bounded."""
    raw = empty_raw(plan, inputs.size)
    return _scored(plan, inputs, standings, raw), raw


def _scored(plan: ScoringPlan, inputs: Inputs, standings: Standings | None, kept: Raw | None) -> Verdicts:
    compared = standings_of(plan, inputs) if standings is None else standings
    verdicts = _empty(len(plan.items), len(plan.limits), inputs.size)
    for start in range(0, inputs.size, CHUNK):
        rows = slice(start, min(start + CHUNK, inputs.size))
        _score_chunk(plan, _part_of(inputs, rows), compared, into=verdicts, rows=rows, kept=kept)
    return verdicts


def _empty(items: int, limits: int, size: int) -> Verdicts:
    shape = (items, size)
    totals = [np.zeros(size, dtype=np.int64) for _ in range(7)]
    return Verdicts(
        np.zeros(shape, dtype=np.int64),
        np.zeros(shape, dtype=np.int64),
        np.zeros(shape, dtype=np.int64),
        np.full(shape, OTHER_GROUP, dtype=np.int8),
        np.full(shape, -1, dtype=np.int8),
        np.zeros((limits, size), dtype=np.int8),
        *totals,
    )


def _score_chunk(
    plan: ScoringPlan, chunk: Inputs, standings: Standings, *, into: Verdicts, rows: slice, kept: Raw | None
) -> None:
    raw = Raw(into.uncapped[:, rows], into.high[:, rows], into.states[:, rows], into.bands[:, rows])
    score_items(plan, chunk, standings, into=raw)
    if kept is not None:
        kept.least[:, rows], kept.most[:, rows] = raw.least, raw.most
        kept.states[:, rows], kept.bands[:, rows] = raw.states, raw.bands
    stars = _stars(plan, raw)
    gained = [None if limit.rows is None else _gained(raw, limit.rows) for limit in plan.limits]
    scale_parts(plan, raw.least, raw.states)
    scale_parts(plan, raw.most, raw.states)
    into.points[:, rows] = raw.least
    for part in plan.parts:
        if part.is_bounded:
            bound_part(part, into.points[:, rows])
            bound_part(part, raw.most)
    whole = Gained(into.points[:, rows].sum(axis=0), raw.most.sum(axis=0), None)
    for index, (limit, points) in enumerate(zip(plan.limits, gained, strict=True)):
        into.limits[index, rows] = verdict_of(limit, chunk, points or whole)
    low, high = held_down(plan, into.limits[:, rows], whole)
    into.low_scores[rows], into.high_scores[rows], into.held[rows] = low, high, whole.least - low
    into.stars[rows] = stars[0]
    _grade(plan, stars if plan.stars else (low, high), into=into, rows=rows)


def _gained(raw: Raw, rows: IntArray) -> Gained:
    """Return the points of some rows by themselves; not applicable where none of them is of the subject."""
    ours = raw.states[rows] != OTHER_GROUP
    applies = (ours & (raw.states[rows] != NOT_APPLICABLE)).any(axis=0)
    return Gained((raw.least[rows] * ours).sum(axis=0), (raw.most[rows] * ours).sum(axis=0), applies)


def _part_of(inputs: Inputs, rows: slice) -> Inputs:
    columns = {
        key: Column(column.values[rows], None if column.states is None else column.states[rows])
        for key, column in inputs.columns.items()
    }
    return Inputs(rows.stop - rows.start, inputs.groups[rows], columns)


def _stars(plan: ScoringPlan, raw: Raw) -> tuple[IntArray, IntArray]:
    """Return how many stars are earned at the least and at the most; what is of another group earns none."""
    low, high = (np.zeros(raw.least.shape[1], dtype=np.int64) for _ in range(2))
    if plan.stars is None:
        return low, high
    maxima = np.array([item.maximum for item in plan.items], dtype=np.int64)[:, None]
    for rows in plan.stars.rows:
        ours = raw.states[rows] != OTHER_GROUP
        wanted = (ours * maxima[rows]).sum(axis=0) * plan.stars.passed
        low += (raw.least[rows].sum(axis=0) * VALUE_SCALE >= wanted) & ours.any(axis=0)
        high += (raw.most[rows].sum(axis=0) * VALUE_SCALE >= wanted) & ours.any(axis=0)
    return low, high


def _grade(plan: ScoringPlan, by: tuple[IntArray, IntArray], *, into: Verdicts, rows: slice) -> None:
    low, high = (np.searchsorted(plan.grade_bounds, each, side="right").astype(np.int64) for each in by)
    grades = low
    for index, limit in enumerate(plan.limits):
        verdict = into.limits[index, rows]
        held = verdict == TRIGGERED
        grades = np.where(held, np.minimum(grades, limit.grade), grades)
        high = np.where(held, np.minimum(high, limit.grade), high)
        low = np.where(verdict != NOT_TRIGGERED, np.minimum(low, limit.grade), low)
    into.grades[rows], into.low_grades[rows], into.high_grades[rows] = grades, low, high
