"""Undoing an import: everything reads as before, on every day, and nothing is deleted."""

import random
from datetime import date, timedelta

import pytest

from heli_registry.database import LEDGER
from heli_registry.enterprises.models import ENTERPRISE
from heli_shared.records.verifying import verify_database
from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B

HEAD = "企业名称,统一社会信用代码,所属乡镇,从业人数,注册日期,生效日期\n"
FIELDS = ("name", "division", "staff", "registered_on", "address", "state")


def undo(desk, job: dict, *, by: str = "admin"):
    return desk.registry.post(f"/v1/imports/{job['id']}/undo", by=by)


def undone(desk, job: dict) -> dict:
    answer = undo(desk, job)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_new_records_are_closed_from_their_first_day_and_changed_ones_set_back(county_desk):
    desk = county_desk
    desk.run("enterprises", HEAD + f"甲厂,{code(1)},城关镇,12,2010-05-06,\n")
    job = desk.run("enterprises", HEAD + f"甲厂新名,{code(1)},河西乡,15,,\n乙厂,{code(2)},城关镇,5,2011-01-02,\n")
    assert (job["rows"]["created"], job["rows"]["updated"]) == (1, 1)

    assert undone(desk, job) == {"id": job["id"], "closed": 1, "restored": 1, "left_open": []}
    first = desk.registry.get(f"/v1/enterprises/{code(1)}").json()
    assert (first["name"], first["division"], first["staff"]) == ("甲厂", TOWN_A, 12)
    second = desk.registry.get(f"/v1/enterprises/{code(2)}").json()
    assert (second["state"], second["closed_on"]) == ("closed", "2011-01-02")
    assert second["closed_reason"] == f"撤销导入 list.csv（{job['id']}）"
    for day in ("2011-01-02", "2020-01-01", "2026-07-01"):
        assert desk.registry.get(f"/v1/enterprises/{code(2)}", params={"on": day}).json()["state"] == "closed"
        on = {"on": day, "state": "open"}
        assert [each["uscc"] for each in desk.registry.get("/v1/enterprises", params=on).json()["items"]] == [code(1)]
    shown = desk.registry.get(f"/v1/imports/{job['id']}").json()
    assert (shown["status"], shown["undone_at"][:10], shown["undone_by"]) == ("done", "2026-07-01", "prn-admin")
    history = desk.registry.get(f"/v1/enterprises/{code(1)}/history").json()["items"]
    assert [each["operation"] for each in history] == ["create", "change", "change"]
    assert history[1]["effective_on"] == history[2]["effective_on"]


def test_a_second_undo_and_an_import_that_wrote_nothing_are_refused(county_desk):
    desk = county_desk
    job = desk.run("enterprises", HEAD + f"甲厂,{code(1)},城关镇,12,,\n")
    undone(desk, job)
    before = desk.registry.rows("SELECT seq FROM ledger_head")
    again = undo(desk, job)
    assert (again.status_code, again.json()["detail"]) == (409, "该导入已经撤销。")
    dry = desk.run("enterprises", HEAD + f"甲厂,{code(1)},城关镇,12,,\n", dry_run=True)
    refused = desk.run("enterprises", HEAD + "甲厂,1,城关镇,12,,\n")
    assert [undo(desk, each).status_code for each in (dry, refused)] == [409, 409]
    assert desk.registry.rows("SELECT seq FROM ledger_head") == before
    assert desk.registry.post("/v1/imports/imp-none/undo").status_code == 404


def test_what_was_touched_since_is_named_and_nothing_is_undone(county_desk):
    desk = county_desk
    registry = desk.registry
    lines = "".join(f"示例{number}厂,{code(number)},城关镇,{number},,\n" for number in range(1, 6))
    job = desk.run("enterprises", HEAD + lines)
    registry.patch(f"/v1/enterprises/{code(2)}", {"staff": 99})
    registry.made(
        "/v1/party-organizations", id="org-1", name="甲支部", kind="branch", setup_form="sole", division=TOWN_A
    )
    cover = registry.made("/v1/covers", organization="org-1", enterprise=code(4))
    before = registry.rows("SELECT seq FROM ledger_head")

    answer = undo(desk, job)
    assert (answer.status_code, answer.json()["touched"]) == (409, 2)
    told = {each["pointer"]: each["detail"] for each in answer.json()["errors"]}
    assert set(told) == {f"/enterprises/{code(2)}", f"/enterprises/{code(4)}"}
    assert "此后又有改动" in told[f"/enterprises/{code(2)}"]
    assert told[f"/enterprises/{code(4)}"] == f"被覆盖关系 {cover['id']} 引用"
    assert registry.rows("SELECT seq FROM ledger_head") == before
    assert registry.get(f"/v1/enterprises/{code(1)}").json()["state"] == "open"


