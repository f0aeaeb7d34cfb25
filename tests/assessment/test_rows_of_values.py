"""From every value of a score to exactly its rows: equal by construction, as of the run, within the caller's scope."""

from decimal import Decimal

import pytest

from assessment.books import DEFAULTS, FILES
from assessment.demo_county import ON, fill
from assessment.world import FINANCE, LONG_AGO, TOWN_A, TOWN_B, World
from heli_assessment.measures.domain import LISTED, catalogue
from heli_assessment.migrating import migrate_assessment

COUNTED_OTHERWISE = {
    "visit_quarters", "visit_months", "meeting_quarters", "information_report_months", "visited_enterprises",
    "training_days", "training_participants", "visits_made_rate",
}  # fmt: skip
OWN_BOOK = """
id: guides
title: 指导员小细则
subject_kind: instructor
effective_from: 2026-01-01
basis: {document: 示例, clause: 一}
maximum: 6
grades: [{title: 一般, below: 1}, {title: 好, at_least: 1}]
parts:
  - id: all
    title: 全部
    kind: common
    maximum: 6
    items:
      - id: load
        title: 联系企业
        maximum: 2
        basis: {document: 示例, clause: 二}
        evidence: 取系统数据
        rule: {kind: proportional, measure: guided_enterprises, target: 3}
        missing: range
      - id: visits
        title: 走访
        maximum: 2
        window: h1
        basis: {document: 示例, clause: 三}
        evidence: 取系统数据
        rule: {kind: proportional, measure: visits_made_rate, target: 1}
        missing: range
      - id: due
        title: 应走访
        maximum: 2
        basis: {document: 示例, clause: 四}
        evidence: 取系统数据
        rule: {kind: proportional, measure: visits_required, target: 8}
        missing: range
cases:
  - title: 满分
    values: {guided_enterprises: 3, visits_made_rate@h1: 1, visits_required: 8}
    expect: {score: 6}
"""


@pytest.fixture
def demo(sqlite_databases, clock):
    world = World(clock, sqlite_databases.migrated("assessment", migrate_assessment))
    fill(world, 60)
    yield world
    world.close()


def values_by_measure(world, run):
    """Return for each measure that was read the largest value that links to rows."""
    found = {}
    for score in world.get(f"/v1/runs/{run['id']}/scores?limit=1000").json()["items"]:
        for item in world.explained(run, score["subject"])["items"]:
            for value in item["values"]:
                known = found.get(value["measure"])
                if value["rows"] and (known is None or Decimal(value["value"]) > Decimal(known["value"])):
                    found[value["measure"]] = value
    return found


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_value_read_from_records_links_to_exactly_its_rows(demo, name):
    demo.upload(name, FILES[name].read_bytes())
    run = demo.run(rulebook=name, on=ON.isoformat())
    found = values_by_measure(demo, run)
    assert found
    for key, value in found.items():
        if not value["rows"].startswith("/v1/runs/"):
            continue
        answer = demo.get(value["rows"] + "&limit=1000")
        assert answer.status_code == 200, answer.text
        rows = answer.json()
        parts = sum(row["part"] for row in rows["items"])
        assert (rows["total"], rows["outside"]) == (len(rows["items"]), 0)
        if value["denominator"] is not None and key not in COUNTED_OTHERWISE:
            assert (parts, sum(row["whole"] for row in rows["items"])) == (value["numerator"], value["denominator"])
        elif key in COUNTED_OTHERWISE:
            assert parts == rows["total"]
            assert bool(parts) == (Decimal(value["value"]) > 0), key
        else:
            assert parts == Decimal(value["value"]), key


def test_every_measure_of_the_registry_and_of_activities_says_where_its_rows_are(small_world):
    items = small_world.get("/v1/measures").json()["items"]
    assert {each["id"] for each in items} == set(catalogue())
    for each in items:
        measured = each["source"].startswith("registry:") or each["source"] == "assessment:activities"
        assert bool(each["rows"]) == measured, each["id"]
        assert each["subjects"]
        assert each["definition_zh"]
        assert each["definition_en"]
    assert {source.value for source in LISTED} < {each["source"] for each in items}


