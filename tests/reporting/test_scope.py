"""A township user sees its township only, in every total, row, gap and worklist line."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from reporting.world import PARK, TOWN_A, TOWN_B, World, uscc


@pytest.fixture
def people(world: World):
    return {
        "a": world.person("prn-a", divisions=(TOWN_A,), unit="unt-a"),
        "b": world.person("prn-b", divisions=(TOWN_B,), unit="unt-b"),
        "park": world.person("prn-park", zones=(PARK,), unit="unt-park"),
        "nothing": world.person("prn-none"),
    }


EXPECTED = {"a": {1, 2, 3, 4, 5}, "b": {6, 7, 8}, "park": {8}, "nothing": set()}


@pytest.mark.parametrize("who", EXPECTED)
def test_totals_and_rows_stay_inside_the_scope(world: World, people, who):
    wanted = EXPECTED[who]
    answer = world.statistics(people[who], measure="enterprise_count", by="division:village")
    listed = world.get("/v1/statistics/rows", people[who], measure="enterprise_count").json()

    assert answer["total"]["enterprise_count"]["value"] == len(wanted)
    assert sum(row["enterprise_count"]["value"] for row in answer["rows"]) == len(wanted)
    assert {row["uscc"] for row in listed["items"]} == {uscc(number) for number in wanted}


@pytest.mark.parametrize("who", EXPECTED)
def test_lines_of_an_aggregate_name_no_foreign_place(world: World, people, who):
    places = {"a": {TOWN_A}, "b": {TOWN_B}, "park": {TOWN_B}, "nothing": set()}[who]
    answer = world.statistics(people[who], measure="organization_coverage", by="division:town")

    assert {row["division"]["code"] for row in answer["rows"]} <= places


@pytest.mark.parametrize(("who", "due"), [("a", {5}), ("b", {6}), ("park", set()), ("nothing", set())])
def test_gaps_stay_inside_the_scope(world: World, people, who, due):
    page = world.get("/v1/gaps", people[who]).json()

    assert {row["uscc"] for row in page["items"]} == {uscc(number) for number in due}
    assert page["total"] == len(due)


def test_mixed_callers_in_parallel_get_no_foreign_row(world: World, people):
    def ask(number: int):
        who = list(EXPECTED)[number % len(EXPECTED)]
        answer = world.statistics(people[who], measure="enterprise_count", by="organization_cover")
        return who, answer["total"]["enterprise_count"]["value"], answer["passport"]["scope"]

    with ThreadPoolExecutor(8) as pool:
        for who, count, scope in pool.map(ask, range(400)):
            assert count == len(EXPECTED[who])
            assert scope["divisions"] == ([TOWN_A] if who == "a" else [TOWN_B] if who == "b" else [])


def test_a_scope_that_was_changed_holds_within_seconds(world: World, people):
    count = world.statistics(people["a"], measure="enterprise_count")["total"]["enterprise_count"]["value"]
    token = people["a"]["Authorization"].removeprefix("Bearer ")
    moved = world.registry.principals[token]
    world.registry.principals[token] = moved.model_copy(
        update={"scope": moved.scope.model_copy(update={"divisions": [TOWN_B]})}
    )
    world.at_the_registry_later(3)

    assert count == 5
    assert world.statistics(people["a"], measure="enterprise_count")["total"]["enterprise_count"]["value"] == 3
