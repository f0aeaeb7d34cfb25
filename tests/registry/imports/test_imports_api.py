"""Imports over HTTP: how rows end, what refuses them, who may do what; on both databases."""

import json

import pytest
import sqlalchemy as sa

from heli_registry.database import LEDGER
from heli_shared.db.engine import make_engine, transaction
from heli_shared.ledger.verifying import verify_chain
from registry.codes import code

HEAD = "企业名称,统一社会信用代码,所属乡镇,注册日期,从业人数,注册资本（万元）\n"
CODES = [code(number) for number in range(20)]


def line(number: int, *, name: str | None = None, town: str = "城关镇", on: str = "2010-05-06", staff: str = "12"):
    return f"{name or f'示例{number}有限公司'},{CODES[number]},{town},{on},{staff},100\n"


def enterprise(desk, number: int) -> dict:
    return desk.registry.get(f"/v1/enterprises/{CODES[number]}").json()


def head_seq(desk) -> int:
    return desk.registry.rows("SELECT seq FROM ledger_head")[0][0]


def test_rows_end_as_created_updated_unchanged_or_refused(county_desk):
    desk = county_desk
    first = desk.run("enterprises", HEAD + line(0) + line(1) + "坏,123,城关镇,2010-05-06,1,1\n")
    assert first["rows"] == {"read": 3, "created": 2, "updated": 0, "unchanged": 0, "refused": 1}
    assert desk.refusals(first["id"]) == {4: "统一社会信用代码应为18位，现为3位。"}
    assert "18 characters" in desk.refusals(first["id"], language="en")[4]

    second = desk.run("enterprises", HEAD + line(0, staff="15") + line(1))
    assert second["rows"] == {"read": 2, "created": 0, "updated": 1, "unchanged": 1, "refused": 0}
    found = enterprise(desk, 0)
    assert (found["staff"], found["registered_capital"], found["division"]) == (15, "1000000", "990121101000")


def test_a_new_record_holds_from_the_day_it_names_and_a_change_from_today(county_desk):
    county_desk.run("enterprises", HEAD + line(0))
    county_desk.run("enterprises", HEAD + line(0, staff="99"))
    history = county_desk.registry.get(f"/v1/enterprises/{CODES[0]}/history").json()["items"]
    assert [(each["operation"], each["effective_on"]) for each in history] == [
        ("create", "2010-05-06"),
        ("change", "2026-07-01"),
    ]
    assert [each["field"] for each in history[1]["changes"]] == ["staff"]


def test_a_back_dated_list_leaves_later_values_in_force(county_desk):
    county_desk.run("enterprises", HEAD + line(0))
    county_desk.run("enterprises", HEAD + line(0, staff="50"), effective_on="2026-06-01")
    job = county_desk.run("enterprises", HEAD + line(0, staff="30", name="旧名有限公司"), effective_on="2020-01-01")

    assert job["rows"]["updated"] == 1
    found = enterprise(county_desk, 0)
    assert (found["staff"], found["name"]) == (50, "旧名有限公司")
    path = f"/v1/enterprises/{CODES[0]}"
    assert county_desk.registry.get(path, params={"on": "2021-01-01"}).json()["staff"] == 30
    again = county_desk.run("enterprises", HEAD + line(0, staff="30", name="旧名有限公司"), effective_on="2020-01-01")
    assert again["rows"]["unchanged"] == 1


def test_a_blank_leaves_a_value_alone_and_the_word_for_it_clears(county_desk):
    desk = county_desk
    desk.run("enterprises", HEAD + line(0))
    blank = desk.run("enterprises", HEAD + line(0, staff=""))
    assert blank["rows"]["unchanged"] == 1
    cleared = desk.run("enterprises", HEAD + line(0, staff="清空"))
    assert cleared["rows"]["updated"] == 1
    assert enterprise(desk, 0)["staff"] is None


def test_a_dry_run_tells_the_same_ends_and_changes_nothing(county_desk):
    before = head_seq(county_desk)
    job = county_desk.run("enterprises", HEAD + line(0) + "坏,1,城关镇,2010-05-06,1,1\n", dry_run=True)
    assert job["rows"] == {"read": 2, "created": 1, "updated": 0, "unchanged": 0, "refused": 1}
    assert head_seq(county_desk) == before
    assert list(county_desk.refusals(job["id"])) == [3]


def test_all_or_nothing_takes_nothing_when_a_row_is_refused(county_desk):
    before = head_seq(county_desk)
    job = county_desk.run("enterprises", HEAD + line(0) + "坏,1,城关镇,2010-05-06,1,1\n", mode="all_or_nothing")
    assert (job["status"], job["rows"]["created"]) == ("failed", 0)
    assert "1行被拒绝" in job["error"]
    assert head_seq(county_desk) == before


