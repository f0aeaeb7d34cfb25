"""Instructors of the pool, also those who guide nobody yet: sent by capacity and nearness, as a naive planner would."""

from datetime import date
from random import Random
from typing import Any

import pytest

from reporting.test_proposals import STAFF100, carry_out, figures, predicted
from reporting.world import COUNTY, PARK, TOWN_A, TOWN_B, VILLAGE_A, World, uscc

TODAY = date(2026, 7, 1)
MOST = 3
UNITS = {"unt-a": (TOWN_A, None), "unt-b": (TOWN_B, None), "unt-tax": (COUNTY, None), "unt-park": (TOWN_B, PARK)}
ABOVE = {VILLAGE_A: [VILLAGE_A, TOWN_A, COUNTY], TOWN_A: [None, TOWN_A, COUNTY], TOWN_B: [None, TOWN_B, COUNTY],
         COUNTY: [None, None, COUNTY], None: [None, None, None]}  # fmt: skip
Spot = tuple[str | None, str | None]


class Naive:
    """A random county kept as plain values, and its instructors sent one by one to whoever is nearest."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, Random(seed)
        self.waiting: dict[str, Spot] = {uscc(8): (TOWN_B, PARK)}
        # What the small county covers or leaves out can be guided, but needs nobody.
        self.where = {uscc(n): (TOWN_A, None) for n in (1, 2, 3)} | self.waiting
        self.guided: dict[str, set[str]] = {}
        self.pool: dict[str, dict[str, Any]] = {}
        for number in range(100, 100 + self.chance.randint(3, 14)):
            spot = (self.chance.choice([TOWN_A, TOWN_B, VILLAGE_A]), self.chance.choice([None, None, PARK]))
            key = world.enterprise(number, spot[0], zone=spot[1], staff=150)
            self.waiting[key] = self.where[key] = spot
        for number in range(self.chance.randint(0, 3)):
            self.guide(f"asg-{number}", f"psn-{self.chance.randrange(4)}", self.chance.choice(sorted(self.where)))
        for number in range(self.chance.randint(1, 6)):
            self.stand_ready(f"ins-{number}", f"psn-{number}")
        world.sync()

    def guide(self, key: str, person: str, enterprise: str) -> None:
        self.world.record("assignment", key, person=person, role="instructor", enterprise=enterprise)
        self.guided.setdefault(person, set()).add(enterprise)
        self.waiting.pop(enterprise, None)

    def stand_ready(self, key: str, person: str) -> None:
        pick = self.chance.choice
        said = {"unit": pick(list(UNITS)), "division": pick([TOWN_A, TOWN_B, VILLAGE_A, None, None, None]),
                "zone": pick([PARK, None, None, None]), "max_enterprises": pick([None, 0, 1, 2, 9]),
                "term_ends_on": pick([None, None, "2026-06-30", "2026-07-01"])}  # fmt: skip
        self.pool[person] = said
        self.world.record("instructor", key, person=person, **said)

    def spots(self, person: str, sees: Any) -> list[Spot]:
        found = [self.where[each] for each in self.guided.get(person, ())]
        if person in self.pool:
            said = self.pool[person]
            division, zone = said["division"], said["zone"]
            area = (division or (TOWN_B if zone else None), zone) if division or zone else UNITS[said["unit"]]
            found.append(area)
        return [spot for spot in found if sees(spot)]

    def room(self, person: str) -> int:
        load, said = len(self.guided.get(person, ())), self.pool.get(person, {})
        if said.get("term_ends_on") == "2026-06-30":
            return 0
        own = said.get("max_enterprises")
        return min(MOST, MOST if own is None else own) - load

    def sent(self, sees: Any) -> dict[str, tuple[str, int]]:
        """Return by enterprise who is sent and how far: the nearest pair first, then code, load, person."""
        people = {person: self.spots(person, sees) for person in {*self.guided, *self.pool}}
        waiting = {key: spot for key, spot in self.waiting.items() if sees(spot)}
        load = {person: len(self.guided.get(person, ())) for person in people}
        room, found = {person: self.room(person) for person in people}, {}
        while True:
            pairs = [
                (apart(spot, there), key, load[person], person)
                for key, spot in waiting.items()
                for person, spots in people.items()
                for there in spots
                if room[person] > 0 and key not in found and apart(spot, there) <= 3
            ]
            if not pairs:
                return found
            steps, key, _, person = min(pairs)
            found[key] = (person, steps)
            room[person] -= 1
            load[person] += 1


def apart(one: Spot, other: Spot) -> int:
    if one[1] is not None and one[1] == other[1]:
        return 0
    levels = zip(ABOVE[one[0]], ABOVE[other[0]], strict=True)
    return next((steps for steps, (a, b) in enumerate(levels, 1) if a is not None and a == b), 9)


@pytest.mark.parametrize("seed", range(8))
def test_instructors_are_sent_as_a_naive_planner_sends_them_and_the_forecast_is_exact(world: World, seed: int):
    county = Naive(world, seed)
    callers = (
        (world.admin, lambda spot: spot is not None),
        (world.person("prn-b", divisions=(TOWN_B,)), lambda spot: TOWN_B in ABOVE[spot[0]]),
        (world.person("prn-park", zones=(PARK,)), lambda spot: spot[1] == PARK),
    )
    for who, sees in callers:
        items = world.get("/v1/gaps/simulations", who, limit=1000, **STAFF100).json()["items"]
        sent = {e["enterprises"][0]["uscc"]: (e["person"], e["distance"]) for e in items}
        assert {each["kind"] for each in items} <= {"instructor"}
        assert sent == county.sent(sees)

    answer = world.get("/v1/gaps/simulations", limit=1000, **STAFF100).json()
    carry_out(world, answer["items"])
    assert predicted(answer["simulation"], "after") == figures(world)


def test_who_guides_nobody_yet_is_proposed_with_the_area_he_is_meant_for(world: World):
    said = {"person": "psn-new", "unit": "unt-tax", "zone": PARK, "max_enterprises": 1, "term_ends_on": "2026-07-01"}
    world.record("instructor", "ins-1", **said)
    world.sync()
    sent = world.get("/v1/gaps/simulations", **STAFF100).json()["items"]

    assert [(each["kind"], each["person"], each["distance_name"]) for each in sent] == [
        ("instructor", "psn-new", "同一园区楼宇")
    ]
    assert sent[0]["reasons"] == ["指导员联系企业尚未满3户", "其派驻的企业、党组织或服务区域与本企业位于同一园区楼宇"]
    assert world.get("/v1/gaps", proposals="true", **STAFF100).json()["items"][0]["proposals"][0]["person"] == "psn-new"


@pytest.mark.parametrize("said", [{"max_enterprises": 0}, {"term_ends_on": "2026-06-30"}])
def test_who_may_take_nobody_or_whose_term_is_over_is_not_proposed(world: World, said: dict[str, Any]):
    world.record("instructor", "ins-1", person="psn-new", unit="unt-b", **said)
    world.sync()

    assert world.get("/v1/gaps/simulations", **STAFF100).json()["items"] == []


def test_a_closed_record_of_the_pool_proposes_nobody_and_the_day_before_still_does(world: World):
    world.record("instructor", "ins-1", person="psn-new", unit="unt-b")
    world.close("instructor", "ins-1", TODAY)
    world.sync()

    assert world.get("/v1/gaps/simulations", **STAFF100).json()["items"] == []
    before = world.get("/v1/gaps/simulations", on="2026-06-30", **STAFF100).json()["items"]
    assert [each["person"] for each in before] == ["psn-new"]
