"""How near two places are: by zone, then by the tree of divisions; and how near two trades are."""

from dataclasses import dataclass

from heli_shared.kernel.divisions import LEVELS

SAME_ZONE, SAME_COUNTY, FARTHEST = 0, 3, len(LEVELS)
Neighbourhood = tuple[str, str]
"""An area that makes neighbours: (`zone`, its id) or (a level of division, a code)."""
_INDUSTRY_LENGTHS = (5, 3, 1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something lies: its division, the divisions above it by level (`path`, province first), and its zone."""

    division: str | None
    path: tuple[str | None, ...]
    zone: str | None

    def at(self, level: str) -> str | None:
        """Return the division of a level that the place lies in."""
        return self.path[LEVELS.index(level)]

    def within(self, steps: int) -> Neighbourhood | None:
        """Return the area of which everything is at most so many steps away (see `distance`), where it is known."""
        name = "zone" if steps == SAME_ZONE else LEVELS[-steps]
        code = self.zone if steps == SAME_ZONE else self.path[-steps]
        return None if code is None else (name, code)

    def neighbourhoods(self, level: str) -> tuple[Neighbourhood, ...]:
        """Return what makes others neighbours: the same zone, and the same division of a level."""
        found = (("zone", self.zone), (level, self.at(level)))
        return tuple((kind, code) for kind, code in found if code is not None)


def distance(one: Place, other: Place) -> int:
    """Return 0 in the same zone, 1 in the same village, 2 in the same town, … ; `FARTHEST` + 1 with nothing shared."""
    if one.zone is not None and one.zone == other.zone:
        return SAME_ZONE
    shared = (a is not None and a == b for a, b in zip(reversed(one.path), reversed(other.path), strict=True))
    return next((steps for steps, is_same in enumerate(shared, 1) if is_same), FARTHEST + 1)


def trade_distance(one: str | None, other: str | None) -> int:
    """Return 0 for the same class of industry, 1 the same division, 2 the same section, 3 otherwise or unknown."""
    for steps, length in enumerate(_INDUSTRY_LENGTHS):
        if one and other and len(one) >= length and len(other) >= length and one[:length] == other[:length]:
            return steps
    return len(_INDUSTRY_LENGTHS)
