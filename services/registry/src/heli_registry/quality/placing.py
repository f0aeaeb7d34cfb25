"""Where a record belongs: the division and zone it lies in, the unit that answers for it, and the name to show.

A record without a place of its own lies where the enterprise or organisation lies that it belongs to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from heli_registry.people.models import PERSON
from heli_registry.people.service import visible_people
from heli_registry.resources import PLAIN_RESOURCES
from heli_shared.records.service import Resource

Path = tuple[str, ...]
"""A field of the record, or (field, kind it names, field there)."""

_ENTERPRISE, _ORGANIZATION = ("enterprise", "enterprise"), ("organization", "party_organization")
OWNING_KINDS = ("park", "township", "commission")
"""The kinds of unit that answer for a territory, the nearest first."""


@dataclass(frozen=True, slots=True)
class Placing:
    """The paths to a record's place, each the first that leads to a value."""

    division: tuple[Path, ...] = ()
    zone: tuple[Path, ...] = ()
    responsible: tuple[Path, ...] = ()
    name: tuple[Path, ...] = (("name",),)


class Place(NamedTuple):
    """Where a record belongs; None where that is not known."""

    division: str | None
    zone: str | None
    responsible: str | None


def _through(*links: Path, responsible: tuple[Path, ...] = ()) -> Placing:
    return Placing(
        division=tuple((*link, "division") for link in links),
        zone=tuple((*link, "zone") for link in links),
        responsible=(*responsible, *((*link, "responsible_unit") for link in links if link == _ENTERPRISE)),
        name=tuple((*link, "name") for link in links),
    )


_OWN = {"division": (("division",),), "zone": (("zone",),)}
PLACINGS: Mapping[str, Placing] = {
    "enterprise": Placing(**_OWN, responsible=(("responsible_unit",),)),
    "party_organization": Placing(**_OWN),
    "cover": _through(_ENTERPRISE, _ORGANIZATION),
    "affiliation": _through(_ORGANIZATION),
    "mass_organization": Placing(
        division=((*_ENTERPRISE, "division"),),
        zone=((*_ENTERPRISE, "zone"),),
        responsible=((*_ENTERPRISE, "responsible_unit"),),
    ),
    "assignment": _through(_ENTERPRISE, _ORGANIZATION, responsible=(("unit",),)),
    "pairing": _through(_ENTERPRISE, _ORGANIZATION, responsible=(("unit",),)),
    "instructor": Placing(
        division=(("division",), ("unit", "unit", "division")),
        zone=(("zone",), ("unit", "unit", "zone")),
        responsible=(("unit",),),
        name=(),
    ),
    "secretary_candidate": Placing(**_OWN, responsible=(("unit",),), name=()),
    "guidance_project": Placing(**_OWN, responsible=(("unit",),)),
    "member_flow": _through(_ORGANIZATION),
    "unit": Placing(**_OWN, responsible=(("id",),)),
    "zone": Placing(division=(("division",),), zone=(("id",),), responsible=(("unit",),)),
    "division": Placing(division=(("code",),)),
    "sector": Placing(
        division=(("lead_unit", "unit", "division"),),
        zone=(("lead_unit", "unit", "zone"),),
        responsible=(("lead_unit",),),
    ),
    "person": Placing(
        division=(("unit", "unit", "division"),),
        zone=(("unit", "unit", "zone"),),
        responsible=(("unit",),),
        name=(),
    ),
}

CHECKED: Mapping[str, Resource] = {
    resource.kind.entity: resource
    for resource in (*PLAIN_RESOURCES, Resource(PERSON, visible_people))
    if resource.kind.entity in PLACINGS
}
"""The kinds that checks may be about, with what a caller may see of them."""


class Territory:
    """Which unit answers for which place, and which units stand below which."""

    def __init__(self, units: Iterable[Mapping[str, Any]], divisions: Iterable[Mapping[str, Any]]) -> None:
        """Take the units and divisions of the day; closed ones answer for nothing but keep their names."""
        self._parents = {each["code"]: each["parent"] for each in divisions}
        self.names: dict[str, str] = {}
        self._superiors: dict[str, str | None] = {}
        self._of_division: dict[str, str] = {}
        self._of_zone: dict[str, str] = {}
        self._owners: dict[tuple[str | None, str | None], str | None] = {}
        for unit in sorted(units, key=lambda unit: (_rank(unit["kind"]), unit["id"])):
            self.names[unit["id"]] = unit["name"]
            self._superiors[unit["id"]] = unit["parent"]
            if unit["state"] != "open" or unit["kind"] not in OWNING_KINDS:
                continue
            if unit["zone"] is not None:
                self._of_zone.setdefault(unit["zone"], unit["id"])
            elif unit["division"] is not None:
                self._of_division.setdefault(unit["division"], unit["id"])

    def owner(self, place: Place) -> str | None:
        """Return the unit that answers for a place: that of the zone, else of the nearest division upwards."""
        at = (place.division, place.zone)
        if at not in self._owners:
            self._owners[at] = self._found(*at)
        return self._owners[at]

    def _found(self, division: str | None, zone: str | None) -> str | None:
        if zone in self._of_zone:
            return self._of_zone[zone]
        return next((self._of_division[code] for code in self.upwards(division) if code in self._of_division), None)

    def owners_below(self, unit: str) -> list[str]:
        """Return the open units that answer for a place and stand below a unit, by key."""
        owners = {*self._of_division.values(), *self._of_zone.values()}
        return sorted(each for each in owners if each != unit and unit in self.superiors(each))

    def upwards(self, division: str | None) -> list[str]:
        """Return a division and those above it, itself first."""
        found: list[str] = []
        while division is not None and division not in found:
            found.append(division)
            division = self._parents.get(division)
        return found

    def superiors(self, unit: str | None) -> list[str]:
        """Return a unit and those above it, itself first."""
        found: list[str] = []
        while unit is not None and unit not in found:
            found.append(unit)
            unit = self._superiors.get(unit)
        return found


def _rank(kind: str) -> int:
    return OWNING_KINDS.index(kind) if kind in OWNING_KINDS else len(OWNING_KINDS)
