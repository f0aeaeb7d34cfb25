"""Rules of letters: which units answer to whom, and where a letter is missing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from heli_assessment.intake.domain import Unit

Missing = Literal["none", "unsigned", "overdue"]


@dataclass(frozen=True, slots=True)
class Answering:
    """That a unit answers to the unit above it."""

    unit: str
    issuer: str


def answering_units(units: Mapping[str, Unit]) -> list[Answering]:
    """Return every open unit with the open unit above it, from the top down; roots answer to nobody here.

    A unit that names no superior answers to the county's commission.
    """
    is_open = {key: unit for key, unit in units.items() if unit.is_open}
    roots = sorted(key for key, unit in is_open.items() if unit.kind == "commission" and unit.parent not in is_open)
    found = []
    for key, unit in is_open.items():
        above = unit.parent if unit.parent in is_open else None
        if above is None and key not in roots and roots:
            above = roots[0]
        if above is not None:
            found.append(Answering(key, above))
    return sorted(found, key=lambda each: (_depth(each.unit, is_open), each.issuer, each.unit))


def _depth(unit: str, units: Mapping[str, Unit]) -> int:
    seen: set[str] = set()
    above = units[unit].parent
    while above is not None and above in units and above not in seen:
        seen.add(above)
        above = units[above].parent
    return len(seen)


@dataclass(frozen=True, slots=True)
class Held:
    """A letter as far as its absence is judged."""

    unit: str
    is_signed: bool
    sign_by: date


def missing_letters(
    answering: Collection[Answering], held: Collection[Held], on: date
) -> list[tuple[Answering, Missing, date | None]]:
    """Return the units without a signed letter, and why: none made, not signed yet, or its day has passed."""
    by_unit = {each.unit: each for each in held}
    found: list[tuple[Answering, Missing, date | None]] = []
    for each in answering:
        letter = by_unit.get(each.unit)
        if letter is None:
            found.append((each, "none", None))
        elif not letter.is_signed:
            found.append((each, "overdue" if letter.sign_by < on else "unsigned", letter.sign_by))
    return found
