"""Honest when sources fail: answers from the last good copy that say so, or a refusal; never a silent zero."""

from datetime import timedelta

import pytest

from heli_reporting.history.store import Store
from reporting.world import TOWN_A, World, uscc

QUESTIONS = [
    ("/v1/statistics", {"measure": "organization_coverage"}),
    ("/v1/statistics/rows", {"measure": "organization_coverage"}),
    ("/v1/gaps", {}),
    ("/v1/gaps", {"proposals": "true"}),
    ("/v1/gaps/simulations", {}),
    ("/v1/worklists", {}),
]


def statuses(world: World) -> dict[str, str]:
    return {each["name"]: each["status"] for each in world.get("/v1/sources").json()["items"]}


@pytest.mark.parametrize(("path", "params"), QUESTIONS)
def test_without_any_copy_there_is_no_answer(empty_world: World, path, params):
    answer = empty_world.get(path, **params)

    assert answer.status_code == 503
    assert "POST /v1/syncs" in answer.json()["detail"]
    assert {each["status"] for each in answer.json()["sources"]} == {"never"}


@pytest.mark.parametrize("source", ["registry", "assessment"])
@pytest.mark.parametrize(("path", "params"), QUESTIONS)
def test_a_source_that_fails_leaves_the_last_good_copy_marked_stale(world: World, source, path, params):
    before = world.get(path, **params).json()
    getattr(world, source).is_down = True
    report = world.sync()
    after = world.get(path, **params).json()

    assert report["stale"] is True
    assert {each["name"]: each["status"] for each in report["sources"]}[source] == "stale"
    assert before["passport"]["stale"] is False
    assert after["passport"]["stale"] is True
    assert {key: before[key] for key in before if key != "passport"} == {
        key: after[key] for key in after if key != "passport"
    }


@pytest.mark.parametrize(("path", "params"), QUESTIONS)
def test_strict_refuses_what_is_stale_and_answers_what_is_fresh(world: World, path, params):
    assert world.get(path, strict="1", **params).status_code == 200

    world.assessment.is_down = True
    world.sync()
    refused = world.get(path, strict="1", **params)

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert world.get(path, strict="0", **params).status_code == 200


def test_an_assessment_that_runs_ahead_of_the_registry_breaks_nothing_and_is_understood_later(world: World):
    """What assessment says of units and enterprises that the copy does not know yet waits until it knows them."""
    statuses(world)
    before = world.get("/v1/worklists").json()["total"]
    world.registry.is_down = True
    world.enterprise(50, full_members=3)
    world.record("unit", "unt-new", name="新机构", kind="township", parent="unt-county", division=TOWN_A)
    world.record("task", "tsk-new", plan="pln-new", title="新任务", unit="unt-new", due_on="2026-05-01")
    world.record("activity", "act-new", kind="visit", unit="unt-new", enterprise=uscc(50), held_on="2026-06-01")
    world.sync()

    for path, params in QUESTIONS:
        answer = world.get(path, **params).json()
        assert answer["passport"]["stale"] is True
        assert world.get(path, strict="1", **params).status_code == 503
    assert world.get("/v1/worklists").json()["total"] == before
    assert world.get("/v1/gaps").json()["total"] == 2

    world.registry.is_down = False
    world.sync()
    world.at_the_registry_later(10)  # the pause after which the caller is asked for again
    after = world.get("/v1/worklists", strict="1").json()
    assert "tsk-new" in [line["subject"]["id"] for line in after["items"] if line["kind"] == "task_overdue"]
    assert world.get("/v1/gaps", strict="1").json()["total"] == 3


def test_a_source_that_comes_back_is_fresh_again_and_caught_up(world: World):
    statuses(world)
    world.registry.is_down = True
    world.enterprise(40)
    world.sync()
    assert statuses(world) == {"registry": "stale", "assessment": "fresh"}

    world.registry.is_down = False
    report = world.sync()

    assert statuses(world) == {"registry": "fresh", "assessment": "fresh"}
    assert [(each["name"], each["mode"], each["taken"]) for each in report["sources"]] == [
        ("registry", "feed", 1),
        ("assessment", "feed", 0),
    ]


def test_a_copy_that_nobody_renews_grows_stale_by_age(world: World):
    world.clock.instant += timedelta(hours=1, seconds=1)
    world.admin = world.person("prn-admin", ["statistics:read", "syncs:write"], everything=True)

    assert statuses(world) == {"registry": "stale", "assessment": "stale"}
    assert world.statistics(measure="enterprise_count")["passport"]["sources"][0]["age_seconds"] == 3601

    world.sync()
    assert statuses(world) == {"registry": "fresh", "assessment": "fresh"}


def test_a_registry_that_does_not_know_the_caller_any_more_marks_answers_stale_at_once(world: World):
    """The question who is asking goes unanswered: the copy may be old from now on, before any sync has failed."""
    world.statistics(measure="enterprise_count")
    world.registry.is_down = True
    world.at_the_registry_later(10)

    assert world.statistics(measure="enterprise_count")["passport"]["stale"] is True


def test_freshness_survives_a_restart(world: World):
    statuses(world)
    world.registry.is_down = True
    world.sync()
    world.registry.is_down = False
    world.restart()

    assert statuses(world) == {"registry": "stale", "assessment": "fresh"}


def test_a_copy_that_was_deleted_is_no_copy(world: World):
    world.shut()
    world.store_path.unlink()
    world.store = Store.open(world.store_path)
    world.restart()

    assert statuses(world) == {"registry": "never", "assessment": "never"}
    assert world.get("/v1/statistics", measure="enterprise_count").status_code == 503

    with world.registry.export("ledger") as bulk:
        world.store.append("registry", bulk.batches, epoch=bulk.epoch, known_at=bulk.known_at)
    assert statuses(world)["registry"] == "never", "what was taken in does not count before it is in the answers"

    world.sync()
    assert world.statistics(measure="enterprise_count")["total"]["enterprise_count"]["value"] == 8
