"""What the engine scores: one column of values and one of states for each input key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from heli_assessment.engine.amounts import IntArray, SmallArray

KNOWN, MISSING, NOT_APPLICABLE = 0, 1, 2


class State(StrEnum):
    """Whether there is a value, none yet, or none possible."""

    VALUE = "value"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"

    @property
    def code(self) -> int:
        """The code of this state in arrays."""
        return {State.VALUE: KNOWN, State.MISSING: MISSING, State.NOT_APPLICABLE: NOT_APPLICABLE}[self]


@dataclass(frozen=True, slots=True)
class Input:
    """One value of one subject in ten-thousandths (0 unless the state is value), its source and its date."""

    value: int
    state: State
    source: str
    on: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """One input of all subjects; states None means that all are known."""

    values: IntArray
    states: SmallArray | None


@dataclass(frozen=True, slots=True)
class Inputs:
    """Columns by input key, all of the same length, and the group of each subject (-1: none)."""

    size: int
    groups: IntArray
    columns: Mapping[str, Column]


ABSENT = Input(0, State.MISSING, "", None)


def inputs_of(rows: Sequence[Mapping[str, Input]], groups: Sequence[int], keys: Sequence[str]) -> Inputs:
    """Return the columns of these subjects; a key that a row lacks is missing."""
    columns = {}
    for key in keys:
        cells = [row.get(key, ABSENT) for row in rows]
        states = np.array([cell.state.code for cell in cells], dtype=np.int8)
        values = np.array([cell.value for cell in cells], dtype=np.int64)
        columns[key] = Column(values, states if states.any() else None)
    return Inputs(len(rows), np.array(groups, dtype=np.int64), columns)
