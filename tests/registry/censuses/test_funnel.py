"""The funnel: each row falls at exactly one step, and the result can be had again byte by byte."""

import csv
import io
from datetime import date

import openpyxl

from heli_registry.base_list.domain import all_items, all_steps, steps_on
from heli_registry.censuses.models import CENSUS_CHECK, ITEMS, OPTIONAL_STEPS
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_shared.records.bulk import BulkWrite
from heli_shared.statistics.parameters import parameter
from heli_shared.statistics.scope import SCOPE
from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B


def change(uscc: str, on: str, *, late: bool = False, **values) -> BulkWrite:
    return BulkWrite(uscc, "change", on, values, late)


def test_each_row_falls_at_the_first_step_that_holds_and_in_plus_out_is_all(census):
    census.registry.made("/v1/divisions", code="990122000000", name="邻县", level="county")
    census.add(code(1))
    census.add(code(2), division="990122000000", operation_state="suspended")
    census.add(code(3), duplicate_of=code(1))
    census.add(code(4), operation_state="closed_down", has_premises=False)
    census.add(code(5), is_branch_office=True)
    census.add(code(6), ownership="state_owned")
    census.add(code(7), ownership="collective")
    census.add(code(8), has_premises=False, has_activity=False)
    census.add(code(9), has_stable_staff=False)
    census.add(code(10), has_activity=False)
    census.add(code(11), on="2026-07-01")
    census.add(code(12), operation_state=None, has_premises=None)
    census.add(code(13), ownership="individual")
    census.add(code(14))
    census.write([BulkWrite(code(14), "close", "2026-03-01", {"state": "closed", "closed_on": "2026-03-01"})])

    found = census.get("funnel")
    assert census.steps() == {
        code(1): "base", code(2): "out_of_territory", code(3): "duplicate", code(4): "not_operating",
        code(5): "branch_office", code(6): "state_owned", code(7): "collective", code(8): "no_premises",
        code(9): "no_staff", code(10): "no_activity", code(11): "after_cut_off", code(12): "base", code(13): "base",
        code(14): "closed",
    }  # fmt: skip
    assert (found["registered"], found["base"], found["denominator"]) == (14, 3, 3)
    assert found["kept_unknown"] == {"has_premises": 1, "operation_state": 1}
    assert sum(each["dropped"] for each in found["steps"]) + found["base"] == found["registered"]
    assert [each["before"] for each in found["steps"]] == [14, *(each["after"] for each in found["steps"][:-1])]
    assert found["steps"][3] == {
        "number": 4, "step": "closed", "zh": "已注销或撤销", "en": "Closed or struck off",
        "basis": "商南县五清：剔除“名存实亡”企业", "since": "2012-03-01", "is_optional": False,
        "before": 11, "dropped": 1, "after": 10,
    }  # fmt: skip


def test_optional_steps_leave_out_more_than_the_statistics_and_say_so(census):
    census.registry.patch("/v1/censuses/cen-1", {"optional_steps": list(OPTIONAL_STEPS)})
    census.add(code(1))
    census.add(code(2), ownership="individual")
    census.add(code(3), operation_state=None)
    census.add(code(4), has_activity=None)
    census.add(code(5), ownership="individual", has_activity=False)

    found = census.get("funnel")
    assert census.dropped() == {"individual_business": 2, "unknown_operation": 1, "unknown_substance": 1, "base": 1}
    assert (found["base"], found["denominator"], found["kept_unknown"]) == (1, 4, {})


def test_enterprises_are_counted_as_they_were_on_the_cut_off_day(census):
    census.add(code(1))
    census.write([change(code(1), "2026-07-01", operation_state="suspended")])
    census.add(code(2), operation_state="suspended")
    census.write([change(code(2), "2026-06-30", operation_state="operating")])
    census.add(code(3), division=TOWN_B)
    census.registry.patch("/v1/divisions/" + TOWN_B, {"parent": None, "effective_on": "2026-07-01"})

    assert census.dropped() == {"base": 3}