def test_a_corrected_list_brings_undone_records_back_as_it_has_them(county_desk):
    desk = county_desk
    job = desk.run("enterprises", HEAD + f"甲厂,{code(1)},城关镇,1200,2012-01-01,\n乙厂,{code(2)},城关镇,5,,\n")
    undone(desk, job)
    listed = HEAD.replace("从业人数", "注册地址") + f"甲机械厂,{code(1)},河西乡,一路,2012-01-01,\n"
    again = desk.run("enterprises", listed, dry_run=True)
    shown = desk.registry.get(f"/v1/imports/{again['id']}/preview").json()["items"]
    assert [(each["key"], each["operation"]) for each in shown] == [(code(1), "reopen")]
    again = desk.run("enterprises", listed)
    assert (again["rows"]["updated"], again["rows"]["read"]) == (1, 1)

    found = desk.registry.get(f"/v1/enterprises/{code(1)}", params={"on": "2012-01-01"}).json()
    now = desk.registry.get(f"/v1/enterprises/{code(1)}").json()
    for record in (found, now):
        told = [record[name] for name in ("name", "division", "address", "staff", "state", "closed_reason")]
        assert told == ["甲机械厂", TOWN_B, "一路", None, "open", None]
    assert desk.run("enterprises", listed)["rows"]["unchanged"] == 1
    assert undone(desk, again)["closed"] == 1
    assert desk.registry.get(f"/v1/enterprises/{code(1)}").json()["state"] == "closed"


def test_divisions_made_on_the_way_are_closed_unless_others_use_them(registry, desk):
    listed = "企业名称,统一社会信用代码,注册地址\n"
    first = desk.run("enterprises", listed + f"甲厂,{code(1, '330106')},浙江省杭州市西湖区西溪街道1号\n")
    assert first["rows"]["created"] == 1, desk.refusals(first["id"])
    made = {each["code"] for each in registry.get("/v1/divisions").json()["items"]}
    second = desk.run("enterprises", listed + f"乙厂,{code(2, '330106')},浙江省杭州市西湖区西溪街道2号\n")
    assert set(undone(desk, first)["left_open"]) == made
    undone(desk, second)

    third = desk.run("enterprises", listed + f"丙厂,{code(3, '330203')},浙江省宁波市海曙区1号\n")
    assert undone(desk, third)["left_open"] == []
    states = {each["code"]: each["state"] for each in registry.get("/v1/divisions").json()["items"]}
    assert {code for code, state in states.items() if state == "open"} == made


def test_a_link_to_another_row_of_the_same_list_does_not_hold_it(county_desk):
    job = county_desk.run("units", "机构名称,类型,上级机构\n镇商会,商会,县工商联\n县工商联,部门,\n")
    assert undone(county_desk, job)["closed"] == 2
    again = county_desk.run("units", "机构名称,类型,上级机构\n镇商会,商会,县工商联\n县工商联,部门,\n")
    assert again["rows"]["created"] == 2
    other = county_desk.run("units", "机构名称,类型,上级机构\n村商会,商会,镇商会\n")
    assert other["rows"]["created"] == 1
    assert undo(county_desk, again).status_code == 409
    undone(county_desk, other)
    assert undone(county_desk, again)["closed"] == 2


def test_only_who_sees_and_may_write_all_of_it_undoes_an_import(county_desk):
    desk = county_desk
    job = desk.run("enterprises", HEAD + f"甲厂,{code(1)},城关镇,1,,\n", by="clerk_a")
    desk.registry.enrol("clerk_b", "township_clerk", unit="unt-a")
    assert undo(desk, job, by="clerk_b").status_code == 404
    assert undo(desk, job, by="clerk_a").status_code == 200


def as_of(registry, days, keys) -> dict:
    found = {}
    for day in days:
        page = registry.get("/v1/enterprises", params={"on": day, "limit": 200}).json()["items"]
        by_key = {each["uscc"]: each for each in page}
        found[day] = {key: {name: by_key.get(key, {}).get(name) for name in FIELDS} for key in keys}
    return found


