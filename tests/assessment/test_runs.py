"""Runs over HTTP: pinned, explained, the same bytes again, and nothing at all while the registry is down."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from importlib.resources import as_file, files

import pytest
import sqlalchemy as sa
from alembic import command

from assessment.world import FINANCE, TAX, TOWN_A, World
from heli_assessment.migrating import migrate_assessment
from heli_shared.db.migrations import migration_config
from heli_shared.kernel.pages import encode_cursor


def worked(world):
    """Let finance work: a plan with three tasks, some meetings and visits, a mark."""
    world.example()
    world.made("/v1/plans", id="pln-1", title="2026年实施意见", year=2026)
    for number, (progress, due, done) in enumerate(
        (("10", "2026-03-31", "2026-03-20"), ("4", "2026-05-31", None), ("5", "2026-11-30", None))
    ):
        fields = {"plan": "pln-1", "title": f"任务{number}", "unit": FINANCE, "target": "10", "due_on": due}
        world.made(
            "/v1/tasks", id=f"tsk-{number}", effective_on="2026-01-05", progress=progress, done_on=done, **fields
        )
    for key, kind, day in (
        ("a", "meeting", "2026-02-01"),
        ("b", "meeting", "2026-05-01"),
        ("c", "visit", "2026-01-10"),
        ("d", "visit", "2026-02-10"),
        ("e", "visit", "2026-04-10"),
        ("f", "visit", "2025-08-10"),
        ("g", "funding", "2026-04-10"),
    ):
        world.made("/v1/activities", id=f"act-{key}", kind=kind, unit=FINANCE, held_on=day, title="工作")
    mark = {"subject": FINANCE, "rulebook": "department", "item": "finance-standards", "value": "2"}
    world.made("/v1/marks", id="mrk-1", evidence="拨款凭证", effective_on="2026-06-01", **mark)


def items_of(told):
    return {item["id"]: item for item in told["items"]}


def test_a_department_is_scored_item_by_item_from_facts_and_records(world):
    worked(world)
    run = world.run(on="2026-06-30")
    told = world.explained(run)
    points = {id_: item["points"] for id_, item in items_of(told).items()}
    assert points == {
        "common-leadership": "4.00",  # two meetings of four, two points each
        "common-tasks": "6.33",  # the mean of 1, 0.4 and 0.5 is 0.6333
        "common-deadlines": "3.00",  # one task overdue
        "common-publicity": "0.00",
        "common-information": "0.00",
        "common-joint": "0.00",
        "common-cooperation": "2.00",  # no mark: nothing held against it
        "finance-funding": "30.00",
        "finance-standards": "11.20",  # marked 较好
        "finance-visits": "8.00",  # visits in two quarters; last year's does not count
        "bonus-information": "0.00",
        "bonus-commendation": "0.00",
        "penalty-criticism": "0.00",
        "penalty-late": "0.00",
    }
    assert Decimal(told["score"]) == sum(Decimal(value) for value in points.values())
    assert told["range"] == {"low": told["score"], "high": told["score"]}
    assert (told["rank"], told["grade"]) == (1, "合格")


def test_every_item_tells_rule_basis_values_and_why_not_full(world):
    worked(world)
    told = world.explained(world.run(on="2026-06-30"))
    leadership = items_of(told)["common-leadership"]
    assert leadership["rule"] == "满分 8 分，“研究党建工作会议”应达 4 次，每少 1 次扣 2 分，扣完为止"
    assert leadership["basis"] == "示例默认值 福鼎市2012年标准（R22）：每季度研究；石城县2018年度（R1）：少1次扣分"
    assert leadership["values"] == [
        {
            "measure": "meetings",
            "value": "2",
            "state": "value",
            "numerator": None,
            "denominator": None,
            "source": "assessment:activities",
            "on": "2026-05-01",
            "rows": f"/v1/runs/{told['run']}/scores/{FINANCE}/rows?measure=meetings",
        }
    ]
    assert leadership["why_not_full"] == "“研究党建工作会议”为 2 次，比要求少 2 次，扣 4 分"
    assert leadership["to_gain"][0] == {
        "change": "把“研究党建工作会议”由 2 次提高到 3 次",
        "change_en": "raise meetings on Party building from 2 to 3",
        "set": {"meetings": "3"},
        "gain": "2.00",
    }
    marked = items_of(told)["finance-standards"]["values"][0]
    assert (marked["measure"], marked["value"], marked["on"]) == ("mark:finance-standards", "2", "2026-06-01")
    assert [veto["verdict"] for veto in told["vetoes"]] == ["unknown"]
    assert [cap["verdict"] for cap in told["caps"]] == ["not_triggered"]


def test_doing_what_is_advised_gains_what_was_promised(world):
    worked(world)
    before = world.explained(world.run(on="2026-06-30"))
    advice = items_of(before)["common-leadership"]["to_gain"][0]
    world.made("/v1/activities", kind="meeting", unit=FINANCE, held_on="2026-06-15", title="研究工作")
    after = world.explained(world.run(on="2026-06-30"))
    assert Decimal(after["score"]) - Decimal(before["score"]) == Decimal(advice["gain"])


def test_who_reported_nothing_gets_a_range_and_not_a_zero(world):
    worked(world)
    told = world.explained(world.run(on="2026-06-30"), TAX)
    assert (told["score"], told["range"]) == ("16.00", {"low": "16.00", "high": "100.00"})
    leadership = items_of(told)["common-leadership"]
    assert (leadership["state"], leadership["range"]) == ("missing", {"low": "0.00", "high": "8.00"})
    assert leadership["why_not_full"].startswith("缺少“研究党建工作会议”的数据")
    assert told["rank_range"] == {"best": 1, "worst": 2}


def test_shares_come_from_the_one_set_of_definitions(world):
    book = """
