"""The year's plan over HTTP: split by unit, amount and day, reported with evidence, added up, told when late."""

import random
from decimal import Decimal

import pytest

from assessment.world import FINANCE, TAX, TOWN_A

TASKS = "/v1/tasks"


def plan_of(world):
    world.made("/v1/plans", id="pln-1", title="2026年实施意见", year=2026, unit="unt-a", issued_on="2026-01-20")


def whole(world, **more):
    body = {"plan": "pln-1", "number": "1", "title": "选派指导员", "unit": "unt-a", "target": "9", "measure_word": "名"}
    return world.made(TASKS, id="tsk-1", effective_on="2026-01-20", **{**body, "due_on": "2026-09-30", **more})


def step(world, path, body, by="admin", of=None):
    etag = world.get(of or path.rpartition("/")[0]).headers["etag"]
    return world.post(path, body, by=by, headers={"If-Match": etag})


def split(world, *parts, task="tsk-1"):
    return step(world, f"{TASKS}/{task}/split", {"parts": list(parts)})


def report(world, task, progress, day="2026-06-20", by="admin", **more):
    body = {"task": task, "progress": progress, "reported_on": day, "evidence": "合财党〔2026〕8号", **more}
    return world.post("/v1/progress-reports", body, by=by)


def halves(world):
    plan_of(world)
    whole(world)
    made = split(world, {"unit": FINANCE, "target": "6"}, {"unit": TAX, "target": "3", "due_on": "2026-06-30"})
    assert made.status_code == 201, made.text
    return [each["id"] for each in made.json()["items"]]


def test_a_task_is_split_into_parts_that_add_up(world):
    plan_of(world)
    whole(world)
    made = split(world, {"unit": FINANCE, "target": "6"}, {"unit": TAX, "target": "3", "due_on": "2026-06-30"})
    shown = [
        (each["number"], each["unit"], each["target"], each["due_on"], each["title"]) for each in made.json()["items"]
    ]
    assert shown == [
        ("1.1", FINANCE, "6", "2026-09-30", "选派指导员"),
        ("1.2", TAX, "3", "2026-06-30", "选派指导员"),
    ]
    assert world.get(f"{TASKS}?parent=tsk-1").json()["total"] == 2
    again = split(world, {"unit": FINANCE, "target": "9"})
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("parts", "pointer"),
    [
        ([{"unit": FINANCE, "target": "6"}, {"unit": TAX, "target": "4"}], "/parts"),
        ([{"unit": FINANCE, "target": "9", "due_on": "2026-10-01"}], "/parts/0/due_on"),
        ([{"unit": FINANCE}], "/parts/0/target"),
        ([{"unit": FINANCE, "target": "4"}, {"unit": FINANCE, "target": "5"}], "/parts/1/unit"),
        ([{"unit": FINANCE, "target": "4"}, {"unit": "unt-none", "target": "5"}], "/parts/1/unit"),
        ([{"unit": FINANCE, "target": "-1"}, {"unit": TAX, "target": "10"}], "/parts/0/target"),
    ],
)
def test_a_split_that_is_wrong_makes_no_part_at_all(small_world, parts, pointer):
    plan_of(small_world)
    whole(small_world)
    answer = split(small_world, *parts)
    assert answer.status_code == 422
    assert pointer in [each["pointer"] for each in answer.json()["errors"]]
    assert small_world.get(TASKS).json()["total"] == 1


def test_reports_carry_the_tasks_number_and_the_sum_above(world):
    first, second = halves(world)
    assert report(world, first, "2").status_code == 201
    assert report(world, second, "3", "2026-06-25").status_code == 201
    assert world.get(f"{TASKS}/{first}").json()["progress"] == "2"
    done = world.get(f"{TASKS}/{second}").json()
    assert (done["progress"], done["done_on"]) == ("3", "2026-06-25")
    above = world.get(f"{TASKS}/tsk-1").json()
    assert (above["progress"], above["done_on"]) == ("5", None)
    assert report(world, first, "6", "2026-06-30").status_code == 201
    assert world.get(f"{TASKS}/tsk-1").json()["done_on"] == "2026-06-30"
    assert report(world, "tsk-1", "9").status_code == 409


