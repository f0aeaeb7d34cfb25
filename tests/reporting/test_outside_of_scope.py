"""What lies outside somebody's part of the county does not exist for them, also where a filter names it."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from reporting.test_structures import succeed
from reporting.world import COUNTY, LONG_AGO, PARK, TOWN_A, TOWN_B, VILLAGE_A, World

COUNT = {"measure": "enterprise_count"}
PATHS: dict[str, dict[str, Any]] = {
    "/v1/statistics": COUNT,
    "/v1/statistics/rows": COUNT,
    "/v1/statistics/ledger": COUNT,
    "/v1/statistics/series": {**COUNT, "from": "2026-05-31", "to": "2026-06-30"},
    "/v1/statistics/change": {**COUNT, "from": "2026-05-31", "to": "2026-06-30"},
    "/v1/statistics/change/rows": {**COUNT, "from": "2026-05-31", "to": "2026-06-30", "cause": "entered"},
    "/v1/gaps": {},
    "/v1/gaps/simulations": {},
}


@pytest.fixture
def planted(world: World) -> World:
    """The county with a zone of its own, a department without a place, and organisations above one another."""
    world.record("zone", "zon-far", name="远园", kind="park", division=TOWN_B)
    world.record("zone", "zon-near", name="近园", kind="park", division=VILLAGE_A)
    world.record("unit", "unt-far", name="远园工委", kind="park", parent="unt-county", division=TOWN_B, zone="zon-far")
    world.record("unit", "unt-nowhere", name="某协会", kind="association", parent="unt-county")
    world.enterprise(70, TOWN_B, responsible_unit="unt-b")
    world.enterprise(71, TOWN_A, responsible_unit="unt-far")
    world.branch("pty-above", [], TOWN_B)
    world.record("affiliation", "aff-1", organization="pty-sole", superior="pty-above", kind="territory")
    world.record("affiliation", "aff-2", organization="pty-b", superior="unt-b", kind="territory")
    world.sync()
    return world


@pytest.fixture
def people(planted: World) -> dict[str, dict[str, str]]:
    return {
        "a": planted.person("prn-a", divisions=(TOWN_A,), unit="unt-a"),
        "village": planted.person("prn-v", divisions=(VILLAGE_A,)),
        "park": planted.person("prn-park", zones=(PARK,), unit="unt-park"),
        "nothing": planted.person("prn-none"),
        "all": planted.admin,
    }


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("name", "foreign", "unknown"),
    [("division", TOWN_B, "990101999000"), ("zone", PARK, "zon-no"), ("unit", "unt-b", "unt-no")],
)
def test_a_foreign_place_is_refused_like_one_that_never_was(planted: World, people, path, name, foreign, unknown):
    told = []
    for code in (foreign, unknown):
        answer = planted.get(path, people["a"], **PATHS[path], **{name: code})
        assert answer.status_code == 404, answer.text
        told.append({key: text for key, text in answer.json().items() if key != "instance"})

    assert str(told[0]).replace(foreign, unknown) == str(told[1])
    assert told[0]["errors"] == [{"pointer": f"parameter {name}", "detail": "没有这个代码，或无权查看"}]
    assert planted.get(path, **PATHS[path], **{name: foreign}).status_code == 200


@pytest.mark.parametrize(
    ("who", "name", "seen", "unseen"),
    [
        ("a", "division", [TOWN_A, VILLAGE_A, COUNTY, "990100000000"], [TOWN_B]),
        ("village", "division", [VILLAGE_A, TOWN_A, COUNTY], [TOWN_B]),
        ("park", "division", [TOWN_B, COUNTY], [TOWN_A, VILLAGE_A]),
        ("nothing", "division", [], [TOWN_A, TOWN_B, COUNTY]),
        ("a", "zone", ["zon-near"], [PARK, "zon-far"]),
        ("park", "zone", [PARK], ["zon-near", "zon-far"]),
        ("a", "unit", ["unt-a", "unt-county", "unt-tax", "unt-nowhere", "unt-far"], ["unt-b", "unt-park"]),
        ("park", "unit", ["unt-park", "unt-b", "unt-county"], ["unt-a", "unt-far"]),
        ("a", "affiliation", ["pty-sole", "pty-joint", "pty-above", "unt-county"], ["pty-b", "unt-b"]),
        ("park", "affiliation", ["unt-b"], ["pty-sole", "pty-above", "pty-b"]),
    ],
)
def test_what_has_to_do_with_the_part_is_answered_for(planted: World, people, who, name, seen, unseen):
    answers = {
        code: planted.get("/v1/statistics", people[who], **COUNT, **{name: code}).status_code for code in seen + unseen
    }

    assert answers == dict.fromkeys(seen, 200) | dict.fromkeys(unseen, 404)


def test_what_contains_the_part_gives_the_figures_of_the_part(planted: World, people):
    def count(who: str, **given: str) -> int:
        found: int = planted.statistics(people[who], **COUNT, **given)["total"]["enterprise_count"]["value"]
        return found

    assert count("a", division=COUNTY) == count("a") == count("all", division=TOWN_A)
    assert count("park", division=TOWN_B) == count("park") == 1


def test_one_foreign_value_among_own_ones_is_refused(planted: World, people):
    answer = planted.get("/v1/statistics", people["a"], **COUNT, division=[TOWN_A, TOWN_B])

    assert answer.status_code == 404
    assert TOWN_A not in answer.text


def test_a_line_of_a_change_outside_is_refused(planted: World, people):
    asked = {**PATHS["/v1/statistics/change/rows"], "by": "division:town"}

    answers = [
        planted.get("/v1/statistics/change/rows", people["a"], **asked, group=code).status_code
        for code in (TOWN_A, TOWN_B, "990101999000", "unknown")
    ]

    assert answers == [200, 404, 404, 200]


def test_what_was_merged_into_the_part_or_split_off_it_is_answered_for(planted: World, people):
    old, beside = "990101003000", "990101004000"
    for code in (old, beside):
        planted.record("division", code, name="镇", level="town", parent=COUNTY)
    succeed(planted, "division", old, TOWN_A, beside)
    planted.sync()

    answers = [
        planted.get("/v1/statistics", people["a"], **COUNT, division=code, structure=structure).status_code
        for code in (old, beside)
        for structure in ("then", "now")
    ]

    assert answers == [200, 200, 404, 404]


@pytest.mark.parametrize("seed", range(3))
def test_divisions_are_answered_for_as_a_naive_rule_says(empty_world: World, seed: int):
    map_ = RandomMap(empty_world, random.Random(seed))
    scopes = [
        *({"divisions": (code,)} for code in (*map_.towns, *map_.villages[:3])),
        *({"zones": (zone,)} for zone in map_.zones),
        {"divisions": (map_.towns[0],), "zones": (map_.zones[1],)},
    ]
    for number, scope in enumerate(scopes):
        who = empty_world.person(f"prn-{number}", **scope)
        answers = {
            code: empty_world.get("/v1/statistics", who, **COUNT, division=code).status_code for code in map_.parents
        }

        assert answers == {code: 200 if map_.is_related(code, **scope) else 404 for code in map_.parents}, scope


class RandomMap:
    """A county whose villages move between towns, with zones and enterprises; and the rule once more."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self.days = [LONG_AGO + timedelta(days=400 * number) for number in range(5)]
        self.parents: dict[str, dict[date, str | None]] = {}
        self._place(world, COUNTY, "county", {LONG_AGO: None})
        self.towns = [f"99010100{number}000" for number in range(1, 6)]
        self.villages = [f"99010100{number % 5 + 1}{number:03}" for number in range(1, 11)]
        self.zones = ["zon-1", "zon-2"]
        for code in self.towns:
            self._place(world, code, "town", {LONG_AGO: COUNTY})
        for code in self.villages:
            moves = dict.fromkeys([LONG_AGO, *dice.sample(self.days[1:], dice.randrange(3))])
            self._place(world, code, "village", {day: dice.choice(self.towns) for day in moves})
        self.zone_divisions = {zone: dice.choice(self.towns) for zone in self.zones}
        for zone, code in self.zone_divisions.items():
            world.record("zone", zone, name=zone, kind="park", division=code)
        self.enterprises = [
            (dice.choice([*self.towns, *self.villages]), dice.choice([*self.zones, None, None])) for _ in range(8)
        ]
        for number, (code, zone) in enumerate(self.enterprises):
            world.enterprise(number, code, zone=zone)
        world.sync()

    def _place(self, world: World, code: str, level: str, parents: dict[date, str | None]) -> None:
        self.parents[code] = dict(sorted(parents.items()))
        for day, parent in self.parents[code].items():
            if day == LONG_AGO:
                world.record("division", code, name=code, level=level, parent=parent)
            else:
                world.change("division", code, day, parent=parent)

    def chain(self, code: str, on: date) -> list[str]:
        """Return a division and those above it on a day."""
        parent = [above for day, above in self.parents[code].items() if day <= on][-1]
        return [code] if parent is None else [code, *self.chain(parent, on)]

    def is_related(self, code: str, divisions: tuple[str, ...] = (), zones: tuple[str, ...] = ()) -> bool:
        inside = [
            *divisions,
            *(self.zone_divisions[zone] for zone in zones),
            *(place for place, zone in self.enterprises if zone in zones),
        ]
        return any(
            any(each in self.chain(code, day) for each in divisions)
            or any(code in self.chain(each, day) for each in inside)
            for day in self.days
        )
