"""Where the instructors of the pool are meant to work: the area named, else where the unit lies that sends them."""

from collections.abc import Iterable, Mapping
from typing import Any

from heli_reporting.gaps.nearness import Place
from heli_shared.kernel.access import Scope
from heli_shared.kernel.divisions import LEVELS

Record = Mapping[str, Any]
ByKey = Mapping[str, Record]


def areas_of(
    pool: Iterable[Record], units: Iterable[Record], zones: Iterable[Record], divisions: Iterable[Record]
) -> dict[str, Place]:
    """Return by person the area of each instructor of which one is known; records are those of a day."""
    by_unit, by_zone, by_code = ({each["key"]: each for each in held} for held in (units, zones, divisions))
    found: dict[str, Place] = {}
    for each in pool:
        unit = by_unit.get(each["unit"], {})
        has_own = each["division"] is not None or each["zone"] is not None
        division, zone = (source.get(name) for source in [each if has_own else unit] for name in ("division", "zone"))
        division = division or by_zone.get(zone, {}).get("division")
        if each["person"] and (division or zone):
            found.setdefault(each["person"], Place(division, _path(division, by_code), zone))
    return found


def _path(division: str | None, by_code: ByKey) -> tuple[str | None, ...]:
    """Return the divisions above one, itself included, by level from the province down; None where there is none."""
    levels: dict[str, str] = {}
    code = division
    while code is not None and code in by_code and by_code[code]["level"] not in levels:
        levels[by_code[code]["level"]] = code
        code = by_code[code]["parent"]
    return tuple(levels.get(level) for level in LEVELS)


def is_seen(place: Place, scope: Scope) -> bool:
    """Say whether a place lies in a scope, by the same rule by which rows of facts do."""
    in_division = any(code in scope.divisions for code in place.path if code is not None)
    return scope.everything or in_division or place.zone in scope.zones
