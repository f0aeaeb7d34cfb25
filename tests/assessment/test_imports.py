"""Annual plans and activity records from lists: taken row by row, given back where refused, the same again nothing."""

import io
import random
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import openpyxl
import pytest
import xlsxwriter

from assessment.world import FINANCE, TAX, TOWN_A

PLAN_HEAD = ("序号", "任务内容", "层级", "责任单位", "计量单位", "目标数", "完成期限")


def plan_of(world):
    world.made("/v1/plans", id="pln-1", title="2026年实施意见", year=2026)


def sent(world, content, kind="tasks", name="计划.csv", by="admin", **query):
    data = content.encode() if isinstance(content, str) else content
    params = {"kind": kind, **({"plan": "pln-1"} if kind == "tasks" else {}), **query}
    return world.call("POST", "/v1/imports", by=by, params=params, files={"file": (name, data)})


def csv(*rows, head=PLAN_HEAD):
    return "\n".join(",".join(row) for row in (head, *rows)) + "\n"


def workbook(*rows, head=PLAN_HEAD):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("任务分解")
        sheet.write_row(0, 0, ["2026年非公企业党建任务分解表"])
        for line, row in enumerate((head, *rows), start=1):
            sheet.write_row(line, 0, row)
    return target.getvalue()


YEAR = (
    ("1", "选派党建工作指导员", "县级", "城关镇党委", "名", "9", "2026-09-30"),
    ("1.1", "选派党建工作指导员", "部门", "县财政局", "名", "6", "2026-06-30"),
    ("1.2", "选派党建工作指导员", "部门", "县税务局", "名", "3", "2026年6月30日"),
    ("2", "报送信息", "部门", FINANCE, "篇", "12", "20261220"),
)


@pytest.mark.parametrize("made", [csv, workbook])
def test_a_plan_becomes_tasks_with_their_parts(world, made):
    plan_of(world)
    answer = sent(world, made(*reversed(YEAR)))
    assert answer.status_code == 201, answer.text
    assert answer.json()["rows"] == {"read": 4, "created": 4, "updated": 0, "unchanged": 0, "refused": 0}
    tasks = {each["number"]: each for each in world.get("/v1/tasks").json()["items"]}
    assert tasks["1.1"]["parent"] == tasks["1.2"]["parent"] == tasks["1"]["id"]
    assert [tasks["1.2"][name] for name in ("unit", "target", "due_on", "level")] == [
        TAX,
        "3",
        "2026-06-30",
        "department",
    ]
    assert (tasks["2"]["unit"], tasks["2"]["due_on"], tasks["2"]["parent"]) == (FINANCE, "2026-12-20", None)
    assert sent(world, made(*YEAR)).json()["rows"]["unchanged"] == 4
    changed = (*YEAR[:3], ("2", "报送信息", "", "县财政局", "", "14", "2026-12-20"))
    assert sent(world, made(*changed)).json()["rows"] | {"read": 4} == {
        "read": 4, "created": 0, "updated": 1, "unchanged": 3, "refused": 0,
    }  # fmt: skip
    task = world.get(f"/v1/tasks/{tasks['2']['id']}").json()
    assert (task["target"], task["measure_word"]) == ("14", "篇"), "a blank cell never blanks a value"


