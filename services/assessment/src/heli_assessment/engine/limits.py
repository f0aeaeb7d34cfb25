"""Vetoes, caps and consequences: whether a condition is met, and what caps leave of a score."""

from dataclasses import dataclass

import numpy as np

from heli_assessment.engine.amounts import POINT_SCALE, VALUE_SCALE, BoolArray, IntArray, SmallArray
from heli_assessment.engine.inputs import KNOWN, MISSING, Column, Inputs
from heli_assessment.engine.plan import PlannedLimit, ScoringPlan

NOT_TRIGGERED, TRIGGERED, UNKNOWN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Gained:
    """Points at the least and at the most in hundredths, and to whom they apply; None: to all."""

    least: IntArray
    most: IntArray
    applies: BoolArray | None


def verdict_of(limit: PlannedLimit, inputs: Inputs, points: Gained) -> SmallArray:
    """Return not triggered, triggered or unknown for each subject: the condition must hold now and in earlier years."""
    now = _on_points(limit, points) if limit.key is None else _on_values(limit, inputs.columns[limit.key])
    if not limit.earlier:
        return now
    every = np.stack([now, *(_on_values(limit, inputs.columns[key]) for key in limit.earlier)])
    broken, certain = (every == NOT_TRIGGERED).any(axis=0), (every == TRIGGERED).all(axis=0)
    return np.where(broken, NOT_TRIGGERED, np.where(certain, TRIGGERED, UNKNOWN)).astype(np.int8)


def held_down(plan: ScoringPlan, verdicts: SmallArray, whole: Gained) -> tuple[IntArray, IntArray]:
    """Return the scores at the least and at the most that caps leave; the least allows for caps that are unknown."""
    low, high = whole.least, whole.most
    for limit, verdict in zip(plan.limits, verdicts, strict=True):
        if limit.most is not None:
            low = np.where(verdict != NOT_TRIGGERED, np.minimum(low, limit.most), low)
            high = np.where(verdict == TRIGGERED, np.minimum(high, limit.most), high)
    return low, high


def _on_values(limit: PlannedLimit, column: Column) -> SmallArray:
    verdict = _met(limit, column.values).astype(np.int8)
    if column.states is None:
        return verdict
    unknown = np.where(column.states == MISSING, UNKNOWN, NOT_TRIGGERED)
    return np.where(column.states == KNOWN, verdict, unknown).astype(np.int8)


def _on_points(limit: PlannedLimit, points: Gained) -> SmallArray:
    """Return the verdict on points that may lie anywhere between the least and the most."""
    ends = [_met(limit, each * (VALUE_SCALE // POINT_SCALE)) for each in (points.least, points.most)]
    verdict = np.where(ends[0] & ends[1], TRIGGERED, np.where(ends[0] | ends[1], UNKNOWN, NOT_TRIGGERED))
    if points.applies is not None:
        verdict = np.where(points.applies, verdict, NOT_TRIGGERED)
    return verdict.astype(np.int8)


def _met(limit: PlannedLimit, values: IntArray) -> BoolArray:
    met: BoolArray = values >= limit.bound if limit.triggers_above else values < limit.bound
    return met
