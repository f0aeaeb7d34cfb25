"""Who is compared with whom in ranked items: the known values of a run, and how many are still missing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from heli_assessment.engine.inputs import KNOWN, MISSING, Input, Inputs, State
from heli_assessment.engine.plan import NO_GROUP, PlannedItem, ScoringPlan
from heli_assessment.engine.rules.ranked import NOBODY, Ranked, Standing

EVERYBODY = -1


@dataclass(frozen=True, slots=True)
class Standings:
    """Standings by item id and group index; the group is EVERYBODY where all are compared."""

    by_item: Mapping[str, Mapping[int, Standing]]

    def of(self, item: PlannedItem, group: int) -> Standing:
        """Return the standing that a subject of a group is compared in."""
        found = self.by_item.get(item.id, {})
        return found.get(EVERYBODY, found.get(group, NOBODY))


def standings_of(plan: ScoringPlan, inputs: Inputs) -> Standings:
    """Return the standings of all subjects; one that is not applicable is not compared."""
    return Standings({item.id: _standing(plan, item, inputs) for item in _ranked(plan)})


def _ranked(plan: ScoringPlan) -> Iterator[PlannedItem]:
    """Yield what is ranked: items, or each turn of those that are read window by window."""
    for item in plan.items:
        if isinstance(item.rule, Ranked):
            yield from item.singles() if item.group != NO_GROUP else ()


def _standing(plan: ScoringPlan, item: PlannedItem, inputs: Inputs) -> dict[int, Standing]:
    column = inputs.columns[item.keys[0]]
    states = np.zeros(inputs.size, dtype=np.int8) if column.states is None else column.states
    counts_missing = item.if_missing[0] != item.if_missing[1]
    compared = [item.group] if item.group != EVERYBODY else [EVERYBODY]
    if isinstance(item.rule, Ranked) and item.rule.in_group and item.group == EVERYBODY:
        compared = list(plan.groups.values())
    found = {}
    for group in compared:
        here = np.ones(inputs.size, dtype=np.bool_) if group == EVERYBODY else inputs.groups == group
        missing = int((here & (states == MISSING)).sum()) if counts_missing else 0
        found[group] = Standing(np.sort(column.values[here & (states == KNOWN)]), missing, holds_own=True)
    return found


def others_of(standings: Standings, plan: ScoringPlan, row: Mapping[str, Input], group: int) -> Standings:
    """Return the standings as one of their subjects sees them: without its own value."""
    found = {}
    for item in _ranked(plan):
        if item.id in standings.by_item and item.group in {EVERYBODY, group}:
            own = row.get(item.keys[0])
            standing = standings.of(item, group)
            is_compared = own is None or own.state is not State.NOT_APPLICABLE
            value = own.value if own is not None and own.state is State.VALUE else None
            seen = standing.without(value) if is_compared else standing
            found[item.id] = {EVERYBODY: seen}
    return Standings(found)


def others_given(plan: ScoringPlan, others: Mapping[str, Iterable[int | None]]) -> Standings:
    """Return the standings that a list of others by input key makes; None is a value that is missing."""
    found = {}
    for item in _ranked(plan):
        values = list(others.get(item.keys[0], ()))
        known = np.array(sorted(value for value in values if value is not None), dtype=np.int64)
        found[item.id] = {EVERYBODY: Standing(known, len(values) - known.size, holds_own=False)}
    return Standings(found)


def standings_json(standings: Standings) -> dict[str, Any]:
    """Return standings as plain values, to be kept with a run."""
    return {
        item: {str(group): [each.values.tolist(), each.missing] for group, each in groups.items()}
        for item, groups in standings.by_item.items()
    }


def stored_standings(kept: Mapping[str, Any]) -> Standings:
    """Return the standings that were kept with a run."""
    return Standings(
        {
            item: {
                int(group): Standing(np.array(values, dtype=np.int64), missing, holds_own=True)
                for group, (values, missing) in groups.items()
            }
            for item, groups in kept.items()
        }
    )
