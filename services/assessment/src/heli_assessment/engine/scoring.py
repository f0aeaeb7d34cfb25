"""Scores of all subjects at once, with the verdicts that explanations are made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from heli_assessment.engine.amounts import IntArray, SmallArray
from heli_assessment.engine.inputs import KNOWN, MISSING, NOT_APPLICABLE, Column, Inputs
from heli_assessment.engine.plan import PlannedItem, PlannedLimit, PlannedPart, ScoringPlan

OTHER_GROUP = -1
NOT_TRIGGERED, TRIGGERED, UNKNOWN = 0, 1, 2
DISQUALIFIED = -1
CHUNK = 16_384  # so many subjects at a time stay in the processor's caches


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What was decided: arrays items × subjects, limits × subjects, or one entry per subject.

    points and high are hundredths; points counts what is unknown at its least. states: 0 known, 1 missing,
    2 not applicable, -1 item of another group. bands: index of the band, -1 where a rule has none. uncapped is what an
    item would give without the bound of its part. grades: index from the lowest, -1 disqualified.
    """

    points: IntArray
    uncapped: IntArray
    high: IntArray
    states: SmallArray
    bands: SmallArray
    limits: SmallArray
    low_scores: IntArray
    high_scores: IntArray
    grades: IntArray


def score(plan: ScoringPlan, inputs: Inputs) -> Verdicts:
    """Return the verdicts on every subject; the same inputs always give the same arrays."""
    shape = (len(plan.items), inputs.size)
    verdicts = Verdicts(
        points=np.zeros(shape, dtype=np.int64),
        uncapped=np.zeros(shape, dtype=np.int64),
        high=np.zeros(shape, dtype=np.int64),
        states=np.full(shape, OTHER_GROUP, dtype=np.int8),
        bands=np.full(shape, -1, dtype=np.int8),
        limits=np.zeros((len(plan.limits), inputs.size), dtype=np.int8),
        low_scores=np.zeros(inputs.size, dtype=np.int64),
        high_scores=np.zeros(inputs.size, dtype=np.int64),
        grades=np.zeros(inputs.size, dtype=np.int64),
    )
    for start in range(0, inputs.size, CHUNK):
        _score_chunk(plan, inputs, verdicts, slice(start, min(start + CHUNK, inputs.size)))
    return verdicts


def _score_chunk(plan: ScoringPlan, inputs: Inputs, into: Verdicts, rows: slice) -> None:
    chunk = _part_of(inputs, rows)
    members = {-1: None, **{g: np.flatnonzero(chunk.groups == g) for g in plan.groups.values()}}
    for index, item in enumerate(plan.items):
        which = members[item.group]
        if which is None:
            _score_item(item, chunk.columns, into, (index, rows))
        elif which.size:
            columns = {key: _taken(chunk.columns[key], which) for key in item.keys}
            _score_item(item, columns, into, (index, which + rows.start))
    into.points[:, rows] = into.uncapped[:, rows]
    for part in plan.parts:
        if part.is_bounded:
            _bound_part(part, into.points[:, rows])
            _bound_part(part, into.high[:, rows])
    into.low_scores[rows] = into.points[:, rows].sum(axis=0)
    into.high_scores[rows] = into.high[:, rows].sum(axis=0)
    _grade(plan, chunk, into, rows)


def _part_of(inputs: Inputs, rows: slice) -> Inputs:
    columns = {
        key: Column(column.values[rows], None if column.states is None else column.states[rows])
        for key, column in inputs.columns.items()
    }
    return Inputs(rows.stop - rows.start, inputs.groups[rows], columns)


def _taken(column: Column, which: IntArray) -> Column:
    return Column(column.values[which], None if column.states is None else column.states[which])


def _score_item(
    item: PlannedItem, columns: Mapping[str, Column], into: Verdicts, at: tuple[int, slice | IntArray]
) -> None:
    cells = [columns[key] for key in item.keys]
    values = [cell.values for cell in cells]
    points = item.rule.points(values, item.maximum).clip(item.low, item.high)
    high = points
    states = _joined_states(cells)
    if states is None:
        into.states[at] = KNOWN
    else:
        least, most = item.if_missing
        fixed = np.where(states == NOT_APPLICABLE, item.if_not_applicable, points)
        points = np.where(states == MISSING, least, fixed)
        high = np.where(states == MISSING, most, fixed)
        into.states[at] = states
    into.uncapped[at] = points
    into.high[at] = high
    bands = item.rule.bands(values)
    if bands is not None:
        into.bands[at] = bands


def _joined_states(cells: Sequence[Column]) -> SmallArray | None:
    """Return missing where any input is missing, not applicable where all are; None when all are known."""
    if all(cell.states is None for cell in cells):
        return None
    known = np.zeros(cells[0].values.shape, dtype=np.int8)
    stack = np.array([known if cell.states is None else cell.states for cell in cells])
    missing = (stack == MISSING).any(axis=0)
    impossible = (stack == NOT_APPLICABLE).all(axis=0)
    return np.where(missing, MISSING, np.where(impossible, NOT_APPLICABLE, KNOWN)).astype(np.int8)


def _bound_part(part: PlannedPart, points: IntArray) -> None:
    """Let the items of a part count, in the order of the book, until the bound on their sum is reached."""
    items = points[part.first : part.after]
    sums = items.cumsum(axis=0).clip(part.least, part.most)
    items[0] = sums[0]
    items[1:] = np.diff(sums, axis=0)


def _grade(plan: ScoringPlan, chunk: Inputs, into: Verdicts, rows: slice) -> None:
    grades = np.searchsorted(plan.grade_bounds, into.low_scores[rows], side="right").astype(np.int64)
    for index, limit in enumerate(plan.limits):
        verdict = _limit_verdict(limit, chunk.columns[limit.key])
        into.limits[index, rows] = verdict
        grades = np.where(verdict == TRIGGERED, np.minimum(grades, limit.grade), grades)
    into.grades[rows] = grades


def _limit_verdict(limit: PlannedLimit, column: Column) -> SmallArray:
    met = column.values >= limit.bound if limit.triggers_above else column.values < limit.bound
    verdict = met.astype(np.int8)
    if column.states is None:
        return verdict
    unknown = np.where(column.states == MISSING, UNKNOWN, NOT_TRIGGERED)
    return np.where(column.states == KNOWN, verdict, unknown).astype(np.int8)


@dataclass(frozen=True, slots=True)
class Ranks:
    """Competition ranks (1, 2, 2, 4) by score; best and worst are what missing data could still make of them.

    0 stands for no rank: the subject is disqualified.
    """

    rank: IntArray
    best: IntArray
    worst: IntArray


def rank(verdicts: Verdicts) -> Ranks:
    """Return the ranks of all subjects that are not disqualified."""
    counted = verdicts.grades != DISQUALIFIED
    low, high = np.sort(verdicts.low_scores[counted]), np.sort(verdicts.high_scores[counted])
    above_low = low.size - np.searchsorted(low, verdicts.low_scores, side="right")
    surely_above = low.size - np.searchsorted(low, verdicts.high_scores, side="right")
    maybe_above = high.size - np.searchsorted(high, verdicts.low_scores, side="right")
    itself = (verdicts.high_scores > verdicts.low_scores).astype(np.int64)
    return Ranks(
        rank=np.where(counted, above_low + 1, 0),
        best=np.where(counted, surely_above + 1, 0),
        worst=np.where(counted, maybe_above - itself + 1, 0),
    )