def test_what_is_told_late_of_the_cut_off_day_counts_until_the_census_is_closed_and_is_listed_after(census):
    census.add(code(1))
    census.add(code(2))
    census.write([change(code(1), "2026-06-15", operation_state="suspended")])
    census.close()
    census.write([change(code(2), "2026-06-15", operation_state="suspended")])
    census.write([change(code(1), "2026-07-01", staff=9)])
    census.add(code(3), on="2026-05-05")

    assert census.steps() == {code(1): "not_operating", code(2): "base"}
    assert census.get("funnel")["is_pinned"] is True
    assert census.get("late")["items"] == [
        {"enterprise": code(2), "step": "base"},
        {"enterprise": code(3), "step": None},
    ]
    census.registry.act("/v1/censuses/cen-1/reopen", {})
    assert census.steps() == {code(1): "not_operating", code(2): "not_operating", code(3): "base"}


def test_a_closed_census_gives_the_same_bytes_whatever_is_written_since(census):
    for number in range(1, 6):
        census.add(code(number), responsible_unit="unt-a", has_premises=number % 2 == 0)
    census.close()
    answers = ("funnel", "funnel/rows", "progress", "gaps", "sources", "funnel/rows?format=csv", "gaps?format=xlsx")
    before = [census.registry.get(f"/v1/censuses/cen-1/{each}").content for each in answers]
    pinned = census.get("funnel")["known_at"]

    census.write([change(code(1), "2026-06-01", late=True, has_premises=True, name="改名")])
    census.registry.patch("/v1/units/unt-a", {"name": "改名党委"})
    census.registry.patch("/v1/divisions/" + TOWN_A, {"parent": None, "effective_on": "2026-01-01"})

    assert [census.registry.get(f"/v1/censuses/cen-1/{each}").content for each in answers] == before
    census.registry.act("/v1/censuses/cen-1/reopen", {})
    again = [
        census.registry.get(f"/v1/censuses/cen-1/{each}{'&' if '?' in each else '?'}known_at={pinned}").content
        for each in answers
    ]
    assert again == before
    assert census.get("funnel")["base"] == 0


def test_an_open_census_can_be_asked_as_it_was_known(census):
    census.add(code(1))
    known_at = census.get("funnel")["known_at"]
    census.add(code(2))

    assert census.get("funnel")["registered"] == 2
    assert census.get("funnel", params={"known_at": known_at})["registered"] == 1
    assert census.registry.get("/v1/censuses/cen-1/funnel", params={"known_at": 10**9}).status_code == 400
    assert census.registry.get("/v1/censuses/cen-1/funnel", params={"known_at": 1}).status_code == 404


def test_pages_fit_together_while_others_write(census):
    for number in range(1, 8):
        census.add(code(number))
    first = census.get("funnel/rows", params={"limit": 3})
    census.add(code(99), on="2020-01-01")
    census.write([change(code(7), "2026-01-01", operation_state="suspended")])

    seen, cursor = first["items"], first["next"]
    while cursor:
        page = census.get("funnel/rows", params={"limit": 3, "cursor": cursor})
        seen, cursor = seen + page["items"], page["next"]
        assert (page["total"], page["known_at"]) == (first["total"], first["known_at"])
    assert sorted(each["enterprise"] for each in seen) == sorted(code(number) for number in range(1, 8))
    assert {each["step"] for each in seen} == {"base"}


def test_a_census_to_come_is_preliminary_as_of_today(census):
    census.registry.made("/v1/censuses", id="cen-2", name="年底", cut_off_on="2026-12-31", division=COUNTY)
    census.add(code(1))
    found = census.registry.get("/v1/censuses/cen-2/funnel").json()

    assert (found["on"], found["is_preliminary"], found["base"]) == ("2026-07-01", True, 1)


def test_a_census_of_a_zone_counts_what_stands_in_the_zone(census):
    census.registry.made("/v1/zones", id="zon-1", name="东园", kind="park", division=TOWN_A)
    census.registry.made("/v1/censuses", id="cen-2", name="园区", cut_off_on="2026-06-30", zone="zon-1")
    census.add(code(1), zone="zon-1")
    census.add(code(2))
    census.id = "cen-2"

    assert census.steps() == {code(1): "base", code(2): "out_of_territory"}


def test_a_township_gets_its_own_rows_and_nothing_of_others(census):
    census.add(code(1))
    census.add(code(2), has_premises=False)
    census.add(code(3), division=TOWN_B)
    census.add(code(4), division=TOWN_B, has_premises=False)

    assert census.dropped(by="clerk_a") == {"no_premises": 1, "base": 1}
    assert census.get("funnel", by="clerk_a")["registered"] == 2
    assert census.steps(by="clerk_a") == {code(1): "base", code(2): "no_premises"}
    text = census.registry.get("/v1/censuses/cen-1/funnel/rows?format=csv", by="clerk_a").text
    assert code(2) in text
    assert code(3) not in text


