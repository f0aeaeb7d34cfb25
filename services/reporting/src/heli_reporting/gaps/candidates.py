"""Who takes part in closing gaps: enterprises, organisations with room, instructors with free capacity, the rules."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from heli_reporting.gaps.nearness import SAME_COUNTY, Neighbourhood, Place
from heli_shared.kernel.divisions import LEVELS
from heli_shared.statistics.parameters import DatedValue, parameter
from heli_shared.statistics.tables import PATH_LEVELS

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Enterprise:
    """An enterprise of the gap, or one without an organisation whose members could join a branch."""

    uscc: str
    name: str | None
    place: Place
    industry: str | None
    full_members: int
    is_gap: bool
    is_reached: bool
    is_covered: bool
    is_due: bool
    has_staff100: bool


@dataclass(frozen=True, slots=True, eq=False)
class Host:
    """A joint branch, and how many more enterprises it may cover."""

    id: str
    name: str | None
    place: Place
    room: int


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """An instructor who guides fewer enterprises than he may, and where he works as far as the asker sees.

    `places` are those of the enterprises and organisations he is posted to and the area he is meant for.
    """

    person: str
    load: int
    room: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The thresholds that hold on a day, each with the document it rests on; None before a rule's first day."""

    min_members: DatedValue | None
    max_units: DatedValue | None
    nearby_level: DatedValue | None
    max_members: DatedValue | None
    max_enterprises: DatedValue | None
    instructor_required: DatedValue | None

    @classmethod
    def on(cls, day: date) -> "Rules":
        """Return the rules of a day."""
        names = ("branch.min_full_members", "joint_branch.max_units", "joint_branch.nearby_level",
                 "branch.max_members_warn", "instructor.max_enterprises", "instructor.required")  # fmt: skip
        return cls(*(parameter(name).find(day) for name in names))


@dataclass(frozen=True)
class Field:
    """All that can take part, each list in a fixed order, and the rules of the day."""

    enterprises: tuple[Enterprise, ...]
    hosts: tuple[Host, ...]
    guides: tuple[Guide, ...]
    rules: Rules

    @cached_property
    def by_uscc(self) -> dict[str, Enterprise]:
        """Return the enterprises by credit code."""
        return {each.uscc: each for each in self.enterprises}

    @cached_property
    def _level(self) -> str:
        return str(self.rules.nearby_level.value) if self.rules.nearby_level else LEVELS[-1]

    @cached_property
    def around(self) -> dict[Neighbourhood, list[Enterprise]]:
        """Return the enterprises by the neighbourhoods they lie in."""
        found: dict[Neighbourhood, list[Enterprise]] = {}
        for each in self.enterprises:
            for neighbourhood in each.place.neighbourhoods(self._level):
                found.setdefault(neighbourhood, []).append(each)
        return found

    @cached_property
    def hosts_around(self) -> dict[Neighbourhood, list[Host]]:
        """Return the joint branches with room by the neighbourhoods they lie in."""
        found: dict[Neighbourhood, list[Host]] = {}
        for host in self.hosts:
            for neighbourhood in host.place.neighbourhoods(self._level):
                found.setdefault(neighbourhood, []).append(host)
        return found

    @cached_property
    def guides_within(self) -> list[dict[Neighbourhood, list[Guide]]]:
        """Return for each number of steps the instructors by where they work, see `Place.within`."""
        found: list[dict[Neighbourhood, list[Guide]]] = []
        for steps in range(SAME_COUNTY + 1):
            there: dict[Neighbourhood, dict[Guide, None]] = {}
            for guide in self.guides:
                for place in guide.places:
                    if (area := place.within(steps)) is not None:
                        there.setdefault(area, {})[guide] = None
            found.append({area: list(guides) for area, guides in there.items()})
        return found


def place_of(record: Record) -> Place:
    """Return where a row of facts lies."""
    return Place(record["division"], tuple(record[level] for level in PATH_LEVELS), record["zone"])


def enterprise_of(row: Record) -> Enterprise:
    """Return a row of candidates as an enterprise; an unknown number of members is none."""
    return Enterprise(
        uscc=row["uscc"],
        name=row["name"],
        place=place_of(row),
        industry=row["industry"],
        full_members=row["full_members"] or 0,
        is_gap=row["is_gap"],
        is_reached=row["is_reached"],
        is_covered=row["is_covered"],
        is_due=row["due"],
        has_staff100=row["staff100"],
    )


def hosts_of(organizations: list[dict[str, Any]], rules: Rules) -> tuple[Host, ...]:
    """Return the joint branches with room for another small enterprise, by id.

    Whoever is taken in brings at most one member less than a branch of its own needs.
    """
    if rules.max_units is None or rules.max_members is None or rules.min_members is None:
        return ()
    found = []
    for each in organizations:
        if each["kind"] == "joint_branch":
            seats = (rules.max_members.value - (each["full_members"] or 0)) // max(1, rules.min_members.value - 1)
            room = min(rules.max_units.value - each["enterprises"], seats)
            found.append(Host(each["id"], each["name"], place_of(each), room))
    return tuple(host for host in found if host.room > 0)


def guides_of(
    assignments: Sequence[Record],
    pool: Sequence[Record],
    seen: Mapping[str, Place],
    areas: Mapping[str, Place],
    *,
    rules: Rules,
    on: date,
) -> tuple[Guide, ...]:
    """Return the instructors with free capacity who work where the asker sees, by id of the person.

    `seen` has the places of enterprises by code and of organisations by id, `areas` those that instructors of the pool
    are meant for by person. Who is posted to organisations only guides no enterprise yet, and has all his room.
    Load counts every enterprise, also those the asker does not see: an instructor is not overloaded from elsewhere.
    Who stands in the pool guides at most what is said there, and nobody more once the term is over.
    """
    most = rules.max_enterprises.value if rules.max_enterprises else 0
    held: dict[str, set[str]] = {each["person"]: set() for each in pool if each["person"]}
    posts: dict[str, set[str]] = defaultdict(set)
    for each in assignments:
        if each["role"] == "instructor" and each["person"]:
            held.setdefault(each["person"], set()).update({each["enterprise"]} - {None})
            posts[each["person"]].update({each["enterprise"], each["organization"]} - {None})
    room = {person: most - len(enterprises) for person, enterprises in held.items()}
    for each in pool:
        if each["person"]:
            room[each["person"]] = min(room[each["person"]], _room_said(each, len(held[each["person"]]), most, on))
    found = []
    for person, enterprises in sorted(held.items()):
        posted = [seen[key] for key in sorted(posts[person]) if key in seen]
        places = tuple(dict.fromkeys([*posted, *([areas[person]] if person in areas else [])]))
        if places and room[person] > 0:
            found.append(Guide(person, len(enterprises), room[person], places))
    return tuple(found)


def _room_said(instructor: Record, load: int, most: int, on: date) -> int:
    """Return how many more enterprises an instructor of the pool may have by his own record."""
    ends, own = instructor["term_ends_on"], instructor["max_enterprises"]
    return 0 if ends is not None and ends < on else (most if own is None else own) - load
