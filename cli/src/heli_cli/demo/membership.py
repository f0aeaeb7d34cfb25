"""What the demo's organisations tell about their members and workers once a year."""

import random
from typing import Any

from heli_shared.statistics.dimensions import PREMISES, SECRETARIES

_AGES = {"members_to_35": 38, "members_36_50": 34, "members_51_60": 18, "members_over_60": 10}
_EDUCATION = {"members_secondary": 30, "members_college": 64, "members_postgraduate": 6}
_RELATIONS = {
    "relations_here": 78, "relations_supervisor": 2, "relations_attached": 3, "relations_territory": 9,
    "relations_former": 6, "relations_other": 2,
}  # fmt: skip
_POSTS = {"members_management": 24, "members_technical": 30, "members_front_line": 36, "others": 10}
_SECRETARIES = (18, 20, 34, 17, 8, 3)
_PREMISES = (22, 46, 14, 6, 12)


def reported(key: str, members: int, *, has_secretary: bool) -> dict[str, Any]:
    """Return premises, secretary and numbers of an organisation; drawn by its key alone, so nothing else moves."""
    chance = random.Random(f"reported {key}")  # noqa: S311 - a demo
    workers = 1 + members // 20
    return {
        "premises": _drawn(chance, [code for code, _, _ in PREMISES], _PREMISES),
        "secretary_kind": _drawn(chance, [code for code, _, _ in SECRETARIES], _SECRETARIES) if has_secretary else None,
        "party_workers": workers,
        "full_time_party_workers": sum(chance.random() < 0.3 for _ in range(workers)),
        "developed_this_year": sum(chance.random() < 0.03 for _ in range(members)),
        "members_on_committee": min(members, chance.choice((1, 3, 3, 5))),
        "members_among_staff": sum(chance.random() < 0.9 for _ in range(members)),
        "members_retired": sum(chance.random() < 0.04 for _ in range(members)),
        **_split(chance, members, _AGES),
        **_split(chance, members, _EDUCATION),
        **_split(chance, members, _RELATIONS),
        "secretary_is_full_time": chance.random() < 0.12 if has_secretary else None,
    }


def posts(uscc: str, members: int) -> dict[str, int]:
    """Return how many members of an enterprise hold which posts; one may be an investor and in management."""
    chance = random.Random(f"posts {uscc}")  # noqa: S311 - a demo
    held = _split(chance, members, _POSTS)
    investors = sum(chance.random() < 0.4 for _ in range(held["members_management"]))
    return {name: number for name, number in held.items() if name != "others"} | {"members_investors": investors}


def _drawn(chance: random.Random, codes: list[str], weights: tuple[int, ...]) -> str:
    return chance.choices(codes, weights)[0]


def _split(chance: random.Random, members: int, shares: dict[str, int]) -> dict[str, int]:
    """Return the members by group; they add up, as a clerk's table must."""
    drawn = chance.choices(list(shares), list(shares.values()), k=members)
    return {name: drawn.count(name) for name in shares}
