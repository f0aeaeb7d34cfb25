"""The five clear items: facts first, a checker's word beside them; what is missing is asked for and comes back."""

import io
from datetime import date

import openpyxl

from heli_registry.base_list.domain import Missing, clarity_of, items_on
from registry.censuses.conftest import SOUND
from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B
from registry.imports.conftest import Desk

CLEAR = dict.fromkeys(("operation", "staff", "members", "organization", "investors"), "clear")
DAY = date(2026, 6, 30)


def gaps(census, **params):
    return {each["enterprise"]: each for each in census.get("gaps", params={"limit": 1000, **params})["items"]}


def missing(gap) -> list[tuple[str, str, str, str]]:
    return [(each["item"], each["record_kind"], each["field"], each["reason"]) for each in gap["missing"]]


def check(census, uscc: str, item: str, answer: str) -> None:
    census.registry.made("/v1/census-checks", census="cen-1", enterprise=uscc, item=item, answer=answer)


def test_an_enterprise_of_which_everything_is_known_has_no_gap(census):
    census.add(code(1))

    assert gaps(census) == {}
    assert census.get("progress")["total"] == {
        "enterprises": 1, "all_clear": 1, "by_clear_items": [0, 0, 0, 0, 0, 1],
        "clear": dict.fromkeys(CLEAR, 1), "confirmed": dict.fromkeys(CLEAR, 0),
        "not_reachable": dict.fromkeys(CLEAR, 0),
    }  # fmt: skip


def test_missing_and_stale_fields_are_named(census):
    census.add(code(1), staff=None, investors=None, refreshed_on="2026-03-29")
    found = gaps(census)[code(1)]

    assert missing(found) == [
        ("operation", "enterprise", "refreshed_on", "stale"),
        ("staff", "enterprise", "staff", "empty"),
        ("staff", "enterprise", "refreshed_on", "stale"),
        ("investors", "enterprise", "investors", "empty"),
    ]
    assert [each["zh"] for each in found["missing"]] == ["台账更新日期", "从业人员", "台账更新日期", "出资人数"]
    assert found["items"] == {**CLEAR, "operation": "missing", "staff": "missing", "investors": "missing"}
    assert found["clear"] == 2


def test_facts_are_fresh_for_ninety_two_days_up_to_the_cut_off_day(census):
    census.add(code(1), refreshed_on="2026-03-30")
    census.add(code(2), refreshed_on="2026-03-29")

    assert set(gaps(census)) == {code(2)}


def test_a_checker_confirms_or_doubts_facts_but_never_replaces_them(census):
    census.add(code(1))
    census.add(code(2), staff=None)
    for item, answer in (("operation", "clear"), ("staff", "unclear"), ("investors", "not_reachable")):
        check(census, code(1), item, answer)
    check(census, code(2), "staff", "clear")

    assert gaps(census)[code(1)]["items"] == {
        **CLEAR, "operation": "confirmed", "staff": "unclear", "investors": "not_reachable"
    }  # fmt: skip
    assert gaps(census)[code(2)]["items"] == {**CLEAR, "staff": "missing"}
    total = census.get("progress")["total"]
    assert (total["by_clear_items"], total["clear"]["staff"]) == ([0, 0, 0, 1, 1, 0], 0)
    assert (total["confirmed"]["operation"], total["not_reachable"]["investors"]) == (1, 1)


def test_an_answer_of_another_census_or_one_taken_back_says_nothing(census):
    census.registry.made("/v1/censuses", id="cen-2", name="乙", cut_off_on="2026-06-30")
    census.add(code(1))
    census.registry.made("/v1/census-checks", census="cen-2", enterprise=code(1), item="staff", answer="unclear")
    made = census.registry.made(
        "/v1/census-checks", census="cen-1", enterprise=code(1), item="staff", answer="unclear"
    )  # fmt: skip
    assert set(gaps(census)) == {code(1)}
    census.registry.act(f"/v1/census-checks/{made['id']}/close", {"reason": "误填"})

    assert gaps(census) == {}


def test_of_an_organisation_its_facts_are_asked_and_of_a_due_enterprise_the_reason(census):
    census.add(code(1), full_members=3)
    census.add(code(2), full_members=3)
    census.add(code(3), full_members=2)
    census.registry.made(
        "/v1/party-organizations", id="org-1", name="甲支部", kind="branch", setup_form="sole", division=TOWN_A,
        established_on="2020-01-01", has_secretary=True,
    )  # fmt: skip
    census.registry.made("/v1/covers", organization="org-1", enterprise=code(1), effective_on="2020-01-01")

    found = {uscc: missing(gap) for uscc, gap in gaps(census).items()}
    assert found == {
        code(1): [("organization", "party_organization", "elected_on", "empty")],
        code(2): [("organization", "enterprise", "unestablished_reason", "empty")],
    }


