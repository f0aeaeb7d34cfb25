"""What assessment knows of the registry: units with their places, and the facts of one day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from heli_shared.kernel.access import Scope

COUNTY: str | None = None
"""The key of the whole county among the units that shares are counted for."""
WHOLE_COUNTY = ""
"""The subject that measures of the whole county are counted for."""
MEMBERS = ("department", "association", "park")
"""The kinds of unit that are member units 成员单位: departments, bodies such as federations, and park committees."""
UNIT_KINDS = {"department": MEMBERS, "township": ("township",)}
"""The kinds of subject that are units, and which kinds of unit are meant."""
POSTS = ("instructor", "secretary")
"""The kinds of subject that are people in a post: they are named as the role is."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a subject belongs: the unit that answers for it, the division and the zone it lies in."""

    unit: str | None = None
    division: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """What a scope comes to: the units in it, every division below its roots, its zones."""

    units: frozenset[str]
    divisions: frozenset[str]
    zones: frozenset[str]

    def holds(self, subject: str, place: Place) -> bool:
        """Say whether a subject is seen: a unit in reach, of a unit in reach, or lying in reach."""
        in_place = place.division in self.divisions or place.zone in self.zones
        return subject in self.units or place.unit in self.units or in_place


@dataclass(frozen=True, slots=True)
class Ratio:
    """A numerator and a denominator; a count has no denominator."""

    numerator: int
    denominator: int | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A unit, an organisation, an enterprise or a person in a role that is scored; a person is named by its id.

    `unit` answers for it (a unit for itself), `division` and `zone` are where it lies.
    """

    id: str
    name: str
    unit: str | None = None
    division: str | None = None
    zone: str | None = None

    @property
    def place(self) -> Place:
        """Return where it belongs."""
        return Place(self.unit, self.division, self.zone)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the registry with its places; `division` and `zone` may be unknown."""

    id: str
    name: str
    kind: str
    division: str | None
    zone: str | None
    is_open: bool
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """An open assignment of the registry: who goes where for which unit, and how often a year."""

    id: str
    role: str
    person: str | None
    unit: str | None
    enterprise: str | None
    visits_per_year: int | None
    since: date
    organization: str | None = None


@dataclass(frozen=True, slots=True)
class Pairing:
    """An open pairing of the registry; the numbers are per year, None where the agreement names none."""

    id: str
    unit: str | None
    enterprise: str | None
    activities: int | None
    meetings: int | None
    matters: int | None
    since: date


@dataclass(frozen=True, slots=True)
class Counted:
    """What rows of the registry come to for a subject: None when a row is not known; a share has a denominator."""

    part: int | None
    whole: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One record behind a value: what it adds (None: not known), of how much where the value is a share."""

    entity: str
    key: str
    name: str
    place: Place
    part: int | None
    whole: int | None


@dataclass(frozen=True, slots=True)
class UnitQuality:
    """The records that a unit is responsible for: all open ones, those with an error; and what each check found.

    `checks` maps a check to how many records it looked at and how many of them fail it.
    """

    records: int
    with_errors: int
    checks: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What facts shall hold beside the statistics.

    Subjects of one kind, lists to draw from, the quality of data, measures counted on rows, the rows of one measure.
    """

    subjects: str = "department"
    lists: frozenset[str] = frozenset()
    quality: bool = False
    counts: frozenset[str] = frozenset()
    rows: tuple[str, str] | None = None


WANTED = Wanted()


@dataclass(frozen=True, slots=True)
class RegistryFacts:
    """What the registry said of a day, as known at a seq of its ledger in an epoch.

    `ratios` maps a responsible unit (None: the whole county) to its statistics; a unit without enterprises is not in
    it. `sent` counts open assignments by dispatching unit and role. `quality` holds the units that are responsible for
    any record, where it was asked for. `subjects` are those of the `kind` that was wanted; `lists` what may be drawn,
    by kind and by the unit it belongs to (None: everybody). `counts` holds the measures that were wanted by subject,
    `rows` the rows of the one (measure, subject) that was; `posts` the open posts of each person who is a subject.
    """

    on: date
    known_at: int
    epoch: str
    ratios: Mapping[str | None, Mapping[str, Ratio]]
    sent: Mapping[tuple[str, str], int]
    quality: Mapping[str, UnitQuality] = field(default_factory=dict)
    kind: str = WANTED.subjects
    subjects: tuple[Subject, ...] = ()
    lists: Mapping[tuple[str, str | None], tuple[str, ...]] = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, Counted]] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    posts: Mapping[str, tuple[Post, ...]] = field(default_factory=dict)

    def population(self, kind: str, subject: str) -> tuple[str, ...]:
        """Return what may be drawn of a kind for a subject: its own, or what is common to all."""
        return self.lists.get((kind, subject), self.lists.get((kind, None), ()))


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


def divisions_below(parents: Mapping[str, str | None], scope: Scope) -> frozenset[str]:
    """Return the divisions that lie in the subtree of a scope division."""
    roots = frozenset(scope.divisions)
    return frozenset(code for code in {*parents, *roots} if _lies_below(code, parents, roots))


@dataclass(frozen=True, slots=True)
class Answering:
    """Which unit answers for what lies somewhere: the committee of its park, else the nearest township's."""

    zones: Mapping[str, str]
    townships: Mapping[str, str]
    parents: Mapping[str, str | None]

    @classmethod
    def of(cls, units: Iterable[Unit], parents: Mapping[str, str | None]) -> "Answering":
        """Return what open units answer for; of several for one place the smallest id does."""
        standing = sorted((each for each in units if each.is_open), key=lambda each: each.id, reverse=True)
        zones = {each.zone: each.id for each in standing if each.kind == "park" and each.zone}
        towns = {each.division: each.id for each in standing if each.kind == "township" and each.division}
        return cls(zones, towns, parents)

    def placed(self, place: Place) -> Place:
        """Return the place with the unit that answers for it where it names none itself."""
        return place if place.unit is not None else replace(place, unit=self._unit(place))

    def _unit(self, place: Place) -> str | None:
        if place.zone is not None and place.zone in self.zones:
            return self.zones[place.zone]
        code, seen = place.division, set[str]()
        while code is not None and code not in seen:
            if code in self.townships:
                return self.townships[code]
            seen.add(code)
            code = self.parents.get(code)
        return None


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