@pytest.fixture
def guided(small_world):
    """An instructor of township B who guides one enterprise there and one in township A, with four visits."""
    small_world.has("enterprise", "91990101MA00000090", name="乙企业", division=TOWN_B, ownership="private")
    for number, firm in enumerate(("91990101MA00000090", "91990101MA00000000")):
        small_world.has(
            "assignment", f"asg-b{number}", person="per-b", role="instructor", enterprise=firm, unit="unt-b",
            visits_per_year=12,
        )  # fmt: skip
    for number, day in enumerate(("2026-01-15", "2026-02-15", "2026-06-20", "2026-06-21")):
        small_world.made(
            "/v1/activities", id=f"act-{number}", kind="visit", unit="unt-b", held_on=day, title="走访",
            assignment=f"asg-b{number % 2}",
        )  # fmt: skip
    assert small_world.upload("guides", OWN_BOOK).status_code == 201
    small_world.enrol("of-b", "department_liaison", unit="unt-b", divisions=(TOWN_B,))
    small_world.enrol("of-a", "department_liaison", unit="unt-a", divisions=(TOWN_A,))
    return small_world


def rows(world, run, key, *, by="admin", subject="per-b"):
    return world.get(f"/v1/runs/{run['id']}/scores/{subject}/rows", params={"measure": key}, by=by)


def test_rows_outside_the_scope_are_counted_and_not_shown(guided):
    run = guided.run(rulebook="guides", on="2026-06-30")
    shown = rows(guided, run, "guided_enterprises", by="of-b").json()
    assert [row["key"] for row in shown["items"]] == ["91990101MA00000090"]
    assert (shown["total"], shown["outside"]) == (1, 1)
    whole = rows(guided, run, "guided_enterprises").json()
    assert (whole["total"], whole["outside"]) == (2, 0)
    assert rows(guided, run, "guided_enterprises", by="of-a").status_code == 404, "the instructor is not theirs"


def test_visits_are_due_month_by_month_and_those_beyond_a_post_do_not_help_another(guided):
    told = guided.explained(guided.run(rulebook="guides", on="2026-06-30"), "per-b")
    values = {value["measure"]: value for item in told["items"] for value in item["values"]}
    # Twelve a year of two posts since 2020: the n-th is due on the day before n/12 of the year are over.
    assert values["visits_required"]["value"] == "10"
    made = values["visits_made_rate@h1"]
    assert (made["numerator"], made["denominator"], made["value"]) == (4, 10, "0.4")


def test_rows_are_of_the_day_and_the_seqs_of_the_run(guided):
    run = guided.run(rulebook="guides", on="2026-06-30")
    before = rows(guided, run, "visits_made_rate@h1").json()
    assert [row["key"] for row in before["items"]] == ["act-0", "act-1", "act-2", "act-3"]
    guided.made("/v1/activities", kind="visit", unit="unt-b", held_on="2026-06-02", title="补", assignment="asg-b0")
    closed = {"state": "closed", "closed_on": "2026-06-01", "closed_reason": "调整"}
    guided.registry.append(
        "assignment", "asg-b0", effective_on=LONG_AGO.replace(year=2026), changes=closed, operation="close"
    )
    assert rows(guided, run, "visits_made_rate@h1").json() == before
    assert rows(guided, run, "guided_enterprises").json()["total"] == 2
    again = guided.run(rulebook="guides", on="2026-06-30")
    assert rows(guided, again, "guided_enterprises").json()["total"] == 1


def test_rows_come_in_pages(guided):
    run = guided.run(rulebook="guides", on="2026-06-30")
    path = f"/v1/runs/{run['id']}/scores/per-b/rows?measure=visits_made_rate@h1&limit=3"
    first = guided.get(path).json()
    second = guided.get(f"{path}&cursor={first['next']}").json()
    assert [row["key"] for row in first["items"] + second["items"]] == [f"act-{number}" for number in range(4)]
    assert (first["total"], second["total"], second["next"]) == (4, 4, None)


@pytest.mark.parametrize("key", ["meetings", "mark:load", "guided_enterprises@h1", "none"])
def test_what_the_score_does_not_read_has_no_rows(guided, key):
    run = guided.run(rulebook="guides", on="2026-06-30")
    assert rows(guided, run, key).status_code == (400 if ":" in key else 404)
    assert rows(guided, run, "guided_enterprises", subject=FINANCE).status_code == 404


def test_a_restored_registry_cannot_list_the_rows_of_earlier_runs(guided):
    run = guided.run(rulebook="guides", on="2026-06-30")
    guided.registry.restore("other", upto=len(guided.registry.entries))
    refused = rows(guided, run, "guided_enterprises")
    assert refused.status_code == 409
    guided.registry.is_down = True
    assert rows(guided, run, "guided_enterprises").status_code == 503
