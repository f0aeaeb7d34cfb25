"""Worklists: what is due or overdue, most urgent first, inside the scope."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli_reporting.worklists.domain import KINDS
from heli_shared.kernel.spans import add_months, next_of_year
from reporting.world import TOWN_B, World, uscc


@pytest.fixture
def busy(world: World) -> World:
    """Return a county with overdue elections, a branch that is too wide, late tasks, visits and terms."""
    wide = [world.enterprise(number, TOWN_B) for number in range(50, 56)]
    world.branch("pty-wide", wide, TOWN_B, elected_on="2026-01-01")
    world.branch("pty-soon", [uscc(4)], elected_on="2023-07-20")
    world.branch("pty-half", [uscc(9)], elected_on="2023-12-01")
    world.record("plan", "pln-1", title="年度计划", year=2026)
    for key, unit, due, done in (
        ("tsk-late", "unt-a", "2026-06-01", None),
        ("tsk-soon", "unt-b", "2026-07-15", None),
        ("tsk-far", "unt-b", "2026-12-01", None),
        ("tsk-done", "unt-a", "2026-05-01", "2026-04-30"),
        ("tsk-tax", "unt-tax", "2026-06-20", None),
    ):
        fields = {"plan": "pln-1", "title": key, "unit": unit, "person": "per-1", "due_on": due, "done_on": done}
        world.record("task", key, **fields, target="4", progress="1")
    for number, enterprise in enumerate((1, 2, 3, 6)):
        world.record(
            "assignment",
            f"asg-{number}",
            person="per-1" if number < 4 else "per-2",
            role="instructor",
            enterprise=uscc(enterprise),
            organization=None,
            unit="unt-tax",
            term_ends_on="2026-06-15" if number == 0 else "2027-12-31",
            visits_per_year=4,
        )
    for number, day in enumerate(("2026-02-01", "2026-05-01", "2026-06-30")):
        world.record("activity", f"act-{number}", kind="visit", unit="unt-tax", held_on=day, assignment="asg-1")
    world.sync()
    return world


def lines(world: World, who=None, path="/v1/worklists", **params):
    answer = world.get(path, who, limit=100, **params)
    assert answer.status_code == 200, answer.text
    return [(each["kind"], each["subject"]["id"], each["due_on"], each["days"]) for each in answer.json()["items"]]


def test_everything_due_most_urgent_first(busy: World):
    # (rank in its kind ÷ weight of the kind): small values first, the heavier kind first where they are equal.
    assert lines(busy) == [
        ("task_overdue", "tsk-late", "2026-06-01", -30),  # 1/9
        ("election_overdue", "pty-joint", "2023-03-01", -1218),  # 1/8
        ("visits_behind", "asg-0", "2026-04-02", -90),  # 1/6
        ("election_within_month", "pty-soon", "2026-07-20", 19),  # 1/5
        ("term_ended", "asg-0", "2026-06-15", -16),  # 1/5
        ("task_overdue", "tsk-tax", "2026-06-20", -11),  # 2/9
        ("task_due", "tsk-soon", "2026-07-15", 14),  # 1/4
        ("visits_behind", "asg-2", "2026-04-02", -90),  # 2/6
        ("instructor_over_load", "per-1", None, None),  # 1/3
        ("joint_branch_too_wide", "pty-wide", None, None),  # 1/3
        ("visits_behind", "asg-3", "2026-04-02", -90),  # 3/6
        ("election_within_half_year", "pty-half", "2026-12-01", 153),  # 1/2
    ]


def test_a_line_names_its_basis_and_says_what_is_wrong(busy: World):
    items = busy.get("/v1/worklists").json()["items"]
    by_kind = {each["kind"]: each for each in items}

    assert all(each["basis"] and each["detail"] and each["kind_name"] for each in items)
    assert by_kind["joint_branch_too_wide"]["detail"] == "覆盖6家企业，一般不超过5家"
    assert "第五条" in by_kind["joint_branch_too_wide"]["basis"]
    assert by_kind["election_overdue"]["unit"] == {"code": "unt-a", "name": "甲镇党委"}
    assert by_kind["visits_behind"]["detail"] == "今年计划走访4次，已走访0次"
    assert busy.get("/v1/worklists").json()["counts"]["visits_behind"] == 3


@pytest.mark.parametrize(
    ("unit", "subjects"),
    [
        ("unt-a", {"pty-joint", "tsk-late", "pty-soon", "pty-half"}),
        ("unt-b", {"pty-wide", "tsk-soon"}),
        ("unt-tax", {"asg-0", "asg-2", "asg-3", "tsk-tax", "per-1"}),
    ],
)
def test_the_worklist_of_a_unit(busy: World, unit, subjects):
    assert {subject for _, subject, _, _ in lines(busy, path=f"/v1/worklists/{unit}")} == subjects


def test_the_worklist_of_the_county_holds_those_of_its_units(busy: World):
    assert lines(busy, path="/v1/worklists/unt-county") == lines(busy)


def test_a_township_sees_its_own_lines_only(busy: World):
    clerk = busy.person("prn-b", divisions=(TOWN_B,), unit="unt-b")

    assert {subject for _, subject, _, _ in lines(busy, clerk)} == {"pty-wide", "tsk-soon", "asg-3"}
    assert busy.get("/v1/worklists/unt-a", clerk).status_code == 404
    assert busy.get("/v1/worklists/unt-none", clerk).status_code == 404
    assert lines(busy, clerk, path="/v1/worklists/unt-b") == lines(
        busy, clerk, kind=["joint_branch_too_wide", "task_due"]
    )


def test_an_extended_term_says_so(busy: World):
    busy.change("party_organization", "pty-joint", date(2023, 2, 1), extension_until="2026-07-10")
    busy.sync()
    line = busy.get("/v1/worklists", kind="election_within_month").json()["items"][0]

    assert (line["subject"]["id"], line["due_on"]) == ("pty-joint", "2026-07-10")
    assert line["detail"] == "上次选举2020-03-01，经批准延期，应于2026-07-10前换届"
    assert "延长" in line["basis"]


def test_kinds_and_persons_narrow(busy: World):
    assert {kind for kind, *_ in lines(busy, kind="visits_behind")} == {"visits_behind"}
    assert {kind for kind, *_ in lines(busy, person="per-1")} >= {
        "task_overdue",
        "visits_behind",
        "instructor_over_load",
    }
    assert busy.get("/v1/worklists", kind="nonsense").status_code == 400


def test_every_kind_can_be_asked_for_and_nothing_else(busy: World):
    for kind in KINDS:
        found = busy.get("/v1/worklists", kind=kind, limit=100)
        assert (found.status_code, set(found.json()["counts"])) in ((200, {kind}), (200, set())), kind
    assert busy.get("/v1/worklists", kind="nonsense").status_code == 400


def test_pages_of_a_worklist(busy: World):
    everything, found, cursor = lines(busy), [], {}
    while True:
        page = busy.get("/v1/worklists", limit=5, **cursor).json()
        assert page["total"] == len(everything)
        found += [(each["kind"], each["subject"]["id"], each["due_on"], each["days"]) for each in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    assert found == everything


def test_a_worklist_of_an_earlier_day(busy: World):
    assert ("election_overdue", "pty-joint", "2023-03-01", -1) in lines(busy, on="2023-03-02")
    assert not lines(busy, path="/v1/worklists/unt-b", on="2022-12-31", kind="task_due")


def test_visits_of_another_year_do_not_count(busy: World):
    for number in range(4):
        fields = {"kind": "visit", "unit": "unt-tax", "held_on": f"2025-0{number + 2}-01", "assignment": "asg-2"}
        busy.record("activity", f"act-before-{number}", **fields)
    busy.sync()

    assert ("visits_behind", "asg-2", "2026-04-02", -90) in lines(busy)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 7, 1), 6, date(2027, 1, 1)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), -24, date(2024, 1, 31)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
    ],
)
def test_adding_months_stops_at_the_end_of_the_month(day, months, expected):
    assert add_months(day, months) == expected


@given(planned=st.integers(1, 60), start=st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_planned_visits_are_spread_over_the_year_in_order(planned, start):
    due = [next_of_year(start, planned, made) for made in range(planned + 1)]
    days = [day for day in due if day is not None]

    assert days == sorted(set(days)) or planned > 1
    assert all(day.year == start.year and day >= start for day in days)
    assert due[planned] is None