def test_refused_rows_come_back_in_their_own_layout_and_pass_once_corrected(world):
    plan_of(world)
    bad = (
        YEAR[0],
        ("1.1", "选派党建工作指导员", "部门", "县财务局", "名", "六", "2026-06-30"),
        ("3", "", "部门", "县税务局", "", "1", "2026-02-30"),
        YEAR[0],
    )
    answer = sent(world, workbook(*bad), name="计划.xlsx").json()
    assert answer["rows"] == {"read": 4, "created": 1, "updated": 0, "unchanged": 0, "refused": 3}
    told = world.get(f"/v1/imports/{answer['id']}/refusals").json()["items"]
    assert [(each["row"], [error["column"] for error in each["errors"]]) for each in told] == [
        (4, ["责任单位", "目标数"]),
        (5, ["完成期限", "任务内容"]),
        (6, [None]),
    ]
    book = openpyxl.load_workbook(io.BytesIO(world.get(f"/v1/imports/{answer['id']}/workbook").content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[2]][:3] == ["错误说明", "序号", "任务内容"]
    sheet["E3"], sheet["G3"] = "县财政局", "6"
    sheet["C4"], sheet["H4"] = "走访", "2026-02-28"
    sheet.delete_rows(5)
    again = io.BytesIO()
    book.save(again)
    assert sent(world, again.getvalue(), name="计划-退回.xlsx").json()["rows"]["created"] == 2


def test_all_or_nothing_and_a_dry_run_write_nothing(world):
    plan_of(world)
    good, bad = csv(*YEAR), csv(*YEAR, ("4", "走访", "", "县财务局", "", "", "2026-06-30"))
    dry = sent(world, good, dry_run="true").json()
    assert (dry["dry_run"], dry["rows"]["created"]) == (True, 4)
    preview = world.get(f"/v1/imports/{dry['id']}/preview").json()
    assert (preview["total"], preview["items"][0]["operation"], preview["items"][0]["row"]) == (4, "create", 2)
    none = sent(world, bad, mode="all_or_nothing").json()
    assert (none["rows"]["created"], none["rows"]["refused"]) == (0, 1)
    assert world.get("/v1/tasks").json()["total"] == 0
    assert world.get("/v1/changes").json()["items"][-1]["entity"] == "plan"


def test_activities_are_taken_for_ones_own_unit(world):
    world.enrol("liaison", "department_liaison", unit=FINANCE)
    head = ("类别", "单位", "日期", "事项", "参加人数", "佐证")
    rows = (
        ("走访", "县财政局", "2026-05-12", "走访联系企业", "", "记录第3号"),
        ("培训", "县财政局", "2026-04-01", "出资人座谈培训", "35人", ""),
        ("走访", "县税务局", "2026-05-12", "走访联系企业", "", ""),
        ("会议", "县财政局", "2026-07-02", "研究部署", "", ""),
        ("团建", "县财政局", "2026-06-02", "郊游", "", ""),
    )
    answer = sent(world, csv(*rows, head=head), "activities", by="liaison").json()
    assert (answer["rows"]["created"], answer["rows"]["refused"]) == (2, 3)
    shown = world.get("/v1/activities", by="liaison").json()["items"]
    assert sorted((each["kind"], each["participants"]) for each in shown) == [("training", 35), ("visit", None)]
    assert sent(world, csv(*rows[:2], head=head), "activities", by="liaison").json()["rows"]["unchanged"] == 2
    assert world.get("/v1/imports", by="liaison").json()["total"] == 2
    world.enrol("tax", "department_liaison", unit=TAX)
    assert world.get(f"/v1/imports/{answer['id']}", by="tax").status_code == 404, "an import is its sender's"
    assert world.get("/v1/imports", by="tax").json()["total"] == 0
    assert world.get(f"/v1/imports/{answer['id']}").status_code == 200, "a clerk who sees everything sees it"
    reader = world.person("prn-reader", "leader")
    assert world.client.post("/v1/imports?kind=activities", headers=reader, files={"file": b"x"}).status_code == 403


def test_a_town_imports_nothing_outside_of_its_scope(world):
    plan_of(world)
    world.enrol("town", "township_clerk", unit="unt-a", divisions=(TOWN_A,))
    head = ("类别", "单位", "日期", "事项")
    rows = [("走访", unit, "2026-05-12", "走访企业") for unit in ("unt-a", "unt-b", "县财政局")]
    answer = sent(world, csv(*rows, head=head), "activities", by="town").json()
    assert (answer["rows"]["created"], answer["rows"]["refused"]) == (1, 2)


def test_an_idempotency_key_takes_a_list_once(world):
    plan_of(world)
    headers = {"Idempotency-Key": "year-2026"}
    params = {"kind": "tasks", "plan": "pln-1"}
    files = {"file": ("计划.csv", csv(*YEAR).encode())}
    first = world.call("POST", "/v1/imports", params=params, files=files, headers=headers)
    second = world.call("POST", "/v1/imports", params=params, files=files, headers=headers)
    assert (second.json(), second.headers["idempotency-replayed"]) == (first.json(), "true")
    other = world.call("POST", "/v1/imports", params=params, files={"file": b"x"}, headers=headers)
    assert other.status_code == 422


def bomb():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"%PDF-1.7 x", 415),
        (b"\x89PNG\r\n", 415),
        (b"PK\x03\x04broken", 422),
        (b"a,b\n1,2\n", 422),
        (b"\x00\xff\xfe\x00\x00", 422),
        (bomb(), 413),
        (b"x" * 20_200_000, 413),
    ],
    ids=["empty", "pdf", "png", "broken", "no columns", "noise", "bomb", "large"],
)
def test_a_hostile_list_is_refused_as_a_whole(small_world, content, status):
    plan_of(small_world)
    answer = sent(small_world, content)
    assert answer.status_code == status, answer.text
    assert small_world.get("/v1/imports").json()["total"] == 0