def test_the_same_code_twice_with_different_content_names_the_other_row(county_desk):
    job = county_desk.run("enterprises", HEAD + line(0) + line(0) + line(0, staff="77"))
    assert job["rows"] == {"read": 3, "created": 1, "updated": 0, "unchanged": 1, "refused": 1}
    assert county_desk.refusals(job["id"]) == {4: "与第2行是同一条记录，但内容不同；请核对后只保留一行。"}


def test_a_clerk_cannot_bring_in_rows_of_another_township(county_desk):
    desk = county_desk
    job = desk.run("enterprises", HEAD + line(0) + line(1, town="河西乡") + line(2, town="990121102000"), by="clerk_a")
    assert job["rows"] == {"read": 3, "created": 1, "updated": 0, "unchanged": 0, "refused": 2}
    assert all("管辖范围" in message for message in desk.refusals(job["id"], by="clerk_a").values())

    desk.run("enterprises", HEAD + line(3, town="河西乡"))
    other = desk.run("enterprises", HEAD + line(3, staff="1"), by="clerk_a")
    assert other["rows"]["refused"] == 1
    assert enterprise(desk, 3)["staff"] == 12


def test_a_job_is_seen_by_its_owner_and_by_those_who_see_everything(county_desk):
    desk = county_desk
    own = desk.run("enterprises", HEAD + line(0), by="clerk_a")
    other = desk.run("enterprises", HEAD + line(1))
    assert desk.registry.get(f"/v1/imports/{other['id']}", by="clerk_a").status_code == 404
    assert desk.registry.get(f"/v1/imports/{own['id']}").status_code == 200
    mine = desk.registry.get("/v1/imports", by="clerk_a").json()
    assert ([each["id"] for each in mine["items"]], mine["total"]) == ([own["id"]], 1)
    page = desk.registry.get("/v1/imports", params={"limit": 1}).json()
    rest = desk.registry.get("/v1/imports", params={"limit": 1, "cursor": page["next"]}).json()
    assert [page["items"][0]["id"], rest["items"][0]["id"]] == [other["id"], own["id"]]
    assert (page["total"], rest["next"]) == (2, None)


def test_covers_name_organisations_and_enterprises_in_words(county_desk):
    desk = county_desk
    desk.run("enterprises", HEAD + line(0) + line(1) + line(2, name="重名厂") + line(3, name="重名厂"))
    organizations = (
        "党组织名称,党组织类型,组建方式,所属乡镇,成立日期,正式党员\n"
        "合力联合党支部,联合党支部,联合组建,城关镇,2019-07-01,5\n"
        "三人党支部,党支部,单独组建,城关镇,2019-07-01,2\n"
    )
    made = desk.run("party-organizations", organizations)
    assert made["rows"] == {"read": 2, "created": 1, "updated": 0, "unchanged": 0, "refused": 1}
    assert "正式党员3人以上" in desk.refusals(made["id"])[3]
    assert desk.run("party-organizations", organizations)["rows"]["unchanged"] == 1

    covers = (
        "党组织名称,覆盖企业\n"
        f"合力联合党支部,{CODES[0]}\n合力联合党支部,示例1有限公司\n合力联合党支部,重名厂\n没有的支部,{CODES[0]}\n"
    )
    job = desk.run("covers", covers)
    assert job["rows"] == {"read": 4, "created": 2, "updated": 0, "unchanged": 0, "refused": 2}
    told = desk.refusals(job["id"])
    assert "有2个同名企业" in told[4]
    assert "没有找到这个党组织" in told[5]
    forms = desk.registry.get("/v1/covers").json()["items"]
    assert {each["form"] for each in forms} == {"joint"}
    assert desk.run("covers", covers)["rows"] == {
        "read": 4, "created": 0, "updated": 0, "unchanged": 2, "refused": 2,
    }  # fmt: skip


def test_every_other_kind_goes_in_and_a_second_run_changes_nothing(county_desk):
    desk = county_desk
    desk.run("enterprises", HEAD + line(0))
    lists = {
        "divisions": "区划代码,区划名称\n990121103,城东街道\n990121103001,一村\n",
        "zones": "园区名称,类型,所属区划\n城东工业园,园区,城关镇\n",
        "units": "机构名称,类型,上级机构,所属区划\n河西乡党委,乡镇,城关镇党委,河西乡\n",
        "mass-organizations": f"群团类型,名称,统一社会信用代码,成立日期,人数\n工会,示例工会,{CODES[0]},2015/1/8,30人\n",
    }
    for kind, content in lists.items():
        first = desk.run(kind, content)
        assert (first["rows"]["refused"], first["rows"]["created"]) == (0, first["rows"]["read"]), kind
        again = desk.run(kind, content)
        assert again["rows"]["unchanged"] == again["rows"]["read"], kind
    union = desk.registry.get("/v1/mass-organizations").json()["items"][0]
    assert (union["kind"], union["members"], union["established_on"]) == ("union", 30, "2015-01-08")
    assert desk.registry.get("/v1/divisions/990121103001").json()["parent"] == "990121103000"


