"""Previews: old and new values before anything is written, and applying just what was shown."""

import json
from datetime import timedelta

import pytest

from heli_registry.imports.kinds import KINDS
from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B
from registry.imports.test_templates import PLURALS, template

HEAD = "企业名称,统一社会信用代码,所属乡镇,从业人数\n"


def rows_of(job) -> tuple[int, ...]:
    return tuple(job["rows"][name] for name in ("read", "created", "updated", "unchanged", "refused"))


def previewed(desk, content: str, kind: str = "enterprises", **query) -> dict:
    job = desk.run(kind, content, dry_run=True, **query)
    assert job["status"] == "done", job
    return job


def preview(desk, job: dict, **params):
    return desk.registry.get(f"/v1/imports/{job['id']}/preview", params=params)


def apply(desk, job: dict, *, by: str = "admin", **params):
    return desk.registry.post(f"/v1/imports/{job['id']}/apply", by=by, params=params)


def applied(desk, job: dict, **params) -> dict:
    answer = apply(desk, job, **params)
    assert answer.status_code == 202, answer.text
    return desk.ended(answer.json()["id"])


@pytest.fixture
def desk(county_desk):
    county_desk.run("enterprises", HEAD + f"甲厂,{code(1)},城关镇,12\n乙厂,{code(2)},城关镇,5\n")
    return county_desk


LIST = HEAD + f"甲厂,{code(1)},河西乡,15\n乙厂,{code(2)},,5\n丙厂,{code(3)},城关镇,7\n坏厂,4,城关镇,7\n"


def test_a_preview_shows_old_and_new_values_and_changes_nothing(desk):
    before = desk.registry.rows("SELECT seq FROM ledger_head")
    job = previewed(desk, LIST)
    assert rows_of(job) == (4, 1, 1, 1, 1)
    shown = preview(desk, job).json()
    assert desk.registry.rows("SELECT seq FROM ledger_head") == before
    assert (shown["rows"], shown["total"], shown["next"]) == (job["rows"], 2, None)
    changed, made = shown["items"]
    assert changed == {
        "row": 2,
        "key": code(1),
        "name": "甲厂",
        "operation": "change",
        "effective_on": "2026-07-01",
        "changes": [
            {"field": "division", "label": "所属乡镇", "before": TOWN_A, "after": TOWN_B},
            {"field": "staff", "label": "从业人数", "before": 12, "after": 15},
        ],
    }
    assert (made["row"], made["key"], made["operation"]) == (4, code(3), "create")
    assert {each["field"]: (each["before"], each["after"]) for each in made["changes"]} == {
        "name": (None, "丙厂"), "division": (None, TOWN_A), "staff": (None, 7),
    }  # fmt: skip


def test_a_preview_is_paged_in_the_order_of_the_file(desk):
    job = previewed(desk, HEAD + "".join(f"示例{number}厂,{code(number)},城关镇,1\n" for number in range(10, 17)))
    found, cursor = [], None
    while True:
        page = preview(desk, job, limit=3, **({"cursor": cursor} if cursor else {})).json()
        found += [each["row"] for each in page["items"]]
        assert page["total"] == 7
        cursor = page["next"]
        if cursor is None:
            break
    assert found == list(range(2, 9))


def test_a_preview_is_applied_once_without_sending_it_again(desk):
    job = previewed(desk, LIST)
    done = applied(desk, job)
    assert (done["status"], rows_of(done), done["preview"], done["file_name"]) == (
        "done", rows_of(job), job["id"], job["file_name"],
    )  # fmt: skip
    assert desk.registry.get(f"/v1/enterprises/{code(1)}").json()["staff"] == 15
    again = apply(desk, job)
    assert (again.status_code, again.json()["import"]) == (409, done["id"])
    assert list((desk.registry.settings.data / "imports").iterdir()) == []


def test_all_or_nothing_of_a_preview_with_refused_rows_is_refused_at_once(desk):
    job = previewed(desk, LIST)
    answer = apply(desk, job, mode="all_or_nothing")
    assert (answer.status_code, answer.json()["refused"]) == (409, 1)
    assert rows_of(applied(desk, job, mode="accept_valid")) == (4, 1, 1, 1, 1)


