"""Whom the plan sends: the nearest free instructors, those who guide no enterprise yet among them."""

from datetime import date
from random import Random
from typing import Any

import pytest

from heli_reporting.gaps.candidates import Enterprise, Field, Rules, guides_of
from heli_reporting.gaps.nearness import Place
from heli_reporting.gaps.planning import planned
from reporting.world import TOWN_A, TOWN_B, VILLAGE_A, World, uscc

TODAY = date(2026, 7, 1)
STAFF100 = {"measure": "staff100_with_organization_rate"}
MOST = 3


def somewhere(chance: Random) -> Place:
    town = chance.choice(["town-a", "town-b", None])
    village = chance.choice([f"{town}-1", f"{town}-2", None]) if town else None
    county = chance.choice(["county-1", "county-2"])
    zone = chance.choice(["zon-1", None, None])
    town, village = (f"{county}-{each}" if each else None for each in (town, village))
    return Place(village or town or county, ("province", "city", county, town, village), zone)


def steps_between(one: Place, other: Place) -> int | None:
    """Return the distance an instructor may be sent over; None when that is too far."""
    if one.zone and one.zone == other.zone:
        return 0
    for steps, level in ((1, 4), (2, 3), (3, 2)):
        if one.path[level] and one.path[level] == other.path[level]:
            return steps
    return None


def naive(gap: dict[str, Place], posts: list[dict[str, Any]], places: dict[str, Place]) -> list[tuple[str, str, int]]:
    """Send by trying every pair anew for every step: nearest, then by code, then who guides fewest, then by id."""
    people = {each["person"] for each in posts if each["role"] == "instructor"}
    guided = {
        person: {each["enterprise"] for each in posts if (each["person"], each["role"]) == (person, "instructor")}
        - {None}
        for person in people
    }
    waiting, sent = dict(gap), []
    while True:
        pairs = [
            (steps, code, len(guided[each["person"]]), each["person"])
            for code, place in waiting.items()
            for each in posts
            if each["role"] == "instructor" and len(guided[each["person"]]) < MOST
            for target in [each["enterprise"] or each["organization"]]
            if target in places and (steps := steps_between(place, places[target])) is not None
        ]
        if not pairs:
            return sent
        steps, code, _, person = min(pairs)
        guided[person].add(code)
        del waiting[code]
        sent.append((code, person, steps))


@pytest.mark.parametrize("seed", range(40))
def test_the_plan_sends_whom_a_naive_planner_sends(seed: int):
    chance = Random(seed)
    gap = {f"gap-{number:02}": somewhere(chance) for number in range(chance.randrange(1, 14))}
    enterprises = {f"ent-{number}": somewhere(chance) for number in range(6)}
    seats = {f"pty-{number}": somewhere(chance) for number in range(4)}
    posts = []
    for _ in range(chance.randrange(9)):
        enterprise = chance.choice([None, *enterprises, "ent-unseen"])
        organization = None if enterprise else chance.choice([*seats, "pty-unseen"])
        role = chance.choice(["instructor", "instructor", "instructor", "secretary"])
        person = f"psn-{chance.randrange(5)}"
        posts.append({"person": person, "role": role, "enterprise": enterprise, "organization": organization})
    asked = tuple(
        Enterprise(code, None, place, None, 0, True, False, False, False, True) for code, place in gap.items()
    )
    rules = Rules.on(TODAY)
    plan = planned(Field(asked, (), guides_of(posts, [], enterprises | seats, {}, rules=rules, on=TODAY), rules))
    expected = naive(gap, posts, enterprises | seats)

    assert [(each.seat.uscc, each.person, each.distance) for each in plan.proposals] == sorted(expected)
    assert {each.uscc for each in plan.without} == gap.keys() - {code for code, *_ in expected}


def test_an_instructor_of_an_organisation_who_guides_no_enterprise_is_sent_from_there(world: World):
    world.branch("pty-seat", [uscc(1)], TOWN_B)
    world.record("assignment", "asg-1", person="psn-1", role="instructor", organization="pty-seat")
    world.enterprise(30, TOWN_B, full_members=0, staff=150)
    world.sync()
    sent = world.get("/v1/gaps/simulations", **STAFF100, division=TOWN_B).json()["items"]

    assert [(each["kind"], each["person"], each["distance"]) for each in sent if uscc(30) in str(each)] == [
        ("instructor", "psn-1", 2)
    ]
    elsewhere = world.person("prn-a", divisions=(TOWN_A, VILLAGE_A))
    named = world.get("/v1/gaps/simulations", elsewhere, **STAFF100).json()["items"]
    assert [each for each in named if each["person"]] == []
