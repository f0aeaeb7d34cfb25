"""Alarms over HTTP: who is told of a late task and when, rhythms, visits and pairings against plan, orders, letters."""

from datetime import date, timedelta

import pytest

from assessment.world import FINANCE, TAX, TOWN_A
from heli_assessment.tasks.domain import Thresholds, alert_of


def alarms(world, kind=None, **more):
    query = f"?kind={kind}" if kind else ""
    return world.get(f"/v1/alarms{query}", **more).json()["items"]


def tree(world):
    world.has("unit", "unt-county", name="县委两新工委", kind="commission")
    world.has("unit", "unt-a1", name="城关镇商会", kind="association", parent="unt-a", division=TOWN_A)
    world.registry_seen_again()
    world.made("/v1/plans", id="pln-1", title="2026年实施意见", year=2026)


def task(world, key, due_on, unit="unt-a1"):
    world.made("/v1/tasks", id=key, plan="pln-1", title="走访", unit=unit, target="4", progress="1", due_on=due_on)


def test_a_late_task_is_told_step_by_step(world):
    tree(world)
    for key, due in (("tsk-soon", "2026-07-10"), ("tsk-1", "2026-06-30"), ("tsk-5", "2026-06-24"),
                     ("tsk-15", "2026-06-09"), ("tsk-far", "2026-12-31")):  # fmt: skip
        task(world, key, due)
    told = {each["subject"]: (each["kind"], each["told"], each["told_since"], each["days_late"])
            for each in alarms(world) if each["kind"].startswith("task")}  # fmt: skip
    assert told == {
        "tsk-soon": ("task_due", "unt-a1", "2026-06-26", -7),
        "tsk-1": ("task_overdue", "unt-a1", "2026-07-01", 1),
        "tsk-5": ("task_overdue", "unt-a", "2026-07-01", 5),
        "tsk-15": ("task_overdue", "unt-county", "2026-07-01", 15),
    }
    assert alarms(world, "task_overdue")[0]["detail"] == "走访：完成1，目标4"
    world.patch("/v1/tasks/tsk-15", {"progress": "4", "done_on": "2026-06-30"})
    assert "tsk-15" not in {each["subject"] for each in alarms(world)}
    world.enrol("town", "township_clerk", unit="unt-a", divisions=(TOWN_A,))
    assert {each["unit"] for each in alarms(world, by="town")} <= {"unt-a", "unt-a1"}


def naive_steps(due, on, thresholds, is_working):
    """Walk day by day and count, as an office would on a paper calendar."""
    late = 0
    day = due
    while day < on:
        day += timedelta(days=1)
        late += is_working(day)
    if on > due:
        return "commission" if late >= thresholds.commission else "superior" if late >= thresholds.superior else "unit"
    left, day = 0, on
    while day < due:
        day += timedelta(days=1)
        left += is_working(day)
    return "unit" if left <= thresholds.remind else None


@pytest.mark.parametrize("remind", [0, 3, 10])
def test_steps_agree_with_a_count_on_a_paper_calendar(remind):
    thresholds = Thresholds(remind, 5, 15)
    off = {date(2026, 6, 19), date(2026, 7, 2)}

    def is_working(day):
        return day.weekday() < 5 and day not in off

    due = date(2026, 6, 27)
    for number in range(-40, 60):
        on = due + timedelta(days=number)
        found = alert_of(due, on, thresholds, is_working)
        assert (found and found.told) == naive_steps(due, on, thresholds, is_working), on
        if found is not None and found.told != "unit":
            assert found.since <= on
            assert is_working(found.since)


