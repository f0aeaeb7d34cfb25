"""A township's clerk who names another township, its zone or its office is refused row by row, never as a whole."""

from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B


def test_rows_that_name_what_is_foreign_are_refused_one_by_one(county_desk):
    registry = county_desk.registry
    registry.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B)
    registry.made("/v1/zones", id="zon-b", name="河西园", kind="park", division=TOWN_B)
    registry.made("/v1/enterprises", uscc=code(9), name="河西厂", division=TOWN_B, staff=5)
    head = "企业名称,统一社会信用代码,所属乡镇,所属园区,从业人数\n"
    lines = (
        f"甲厂,{code(1)},城关镇,,1\n乙厂,{code(2)},河西乡,,1\n丙厂,{code(3)},{TOWN_B},,1\n丁厂,{code(4)},城关镇,河西园,1\n"
        f"河西厂,{code(9)},,,6\n戊厂,{code(5)},城关镇,,1\n"
    )
    job = county_desk.run("enterprises", head + lines, by="clerk_a")
    told = county_desk.refusals(job["id"], by="clerk_a")
    assert (job["rows"]["read"], job["rows"]["created"], job["rows"]["refused"]) == (6, 2, 4), told
    assert sorted(told) == [3, 4, 5, 6]
    assert all("管辖范围" in message for message in told.values())
    assert registry.get(f"/v1/enterprises/{code(9)}").json()["staff"] == 5
    assert registry.get(f"/v1/enterprises/{code(5)}").json()["division"] == TOWN_A
    assert registry.get(f"/v1/imports/{job['id']}/workbook", by="clerk_a").status_code == 200


def test_an_undo_or_a_preview_does_not_reach_into_another_township(county_desk):
    registry = county_desk.registry
    registry.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B)
    registry.enrol("clerk_b", "township_clerk", unit="unt-b")
    head = "企业名称,统一社会信用代码,所属乡镇\n"
    job = county_desk.run("enterprises", head + f"甲厂,{code(1)},城关镇\n", by="clerk_a")
    dry = county_desk.run("enterprises", head + f"乙厂,{code(2)},城关镇\n", by="clerk_a", dry_run=True)
    for path in (f"{job['id']}/undo", f"{dry['id']}/apply"):
        assert registry.post(f"/v1/imports/{path}", by="clerk_b").status_code == 404
    for path in (f"{job['id']}/workbook", f"{dry['id']}/preview", f"{dry['id']}/events"):
        assert registry.get(f"/v1/imports/{path}", by="clerk_b").status_code == 404