def test_what_changed_since_the_preview_is_told_and_nothing_is_applied(desk):
    job = previewed(desk, LIST)
    desk.registry.patch(f"/v1/enterprises/{code(1)}", {"staff": 13})
    failed = applied(desk, job)
    assert (failed["status"], rows_of(failed)) == ("failed", (4, 0, 0, 1, 1))
    assert "与预览不同（现为新增1、更新1、未变1、退回1）" in failed["error"]
    assert desk.registry.get(f"/v1/enterprises/{code(3)}").status_code == 404

    done = applied(desk, job, even_if_changed="true")
    assert rows_of(done) == (4, 1, 1, 1, 1)
    assert desk.registry.get(f"/v1/enterprises/{code(1)}").json()["staff"] == 15


def test_an_edit_of_something_else_is_no_difference(desk):
    job = previewed(desk, LIST)
    desk.registry.patch(f"/v1/enterprises/{code(1)}", {"address": "一路"})
    desk.registry.made("/v1/enterprises", uscc=code(9), name="别家", division=TOWN_B)
    assert rows_of(applied(desk, job)) == (4, 1, 1, 1, 1)


def test_a_preview_of_friday_is_applied_on_monday(desk):
    job = previewed(desk, LIST)
    desk.registry.clock.instant += timedelta(days=3)
    assert rows_of(applied(desk, job)) == (4, 1, 1, 1, 1)
    history = desk.registry.get(f"/v1/enterprises/{code(1)}/history").json()["items"]
    assert history[-1]["effective_on"] == "2026-07-04"


def test_keys_that_are_made_up_do_not_make_a_difference(county_desk):
    desk = county_desk
    units = "机构名称,类型,上级机构\n镇商会,商会,县工商联\n县工商联,部门,\n"
    job = previewed(desk, units, "units")
    shown = preview(desk, job).json()["items"]
    assert [(each["row"], each["key"]) for each in shown] == [(2, None), (3, None)]
    assert rows_of(applied(desk, job)) == (2, 2, 0, 0, 0)
    found = {each["name"]: each for each in desk.registry.get("/v1/units").json()["items"]}
    assert found["镇商会"]["parent"] == found["县工商联"]["id"]


def test_previews_end_with_their_days_and_their_file(desk):
    job = previewed(desk, LIST)
    desk.registry.clock.instant += timedelta(days=30)
    assert preview(desk, job).status_code == 410
    assert apply(desk, job).status_code == 410


def test_only_a_dry_run_that_is_done_has_a_preview(desk):
    applied_at_once = desk.run("enterprises", LIST)
    failed = desk.run("enterprises", "没有,列\n1,2\n", dry_run=True)
    for job in (applied_at_once, failed):
        assert preview(desk, job).status_code == 409
        assert apply(desk, job).status_code == 409
    assert desk.registry.get("/v1/imports/imp-none/preview").status_code == 404
    assert desk.registry.post("/v1/imports/imp-none/apply").status_code == 404


def test_nobody_applies_somebody_elses_preview(desk):
    job = desk.run("enterprises", LIST, by="clerk_a", dry_run=True)
    desk.registry.enrol("clerk_b", "township_clerk", unit="unt-a")
    assert apply(desk, job, by="clerk_b").status_code == 404


@pytest.mark.parametrize("plural", PLURALS)
def test_labels_of_a_preview_are_the_headers_of_the_template(county_desk, plural):
    _, book = template(county_desk.registry, plural)
    headers = [cell.value for cell in book.worksheets[0][1]][1:]
    assert len(set(headers)) == len(headers) == len(KINDS[plural].fields)


def test_events_follow_an_import_to_its_end(desk):
    import_id = desk.send("enterprises", LIST, dry_run=True)
    answer = desk.registry.get(f"/v1/imports/{import_id}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [
        (lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: ")))
        for block in answer.text.strip().split("\n\n")
        if (lines := block.split("\n"))[0].startswith("event")
    ]
    assert [name for name, _ in events[:-1]] == ["progress"] * (len(events) - 1)
    assert events[-1][0] == "end"
    assert events[-1][1] == desk.registry.get(f"/v1/imports/{import_id}").json()
    assert desk.registry.get("/v1/imports/imp-none/events").status_code == 404