def test_rhythms_fall_behind_by_months(world):
    tree(world)
    world.made("/v1/activities", kind="meeting", unit=FINANCE, held_on="2026-03-31", title="研究部署")
    world.made("/v1/activities", kind="meeting", unit=TAX, held_on="2026-04-01", title="研究部署")
    late = {each["unit"]: each["due_on"] for each in alarms(world, "meeting_rhythm")}
    assert late == {FINANCE: "2026-06-30", "unt-a": "2026-04-01", "unt-b": "2026-04-01"}
    assert {each["unit"]: each["days_late"] for each in alarms(world, "meeting_rhythm")}[FINANCE] == 1
    assert alarms(world, "joint_meeting_rhythm") == []
    world.clock.instant = world.clock.instant.replace(day=2)
    world.enrol("admin", "administrator")
    assert [each["unit"] for each in alarms(world, "joint_meeting_rhythm")] == ["unt-county"]


def test_visits_and_pairings_are_held_against_their_plan(world):
    tree(world)
    world.has("pairing", "par-1", since=date(2026, 1, 1), unit=TAX, enterprise="91990101MA00000000",
              activities_per_year=4, meetings_per_year=0, practical_matters_per_year=0)  # fmt: skip
    world.registry_seen_again()
    behind = alarms(world, "visits_behind")
    assert [(each["subject"], each["unit"], each["due_on"], each["detail"]) for each in behind] == [
        ("asg-0", FINANCE, "2026-04-02", "今年计划走访4次，已走访0次"),
        ("asg-1", FINANCE, "2026-04-02", "今年计划走访4次，已走访0次"),
    ]
    visit = {"kind": "visit", "unit": FINANCE, "held_on": "2026-05-01", "title": "走访"}
    world.made("/v1/activities", **visit, assignment="asg-0")
    world.made("/v1/activities", **visit, assignment="asg-0")
    assert [each["subject"] for each in alarms(world, "visits_behind")] == ["asg-1"]
    assert [each["detail"] for each in alarms(world, "pairing_behind")] == ["今年应有共建活动4次，已有0次"]
    shared = {"kind": "pairing_activity", "unit": TAX, "held_on": "2026-05-01", "title": "联学", "pairing": "par-1"}
    world.made("/v1/activities", **shared)
    assert alarms(world, "pairing_behind") == []
    assert world.post("/v1/activities", {**shared, "pairing": None}).status_code == 422


def test_orders_and_letters_raise_alarms_to_who_waits_for_them(world):
    tree(world)
    world.made("/v1/rectification-orders", unit=TAX, issuer=FINANCE, problem="台账不实",
               issued_on="2026-06-01", due_on="2026-06-30")  # fmt: skip
    assert [(each["unit"], each["told"]) for each in alarms(world, "order_overdue")] == [(TAX, FINANCE)]
    world.post("/v1/letters", {"plan": "pln-1", "units": [TAX, FINANCE], "sign_by": "2026-07-01"})
    letter = world.get(f"/v1/letters?unit={FINANCE}")
    key = letter.json()["items"][0]["id"]
    headers = {"If-Match": world.get(f"/v1/letters/{key}").headers["etag"]}
    world.post(f"/v1/letters/{key}/sign", {}, headers=headers)
    world.clock.instant = world.clock.instant.replace(month=8, day=3)
    world.enrol("admin", "administrator")
    assert [(each["unit"], each["told"]) for each in alarms(world, "letter_unsigned")] == [(TAX, "unt-county")]
    assert [(each["unit"], each["due_on"]) for each in alarms(world, "letter_unchecked")] == [(FINANCE, "2026-07-31")]


def test_alarms_are_paged_and_filtered(small_world):
    world = small_world
    tree(world)
    for number in range(7):
        task(world, f"tsk-{number}", "2026-06-30")
    seen, cursor = [], ""
    while cursor is not None:
        page = world.get(f"/v1/alarms?kind=task_overdue&limit=3{f'&cursor={cursor}' if cursor else ''}").json()
        seen += [each["subject"] for each in page["items"]]
        cursor = page["next"]
    assert seen == [f"tsk-{number}" for number in range(7)]
    assert world.get("/v1/alarms?unit=unt-b&kind=task_overdue").json()["total"] == 0
    assert world.get("/v1/alarms?kind=party").status_code == 400