def test_a_withdrawn_report_takes_its_number_back(world):
    first, _ = halves(world)
    report(world, first, "2", "2026-06-10")
    last = report(world, first, "6", "2026-06-20").json()
    answer = step(world, f"/v1/progress-reports/{last['id']}/withdraw", {"reason": "多报"})
    assert (answer.status_code, answer.json()["state"]) == (200, "closed")
    task = world.get(f"{TASKS}/{first}").json()
    assert (task["progress"], task["done_on"]) == ("2", None)
    assert world.get(f"{TASKS}/tsk-1").json()["progress"] == "2"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"evidence": None}, "/evidence"),
        ({"reported_on": "2026-07-02"}, "/reported_on"),
        ({"reported_on": "2026-05-01"}, "/reported_on"),
        ({"progress": "-1"}, "/progress"),
        ({"progress": "若干"}, "/progress"),
        ({"attachments": ["att-none"]}, "/attachments/0"),
    ],
)
def test_a_report_that_is_wrong_changes_nothing(small_world, change, pointer):
    first, _ = halves(small_world)
    answer = small_world.post(
        "/v1/progress-reports",
        {key: value for key, value in {"task": first, "progress": "2", "reported_on": "2026-06-20", "evidence": "件",
                                       **change}.items() if value is not None},
    )  # fmt: skip
    assert answer.status_code == 422, answer.text
    assert pointer in [each["pointer"] for each in answer.json()["errors"]]
    assert small_world.get(f"{TASKS}/{first}").json()["progress"] is None
    assert small_world.get("/v1/progress-reports").json()["total"] == 0


def test_a_liaison_reports_for_the_own_unit_and_a_town_sees_only_its_own(world):
    first, second = halves(world)
    world.enrol("liaison", "department_liaison", unit=FINANCE)
    world.enrol("town", "township_clerk", unit="unt-a", divisions=(TOWN_A,))
    assert report(world, first, "1", by="liaison").status_code == 201
    assert report(world, second, "1", by="liaison").status_code == 403
    assert report(world, first, "1", by="town").status_code == 404
    assert world.get("/v1/progress-reports", by="town").json()["total"] == 0


def test_any_order_of_reports_and_withdrawals_ends_in_the_naive_sum(small_world):
    world = small_world
    plan_of(world)
    whole(world, target="30")
    made = split(world, *({"unit": unit, "target": "10"} for unit in (FINANCE, TAX, "unt-b"))).json()["items"]
    chance = random.Random(7)
    standing: dict[str, list[tuple[str, int, Decimal, str]]] = {each["id"]: [] for each in made}
    for number in range(40):
        task = chance.choice(sorted(standing))
        if standing[task] and chance.random() < 0.3:
            gone = chance.choice(standing[task])
            assert step(world, f"/v1/progress-reports/{gone[3]}/withdraw", {"reason": "有误"}).status_code == 200
            standing[task].remove(gone)
        else:
            day, amount = f"2026-06-{chance.randint(5, 30):02d}", Decimal(chance.randint(0, 100)) / 10
            answer = report(world, task, str(amount), day)
            assert answer.status_code == 201, answer.text
            standing[task].append((day, number, amount, answer.json()["id"]))
        expected = {key: max(reports)[2] if reports else Decimal(0) for key, reports in standing.items()}
        shown = {each["id"]: Decimal(each["progress"] or 0) for each in world.get(TASKS).json()["items"]}
        assert {key: shown[key] for key in expected} == expected, number
        assert shown["tsk-1"] == sum(expected.values()), number


def test_lists_tell_working_days_left_and_what_is_late(world):
    plan_of(world)
    whole(world, due_on="2026-06-24")
    world.made(TASKS, id="tsk-2", plan="pln-1", title="报送", unit=TAX, due_on="2026-07-08")
    late, soon = world.get(TASKS).json()["items"]
    # 25, 26, 29, 30 June and 1 July are working days after the 24th.
    assert (late["overdue"], late["days_left"]) == (True, -5)
    assert (soon["overdue"], soon["days_left"]) == (False, 5)
    assert [each["id"] for each in world.get(f"{TASKS}?overdue=true").json()["items"]] == ["tsk-1"]
    assert [each["id"] for each in world.get(f"{TASKS}?overdue=false").json()["items"]] == ["tsk-2"]
    world.has("calendar_day", "2026-06-25", is_working=False)
    world.registry_seen_again()
    assert world.get(f"{TASKS}/tsk-1").json()["days_left"] == -4


def test_the_progress_of_a_plan_counts_parts_and_not_the_whole(world):
    first, _ = halves(world)
    report(world, first, "3")
    found = world.get("/v1/plans/pln-1/progress").json()
    assert found == {
        "items": [
            {"by": FINANCE, "tasks": 1, "done": 0, "overdue": 0, "progress": "50.00"},
            {"by": TAX, "tasks": 1, "done": 0, "overdue": 1, "progress": "0.00"},
        ],
        "total": {"by": None, "tasks": 2, "done": 0, "overdue": 1, "progress": "25.00"},
    }
    assert world.get("/v1/plans/pln-none/progress").status_code == 404


