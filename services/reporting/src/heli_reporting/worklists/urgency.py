"""The order of a worklist: every kind gets its share of attention, so that one kind's old cases hide nothing else.

Within a kind the longest overdue comes first, then what is due soonest; what has no day stands with what is due today.
The n-th line of a kind whose weight is w has the place value n ÷ w, and small values come first: of ten elections and
ten letters the first of each come before the tenth of either. Weights are dated parameters, `worklist.KIND`.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

from heli_reporting.worklists.domain import Line, Urgency
from heli_shared.statistics.parameters import parameter


def by_urgency(lines: Iterable[Line], *, on: date) -> list[Line]:
    """Return the lines in their order, each with the reason for its place."""
    kinds: dict[str, list[Line]] = {}
    for line in lines:
        kinds.setdefault(line.kind, []).append(line)
    placed = [each for kind, held in kinds.items() for each in _ranked(kind, held, on)]
    return [line for _, line in sorted(placed, key=lambda each: each[0])]


def _ranked(kind: str, lines: list[Line], on: date) -> Iterable[tuple[tuple[Fraction, int, str, str], Line]]:
    found = parameter(f"worklist.{kind}").find(on)
    weight, basis = (found.value, found.basis) if found else (1, "")
    in_order = sorted(lines, key=lambda line: (line.days or 0, line.subject))
    for rank, line in enumerate(in_order, 1):
        urgency = Urgency(rank, weight, basis)
        yield (Fraction(rank, weight), -weight, kind, line.subject), replace(line, urgency=urgency)
