"""What each item gives by itself, before parts are scaled and bounded: the least, the most, its state and band."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from heli_assessment.engine.amounts import IntArray, SmallArray, half_up
from heli_assessment.engine.book import WhenMissing
from heli_assessment.engine.inputs import KNOWN, MISSING, NOT_APPLICABLE, Column, Inputs
from heli_assessment.engine.plan import EVERY_GROUP, PlannedItem, ScoringPlan
from heli_assessment.engine.rules.ranked import Ranked
from heli_assessment.engine.rules.several import Several
from heli_assessment.engine.standings import Standings

OTHER_GROUP = -1


@dataclass(frozen=True, slots=True)
class Raw:
    """Arrays items × subjects: points at the least and at the most in hundredths, states, bands (-1: none)."""

    least: IntArray
    most: IntArray
    states: SmallArray
    bands: SmallArray


def empty_raw(plan: ScoringPlan, size: int) -> Raw:
    """Return arrays to be filled, for so many subjects."""
    shape = (len(plan.items), size)
    return Raw(
        np.zeros(shape, dtype=np.int64),
        np.zeros(shape, dtype=np.int64),
        np.full(shape, OTHER_GROUP, dtype=np.int8),
        np.full(shape, -1, dtype=np.int8),
    )


def score_items(plan: ScoringPlan, inputs: Inputs, standings: Standings, *, into: Raw) -> None:
    """Fill `into`, views of which may be handed in."""
    members = {group: np.flatnonzero(inputs.groups == group) for group in {*plan.groups.values(), EVERY_GROUP}}
    for index, item in enumerate(plan.items):
        if item.turns:
            _score_turns(item, inputs, standings, members, into=into, index=index)
        else:
            _score_single(item, inputs, standings, members, into=into, index=index)


Members = Mapping[int, IntArray]


def _score_single(
    item: PlannedItem, inputs: Inputs, standings: Standings, members: Members, *, into: Raw, index: int
) -> None:
    if isinstance(item.rule, Ranked):
        _score_ranked(item, inputs, standings, into, index)
    elif item.group == EVERY_GROUP:
        _score_item(item, inputs.columns, into, (index, slice(None)))
    elif item.group in members and members[item.group].size:
        which = members[item.group]
        columns = {key: _taken(inputs.columns[key], which) for key in item.keys}
        _score_item(item, columns, into, (index, which))


def raw_of_turns(item: PlannedItem, inputs: Inputs, standings: Standings, members: Members) -> Raw:
    """Return what an item gives in each of its windows: arrays windows × subjects."""
    shape = (len(item.turns), inputs.size)
    found = Raw(
        np.zeros(shape, dtype=np.int64),
        np.zeros(shape, dtype=np.int64),
        np.full(shape, OTHER_GROUP, dtype=np.int8),
        np.full(shape, -1, dtype=np.int8),
    )
    for index, turn in enumerate(item.turns):
        _score_single(turn, inputs, standings, members, into=found, index=index)
    return found


def _score_turns(
    item: PlannedItem, inputs: Inputs, standings: Standings, members: Members, *, into: Raw, index: int
) -> None:
    """Let the mean of the windows count in which the item applies."""
    turns = raw_of_turns(item, inputs, standings, members)
    ours = turns.states[0] != OTHER_GROUP
    counts = turns.states != NOT_APPLICABLE
    size = counts.sum(axis=0)
    for points, target in ((turns.least, into.least), (turns.most, into.most)):
        mean = half_up(np.where(counts, points, 0).sum(axis=0), np.maximum(size, 1))
        target[index] = np.where(ours, np.where(size == 0, item.if_not_applicable, mean), target[index])
    missing = (turns.states == MISSING).any(axis=0)
    states = np.where(size == 0, NOT_APPLICABLE, np.where(missing, MISSING, KNOWN))
    into.states[index] = np.where(ours, states, into.states[index])


def _score_ranked(item: PlannedItem, inputs: Inputs, standings: Standings, into: Raw, index: int) -> None:
    """Score a ranked item group by group: each has a standing of its own."""
    for group in np.unique(inputs.groups):
        if item.group not in {EVERY_GROUP, group}:
            continue
        which = np.flatnonzero(inputs.groups == group)
        column = _taken(inputs.columns[item.keys[0]], which)
        if isinstance(item.rule, Ranked):
            least, most = item.rule.within(column.values, standings.of(item, int(group)), item.maximum)
            bounds = (least.clip(item.low, item.high), most.clip(item.low, item.high))
            _settle(item, bounds, column.states, into, (index, which))


At = tuple[int, slice | IntArray]


def _score_item(item: PlannedItem, columns: Mapping[str, Column], into: Raw, at: At) -> None:
    cells = [columns[key] for key in item.keys]
    if isinstance(item.rule, Several):
        _score_several(item, item.rule, cells, into=into, at=at)
        return
    values = [cell.values for cell in cells]
    points = item.rule.points(values, item.maximum).clip(item.low, item.high)
    _settle(item, (points, points), joined_states(cells), into, at)
    bands = item.rule.bands(values)
    if bands is not None:
        into.bands[at] = bands


def _score_several(item: PlannedItem, rule: Several, cells: Sequence[Column], *, into: Raw, at: At) -> None:
    """Score inputs of which some may be missing: those that are there count already."""
    known = np.zeros(cells[0].values.shape, dtype=np.int8)
    states = [known if cell.states is None else cell.states for cell in cells]
    there = [state != NOT_APPLICABLE for state in states]
    joined = joined_states(cells)
    bounds = []
    for fill in (WhenMissing.ZERO, WhenMissing.FULL) if joined is not None else (WhenMissing.ZERO,):
        unknown = rule.utmost(item.maximum) if fill is WhenMissing.FULL else rule.worst(item.maximum)
        filled = [
            np.where(state == MISSING, unknown[name], cell.values)
            for name, state, cell in zip(rule.measures, states, cells, strict=True)
        ]
        bounds.append(rule.together(filled, there, item.maximum).clip(item.low, item.high))
    least = bounds[-1] if item.missing is WhenMissing.FULL else bounds[0]
    most = bounds[0] if item.missing is WhenMissing.ZERO else bounds[-1]
    if joined is not None:
        impossible = joined == NOT_APPLICABLE
        least = np.where(impossible, item.if_not_applicable, least)
        most = np.where(impossible, item.if_not_applicable, most)
    into.states[at] = KNOWN if joined is None else joined
    into.least[at], into.most[at] = least, most


def _settle(item: PlannedItem, bounds: tuple[IntArray, IntArray], states: SmallArray | None, into: Raw, at: At) -> None:
    """Write the points where there are values, and what the item says of missing and not applicable ones."""
    least, most = bounds
    if states is None:
        into.states[at] = KNOWN
    else:
        gone, impossible = states == MISSING, states == NOT_APPLICABLE
        least = np.where(gone, item.if_missing[0], np.where(impossible, item.if_not_applicable, least))
        most = np.where(gone, item.if_missing[1], np.where(impossible, item.if_not_applicable, most))
        into.states[at] = states
    into.least[at], into.most[at] = least, most


def joined_states(cells: Sequence[Column]) -> SmallArray | None:
    """Return missing where any input is missing, not applicable where all are; None when all are known."""
    if all(cell.states is None for cell in cells):
        return None
    known = np.zeros(cells[0].values.shape, dtype=np.int8)
    stack = np.array([known if cell.states is None else cell.states for cell in cells])
    missing = (stack == MISSING).any(axis=0)
    impossible = (stack == NOT_APPLICABLE).all(axis=0)
    return np.where(missing, MISSING, np.where(impossible, NOT_APPLICABLE, KNOWN)).astype(np.int8)


def _taken(column: Column, which: IntArray) -> Column:
    return Column(column.values[which], None if column.states is None else column.states[which])
