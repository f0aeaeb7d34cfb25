"""Which two enterprises may be the same, how surely, and by what; pure, and the same whatever order they come in.

`docs/rules/name-matching.md` tells the reasons and the scores in prose.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Literal

from heli_registry.names.domain import Parts, is_branch, regions_agree

Reason = Literal["code", "name", "address"]
REASONS: tuple[Reason, ...] = ("code", "name", "address")

_ALL_PAIRS_UP_TO = 30
_LEAST_ALIKE = 75
_PAIR = 2
_COMMON_PAIR = 40
_COUNTY, _TOWN, _NO_TOWN = 6, 9, "000"
_ORGANIZATION_CODE = slice(8, 17)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What of an enterprise is compared: `text` is its searchable name, `core` and `place` what tells it apart."""

    key: str
    text: str
    core: str
    region: str
    place: str | None
    zone: str | None
    division: str
    registered_on: date | None
    is_branch_office: bool

    @property
    def organization_code(self) -> str:
        """Return the nine characters of the credit code that are the body's own (characters 9 to 17)."""
        return self.key[_ORGANIZATION_CODE]

    @property
    def parts(self) -> Parts:
        """Return the name taken apart."""
        return Parts(self.region, self.core)

    @property
    def is_branch(self) -> bool:
        """Say whether this is a branch office, by its own word or by its name."""
        return self.is_branch_office or is_branch(self.text)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two enterprises that may be one, the lower code first; `fingerprint` changes when a compared value does."""

    left: str
    right: str
    score: int
    reasons: tuple[Reason, ...]
    alike: int
    fingerprint: str


def find_pairs(candidates: Iterable[Candidate], alike: Callable[[Parts, Parts], int]) -> list[Pair]:
    """Return every pair that has a reason, the surest first; `alike` tells how alike two names are, 0 to 100."""
    ordered = sorted(candidates, key=lambda each: each.key)
    found: dict[tuple[str, str], Pair] = {}
    for one, other in _blocked(ordered):
        if (one.key, other.key) not in found:
            pair = pair_of(one, other, alike)
            if pair is not None:
                found[(one.key, other.key)] = pair
    return sorted(found.values(), key=lambda pair: (-pair.score, pair.left, pair.right))


def pair_of(one: Candidate, other: Candidate, alike: Callable[[Parts, Parts], int]) -> Pair | None:
    """Return the pair that two enterprises are, None when nothing speaks for it."""
    likeness = alike(one.parts, other.parts)
    reasons: list[Reason] = []
    if one.organization_code == other.organization_code:
        reasons.append("code")
    if one.is_branch == other.is_branch:
        if one.core == other.core and regions_agree(one.region, other.region):
            reasons.append("name")
        if _same_place(one, other) and likeness >= _LEAST_ALIKE:
            reasons.append("address")
    if not reasons:
        return None
    score = _score(one, other, set(reasons), likeness)
    return Pair(one.key, other.key, score, tuple(reasons), likeness, fingerprint(one, other))


def _same_place(one: Candidate, other: Candidate) -> bool:
    zones_agree = one.zone is None or other.zone is None or one.zone == other.zone
    return one.place is not None and one.place == other.place and zones_agree and _towns_agree(one, other)


def _towns_agree(one: Candidate, other: Candidate) -> bool:
    """Say whether both can lie in one town: a division above the towns tells none."""
    first, second = (each.division[:_TOWN].ljust(_TOWN, "0") for each in (one, other))
    return first == second or first.endswith(_NO_TOWN) or second.endswith(_NO_TOWN)


def _score(one: Candidate, other: Candidate, reasons: set[Reason], likeness: int) -> int:
    """Return how sure it is, 0 to 100: the code says most, name and address together nearly as much."""
    if "code" in reasons:
        return 97 if len(reasons) > 1 else 90
    if reasons == {"name", "address"}:
        return 94
    if reasons == {"address"}:
        return 50 + likeness - _LEAST_ALIKE + _days(one, other)
    same_text = 6 if one.text == other.text else 0
    same_county = 8 if one.division[:_COUNTY] == other.division[:_COUNTY] else -15
    return 70 + same_text + same_county + _days(one, other)


def _days(one: Candidate, other: Candidate) -> int:
    if one.registered_on is None or other.registered_on is None:
        return 0
    return 8 if one.registered_on == other.registered_on else -6


def fingerprint(one: Candidate, other: Candidate) -> str:
    """Return a digest of what was compared: name, place, zone and division of both."""
    parts = [f"{each.key}|{each.text}|{each.place}|{each.zone}|{each.division}" for each in (one, other)]
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:32]


def _blocked(ordered: Sequence[Candidate]) -> Iterator[tuple[Candidate, Candidate]]:
    """Yield pairs worth comparing: of one code, one name, or one place with something in common in the name."""
    for of in (lambda each: each.organization_code, lambda each: each.core):
        for group in _groups(ordered, of):
            yield from _pairs_of_group(group)
    for group in _groups(ordered, lambda each: each.place):
        if len(group) <= _ALL_PAIRS_UP_TO:
            yield from combinations(group, 2)
        else:
            yield from _pairs_with_common_part(group)


def _groups(ordered: Sequence[Candidate], of: Callable[[Candidate], str | None]) -> Iterator[list[Candidate]]:
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for each in ordered:
        value = of(each)
        if value:
            groups[value].append(each)
    return (group for group in groups.values() if len(group) > 1)


def _pairs_of_group(group: Sequence[Candidate]) -> Iterator[tuple[Candidate, Candidate]]:
    """Yield every pair of a small group; of a large one each with the first, which is enough to see it by."""
    if len(group) <= _ALL_PAIRS_UP_TO:
        yield from combinations(group, 2)
    else:
        yield from ((group[0], each) for each in group[1:])


def _pairs_with_common_part(group: Sequence[Candidate]) -> Iterator[tuple[Candidate, Candidate]]:
    """Yield pairs of a crowded place (a registered office of hundreds) whose names share a pair of characters.

    A pair of characters that many there share (商贸, 科技) says nothing and would make the work grow with the square.
    """
    holders: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(group):
        for start in {each.core[start : start + _PAIR] for start in range(len(each.core) - 1)}:
            holders[start].append(place)
    seen: set[tuple[int, int]] = set()
    for members in holders.values():
        if len(members) <= _COMMON_PAIR:
            seen.update(combinations(members, 2))
    for left, right in sorted(seen):
        yield group[left], group[right]