def test_a_list_of_tasks_names_a_plan_that_is_there(small_world):
    assert sent(small_world, csv(*YEAR)).status_code == 422
    assert small_world.call("POST", "/v1/imports?kind=tasks", files={"file": csv(*YEAR).encode()}).status_code == 422


def test_the_template_is_read_as_it_is_and_its_example_is_no_row(small_world):
    plan_of(small_world)
    for kind in ("tasks", "activities"):
        template = small_world.get(f"/v1/imports/templates/{kind}.xlsx")
        assert template.headers["content-disposition"].startswith("attachment")
        answer = sent(small_world, template.content, kind).json()
        assert answer["rows"]["read"] == 0, answer
        assert answer["columns"]["unknown"] == []
    assert small_world.get("/v1/imports/templates/marks.xlsx").status_code == 400


def looked_at(world, content, **more):
    answer = sent(world, content, dry_run="true", **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def acted(world, key, act, by="admin", **query):
    return world.call("POST", f"/v1/imports/{key}/{act}", by=by, params=query)


def tasks_of(world, state="open"):
    return {each["number"]: each for each in world.get(f"/v1/tasks?state={state}").json()["items"]}


def test_a_list_is_looked_at_applied_and_undone(world):
    plan_of(world)
    sent(world, csv(*YEAR))
    before = tasks_of(world)
    more, new = ("2", "报送信息", "", "县财政局", "", "14", "2026-12-20"), ("3", "走访", "", TAX, "", "9", "2026-11-30")
    changed = (*YEAR[:3], more, new)
    preview = looked_at(world, csv(*changed))
    shown = world.get(f"/v1/imports/{preview}/preview?limit=1").json()
    assert (shown["total"], shown["rows"]["updated"], len(shown["digest"])) == (2, 1, 64)
    assert [(each["field"], each["before"], each["after"]) for each in shown["items"][0]["changes"]] == [
        ("target", "12", "14")
    ]
    second = world.get(f"/v1/imports/{preview}/preview?limit=1&cursor={shown['next']}").json()
    assert (second["items"][0]["operation"], second["next"]) == ("create", None)
    assert tasks_of(world) == before, "looking changes nothing"

    applied = acted(world, preview, "apply").json()
    assert (applied["status"], applied["preview"], applied["rows"]["created"]) == ("done", preview, 1)
    assert [tasks_of(world)[number]["target"] for number in ("1", "2", "3")] == ["9", "14", "9"]
    again = acted(world, preview, "apply")
    assert (again.status_code, again.json()["import"]) == (409, applied["id"])

    undone = acted(world, applied["id"], "undo")
    assert (undone.status_code, undone.json()) == (200, {"id": applied["id"], "closed": 1, "restored": 1})
    after = tasks_of(world)
    for number, task in before.items():
        same = {name: value for name, value in task.items() if name != "version"}
        assert {name: after[number][name] for name in same} == same
    assert tasks_of(world, "closed")["3"]["closed_reason"].startswith("撤销导入 计划.csv")
    assert acted(world, applied["id"], "undo").status_code == 409
    assert acted(world, preview, "undo").status_code == 409, "a preview wrote nothing"
    told = world.get(f"/v1/imports/{applied['id']}").json()
    assert (told["undone_by"], told["undone_at"] is None) == ("prn-admin", False)
    assert sent(world, csv(*changed)).json()["rows"]["created"] == 1, "what was undone can be taken in anew"


def test_a_preview_that_came_to_something_else_since_changes_nothing(world):
    plan_of(world)
    preview = looked_at(world, csv(*YEAR))
    world.made("/v1/tasks", plan="pln-1", number="2", title="报送信息", unit=FINANCE, due_on="2026-12-20", target="1")
    failed = acted(world, preview, "apply").json()
    assert (failed["status"], failed["rows"]["created"], "新增3" in failed["error"]) == ("failed", 0, True)
    assert world.get("/v1/tasks").json()["total"] == 1
    taken = acted(world, preview, "apply", even_if_changed="true").json()
    assert (taken["status"], taken["rows"]["created"], taken["rows"]["updated"]) == ("done", 3, 1)


def test_an_import_that_was_built_on_is_not_undone_and_says_by_what(world):
    plan_of(world)
    made = sent(world, csv(*YEAR)).json()["id"]
    tasks = tasks_of(world)
    reported = {"task": tasks["1.1"]["id"], "progress": "2", "reported_on": "2026-06-20", "evidence": "件"}
    report = world.made("/v1/progress-reports", **reported)["id"]
    world.patch(f"/v1/tasks/{tasks['2']['id']}", {"title": "报送动态"})
    refused = acted(world, made, "undo")
    assert refused.status_code == 409
    pointers = [(each["pointer"], each["detail"]) for each in refused.json()["errors"]]
    assert (f"/tasks/{tasks['1.1']['id']}", f"被进度报告 {report} 引用") in pointers
    assert f"/tasks/{tasks['2']['id']}" in [pointer for pointer, _ in pointers]
    assert f"/tasks/{tasks['1.2']['id']}" not in [pointer for pointer, _ in pointers]
    assert all(each["state"] == "open" for each in tasks_of(world).values())


def test_whose_import_it_is_and_what_a_preview_needs(small_world):
    plan_of(small_world)
    small_world.enrol("liaison", "department_liaison", unit=FINANCE)
    small_world.enrol("other", "department_liaison", unit=TAX)
    head = ("类别", "单位", "日期", "事项")
    good = csv(("走访", "县财政局", "2026-05-12", "走访企业"), head=head)
    mixed = good + "走访,县税务局,2026-05-12,走访企业\n"
    key = looked_at(small_world, mixed, kind="activities", by="liaison")
    assert acted(small_world, key, "apply", by="other").status_code == 404
    held = acted(small_world, key, "apply", by="liaison", mode="all_or_nothing")
    assert (held.status_code, held.json()["refused"]) == (409, 1)
    taken = acted(small_world, key, "apply", by="liaison").json()
    assert taken["rows"]["created"] == 1
    assert acted(small_world, taken["id"], "undo", by="other").status_code == 404
    assert acted(small_world, taken["id"], "undo", by="liaison").json()["closed"] == 1
    real = sent(small_world, good, "activities", by="liaison").json()["id"]
    assert acted(small_world, real, "apply", by="liaison").status_code == 409
    assert small_world.get(f"/v1/imports/{real}/preview", by="liaison").status_code == 409
    key = looked_at(small_world, good, kind="activities")
    small_world.clock.instant += timedelta(days=30)
    small_world.headers["admin"] = small_world.person("prn-admin", "administrator")
    assert acted(small_world, key, "apply").status_code == 410
    assert small_world.get(f"/v1/imports/{key}/preview").status_code == 410


def test_all_or_nothing_fails_as_a_whole(small_world):
    plan_of(small_world)
    bad = csv(*YEAR, ("4", "走访", "", "县财务局", "", "", "2026-06-30"))
    failed = sent(small_world, bad, mode="all_or_nothing").json()
    assert (failed["status"], failed["rows"], "1行被拒绝" in failed["error"]) == (
        "failed", {"read": 5, "created": 0, "updated": 0, "unchanged": 0, "refused": 1}, True,
    )  # fmt: skip
    assert acted(small_world, failed["id"], "undo").status_code == 409


def test_two_who_apply_one_preview_at_once_apply_it_once(world):
    plan_of(world)
    preview = looked_at(world, csv(*YEAR))
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: acted(world, preview, "apply"), range(3)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409]
    assert world.get("/v1/tasks").json()["total"] == 4


