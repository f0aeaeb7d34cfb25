"""Breaks: the days on which a measure begins to mean something else, because a threshold of its definition changed.

Figures on the two sides of a break answer two questions: they are not joined to a series unless the break is shown.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from heli_shared.kernel.errors import InvalidInput
from heli_shared.statistics.measures import Measure
from heli_shared.statistics.parameters import parameter


@dataclass(frozen=True, slots=True)
class Break:
    """From `on` the measure reads `after` where it had read `before` (None: nothing reached it), by a document."""

    measure: str
    on: date
    parameter: str
    before: Any
    after: Any
    basis: str


def breaks_between(measure: Measure, first: date, last: date) -> list[Break]:
    """Return the breaks of a measure after a first day and not after a last one, by day."""
    found = []
    for name in measure.parameters:
        before = None
        for value in parameter(name).values():
            if first < value.since <= last and value.value != before:
                found.append(Break(measure.id, value.since, name, before, value.value, value.basis))
            before = value.value
    return sorted(found, key=lambda each: (each.on, each.parameter))


def refuse_breaks(zh: str, en: str, days: list[date]) -> InvalidInput:
    """Return the refusal to join figures of something across days on which its definition changes."""
    listed = ", ".join(day.isoformat() for day in days[:5])
    return InvalidInput(
        f"{zh}的口径在 {listed} 发生变化，前后数字不可直接相连；如仍要并列，请加 breaks=show，结果会标出断点。",
        f"The definition of {en} changes on {listed}: figures before and after do not make one series."
        " Ask with breaks=show to see both sides with the break marked.",
        data={"breaks": [day.isoformat() for day in days]},
    )