def test_a_task_is_no_part_of_itself_or_of_another_plan(world):
    first, _ = halves(world)
    world.made("/v1/plans", id="pln-2", title="2025年实施意见", year=2025)
    assert world.patch(f"{TASKS}/tsk-1", {"parent": first}).status_code == 422
    other = {"plan": "pln-2", "title": "走访", "unit": TAX, "due_on": "2026-12-20", "parent": "tsk-1"}
    assert world.post(TASKS, other).status_code == 422


def test_the_sum_of_parts_is_not_written_by_hand(world):
    first, _ = halves(world)
    refused = world.patch(f"{TASKS}/tsk-1", {"progress": "9"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/progress")
    assert world.patch(f"{TASKS}/tsk-1", {"title": "选派党建指导员"}).status_code == 200
    assert world.patch(f"{TASKS}/{first}", {"progress": "1"}).status_code == 200


def test_closing_a_part_takes_its_share_off_the_sum_at_once(world):
    first, second = halves(world)
    report(world, first, "2", "2026-06-10")
    report(world, second, "3", "2026-06-25")
    assert step(world, f"{TASKS}/{second}/close", {"reason": "不再承担"}).status_code == 200
    assert world.get(f"{TASKS}/tsk-1").json()["progress"] == "2"
    assert step(world, f"{TASKS}/{second}/reopen", {}).status_code == 200
    assert world.get(f"{TASKS}/tsk-1").json()["progress"] == "5"
    assert world.patch(f"{TASKS}/{first}", {"progress": "6.5"}).status_code == 200
    above = world.get(f"{TASKS}/tsk-1").json()
    assert (above["progress"], above["done_on"]) == ("9.5", "2026-07-01")
    history = world.get(f"{TASKS}/tsk-1/history").json()["items"]
    assert {each["field"]: each["after"] for each in history[-1]["changes"]} == {
        "progress": "9.5", "done_on": "2026-07-01",
    }  # fmt: skip
    for part in (first, second):
        step(world, f"{TASKS}/{part}/close", {"reason": "不再分解"})
    # Whole again: nothing was reported on the task itself.
    assert world.get(f"{TASKS}/tsk-1").json()["progress"] == "0"
    assert report(world, "tsk-1", "4").status_code == 201


def test_any_order_of_parts_made_moved_and_closed_ends_in_the_naive_sum(small_world):
    """Three levels of tasks, changed in any way, against a sum that is made anew from the leaves."""
    world, chance = small_world, random.Random(5)
    plan_of(world)
    whole(world, target="500")
    for key in ("tsk-m1", "tsk-m2"):
        world.made(TASKS, id=key, plan="pln-1", title="中", unit=TAX, due_on="2026-09-30", parent="tsk-1", target="90")
    leaves: dict[str, dict] = {}

    def naive(key):
        below = [leaf for leaf in leaves.values() if leaf["parent"] == key and leaf["open"]]
        return sum((leaf["progress"] for leaf in below), Decimal(0))

    for number in range(45):
        act = chance.choice(["make", "make", "progress", "move", "close", "reopen"])
        alike = [key for key, leaf in leaves.items() if leaf["open"] == (act != "reopen")]
        parent, amount = chance.choice(["tsk-m1", "tsk-m2"]), Decimal(chance.randint(0, 90)) / 10
        if act == "make":
            key = f"tsk-l{number}"
            body = {"id": key, "plan": "pln-1", "title": "末", "unit": FINANCE, "due_on": "2026-09-30"}
            world.made(TASKS, **body, parent=parent, progress=str(amount))
            leaves[key] = {"parent": parent, "progress": amount, "open": True}
        elif alike:
            key = chance.choice(alike)
            if act in ("close", "reopen"):
                answer = step(world, f"{TASKS}/{key}/{act}", {"reason": "调整"} if act == "close" else {})
                leaves[key]["open"] = act == "reopen"
            else:
                change = {"progress": amount} if act == "progress" else {"parent": parent}
                answer = world.patch(f"{TASKS}/{key}", {name: str(value) for name, value in change.items()})
                leaves[key] |= change
            assert answer.status_code == 200, answer.text
        shown = {each["id"]: Decimal(each["progress"] or 0) for each in world.get(f"{TASKS}?limit=100").json()["items"]}
        expected = {key: naive(key) for key in ("tsk-m1", "tsk-m2")}
        assert {key: shown[key] for key in expected} == expected, number
        assert shown["tsk-1"] == sum(expected.values()), number


@pytest.mark.parametrize("year", ["1899", "9999", "20", "２０２６", "x"])
def test_a_year_is_told_with_its_bounds(small_world, year):
    refused = small_world.get("/v1/tasks", params={"year": year})

    assert refused.status_code == 400
    assert refused.json()["errors"] == [
        {"pointer": "parameter year", "detail": "应为 1900 至 9998 之间的年份，例如 2026"}
    ]
