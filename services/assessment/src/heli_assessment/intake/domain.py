"""What assessment knows of the registry: units with their places, and the facts of one day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from heli_shared.kernel.access import Scope

COUNTY: str | None = None
"""The key of the whole county among the units that shares are counted for."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A numerator and a denominator; a count has no denominator."""

    numerator: int
    denominator: int | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A unit that is scored."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class RegistryFacts:
    """What the registry said of a day, as known at a seq of its ledger in an epoch.

    `ratios` maps a responsible unit (None: the whole county) to its statistics; a unit without enterprises is not in
    it. `sent` counts open assignments by dispatching unit and role.
    """

    on: date
    known_at: int
    epoch: str
    departments: tuple[Subject, ...]
    ratios: Mapping[str | None, Mapping[str, Ratio]]
    sent: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the registry with its places; `division` and `zone` may be unknown."""

    id: str
    name: str
    kind: str
    division: str | None
    zone: str | None
    is_open: bool


def units_in_scope(units: Iterable[Unit], parents: Mapping[str, str | None], scope: Scope) -> frozenset[str]:
    """Return the units whose division lies in the subtree of a scope division, or whose zone is a scope zone."""
    if scope.everything:
        return frozenset(unit.id for unit in units)
    roots, zones = frozenset(scope.divisions), frozenset(scope.zones)
    return frozenset(
        unit.id
        for unit in units
        if (unit.zone is not None and unit.zone in zones) or _lies_below(unit.division, parents, roots)
    )


def _lies_below(code: str | None, parents: Mapping[str, str | None], roots: frozenset[str]) -> bool:
    seen: set[str] = set()
    while code is not None and code not in seen:
        if code in roots:
            return True
        seen.add(code)
        code = parents.get(code)
    return False


def folded(entries: Iterable[tuple[date, int, Mapping[str, Any]]]) -> dict[str, Any]:
    """Return the values that (effective_on, seq, changes) leave: the last write to a field wins."""
    values: dict[str, Any] = {}
    for _, _, changes in sorted(entries, key=lambda entry: entry[:2]):
        values.update(changes)
    return values
