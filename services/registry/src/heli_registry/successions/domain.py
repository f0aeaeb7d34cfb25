"""What a merge or a split moves, worked out without a database: each reference to the old node gets its new one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reference:
    """A record of a kind whose field names the node that goes."""

    plural: str
    field: str
    key: str
    zone: str | None = None
    """The zone that the record lies in: it goes where its zone goes, unless it is named itself."""
    leader: tuple[str, str] | None = None
    """The record (plural, key) with which this one goes wherever that goes: it cannot be named otherwise."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a split makes: the node that takes over, the keys named for it by plural, and whether it takes the rest."""

    successor: str
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    takes_rest: bool = False
    industries: tuple[str, ...] = ()

    def is_named(self, reference: Reference) -> bool:
        """Say whether a record was named for this part."""
        return reference.key in self.named.get(reference.plural, frozenset())

    def holds_zone(self, reference: Reference) -> bool:
        """Say whether the zone in which a record lies was named for this part."""
        return reference.zone is not None and reference.zone in self.named.get("zones", frozenset())


def assigned(references: Iterable[Reference], parts: Iterable[Part]) -> tuple[dict[Reference, str], list[Reference]]:
    """Return the new node of each reference, and the references that no part takes.

    A record goes with its leader, else where it was named, else where its zone was named, else to the part that takes
    the rest.
    """
    found: dict[Reference, str] = {}
    homeless: list[Reference] = []
    all_parts, places = list(parts), dict[tuple[str, str], str]()
    rest = next((part for part in all_parts if part.takes_rest), None)
    for reference in sorted(references, key=lambda each: each.leader is not None):
        own = next((each for each in all_parts if each.is_named(reference)), None)
        part = own or next((each for each in all_parts if each.holds_zone(reference)), rest)
        place = places.get(reference.leader) if reference.leader else None
        successor = place or (part.successor if part else None)
        if successor is None:
            homeless.append(reference)
            continue
        found[reference] = successor
        places[reference.plural, reference.key] = successor
    return found, homeless


def named_twice(parts: Iterable[Part]) -> list[tuple[str, str]]:
    """Return (plural, key) of the records that were named for more than one part."""
    seen: set[tuple[str, str]] = set()
    twice = []
    for part in parts:
        for plural, keys in part.named.items():
            for key in sorted(keys):
                if (plural, key) in seen:
                    twice.append((plural, key))
                seen.add((plural, key))
    return twice


def counted(moves: Mapping[Reference, str]) -> list[dict[str, object]]:
    """Return how many records move by kind, field and new node, in a stable order."""
    counts: dict[tuple[str, str, str], int] = {}
    for reference, successor in moves.items():
        place = (reference.plural, reference.field, successor)
        counts[place] = counts.get(place, 0) + 1
    return [
        {"kind": plural, "field": name, "successor": successor, "records": count}
        for (plural, name, successor), count in sorted(counts.items())
    ]


def handed_over(old: Sequence[str], parts: Sequence[Part]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the industry codes that each part takes over from a sector, and the old ones that nobody takes.

    A part takes the codes that are given for it; the one that takes the rest takes the old ones that nobody was given.
    """
    given = {code for part in parts for code in part.industries}
    left = [code for code in old if code not in given]
    found = {part.successor: list(part.industries) for part in parts}
    rest = next((part for part in parts if part.takes_rest), None)
    if rest is not None:
        found[rest.successor] += left
        left = []
    return {successor: codes for successor, codes in found.items() if codes}, left