@pytest.mark.parametrize("seed", range(4))
def test_undoing_leaves_what_a_naive_copy_of_the_records_says(small_world, seed):
    """Random lists, undone from the last to the first: what none touched since reads as before, the rest is refused."""
    world, chance = small_world, random.Random(seed)
    plan_of(world)

    def state():
        hidden = {"version", "days_left", "overdue"}
        return {
            each["id"]: {name: value for name, value in each.items() if name not in hidden}
            for each in world.get("/v1/tasks?state=open&limit=200").json()["items"]
        }

    def any_list():
        rows = []
        for number in chance.sample(range(1, 12), chance.randint(2, 8)):
            unit, target = chance.choice([FINANCE, TAX]), str(chance.randint(1, 30))
            rows.append((str(number), f"任务{number}", "", "unt-a", "", target, f"2026-1{chance.randint(0, 2)}-01"))
            if chance.random() < 0.4:
                rows.append((f"{number}.1", f"分解{number}", "", unit, "", target, "2026-10-01"))
        return csv(*rows)

    made = []
    for _ in range(4):
        before = state()
        made.append((sent(world, any_list()).json()["id"], before, state()))
    later: set[str] = set()
    ended = set()
    for key, before, after in reversed(made):
        now, touched = state(), changed_keys(before, after)
        status = acted(world, key, "undo").status_code
        expected = 409 if not touched or touched & later else 200
        assert status == expected, (touched, later)
        wanted = {**now, **{each: before.get(each) for each in touched}} if status == 200 else now
        assert state() == {each: record for each, record in wanted.items() if record is not None}
        later |= touched
        ended.add(status)
    assert 200 in ended


def changed_keys(before, after):
    """Return the keys of records that differ, written without the product's code."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