@pytest.mark.parametrize("seed", range(4))
def test_after_an_undo_every_field_reads_as_before_on_every_day(county_desk, seed):
    desk, registry = county_desk, county_desk.registry
    chance = random.Random(seed)
    first = date(2026, 5, 1)

    def day() -> str:
        return (first + timedelta(days=chance.randrange(60))).isoformat()

    def line(number: int) -> str:
        town, staff = chance.choice(["城关镇", "河西乡", ""]), chance.choice(["", "清空", str(chance.randrange(90))])
        return f"{chance.choice(['甲', '乙', '丙'])}厂,{code(number)},{town},{staff},,{chance.choice(['', day()])}\n"

    keys = [code(number) for number in range(6)]
    for number in range(6):
        registry.made(
            "/v1/enterprises", uscc=code(number), name="甲厂", division=TOWN_A, effective_on="2026-05-01", staff=1
        )
    for _ in range(12):
        number = chance.randrange(6)
        body = {"staff": chance.randrange(90), "address": day(), "effective_on": day()}
        registry.patch(f"/v1/enterprises/{code(number)}", body)
    registry.act(f"/v1/enterprises/{code(5)}/close", {"reason": "注销", "effective_on": "2026-06-15"})

    days = [(first + timedelta(days=number)).isoformat() for number in range(-1, 62)]
    before = as_of(registry, days, keys)
    current = {key: registry.get(f"/v1/enterprises/{key}").json() for key in keys}
    known = registry.rows("SELECT seq FROM ledger_head")[0][0]
    job = desk.run("enterprises", HEAD + "".join(line(number) for number in range(9)))
    assert job["rows"]["updated"] >= 1
    changed = as_of(registry, days, keys)
    undone(desk, job)

    assert as_of(registry, days, keys) == before
    assert changed != before
    for key in keys:
        now = registry.get(f"/v1/enterprises/{key}").json()
        assert {**now, "version": 0} == {**current[key], "version": 0}
        then = registry.get(f"/v1/enterprises/{key}", params={"known_at": known}).json()
        assert then == current[key]
    made = [code(number) for number in range(6, 9)]
    for states in as_of(registry, days, made).values():
        assert {each["state"] for each in states.values()} <= {None, "closed"}
    assert verify_database(registry.settings.database_url, LEDGER, [ENTERPRISE]).is_sound


def test_what_a_list_says_for_its_unit_is_unsaid_when_it_is_undone(county_desk):
    desk, registry = county_desk, county_desk.registry
    registry.made("/v1/units", id="unt-tax", name="税务局", kind="department", division=COUNTY)
    registry.enrol("clerk_tax", "county_clerk", unit="unt-tax")
    registry.made(
        "/v1/field-stewards", kind="enterprise", field="staff", steward="unt-tax", precedence=["unt-a"],
        answer_days=10, basis="一数一源清单",
    )  # fmt: skip
    registry.made("/v1/enterprises", uscc=code(1), name="甲厂", division=TOWN_A, staff=5, registered_on="2020-01-01")
    listed = HEAD + f"甲厂,{code(1)},城关镇,9,,2026-06-15\n乙厂,{code(2)},城关镇,7,2020-01-01,\n"
    job = desk.run("enterprises", listed, by="clerk_tax")
    assert (job["rows"]["created"], job["rows"]["updated"]) == (1, 1), desk.refusals(job["id"])
    claims = registry.get("/v1/claims", params={"field": "staff"}).json()["items"]
    assert {(each["enterprise"], each["value"]) for each in claims} >= {(code(1), "9"), (code(2), "7")}

    done = undo(desk, job, by="clerk_tax")
    assert done.status_code == 200, done.text
    assert (done.json()["closed"], done.json()["restored"]) == (1, 1)
    for day in ("2026-06-14", "2026-06-15", "2026-07-01"):
        assert registry.get(f"/v1/enterprises/{code(1)}", params={"on": day}).json()["staff"] == 5
    claims = registry.get("/v1/claims", params={"field": "staff"}).json()["items"]
    assert [each for each in claims if each["enterprise"] == code(1)] == []
    assert registry.get("/v1/disputes").json()["total"] == 0
    again = desk.run("enterprises", listed, by="clerk_tax")
    assert (again["rows"]["updated"], again["rows"]["refused"]) == (2, 0), desk.refusals(again["id"])
    assert registry.get(f"/v1/enterprises/{code(1)}").json()["staff"] == 9
    assert verify_database(registry.settings.database_url, LEDGER, [ENTERPRISE]).is_sound
