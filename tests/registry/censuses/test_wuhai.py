"""From 19,339 rows of several departments' lists to a base of 2,145, as a city did it by hand (FIELD, 乌海)."""

import csv
import io
import random
import time
from typing import Any

from stdnum.cn import uscc

from heli_shared.records.bulk import BulkWrite
from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B
from registry.imports.conftest import Desk

BASE = 2_145
DROPPED = {
    "after_cut_off": 214, "out_of_territory": 611, "duplicate": 1_402, "closed": 37, "not_operating": 5_873,
    "branch_office": 908, "not_enterprise": 463, "state_owned": 156, "collective": 88, "individual_business": 3_020,
    "no_premises": 1_744, "no_staff": 1_590, "no_activity": 866, "unknown_operation": 121, "unknown_substance": 101,
}  # fmt: skip
ELSEWHERE = "990122101000"
HEADER = {
    "uscc": "统一社会信用代码", "name": "企业名称", "division": "区划代码", "registered_on": "注册日期",
    "ownership": "所有制", "operation_state": "经营状态", "has_premises": "有固定场所",
    "has_stable_staff": "有稳定队伍", "has_activity": "有正常活动", "is_branch_office": "是否分支机构",
    "duplicate_of": "重复于", "staff": "从业人数",
}  # fmt: skip
SOUND = {
    "registered_on": "2019-03-01", "ownership": "私营", "operation_state": "在营", "has_premises": "是",
    "has_stable_staff": "是", "has_activity": "是", "is_branch_office": "否", "duplicate_of": "", "staff": "12",
}  # fmt: skip
WHY: dict[str, dict[str, str]] = {
    "after_cut_off": {"registered_on": "2026-07-01"},
    "out_of_territory": {"division": ELSEWHERE},
    "duplicate": {"duplicate_of": code(1)},
    "not_operating": {"operation_state": "吊销", "has_premises": "否"},
    "branch_office": {"is_branch_office": "是"},
    "state_owned": {"ownership": "国有"},
    "collective": {"ownership": "集体"},
    "individual_business": {"ownership": "个体工商户", "has_premises": "否"},
    "no_premises": {"has_premises": "否", "has_activity": "否"},
    "no_staff": {"has_stable_staff": "否"},
    "no_activity": {"has_activity": "否"},
    "unknown_operation": {"operation_state": ""},
    "unknown_substance": {"has_premises": ""},
}


def county_rows() -> list[dict[str, str]]:
    """Return all rows, the base first, each with its `why`."""
    reasons = ["base"] * BASE + [step for step, count in DROPPED.items() for _ in range(count)]
    rows = []
    for number, why in enumerate(reasons, start=1):
        key = other(number) if why == "not_enterprise" else code(number)
        place = TOWN_A if number % 3 else TOWN_B
        rows.append(
            {"uscc": key, "name": f"合力县第{number}号企业", "division": place, **SOUND, **WHY.get(why, {}), "why": why}
        )
    return rows


def other(number: int) -> str:
    head = f"52990121{number:09d}"
    return head + uscc.calc_check_digit(head)


def as_csv(rows: list[dict[str, str]], columns: list[str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([HEADER[name] for name in columns])
    writer.writerows([[row[name] for name in columns] for row in rows])
    return text.getvalue()


def test_nineteen_thousand_rows_become_a_base_of_two_thousand_and_each_has_its_reason(
    census, record_property: Any
) -> None:
    registry, desk = census.registry, Desk(census.registry)
    registry.made("/v1/divisions", code="990122000000", name="邻县", level="county")
    registry.made("/v1/divisions", code=ELSEWHERE, name="邻镇", level="town", parent="990122000000")
    for unit, name in (("unt-market", "市场监督管理局"), ("unt-tax", "税务局")):
        registry.made("/v1/units", id=unit, name=name, kind="department")
        registry.enrol(unit, "county_clerk", unit=unit)
    optional = ["individual_business", "unknown_operation", "unknown_substance"]
    registry.patch("/v1/censuses/cen-1", {"optional_steps": optional})
    rows = county_rows()
    assert len(rows) == 19_339
    random.Random(7).shuffle(rows)
    # Market supervision knows 15,000 of them; tax knows the rest and 6,000 that market supervision knows, of which 500
    # with another head-count.
    market, tax_only = rows[:15_000], rows[15_000:]
    shared = market[:6_000]
    tax = tax_only + [{**row, "staff": "13" if place < 500 else row["staff"]} for place, row in enumerate(shared)]

    begun = time.perf_counter()
    for who, lines in (("unt-market", market), ("unt-tax", tax)):
        ended = desk.run("enterprises", as_csv(lines, list(HEADER)), by=who)
        assert (ended["status"], ended["rows"]["refused"]) == ("done", 0), desk.refusals(ended["id"])
    closed = [row["uscc"] for row in rows if row["why"] == "closed"]
    census.write([BulkWrite(key, "close", "2026-05-01", {"state": "closed"}) for key in closed], unit=None)
    imported = time.perf_counter()
    census.close()

    assert census.dropped() == {**DROPPED, "base": BASE}
    record_property("seconds_to_import", round(imported - begun, 1))
    record_property("seconds_to_survey", round(time.perf_counter() - imported, 1))
    found = census.get("funnel")
    assert found["registered"] == 19_339
    assert (
        found["denominator"] == BASE + 121 + 101
    )  # the individual businesses have no premises: the statistics leave them out, too
    assert rows_by_step(census) == {row["uscc"]: row["why"] for row in rows}
    told = {each["unit"]: each for each in census.get("sources")["sources"]}
    assert [told["unt-market"][name] for name in ("new", "matched", "conflicting")] == [15_000, 0, 0]
    assert [told["unt-tax"][name] for name in ("new", "matched", "conflicting")] == [4_339, 0, 500]
    assert told["unt-tax"]["lists"] == {"files": 1, "read": 10_339, "unchanged": 5_500, "refused": 0}
    assert census.get("funnel", by="clerk_a")["registered"] == sum(row["division"] == TOWN_A for row in rows)


def rows_by_step(census) -> dict[str, str]:
    text = census.registry.get("/v1/censuses/cen-1/funnel/rows?format=csv").text
    return {line[0]: line[5] for line in list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))[1:]}
