"""Plans, tasks, activities and marks over HTTP: who may see and write what, and what is refused."""

import pytest

from assessment.world import FINANCE, TAX, TOWN_A


def planned(world):
    world.made("/v1/plans", id="pln-1", title="2026年实施意见", year=2026, document="合两新〔2026〕1号")


def task(world, key, unit=FINANCE, **more):
    body = {"plan": "pln-1", "title": "走访", "unit": unit, "target": "10", "progress": "4", "due_on": "2026-06-30"}
    return world.post("/v1/tasks", {"id": key, **body, **more})


def test_lists_are_found_by_unit_year_and_state(world):
    planned(world)
    assert task(world, "tsk-1").status_code == 201
    assert task(world, "tsk-2", TAX, due_on="2027-01-31").status_code == 201
    world.made("/v1/activities", id="act-1", kind="visit", unit=FINANCE, held_on="2025-05-01", title="走访")
    world.made("/v1/activities", id="act-2", kind="visit", unit=FINANCE, held_on="2026-05-01", title="走访")

    def found(path):
        return [each["id"] for each in world.get(path).json()["items"]]

    assert found("/v1/tasks?unit=unt-tax") == ["tsk-2"]
    assert found("/v1/tasks?year=2026") == ["tsk-1"]
    assert found("/v1/activities?year=2025") == ["act-1"]
    assert found("/v1/activities?year=2026&on=2026-06-01") == ["act-2"]
    assert found("/v1/plans?year=2026&state=open") == ["pln-1"]
    assert world.get("/v1/tasks?year=%E4%B8%80").status_code == 400
    assert world.get("/v1/plans?year=%E4%B8%80").status_code == 400
    assert world.get("/v1/plans?colour=red").status_code == 400


def test_a_liaison_records_for_the_own_unit_only(world):
    planned(world)
    world.enrol("liaison", "department_liaison", unit=FINANCE)
    visit = {"kind": "visit", "held_on": "2026-05-01", "title": "走访"}
    assert world.post("/v1/activities", {**visit, "unit": FINANCE}, by="liaison").status_code == 201
    assert world.post("/v1/activities", {**visit, "unit": TAX}, by="liaison").status_code == 403
    task(world, "tsk-tax", TAX)
    assert world.patch("/v1/tasks/tsk-tax", {"progress": "9"}, by="liaison").status_code == 403
    assert world.patch("/v1/tasks/tsk-tax", {"unit": FINANCE}, by="liaison").status_code == 403
    etag = world.get("/v1/tasks/tsk-tax").headers["etag"]
    closing = world.post("/v1/tasks/tsk-tax/close", {"reason": "取消"}, by="liaison", headers={"If-Match": etag})
    assert closing.status_code == 403
    assert world.get("/v1/tasks/tsk-tax", by="liaison").json()["progress"] == "4"


def test_a_township_sees_and_writes_its_own_units_records_only(world):
    planned(world)
    world.enrol("town", "township_clerk", unit="unt-a", divisions=(TOWN_A,))
    visit = {"kind": "visit", "held_on": "2026-05-01", "title": "走访"}
    for key, unit in (("act-a", "unt-a"), ("act-b", "unt-b"), ("act-f", FINANCE)):
        world.made("/v1/activities", id=key, unit=unit, **visit)
    page = world.get("/v1/activities", by="town").json()
    assert ([each["id"] for each in page["items"]], page["total"]) == (["act-a"], 1)
    assert world.get("/v1/activities/act-b", by="town").status_code == 404
    assert world.get("/v1/activities?on=2026-06-01", by="town").json()["total"] == 1
    exported = world.get("/v1/exports/activities", by="town").text
    assert "act-a" in exported
    assert "act-b" not in exported
    assert world.post("/v1/activities", {**visit, "unit": "unt-a"}, by="town").status_code == 201
    assert world.post("/v1/activities", {**visit, "unit": "unt-b"}, by="town").status_code == 422


def test_a_unit_made_this_moment_is_known_at_once(world):
    visit = {"kind": "visit", "held_on": "2026-05-01", "title": "走访", "unit": "unt-new"}
    assert world.post("/v1/activities", visit).status_code == 422
    world.has("unit", "unt-new", name="新设机构", kind="department")
    assert world.post("/v1/activities", visit).status_code == 201


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("tasks", {"plan": "pln-none"}, "/plan"),
        ("tasks", {"target": "-1"}, "/target"),
        ("tasks", {"target": "很多"}, "/target"),
        ("tasks", {"done_on": "2027-01-01"}, "/done_on"),
        ("tasks", {"unit": "unt-none"}, "/unit"),
        ("tasks", {"colour": "red"}, "/colour"),
        ("activities", {"kind": "party"}, "/kind"),
        ("activities", {"held_on": "2026-07-02"}, "/held_on"),
        ("activities", {"participants": 1.5}, "/participants"),
        ("activities", {"participants": 10**30}, None),
        ("marks", {"item": "common-leadership"}, "/item"),
        ("marks", {"rulebook": "none"}, "/rulebook"),
        ("marks", {"value": "-1"}, "/value"),
        ("marks", {"value": "99999999999"}, "/value"),
        ("marks", {"value": "好"}, "/value"),
        ("marks", {"subject": "unt-none"}, "/subject"),
    ],
)
def test_bad_records_are_refused_with_their_field(small_world, path, body, pointer):
    planned(small_world)
    small_world.example()
    good = {
        "tasks": {"plan": "pln-1", "title": "走访", "unit": FINANCE, "due_on": "2026-06-30"},
        "activities": {"kind": "visit", "unit": FINANCE, "held_on": "2026-05-01", "title": "走访"},
        "marks": {"subject": FINANCE, "rulebook": "department", "item": "finance-standards", "value": "2"},
    }
    answer = small_world.post(f"/v1/{path}", good[path] | body)
    assert 400 <= answer.status_code < 500, answer.text
    if pointer is not None:
        assert pointer in [each["pointer"] for each in answer.json()["errors"]]
    assert small_world.get(f"/v1/{path}").json()["total"] == 0
    assert small_world.post(f"/v1/{path}", good[path]).status_code == 201


def test_everything_written_is_in_the_feed_and_the_exports(world):
    planned(world)
    task(world, "tsk-1")
    world.example()
    feed = world.get("/v1/changes").json()
    assert [(each["entity"], each["key"]) for each in feed["items"]] == [
        ("plan", "pln-1"),
        ("task", "tsk-1"),
        ("rulebook", "department"),
    ]
    assert "tsk-1" in world.get("/v1/exports/tasks?format=csv").text
    assert world.get("/v1/exports/ledger").headers["heli-known-at"] == "3"
    assert world.get("/v1/tasks/tsk-1/history").json()["items"][0]["operation"] == "create"


def test_while_the_registry_is_down_what_was_known_of_units_holds(world):
    visit = {"kind": "visit", "held_on": "2026-05-01", "title": "走访", "unit": FINANCE}
    assert world.post("/v1/activities", visit).status_code == 201
    world.registry.is_down = True
    assert world.post("/v1/activities", visit).status_code == 201
