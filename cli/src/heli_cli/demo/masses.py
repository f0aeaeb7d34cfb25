"""Unions, leagues and women's federations in enterprises: more where there are more people and more zeal."""

import random
from collections.abc import Iterator
from datetime import timedelta

from heli_cli.demo.calendar import Calendar
from heli_cli.demo.enterprises import Enterprise
from heli_cli.demo.record import Record, created

# kind: (its word, fewest staff, chance from there on, members per head)
_KINDS = {
    "union": ("工会委员会", 25, 0.62, 0.85),
    "youth_league": ("团支部", 40, 0.38, 0.18),
    "womens_federation": ("妇女联合会", 60, 0.25, 0.4),
}
_SMALL_UNION = 0.05  # small enterprises join a union together with others


def mass_organizations(enterprise: Enterprise, chance: random.Random, calendar: Calendar) -> Iterator[Record]:
    """Yield the mass organisations of an enterprise."""
    if not enterprise.counts:
        return
    staff = enterprise.staff or 0
    for kind, (word, fewest, likely, per_head) in _KINDS.items():
        small = kind == "union" and staff >= 10 and chance.random() < _SMALL_UNION * 2  # not the smallest
        if not small and (staff < fewest or chance.random() >= likely * (0.5 + enterprise.town.zeal / 2)):
            continue
        age = (calendar.on - enterprise.registered_on).days
        established_on = calendar.on - timedelta(days=int(age * 0.8 * chance.random()))
        yield created(
            "mass-organizations", f"mas-{kind.partition('_')[0]}-{enterprise.number}",
            calendar.effective(established_on),
            kind=kind, name=f"{enterprise.name}{word}", enterprise=enterprise.uscc, established_on=established_on,
            members=max(3, round(staff * per_head * chance.uniform(0.7, 1))),
            chair_is_secretary=chance.random() < 0.3 if enterprise.full_members else None,  # dual posts
        )  # fmt: skip