def test_assignments_name_people_by_id(county_desk):
    desk = county_desk
    desk.run("enterprises", HEAD + line(0))
    person = desk.registry.made("/v1/people", unit="unt-a", name="测试员", phone="13800000000")["id"]
    content = (
        f"人员编号,角色,统一社会信用代码,任期至\n{person},指导员,{CODES[0]},2027-12-31\nper-none,联络员,{CODES[0]},\n"
    )
    job = desk.run("assignments", content)
    assert (job["rows"]["created"], job["rows"]["refused"]) == (1, 1)
    assert desk.run("assignments", content)["rows"]["unchanged"] == 1


def test_json_and_unknown_columns_are_understood(county_desk):
    rows = [{"name": "示例0有限公司", "code": CODES[0], "division": "城关镇", "remark": "x", "fullMembers": 3}, "no"]
    job = county_desk.run("enterprises", json.dumps({"erDataList": rows}), "list.json")
    assert job["rows"] == {"read": 2, "created": 1, "updated": 0, "unchanged": 0, "refused": 1}
    assert job["columns"]["unknown"] == ["remark"]
    assert enterprise(county_desk, 0)["full_members"] == 3


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("序号,电话\n1,2\n", "没有找到必需的列"),
        (b"\x89PNG\r\n\x1a\n0000", "不支持这种文件"),
        (b"PK\x03\x04broken", "工作簿无法读取"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1broken", "工作簿无法读取"),
        ("[1, 2", "JSON 文件无法读取"),
        (b"a,b\n\xff\xff\xff\xfe\n", "文字编码"),
        ("   \n", "空"),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_file_that_is_no_list_fails_with_one_clear_reason(county_desk, content, told):
    job = county_desk.run("enterprises", content)
    assert job["status"] == "failed"
    assert told in job["error"]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_bad_requests_are_refused_at_the_door(county_desk):
    registry = county_desk.registry

    def send(**query):
        return registry.call("POST", "/v1/imports", params=query, files={"file": ("a.csv", b"a")}).status_code

    assert send(kind="secrets") == 400
    assert send(kind="enterprises", effective_on="2027-01-01") == 422
    assert send(kind="enterprises", colour="red") == 400
    assert send() == 400
    assert registry.call("POST", "/v1/imports", params={"kind": "covers"}).status_code == 422
    empty = registry.call("POST", "/v1/imports", params={"kind": "covers"}, files={"file": ("a.csv", b"")})
    assert empty.status_code == 422
    assert registry.get("/v1/imports/imp-none").status_code == 404
    assert registry.get("/v1/imports/imp-none/refusals").status_code == 404
    assert registry.post("/v1/imports/imp-none/cancel").status_code == 404


def test_an_import_that_is_over_cannot_be_cancelled(county_desk):
    job = county_desk.run("enterprises", HEAD + line(0))
    assert county_desk.registry.post(f"/v1/imports/{job['id']}/cancel").status_code == 409


def test_an_enterprise_without_any_hint_of_its_place_is_refused(county_desk):
    nowhere = code(1, region="770000")
    job = county_desk.run("enterprises", f"企业名称,统一社会信用代码\n无处有限公司,{nowhere}\n")
    assert "无法确定所在区划" in county_desk.refusals(job["id"])[2]


def test_the_ledger_of_an_import_is_one_chain_that_matches_the_rows(county_desk):
    county_desk.run("enterprises", HEAD + "".join(line(number) for number in range(10)))
    county_desk.run("enterprises", HEAD + "".join(line(number, staff="3") for number in range(5)))
    engine = make_engine(county_desk.registry.settings.database_url)
    with transaction(engine, writes=False) as session:
        entries = list(session.execute(sa.select(LEDGER.entries).order_by(LEDGER.entries.c.seq)))
        head = session.execute(sa.select(LEDGER.head)).one()
    engine.dispose()
    verdict = verify_chain(entries, head_seq=head.seq, head_hash=head.hash)
    assert verdict.fault is None
    assert head.seq == len(entries)
    assert enterprise(county_desk, 0)["version"] > 0