id: coverage
title: 覆盖
subject_kind: department
effective_from: 2026-01-01
basis: {document: 试}
maximum: 30
parts:
  - id: p
    title: 部
    kind: common
    maximum: 30
    items:
      - {id: own, title: 本单位, maximum: 10, basis: {document: 试}, missing: range, not_applicable: zero,
         rule: {kind: proportional, measure: organization_coverage, target: 1}}
      - {id: all, title: 全县, maximum: 10, basis: {document: 试}, missing: range,
         rule: {kind: proportional, measure: county_organization_coverage, target: 1}}
      - {id: sent, title: 选派, maximum: 10, basis: {document: 试}, missing: range,
         rule: {kind: proportional, measure: instructors_sent, target: 4}}
grades: [{title: 通过}]
"""
    assert world.upload("coverage", book).status_code == 201
    run = world.run(rulebook="coverage", on="2026-06-30")
    finance, tax = items_of(world.explained(run)), items_of(world.explained(run, TAX))
    assert {id_: item["points"] for id_, item in finance.items()} == {"own": "7.50", "all": "6.00", "sent": "5.00"}
    value = finance["own"]["values"][0]
    assert (value["value"], value["numerator"], value["denominator"], value["source"], value["on"]) == (
        "0.75", 3, 4, "registry:statistics", "2026-06-30",
    )  # fmt: skip
    assert (tax["own"]["state"], tax["own"]["points"]) == ("not_applicable", "0.00")
    assert tax["sent"]["points"] == "0.00"


def test_the_same_pins_give_the_same_bytes(world):
    worked(world)
    first = world.post("/v1/runs", {"rulebook": "department", "on": "2026-06-30"})
    again = world.post("/v1/runs", {"rulebook": "department", "on": "2026-06-30"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    run = first.json()
    scores = world.get(f"/v1/runs/{run['id']}/scores").content
    told = world.get(f"/v1/runs/{run['id']}/scores/{FINANCE}").content
    world.made("/v1/activities", kind="meeting", unit=FINANCE, held_on="2026-06-15", title="研究工作")
    closing = {"effective_on": date(2026, 6, 1), "operation": "close"}
    world.registry.append("cover", "cov-0", changes={"state": "closed"}, **closing)
    pinned = world.post("/v1/runs", {"rulebook": "department", "on": "2026-06-30", "known_at": run["known_at"]})
    assert (pinned.status_code, pinned.content) == (200, first.content)
    assert world.get(f"/v1/runs/{run['id']}/scores").content == scores
    assert world.get(f"/v1/runs/{run['id']}/scores/{FINANCE}").content == told
    later = world.run(on="2026-06-30")
    assert later["id"] != run["id"]
    assert world.get("/v1/runs").json()["total"] == 2


def test_a_run_keeps_its_rulebook_version(world):
    worked(world)
    run = world.run(on="2026-06-30")
    before = world.get(f"/v1/runs/{run['id']}/scores/{FINANCE}").content
    text = world.get("/v1/rulebooks/department").json()["body"]
    text["parts"][0]["items"][0]["title"] = "组织领导（修订）"
    text["cases"] = []
    assert world.call("PUT", "/v1/rulebooks/department", json=text).json()["version"] == 2
    assert world.get(f"/v1/runs/{run['id']}/scores/{FINANCE}").content == before
    assert world.run(on="2026-06-30")["rulebook"]["version"] == 2
    assert world.run(on="2026-06-30", version=1, known_at=run["known_at"])["id"] == run["id"]


def test_nothing_is_stored_while_the_registry_is_down(world):
    worked(world)
    world.registry.is_down = True
    answer = world.post("/v1/runs", {"rulebook": "department", "on": "2026-06-30"})
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    world.registry.is_down = False
    assert world.get("/v1/runs").json()["total"] == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"rulebook": "none"}, 404),
        ({"rulebook": "department", "version": 9}, 404),
        ({"rulebook": "department", "on": "2026-07-02"}, 422),
        ({"rulebook": "department", "on": "2026-02-30"}, 422),
        ({"rulebook": "department", "on": "2026-01-01", "period_from": "2026-02-01"}, 422),
        ({"rulebook": "department", "known_at": {"records": 10**9}}, 422),
        ({"rulebook": "department", "known_at": {"records": -1}}, 422),
        ({"rulebook": "department", "known_at": 5}, 422),
        ({"rulebook": "department", "speed": "fast"}, 422),
        ({"rulebook": "../x"}, 422),
        ({}, 422),
    ],
)
def test_runs_that_make_no_sense_are_refused(small_world, body, status):
    small_world.example()
    assert small_world.post("/v1/runs", body).status_code == status
    assert small_world.get("/v1/runs").json()["total"] == 0


def test_scores_are_paged_by_rank_and_kept_within_scope(world):
    worked(world)
    run = world.run(on="2026-06-30")
    first = world.get(f"/v1/runs/{run['id']}/scores?limit=1").json()
    second = world.get(f"/v1/runs/{run['id']}/scores?limit=1&cursor={first['next']}").json()
    assert [page["items"][0]["subject"] for page in (first, second)] == [FINANCE, TAX]
    assert (first["total"], second["next"]) == (2, None)
    world.enrol("town-leader", "leader", unit="unt-a", divisions=(TOWN_A,))
    assert world.get(f"/v1/runs/{run['id']}/scores", by="town-leader").json()["total"] == 0
    assert world.get(f"/v1/runs/{run['id']}/scores/{FINANCE}", by="town-leader").status_code == 404
    world.enrol("town", "township_clerk", unit="unt-a", divisions=(TOWN_A,))
    assert world.get(f"/v1/runs/{run['id']}/scores", by="town").status_code == 403
    assert world.get("/v1/runs/run-none/scores").status_code == 404


def test_a_veto_takes_grade_and_rank_and_leaves_the_points(world):
    worked(world)
    before = world.explained(world.run(on="2026-06-30"))
    world.made(
        "/v1/marks", subject=FINANCE, rulebook="department", item="false-data", value="1", effective_on="2026-06-02"
    )
    told = world.explained(world.run(on="2026-06-30"))
    assert (told["score"], told["grade"], told["rank"]) == (before["score"], None, None)
    assert told["vetoes"][0]["verdict"] == "triggered"


def test_the_latest_mark_counts_and_closed_ones_do_not(world):
    worked(world)
    mark = {"subject": FINANCE, "rulebook": "department", "item": "finance-standards"}
    world.made("/v1/marks", id="mrk-2", value="3", effective_on="2026-06-20", **mark)
    assert items_of(world.explained(world.run(on="2026-06-30")))["finance-standards"]["points"] == "14.00"
    assert items_of(world.explained(world.run(on="2026-06-10")))["finance-standards"]["points"] == "11.20"
    etag = world.get("/v1/marks/mrk-2").headers["etag"]
    world.post("/v1/marks/mrk-2/close", {"reason": "误评", "effective_on": "2026-06-25"}, headers={"If-Match": etag})
    assert items_of(world.explained(world.run(on="2026-06-30")))["finance-standards"]["points"] == "11.20"


def test_the_database_itself_refuses_to_change_a_run(world):
    worked(world)
    world.run(on="2026-06-30")
    for statement in ("UPDATE run_scores SET score = 0", "DELETE FROM runs"):
        with pytest.raises(sa.exc.DBAPIError), world.engine.begin() as connection:
            connection.execute(sa.text(statement))


def test_two_services_with_the_same_ledger_make_the_same_run(world, databases, clock):
    worked(world)
    other = World(clock, databases.migrated("assessment", migrate_assessment), registry=world.registry)
    worked(other)
    mine, theirs = world.run(on="2026-06-30"), other.run(on="2026-06-30")
    scores = [each.get(f"/v1/runs/{run['id']}/scores").content for each, run in ((world, mine), (other, theirs))]
    assert scores[0] == scores[1]
    other.close()


def test_migrations_go_down_and_up_again(databases):
    url = databases.empty()
    migrate_assessment(url)
    with as_file(files("heli_assessment") / "migrations") as folder:
        command.downgrade(migration_config(folder, url), "base")
    migrate_assessment(url)


def test_runs_are_paged_from_the_newest_and_foreign_cursors_are_refused(small_world):
    worked(small_world)
    first, second = small_world.run(on="2026-06-29"), small_world.run(on="2026-06-30")
    page = small_world.get("/v1/runs?limit=1").json()
    rest = small_world.get(f"/v1/runs?limit=1&cursor={page['next']}").json()
    assert {page["items"][0]["id"], rest["items"][0]["id"]} == {first["id"], second["id"]}
    assert rest["next"] is None
    for parts in (("0001-01-01T00:00:00+14:00", "x"), ("x", "y"), (10**30,), (-1,)):
        path = "/v1/runs" if len(parts) == 2 else f"/v1/runs/{first['id']}/scores"
        assert small_world.get(f"{path}?cursor={encode_cursor(*parts)}").status_code == 400


def test_several_at_once_make_one_run(world):
    worked(world)
    world.run(on="2026-06-29")  # the first run of a process compiles the definitions
    body = {"rulebook": "department", "on": "2026-06-30"}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: world.post("/v1/runs", body), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.content for answer in answers}) == 1


def test_a_registry_without_departments_has_nobody_to_score(small_world):
    small_world.example()
    small_world.registry.entries.clear()
    assert small_world.post("/v1/runs", {"rulebook": "department"}).status_code == 409
