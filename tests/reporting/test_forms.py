"""Forms: every number is the statistics' own, its rows are behind it, checks show both sides, files say the same."""

import io
import re
from datetime import UTC, date, datetime
from random import Random
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest
import python_calamine

from heli_reporting.forms.layout import heads
from heli_reporting.forms.periods import due_for
from heli_shared.kernel.errors import BadRequest
from reporting.pdf_text import text_of
from reporting.world import PARK, READS, TOWN_A, TOWN_B, World, uscc

FLOWS = (
    "at_start", "increased", "developed", "restored", "transferred_in", "transferred_in_whole", "decreased", "expelled",
    "suspended", "died", "transferred_out", "transferred_out_whole", "expected_at_end", "at_end", "difference",
)  # fmt: skip


def form(world: World, name: str, who=None, **params):
    answer = world.get(f"/v1/forms/{name}", who, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def values(line):
    return {column: cell["value"] for column, cell in line["cells"].items()}


@pytest.fixture
def flows(world: World):
    """Write flows of 2025 drawn at random for four organisations, one of them closed since, and keep them."""
    chance, kept = Random(11), {}
    world.branch("pty-gone", [uscc(4)])
    for key in ("pty-sole", "pty-joint", "pty-b", "pty-gone"):
        drawn = {name: chance.randrange(9) for name in FLOWS}
        world.record("member_flow", f"flw-{key}", organization=key, year=2025, **drawn)
        kept[key] = drawn
    world.record("member_flow", "flw-old", organization="pty-sole", year=2024, **dict.fromkeys(FLOWS, 50))
    world.close("party_organization", "pty-gone", date(2025, 6, 30))
    world.sync()
    return kept


def test_the_catalogue_names_every_form_with_its_columns(world: World):
    items = world.get("/v1/forms").json()["items"]

    ids = [each["id"] for each in items]
    assert ids == [
        "member-flow", "member-structure", "organization-funds", "organizations", "parks", "two-coverages",
        "two-coverages-by-unit",
    ]  # fmt: skip
    assert all(each["columns"] and each["basis"] and not each["is_own"] for each in items)
    assert world.get("/v1/forms", None).headers["content-language"] == "zh"


def test_a_form_counted_by_hand(world: World):
    found = form(world, "two-coverages")
    lines = {each["code"]: values(each) for each in found["rows"]}
    wanted = ("enterprises", "staff", "full_members", "covered", "sole", "joint", "without", "due", "due_done")

    # Town A: 1 alone, 2 and 3 jointly, 4 none, 5 none though it has four members; 9 is state-owned. Town B: 6 to 8.
    assert {name: lines[TOWN_A][name] for name in wanted} == {
        "enterprises": 5, "staff": 140, "full_members": 4, "covered": 3, "sole": 1, "joint": 2, "without": 2,
        "due": 1, "due_done": 0,
    }  # fmt: skip
    assert {name: lines[TOWN_B][name] for name in wanted} == {
        "enterprises": 3, "staff": 160, "full_members": 3, "covered": 1, "sole": 1, "joint": 0, "without": 2,
        "due": 1, "due_done": 0,
    }  # fmt: skip
    assert values(found["total"])["coverage"] == "0.5000"
    assert values(found["total"])["staff"] == 300
    assert (found["on"], found["period"], found["is_over"]) == ("2026-07-01", "2026", False)
    assert all(each["passed"] for each in found["checks"])


@pytest.mark.parametrize("who", ["everyone", "town"])
@pytest.mark.parametrize(
    "name", ["two-coverages", "organizations", "member-structure", "two-coverages-by-unit", "parks"]
)
def test_every_cell_is_what_statistics_answer_and_its_rows_are_behind_it(world: World, name, who):
    caller = None if who == "everyone" else world.person("prn-b", divisions=(TOWN_B,), unit="unt-b")
    found = form(world, name, caller)
    columns = {each["id"]: each for each in found["form"]["columns"]}
    lines = [*found["rows"], found["total"]]
    dimension = found["form"]["by"].partition(":")[0]

    for line in lines:
        for column, cell in line["cells"].items():
            query = dict_of_lists(parse_qsl(urlsplit(cell["rows"]).query))
            rows = world.get("/v1/statistics/rows", caller, **query, limit=200).json()
            kept = world.get(cell["permalink"], caller).json()
            beside = kept["total"]
            if line is not found["total"]:
                beside = next((row for row in kept["rows"] if row[dimension]["code"] == line["code"]), None)
            if columns[column]["part"] == "sum":
                numbers = [row[columns[column]["field"]] or 0 for row in rows["items"]]
                assert cell["value"] == sum(numbers)
                continue
            part = {"numerator": cell["numerator"], "value": cell["numerator"], "denominator": cell["denominator"]}
            expected = part.get(columns[column]["part"], cell["value"])
            assert rows["total"] == expected, (line["name"], column)
            measured = beside[columns[column]["measure"]] if beside else {"value": 0}
            assert cell["numerator"] == measured.get("numerator", measured["value"]) or not beside
            if columns[column]["is_share"]:
                assert cell["value"] == measured["value"]
            if columns[column]["part"] == "gap":
                assert cell["value"] == measured["denominator"] - measured["numerator"]


def test_what_organisations_tell_of_their_members_adds_up_or_the_form_says_where_not(world: World):
    told = {
        "pty-sole": {"full_members": 5, "probationary_members": 1, "members_to_35": 2, "members_36_50": 4,
                     "members_51_60": 0, "members_over_60": 0, "premises": "separate", "party_workers": 2,
                     "full_time_party_workers": 1, "secretary_kind": "investor"},
        "pty-b": {"full_members": 4, "members_to_35": 1, "members_36_50": 1, "members_51_60": 1, "members_over_60": 0,
                  "premises": "none", "party_workers": 1, "full_time_party_workers": 3},
    }  # fmt: skip
    for key, fields in told.items():
        world.change("party_organization", key, date(2026, 3, 1), **fields)
    world.sync()

    structure, organizations = form(world, "member-structure"), form(world, "organizations")
    lines = {each["code"]: values(each) for each in structure["rows"]}
    posts = {each["code"]: values(each) for each in organizations["rows"]}
    ages = ("members_to_35", "members_36_50", "members_51_60", "members_over_60")

    # Town A has pty-joint, too, whose five members told no age.
    assert [lines[TOWN_A][name] for name in ("full_members", "probationary_members", *ages)] == [10, 1, 2, 4, 0, 0]
    assert [lines[TOWN_B][name] for name in ("full_members", "probationary_members", *ages)] == [4, 0, 1, 1, 1, 0]
    failed = {each["id"]: each["failures"] for each in structure["checks"]}
    assert {(each["line"], each["left"], each["right"]) for each in failed["ages_add_up"]} == {
        (None, 15, 9), (TOWN_A, 11, 6), (TOWN_B, 4, 3),
    }  # fmt: skip
    assert failed["full_members_of_organizations"] == []
    assert [posts[TOWN_A][f"premises_{name}"] for name in ("separate", "none", "unknown")] == [1, 0, 1]
    assert [posts[TOWN_B][f"premises_{name}"] for name in ("separate", "none", "unknown")] == [0, 1, 0]
    assert [posts[TOWN_A][f"secretary_{name}"] for name in ("investor", "unknown")] == [1, 1]
    checks = {each["id"]: each for each in organizations["checks"]}
    assert [each["line"] for each in checks["full_time_among_workers"]["failures"]] == [None, TOWN_B]


def test_a_park_counted_by_hand(world: World):
    posts = {"members_management": 2, "members_technical": 1, "members_front_line": 0, "members_investors": 1}
    world.enterprise(60, TOWN_B, zone=PARK, staff=120, full_members=4, probationary_members=1, **posts)
    world.enterprise(61, TOWN_B, zone=PARK, staff=30, ownership="state_owned", full_members=7, **posts)
    world.enterprise(62, TOWN_B, zone=PARK, staff=10, annual_revenue="30000000.00")
    world.enterprise(63, TOWN_B, zone=PARK)
    world.close("enterprise", uscc(63), date(2026, 1, 1))
    people = {"has_secretary": True, "secretary_is_full_time": True, "party_workers": 3, "full_time_party_workers": 1}
    world.branch("pty-park", [uscc(60)], TOWN_B, zone=PARK, **people)
    world.branch("pty-joint-park", [uscc(62), uscc(6)], TOWN_B, zone=PARK, has_secretary=True, party_workers=1)
    world.branch("pty-no-secretary", [], TOWN_B, zone=PARK, has_secretary=False)
    world.record("assignment", "asg-park", role="instructor", enterprise=uscc(60), person="per-1")
    world.sync()
    found = form(world, "parks")
    park = next(values(each) for each in found["rows"] if each["code"] == PARK)

    # The eighth of the world lies in the park from the start: 120 people, no member.
    assert park == {
        "on_record": 4, "enterprises": 3, "above_scale": 3, "organizations": 3, "sole": 1, "joint": 2,
        "setup_unknown": 0, "all_full": 11, "all_probationary": 1, "full_members": 4, "probationary_members": 1,
        "management": 2, "technical": 1, "front_line": 0, "investors": 1, "secretaries": 2, "full_time_secretaries": 1,
        "instructors": 1, "party_workers": 4, "full_time_workers": 1, "staffed": 1, "staff": 280,
    }  # fmt: skip
    # Whatever lies in no park is no part of the form, not even of its total.
    assert [each["code"] for each in found["rows"]] == [PARK]
    assert values(found["total"]) == park
    assert all(each["passed"] for each in found["checks"])


def test_money_of_the_year_by_its_source_for_those_who_may_see_it(world: World):
    for key, source in (("bud-fin", "finance"), ("bud-sup", "superior")):
        world.record("fund_budget", key, title=key, year=2026, unit="unt-county", source=source, amount="90000")
    for n, (kind, budget, organization, day, amount) in enumerate((
        ("allocation", "bud-fin", "pty-sole", "2026-02-01", "3000.50"),
        ("allocation", "bud-sup", "pty-sole", "2026-03-01", "1000"),
        ("allocation", "bud-fin", "pty-b", "2026-06-30", "20"),
        ("dues_returned", None, "pty-sole", "2026-05-01", "7.25"),
        ("dues_paid", None, "pty-sole", "2026-04-01", "500"),
        ("spending", "bud-fin", "pty-sole", "2026-04-02", "900"),
        ("allocation", "bud-fin", "pty-sole", "2025-12-31", "4444"),
        ("allocation", "bud-fin", "pty-sole", "2026-07-02", "5555"),
    )):  # fmt: skip
        fields = {"kind": kind, "budget": budget, "organization": organization, "happened_on": day, "amount": amount}
        world.record("fund_movement", f"fmv-{n}", unit="unt-county", **fields)
    world.sync()
    treasurer = world.person("prn-funds", [*READS, "funds:read"], everything=True)
    found = form(world, "organization-funds", treasurer)
    lines = {each["code"]: values(each) for each in found["rows"]}
    nothing = dict.fromkeys(("enterprise", "donation", "other"))

    assert lines[TOWN_A] == {
        "organizations": 2, "funds": "4007.75", "dues": "7.25", "superior": "1000.00", "finance": "3000.50", **nothing,
    }  # fmt: skip
    assert lines[TOWN_B] == {
        "organizations": 1, "funds": "20.00", "dues": None, "superior": None, "finance": "20.00", **nothing,
    }  # fmt: skip
    assert values(found["total"])["funds"] == "4027.75"
    assert {each["id"]: each["is_money"] for each in found["form"]["columns"]}["funds"] is True
    known = found["passport"]["known_at"]
    world.record("fund_movement", "fmv-late", kind="allocation", budget="bud-fin", organization="pty-b", unit="unt-b",
                 happened_on="2026-01-01", amount="1")  # fmt: skip
    world.sync()
    then = [f"registry:{known['registry']}", f"assessment:{known['assessment']}"]
    assert form(world, "organization-funds", treasurer, known_at=then)["rows"] == found["rows"]
    assert values(form(world, "organization-funds", treasurer)["total"])["funds"] == "4028.75"
    book = openpyxl.load_workbook(
        io.BytesIO(world.get("/v1/forms/organization-funds", treasurer, format="xlsx", known_at=then).content)
    )
    assert 4027.75 in [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert world.get("/v1/forms/organization-funds", treasurer, format="pdf").status_code == 200
    # Nor through a form of one's own that is only held against it.
    (world.folder / "forms").mkdir()
    (world.folder / "forms" / "sly.yaml").write_text("""
title: 对照
title_en: Held against
basis: 示例
by: division:town
columns:
  - {id: organizations, headings: [党组织], en: [Organisations], measure: organization_count}
checks:
  - {id: against, left: [organizations], relation: "=", right: [funds], form: organization-funds}
""", encoding="utf-8")  # fmt: skip
    for name in ("organization-funds", "sly"):
        refused = world.get(f"/v1/forms/{name}", world.person("prn-plain", READS, everything=True))
        assert (refused.status_code, "经费" in refused.json()["detail"]) == (403, True)
        assert world.get(f"/v1/forms/{name}", treasurer).status_code == 200


def dict_of_lists(pairs):
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def test_a_township_fills_its_own_part_and_says_who_it_is(world: World):
    found = form(world, "two-coverages", world.person("prn-b", divisions=(TOWN_B,), unit="unt-b"))

    assert found["unit"] == "乙镇党委"
    assert [each["code"] for each in found["rows"]] == [TOWN_B]
    assert values(found["total"])["enterprises"] == 3


def test_flows_of_a_year_added_up_and_checked_by_hand(world: World, flows):
    found = form(world, "member-flow", period="2025")
    towns = {TOWN_A: ("pty-sole", "pty-joint", "pty-gone"), TOWN_B: ("pty-b",)}
    by_hand = {town: {name: sum(flows[key][name] for key in keys) for name in FLOWS} for town, keys in towns.items()}
    total = {name: sum(each[name] for each in by_hand.values()) for name in FLOWS}

    assert {each["code"]: values(each) for each in found["rows"]} == by_hand
    assert values(found["total"]) == total
    rules = {
        "increase": lambda f: (f["increased"], f["developed"] + f["restored"] + f["transferred_in"]),
        "decrease": lambda f: (f["decreased"], f["expelled"] + f["suspended"] + f["died"] + f["transferred_out"]),
        "expected": lambda f: (f["expected_at_end"], f["at_start"] + f["increased"] - f["decreased"]),
        "difference": lambda f: (f["difference"], f["at_end"] - f["expected_at_end"]),
    }
    checks = {each["id"]: each for each in found["checks"]}
    for name, rule in rules.items():
        wrong = {code: rule(each) for code, each in {**by_hand, None: total}.items() if rule(each)[0] != rule(each)[1]}
        assert {each["line"]: (each["left"], each["right"]) for each in checks[name]["failures"]} == wrong
        assert checks[name]["passed"] is (not wrong)
    wrong = {
        code for code, each in {**by_hand, None: total}.items() if each["transferred_in"] < each["transferred_in_whole"]
    }
    assert {each["line"] for each in checks["whole_in"]["failures"]} == wrong
    assert checks["expected"]["formula"] == "13年底应有 = 1上年底总数 + 2本年增加·合计 − 7本年减少·合计"


def test_a_check_against_another_form_shows_both_numbers_and_their_rows(world: World, flows):
    found = form(world, "member-flow", period="2025")
    check = next(each for each in found["checks"] if each["id"] == "members_of_organizations")
    totals = values(form(world, "organizations", period="2025")["total"])
    failure = next(each for each in check["failures"] if each["is_total"])

    assert "《非公有制企业党组织情况汇总表》" in check["formula"]
    assert failure["left"] == sum(each["at_end"] for each in flows.values())
    assert failure["right"] == totals["full_members"] + totals["probationary_members"] == 15
    assert failure["left_rows"] == ["registry:/v1/member-flows?year=2025"]
    assert [urlsplit(each).path for each in failure["right_rows"]] == ["/v1/statistics/rows"] * 2


def test_what_nobody_told_is_not_a_zero(world: World):
    found = form(world, "member-flow", period="2025")

    assert set(values(found["total"]).values()) == {None}
    assert all(each["passed"] for each in found["checks"])


def test_a_jump_over_a_year_travels_with_what_was_said_about_it(world: World):
    for number in range(20, 40):
        world.enterprise(number, TOWN_A, date(2026, 2, 1))
    fields = {"period_code": "2026", "starts_on": "2026-01-01", "ends_on": "2026-12-31", "unit": "unt-a"}
    said = {"division": TOWN_A, "figure": "enterprises", "measures": ["enterprise_count"], "value": "25"}
    world.record(
        "explanation", "exp-1", date(2026, 3, 1), **fields, **said, text="园区新引进二十家企业", person="per-1"
    )
    world.sync()
    found = form(world, "two-coverages")
    jumps = {(each["line"], each["column"]): each for each in found["jumps"]}

    assert (jumps[TOWN_A, "enterprises"]["before"], jumps[TOWN_A, "enterprises"]["now"]) == (5, 25)
    assert jumps[TOWN_A, "enterprises"]["explanations"] == ["园区新引进二十家企业"]
    assert jumps[TOWN_A, "without"]["explanations"] == []
    assert (TOWN_B, "enterprises") not in jumps
    assert jumps[None, "enterprises"]["is_total"]


@pytest.mark.usefixtures("flows")
def test_a_workbook_says_what_the_json_says_in_every_cell(world: World):
    for name in ("two-coverages", "member-flow", "organizations"):
        found = form(world, name, period="2025")
        body = world.get(f"/v1/forms/{name}", period="2025", format="xlsx").content
        book = openpyxl.load_workbook(io.BytesIO(body))
        sheet = book["报表"]
        columns = found["form"]["columns"]
        depth = max(len(each["headings"]) for each in columns)
        first = 2 + depth + 1 + 1  # title, who and when, headings, numbers of columns
        for offset, line in enumerate([found["total"], *found["rows"]]):
            row = [cell.value for cell in sheet[first + offset]]
            assert row[0] == line["name"]
            for each, value in zip(columns, row[1:], strict=True):
                told = line["cells"][each["id"]]["value"]
                told = "—" if told is None else float(told) if each["is_share"] else told
                assert value == told, (name, line["name"], each["id"])
        assert sheet.print_title_rows == f"$1:${first - 1}"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
        assert sheet["A1"].value == f"{found['form']['title']}（2025年）"
        assert found["unit"] in sheet["A2"].value
        assert "审核人" in sheet.cell(sheet.max_row, 1).value
        merged = {str(each) for each in sheet.merged_cells.ranges}
        assert any(each.startswith("A1:") for each in merged)
        assert len({each for each in merged if not each.startswith(("A1:", "A2:"))}) > 1
        read = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name("审核").to_python()
        failed = sum(len(each["failures"]) for each in found["checks"])
        assert sum("不符" in line for line in read) == failed
        share = [each["number"] for each in columns if each["is_share"]]
        assert all(sheet.cell(first, 1 + number).number_format == "0.00%" for number in share)


@pytest.mark.usefixtures("flows")
def test_a_page_says_what_the_json_says(world: World):
    found = form(world, "member-flow", period="2025")
    answer = world.get("/v1/forms/member-flow", period="2025", format="pdf")
    text = text_of(answer.content)
    numbers = "".join(str(each["value"]) for each in found["total"]["cells"].values())

    assert answer.headers["content-type"] == "application/pdf"
    assert "党员数变动情况综合比较表（2025年）" in text
    assert "单位负责人" in text
    assert "合计" + numbers in text
    assert "审核关系不符" in text
    assert world.get("/v1/forms/member-flow", period="2025", format="pdf").content == answer.content


def test_a_form_bears_the_day_of_the_county_not_that_of_greenwich(world: World):
    world.clock.instant = datetime(2026, 7, 1, 16, 30, tzinfo=UTC)  # half past midnight of the second
    who = world.person("prn-late", everything=True)
    found = form(world, "parks", who)
    book = openpyxl.load_workbook(io.BytesIO(world.get("/v1/forms/parks", who, format="xlsx").content))

    assert found["filled_at"].startswith("2026-07-01T16:30")
    assert found["filled_on"] == found["on"] == "2026-07-02"
    assert "填报时间：2026-07-02" in book["报表"]["A2"].value
    assert "填报时间：2026-07-02" in text_of(world.get("/v1/forms/parks", who, format="pdf").content)


def test_a_merger_is_no_jump(world: World):
    for number in range(60, 90):
        world.enterprise(number)
    world.merge_town_a(date(2026, 3, 1), *range(60, 90))
    world.sync()
    found = form(world, "two-coverages")

    assert {each["code"]: each["cells"]["enterprises"]["value"] for each in found["rows"]} == {TOWN_B: 38}
    assert found["jumps"] == []
    for number in range(90, 105):
        world.enterprise(number, TOWN_B, on=date(2026, 4, 1))
    world.sync()
    jumps = {(each["line"], each["column"]): each for each in form(world, "two-coverages")["jumps"]}
    assert (jumps[TOWN_B, "enterprises"]["before"], jumps[TOWN_B, "enterprises"]["now"]) == (38, 53)


def test_every_column_says_what_it_counts_and_is_called_by_a_name_of_its_own(world: World):
    for language, said in (
        ("zh", {"joint": "只计组织覆盖为联合组建的", "staff": "所计各行的“职工数”之和", "without": "分母减分子"}),
        ("en", {"joint": "only those whose cover is", "staff": "Staff of these rows added up", "without": "lack it"}),
    ):
        for each in world.get("/v1/forms", {**world.admin, "Accept-Language": language}).json()["items"]:
            columns = {column["id"]: column for column in each["columns"]}
            assert len({column["name"] for column in columns.values()}) == len(columns), each["id"]
            assert len({column["definition"] for column in columns.values()}) == len(columns), each["id"]
            if each["id"] == "two-coverages":
                assert [name for name, words in said.items() if words not in columns[name]["definition"]] == []


def test_what_closed_or_is_not_there_yet_is_not_covered(world: World):
    def covered(period: str) -> int:
        return form(world, "organizations", period=period)["total"]["cells"]["covers"]["value"]

    later = world.enterprise(50, on=date(2026, 5, 1))
    world.branch("pty-early", [later], on=date(2026, 1, 1))
    world.sync()
    assert (covered("2026-03"), covered("2026-05")) == (4, 5)
    world.close("enterprise", uscc(2), date(2026, 6, 10))
    world.sync()
    assert (covered("2026-05"), covered("2026-06")) == (5, 4)
    rows = world.get("/v1/statistics/rows", measure="organization_count", part="numerator", on="2026-06-30").json()
    assert {each["id"]: each["enterprises"] for each in rows["items"]}["pty-joint"] == 1


@pytest.mark.parametrize("name", ["parks", "two-coverages"])
def test_a_page_is_made_at_any_fraction_of_a_second(world: World, name):
    world.clock.instant = world.clock.instant.replace(microsecond=123_456)
    answer = world.get(f"/v1/forms/{name}", format="pdf")

    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_a_form_that_names_a_place_gives_nothing_to_those_who_do_not_see_it(world: World):
    (world.folder / "forms").mkdir()
    (world.folder / "forms" / "park.yaml").write_text("""
title: 园区企业
title_en: Enterprises in the park
basis: 示例
by: division:town
columns:
  - {id: all, headings: [企业], en: [All], measure: enterprise_count}
  - {id: park, headings: [园区], en: [Park], measure: enterprise_count, filters: {zone: [zon-park]}}
checks: []
""", encoding="utf-8")  # fmt: skip
    clerk = world.person("prn-a", divisions=(TOWN_A,), unit="unt-a")

    assert values(world.get("/v1/forms/park", clerk).json()["total"]) == {"all": 5, "park": 0}
    assert values(form(world, "park")["total"]) == {"all": 8, "park": 1}
    assert world.get("/v1/statistics", clerk, measure="enterprise_count", zone="zon-park").status_code == 404


def test_a_county_adds_a_form_of_its_own_and_learns_what_is_wrong_with_it(world: World):
    folder = world.folder / "forms"
    folder.mkdir()
    good = """
title: 园区企业表
title_en: Enterprises in parks
basis: 县两新工委通知
by: zone
columns:
  - {id: all, headings: [企业], en: [All], measure: enterprise_count}
  - {id: large, headings: [其中大型], en: [Large], measure: enterprise_count, filters: {size: [large]}}
checks:
  - {id: part, left: [all], relation: ">=", right: [large]}
"""
    (folder / "parks.yaml").write_text(good, encoding="utf-8")
    found = form(world, "parks")
    assert [(each["code"], values(each)["all"]) for each in found["rows"]] == [("zon-park", 1), (None, 7)]
    assert found["form"]["is_own"]
    for wrong, told in (
        (good.replace("enterprise_count}", "no_such}"), "must be one of: organization_coverage"),
        (good.replace("right: [large]", "right: [larger]"), "larger"),
        (good.replace("size: [large]", "kind: [branch]"), "kind"),
        (good + "rows: 1\n", "rows is not a field here"),
        ("- 1", "/ must be an object"),
        ("a: [", "line 1 is not valid YAML"),
        (good.replace("id: large", "id: all"), "two columns have one id"),
        (good.replace("by: zone", "by: nowhere"), "The dimension must be one of"),
    ):
        (folder / "parks.yaml").write_text(wrong, encoding="utf-8")
        answer = world.get("/v1/forms/parks", {**world.admin, "Accept-Language": "en"})
        assert answer.status_code == 409, answer.text
        assert told in answer.json()["detail"]
        listed = world.get("/v1/forms").json()
        assert [each["id"] for each in listed["unsound"]] == ["parks"]
        assert "forms/parks.yaml" in listed["unsound"][0]["reason"]
        assert not re.search(r"[a-z]+ (is|must|has) ", listed["unsound"][0]["reason"])
        assert len(listed["items"]) == 6
    (folder / "parks.yaml").write_bytes(b"a: \x80")
    assert "UTF-8" in world.get("/v1/forms/parks").json()["detail"]
    assert world.get("/v1/forms/two-coverages").status_code == 200
    assert world.get("/v1/forms/no-such-form").status_code == 404


def test_a_form_of_an_old_copy_says_so_on_paper_too(world: World):
    world.assessment.is_down = True
    world.sync()
    book = openpyxl.load_workbook(io.BytesIO(world.get("/v1/forms/organizations", format="xlsx").content))

    assert form(world, "organizations")["passport"]["stale"] is True
    assert "数据不是最新" in book["报表"]["A2"].value
    assert world.get("/v1/forms/organizations", strict="1").status_code == 503


def test_a_form_needs_a_copy_and_the_right_to_read_statistics(world: World, empty_world: World):
    assert empty_world.get("/v1/forms/organizations").status_code == 503
    assert world.get("/v1/forms/organizations", world.person("prn-x", ["gaps:read"])).status_code == 403
    assert world.client.get("/v1/forms/organizations").status_code == 401


def test_flows_that_were_corrected_later_stay_as_they_were_known(world: World, flows):
    before = form(world, "member-flow", period="2025")
    known = before["passport"]["known_at"]
    world.change("member_flow", "flw-pty-b", date(2026, 6, 30), developed=90)
    world.sync()
    pinned = [f"registry:{known['registry']}", f"assessment:{known['assessment']}"]

    assert form(world, "member-flow", period="2025", known_at=pinned)["rows"] == before["rows"]
    now = {each["code"]: values(each) for each in form(world, "member-flow", period="2025")["rows"]}
    assert (now[TOWN_B]["developed"], flows["pty-b"]["developed"] < 90) == (90, True)


def test_a_form_read_again_as_known_then_is_the_same(world: World):
    before = form(world, "two-coverages", period="2026H1")
    known = before["passport"]["known_at"]
    world.enterprise(60, TOWN_A, date(2026, 1, 1))
    world.sync()
    pinned = [f"registry:{known['registry']}", f"assessment:{known['assessment']}"]
    again = form(world, "two-coverages", period="2026H1", known_at=pinned)

    assert before["on"] == "2026-06-30"
    assert [values(each) for each in again["rows"]] == [values(each) for each in before["rows"]]
    assert values(form(world, "two-coverages", period="2026H1")["total"])["enterprises"] == 9


@pytest.mark.parametrize(
    ("code", "on", "is_over"),
    [
        ("2025", date(2025, 12, 31), True),
        ("2026H1", date(2026, 6, 30), True),
        ("2026-H2", date(2026, 7, 1), False),
        ("2026Q1", date(2026, 3, 31), True),
        ("2024-02", date(2024, 2, 29), True),
        (None, date(2026, 7, 1), False),
    ],
)
def test_a_period_is_counted_on_its_last_day_or_today(code, on, is_over):
    found = due_for(code, today=date(2026, 7, 1))

    assert (found.on, found.is_over) == (on, is_over)


def test_periods_that_have_not_begun_or_are_none_are_refused(world: World):
    assert world.get("/v1/forms/two-coverages", period="2027").status_code == 400
    assert world.get("/v1/forms/two-coverages", period="0000").status_code == 400
    assert world.get("/v1/forms/two-coverages", period="2026H3").status_code == 400
    with pytest.raises(BadRequest):
        due_for("2026-Q4", today=date(2026, 7, 1))


@pytest.mark.parametrize(
    ("code", "today", "before"),
    [
        ("2024-02", date(2024, 7, 1), date(2023, 2, 28)),
        ("2025-02", date(2025, 7, 1), date(2024, 2, 29)),
        ("2026H1", date(2026, 7, 1), date(2025, 6, 30)),
        ("2026", date(2026, 7, 1), date(2025, 7, 1)),
        ("2024", date(2024, 2, 29), date(2023, 2, 28)),
        ("2024-02", date(2024, 2, 28), date(2023, 2, 28)),
    ],
)
def test_figures_are_held_against_the_same_period_a_year_before(code, today, before):
    assert due_for(code, today=today).a_year_before == before


def test_headings_are_joined_under_one_parent_and_short_ones_reach_down():
    found = heads([["a"], ["b", "c", "d"], ["b", "c", "e"], ["b", "f"], ["g", "c"], ["g", "c"]])
    shown = [(each.text, each.row, each.column, each.rows, each.columns) for each in found]

    assert shown == [
        ("a", 0, 0, 3, 1), ("b", 0, 1, 1, 3), ("g", 0, 4, 1, 2),
        ("c", 1, 1, 1, 2), ("f", 1, 3, 2, 1), ("c", 1, 4, 2, 1), ("c", 1, 5, 2, 1),
        ("d", 2, 1, 1, 1), ("e", 2, 2, 1, 1),
    ]  # fmt: skip
    covered = sorted((r, c) for each in found for r in range(each.row, each.row + each.rows)
                     for c in range(each.column, each.column + each.columns))  # fmt: skip
    assert covered == sorted((r, c) for r in range(3) for c in range(6))
