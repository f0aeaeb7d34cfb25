"""Permalinks: the same bytes for good, and only for who may see what they were counted from."""

from reporting.world import TOWN_A, TOWN_B, World


def permalink_of(answer) -> str:
    return str(answer.json()["passport"]["permalink"])


def test_a_permalink_returns_the_same_bytes_after_the_data_moved_on(world: World):
    answer = world.get("/v1/statistics", measure="organization_coverage", by="division:town")
    world.enterprise(30)
    world.sync()

    assert world.get("/v1/statistics", measure="organization_coverage", by="division:town").content != answer.content
    assert world.get(permalink_of(answer)).content == answer.content


def test_a_permalink_outlives_the_service(world: World):
    answer = world.get("/v1/statistics", measure="organization_coverage")
    world.restart()

    assert world.get(permalink_of(answer)).content == answer.content


def test_the_same_question_within_two_seconds_is_the_same_answer(world: World):
    first, second = (world.get("/v1/statistics", measure="organization_coverage").content for _ in range(2))

    assert first == second


def test_a_permalink_is_read_by_whoever_sees_all_that_it_counts(world: World):
    of_all = permalink_of(world.get("/v1/statistics", measure="enterprise_count"))
    a, b = (world.person(f"prn-{town}", divisions=(town,)) for town in (TOWN_A, TOWN_B))
    county = world.person("prn-county", divisions=("990101000000",))
    of_a = permalink_of(world.get("/v1/statistics", a, measure="enterprise_count"))

    readers = {"admin": world.admin, "a": a, "b": b, "county": county}
    assert {name for name, who in readers.items() if world.get(of_a, who).status_code == 200} == {
        "admin",
        "a",
        "county",
    }
    assert {name for name, who in readers.items() if world.get(of_all, who).status_code == 200} == {"admin"}


def test_a_permalink_that_may_not_be_seen_looks_like_none(world: World):
    link = permalink_of(world.get("/v1/statistics", measure="enterprise_count"))
    hidden = world.get(link, world.person("prn-a", divisions=(TOWN_A,)))
    missing = world.get("/v1/permalinks/aaaaaaaaaaaaaaaa")

    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.json()["detail"] == missing.json()["detail"]