def test_rows_show_the_facts_that_decided(census):
    census.add(code(1), has_stable_staff=False, staff=7)
    page = census.get("funnel/rows", params={"step": "no_staff"})

    assert page["items"] == [
        {
            "enterprise": code(1), "name": f"企业{code(1)[-6:]}", "division": TOWN_A, "zone": None,
            "responsible_unit": "unt-a", "step": "no_staff", "zh": "三有不符：无稳定队伍", "en": "No stable staff",
            "basis": "延安“三有”：有稳定队伍；人数下限见参数 substance.min_staff",
            "facts": {"has_stable_staff": False, "staff": 7},
        }
    ]  # fmt: skip
    assert census.registry.get("/v1/censuses/cen-1/funnel/rows?step=individual_business").status_code == 400


def test_files_hold_exactly_the_rows_and_no_formula(census):
    census.add(code(1), name="=HYPERLINK(1)", has_premises=False)
    census.add(code(2))
    path = "/v1/censuses/cen-1/funnel/rows"
    lines = list(csv.reader(io.StringIO(census.registry.get(f"{path}?format=csv").text.lstrip("\ufeff"))))
    book = openpyxl.load_workbook(io.BytesIO(census.registry.get(f"{path}?format=xlsx&step=no_premises").content))
    sheet = [[cell.value for cell in row] for row in book.active.iter_rows()]

    assert [(line[0], line[1], line[5]) for line in lines[1:]] == [
        (code(1), "'=HYPERLINK(1)", "no_premises"),
        (code(2), f"企业{code(2)[-6:]}", "base"),
    ]
    assert sheet[1][:2] == [code(1), "=HYPERLINK(1)"]
    assert book.active["B2"].data_type == "s"
    assert sheet[1][5:] == ["no_premises", "三有不符：无固定场所", "延安“三有”：有固定场所", "has_premises=否"]
    assert len(sheet) == 2


def test_sources_tell_new_matched_and_conflicting(census):
    registry = census.registry
    registry.made("/v1/units", id="unt-tax", name="税务局", kind="department")
    census.add(code(1), unit="unt-a")
    census.add(code(2), unit="unt-a", annual_revenue=None)
    census.add(code(3), unit="unt-tax", has_premises=False)
    census.write([change(code(1), "2026-05-01", staff=9)], unit="unt-tax")
    census.write([change(code(2), "2026-05-01", annual_revenue="77")], unit="unt-tax")
    found = {each.pop("unit"): each for each in census.get("sources")["sources"]}

    assert found == {
        "unt-a": {
            "name": "城关镇党委", "enterprises": 2, "new": 2, "matched": 0, "conflicting": 0, "in_base": 2,
            "lists": None,
        },
        "unt-tax": {
            "name": "税务局", "enterprises": 3, "new": 1, "matched": 1, "conflicting": 1, "in_base": 2, "lists": None,
        },
    }  # fmt: skip
    assert census.get("sources")["in_several"] == 2


def test_the_steps_leave_the_statistics_denominator_by_construction():
    for step in all_steps():
        assert all((step.basis, step.zh, step.en))
        assert set(step.fields) <= set(ENTERPRISE.by_name) | {"uscc"}
    mandatory = [step.condition for step in steps_on(date(2026, 6, 30)) if step.outer is None]
    assert sorted(map(str, mandatory)) == sorted(map(str, SCOPE.values()))
    assert tuple(step.code for step in all_steps() if step.optional) == OPTIONAL_STEPS


def test_the_items_ask_for_fields_that_there_are():
    assert tuple(item.code for item in all_items()) == ITEMS == CENSUS_CHECK.by_name["item"].choices
    for item in all_items():
        assert all((item.basis, item.zh, item.en))
        assert set(item.fields) | set(item.due) <= set(ENTERPRISE.by_name)
        assert set(item.covered) <= set(PARTY_ORGANIZATION.by_name)
        assert item.fresh is None or parameter(item.fresh).find(date(2026, 6, 30)) is not None