def test_progress_is_told_by_unit_zone_and_division(census):
    census.registry.made("/v1/zones", id="zon-1", name="东园", kind="park", division=TOWN_A)
    census.add(code(1), zone="zon-1")
    census.add(code(2), staff=None)
    census.add(code(3), division=TOWN_B, responsible_unit=None, staff=None)
    census.add(code(4), has_premises=False, staff=None)

    def told(by):
        groups = census.get("progress", params={"by": by})["groups"]
        return {(each["code"], each["name"]): (each["enterprises"], each["all_clear"]) for each in groups}

    assert told("responsible_unit") == {("unt-a", "城关镇党委"): (2, 1), (None, None): (1, 0)}
    assert told("zone") == {("zon-1", "东园"): (1, 1), (None, None): (2, 0)}
    assert told("division") == {(TOWN_A, "城关镇"): (2, 1), (TOWN_B, "河西乡"): (1, 0)}


def test_gaps_can_be_asked_by_unit_zone_division_and_item(census):
    census.registry.made("/v1/zones", id="zon-1", name="东园", kind="park", division=TOWN_A)
    census.add(code(1), staff=None, zone="zon-1")
    census.add(code(2), investors=None, division=TOWN_B, responsible_unit=None)

    assert set(gaps(census, unit="unt-a")) == {code(1)}
    assert set(gaps(census, zone="zon-1")) == {code(1)}
    assert set(gaps(census, division=TOWN_B)) == {code(2)}
    assert set(gaps(census, division="990121")) == {code(1), code(2)}
    assert set(gaps(census, item="investors")) == {code(2)}
    assert census.registry.get("/v1/censuses/cen-1/gaps?division=12345").status_code == 400
    assert [each["enterprise"] for each in census.get("gaps", by="clerk_a")["items"]] == [code(1)]


def test_the_workbook_of_gaps_comes_back_through_the_import_and_clears_them(census):
    census.add(code(1), staff=None, annual_revenue=None, has_premises=None, refreshed_on=None)
    census.add(code(2), ownership=None, operation_state=None, legal_representative_is_secretary=None)
    census.add(code(3))
    content = census.registry.get("/v1/censuses/cen-1/gaps?format=xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    header = [cell.value for cell in sheet[1]]
    assert [sheet.cell(row, 1).value for row in range(2, sheet.max_row + 1)] == [code(1), code(2)]
    answers = {
        "从业人数": 31, "年营业收入（元）": "1200000", "有固定场所": "是", "信息更新日期": "2026-06-29",
        "所有制": "私营", "经营状态": "在营", "法定代表人兼任书记": "否",
    }  # fmt: skip
    filled = []
    for row in sheet.iter_rows(min_row=2):
        for place, cell in enumerate(row):
            if cell.fill.fgColor.rgb == "FFFFF2CC":
                assert cell.value is None
                cell.value = answers[header[place]]
                filled.append(header[place])
    assert sorted(filled) == sorted(answers)
    returned = io.BytesIO()
    book.save(returned)

    ended = Desk(census.registry).run("enterprises", returned.getvalue(), "gaps.xlsx")
    assert (ended["status"], ended["rows"]) == (
        "done", {"read": 2, "created": 0, "updated": 2, "unchanged": 0, "refused": 0}
    )  # fmt: skip
    assert gaps(census) == {}
    assert census.get("progress")["total"]["all_clear"] == 3
    first = census.registry.get(f"/v1/enterprises/{code(1)}?on=2026-06-30").json()
    kept = {name: value for name, value in SOUND.items() if name not in {"staff", "annual_revenue", "refreshed_on"}}
    assert {name: first[name] for name in kept} == kept
    assert (first["staff"], first["annual_revenue"], first["refreshed_on"]) == (31, "1200000", "2026-06-29")
    assert Desk(census.registry).run("enterprises", returned.getvalue(), "gaps.xlsx")["rows"]["unchanged"] == 2


def test_facts_that_are_no_longer_asked_for_make_nothing_unclear():
    record = {"uscc": code(1), **SOUND}
    items = items_on(DAY)

    assert clarity_of(record, (), {}, day=DAY, items=items).clear == 5
    without = {**record, "full_members": None}
    assert clarity_of(without, (), {}, day=DAY, items=items).missing == (
        Missing("members", "enterprise", "full_members"), Missing("organization", "enterprise", "full_members")
    )  # fmt: skip
    assert items_on(date(2000, 1, 1)) == ()
