"""Counting: what checks found at each place, added up by unit and by check."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from heli_registry.quality.placing import Place


class Tally(NamedTuple):
    """How many records a check looked at and how many of them fail it."""

    looked_at: int
    failing: int


NOTHING = Tally(0, 0)


class Group(NamedTuple):
    """The open records of a kind at one place, those with an error, and what each check found among them."""

    place: Place
    records: int
    with_errors: int
    tallies: Mapping[str, Tally]


@dataclass(slots=True)
class Counts:
    """What is known of one unit, or of all together."""

    records: int = 0
    with_errors: int = 0
    tallies: dict[str, Tally] = field(default_factory=dict)

    def add(self, group: Group) -> None:
        """Add what was found at one place."""
        self.records += group.records
        self.with_errors += group.with_errors
        for check, (looked_at, failing) in group.tallies.items():
            held = self.tallies.get(check, NOTHING)
            self.tallies[check] = Tally(held.looked_at + looked_at, held.failing + failing)


@dataclass(slots=True)
class Counted:
    """All counts: in total and by unit; records that no unit answers for are under None."""

    total: Counts = field(default_factory=Counts)
    units: dict[str | None, Counts] = field(default_factory=lambda: defaultdict(Counts))

    def add(
        self, groups: Iterable[Group], *, unit_of: Callable[[Place], str | None], keep: Callable[[Place], bool]
    ) -> None:
        """Add groups that `keep` keeps, each to the unit that `unit_of` names."""
        for group in groups:
            if keep(group.place):
                self.total.add(group)
                self.units[unit_of(group.place)].add(group)
