"""Parts: items scaled to what the part is worth, and bounded; what is rounded still sums exactly."""

import numpy as np

from heli_assessment.engine.amounts import IntArray, SmallArray, half_up
from heli_assessment.engine.inputs import NOT_APPLICABLE
from heli_assessment.engine.plan import Block, PlannedPart, ScoringPlan


def scale_parts(plan: ScoringPlan, points: IntArray, states: SmallArray) -> None:
    """Scale the points of items (items × subjects) in place, block by block."""
    for part in plan.parts:
        for block in part.blocks:
            if not block.is_plain:
                _scale(plan, block, points, states)


def _scale(plan: ScoringPlan, block: Block, points: IntArray, states: SmallArray) -> None:
    """Let each item add what the rounded sum up to it adds; excluded items leave the sum that full marks make."""
    items = points[block.rows]
    whole = np.full(items.shape[1], block.raw, dtype=np.int64)
    if block.excludable:
        can = np.array([plan.items[row].is_excludable for row in block.rows])[:, None]
        out = (states[block.rows] == NOT_APPLICABLE) & can
        items = np.where(out, 0, items)
        whole -= (out * block.maxima[:, None]).sum(axis=0)
    sums = half_up(items.cumsum(axis=0) * block.target, np.maximum(whole, 1))
    # Where nothing at all applies there is nothing to be held against anybody: the block counts in full.
    sums[-1] = np.where(whole == 0, block.target, sums[-1])
    items[0] = sums[0]
    items[1:] = np.diff(sums, axis=0)
    points[block.rows] = items


def bound_part(part: PlannedPart, points: IntArray) -> None:
    """Let the items of a part count, in the order of the book, until the bound on their sum is reached."""
    items = points[part.first : part.after]
    sums = items.cumsum(axis=0).clip(part.least, part.most)
    items[0] = sums[0]
    items[1:] = np.diff(sums, axis=0)
