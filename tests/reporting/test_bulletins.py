"""Bulletins: every number in every format is that of the answer at its code, and nobody is named."""

import io
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import docx
import pytest

from reporting.pdf_text import text_of
from reporting.world import COUNTY, PARK, TOWN_A, TOWN_B, VILLAGE_A, World, uscc

PERIOD = "/v1/bulletins/2026-06"
MARK = re.compile(r"〔([a-z2-7]+)(?:−([a-z2-7]+))?〕")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def busy(world: World) -> World:
    """Return a county in which June moved figures up and down, with things overdue."""
    world.enterprise(30, TOWN_B, on=date(2026, 6, 10), full_members=3, staff=70)
    world.enterprise(31, VILLAGE_A, on=date(2026, 3, 10), full_members=5)
    world.branch("pty-new", [uscc(31)], VILLAGE_A, on=date(2026, 6, 20))
    world.record("person", "psn-secret", unit="unt-a")
    fields = {"person": "psn-secret", "role": "instructor", "enterprise": uscc(4), "term_ends_on": "2026-01-01"}
    world.record("assignment", "asg-1", **fields, visits_per_year=4)
    world.record("plan", "pln-1", title="计划", year=2026)
    task = {"title": "走访", "unit": "unt-b", "person": "psn-secret", "due_on": "2026-05-01"}
    world.record("task", "tsk-1", plan="pln-1", **task)
    world.sync()
    return world


def answer_of(world: World, permalink: str) -> dict[str, Any]:
    found: dict[str, Any] = world.get(permalink).json()
    return found


def expected(number: dict[str, Any], answers: dict[str, dict[str, Any]], targets: dict[str, str]) -> str:
    """Say a number anew from the kept answers, by other code than the product's."""

    def cell(ref: str) -> dict[str, Any]:
        answer, place = answers[ref], number["division"]
        line = answer["total"]
        if place is not None:
            line = next((row for row in answer["rows"] if (row["division"]["code"] or "unknown:town") == place), {})
        return dict(line.get(number["measure"], {"value": None, "numerator": 0, "denominator": 0}))

    now = cell(number["ref"])
    value, part = now["value"], number["part"]
    if part in {"change", "step"}:
        return moved(value, cell(number["minus"])["value"], signed=part == "change")
    if part == "value":
        return str(value) if isinstance(value, int) else percent(value)
    return {
        "ratio": f"{now['numerator']}/{now['denominator']}",
        "gap": str(now["denominator"] - now["numerator"]),
        "lacking": moved(targets.get(number["measure"]), value, signed=False),
    }[part]


def percent(value: str | None) -> str:
    return "–" if value is None else f"{Decimal(value).scaleb(2):.2f}%"


def moved(value: str | None, before: str | None, *, signed: bool) -> str:
    if value is None or before is None:
        return "–"
    points = (Decimal(value) - Decimal(before)).scaleb(2)
    sign = "+" if points > 0 else "-" if points < 0 else ""
    return f"{sign if signed else ''}{abs(points):.2f}"


def parts(bulletin: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for section in bulletin["sections"] for each in (*section["paragraphs"], *section["tables"])]


def test_every_number_is_the_one_its_code_leads_to(busy: World):
    bulletin = busy.get(PERIOD).json()
    answers = {code["ref"]: answer_of(busy, code["permalink"]) for code in bulletin["codes"]}
    full = dict.fromkeys(["due_established_rate", "work_coverage_broad"], "1.00")
    numbers = [number for each in parts(bulletin) for number in each["numbers"]]

    assert {number["part"] for number in numbers} == {"value", "ratio", "gap", "change", "step", "lacking"}
    assert [number["text"] for number in numbers] == [expected(number, answers, full) for number in numbers]
    for place, day in enumerate(("2026-06-30", "2026-05-31")):
        kept = answers[bulletin["codes"][place]["ref"]]
        measures = list(kept["total"])
        asked = busy.statistics(measure=measures, by="division:town", on=day)
        assert (asked["rows"], asked["total"]) == (kept["rows"], kept["total"])


def test_a_township_reads_the_target_set_for_it_and_others_read_theirs(busy: World):
    for unit, value in (("unt-b", "0.805"), ("unt-county", "0.6")):
        target = {"measure": "organization_coverage", "value": value, "due_on": "2026-12-31", "document": "1号"}
        busy.record("target", f"tgt-{unit}", unit=unit, **target)
    busy.sync()
    town = busy.person("prn-town", divisions=(TOWN_B,), unit="unt-b")
    for who, value, shown in ((town, "0.805", "80.5%"), (None, "0.6", "60%")):
        bulletin = busy.get(PERIOD, who).json()
        table = bulletin["sections"][0]["tables"][0]
        row = next(each for each in table["rows"] if each[0] == "组织覆盖率")
        answers = {code["ref"]: busy.get(code["permalink"], who).json() for code in bulletin["codes"]}
        numbers = [each for part in parts(bulletin) for each in part["numbers"] if each["part"] == "lacking"]

        assert row[-1] == shown
        assert "organization_coverage" in {each["measure"] for each in numbers}
        full = dict.fromkeys(["due_established_rate", "work_coverage_broad"], "1.00")
        asked = full | {"organization_coverage": value}
        assert [each["text"] for each in numbers] == [expected(each, answers, asked) for each in numbers]


def test_no_digit_of_a_sentence_stands_without_its_code_and_none_differs_from_its_number(busy: World):
    bulletin = busy.get(PERIOD).json()
    refs = {code["ref"] for code in bulletin["codes"]}
    for section in bulletin["sections"]:
        for paragraph in section["paragraphs"]:
            text = re.sub(r"\d{4}年\d+月\d+日", "", paragraph["text"])
            marks = [ref for pair in MARK.findall(text) for ref in pair if ref]
            assert set(marks) <= refs
            written = re.findall(r"\d+/\d+|\d+(?:\.\d+)?%?", MARK.sub("", text))
            assert written == [number["text"] for number in paragraph["numbers"]], text
            assert not re.search(r"\d%?）?(?![\d./%）]|（\d|）?〔)", MARK.sub("〔〕", text)), text
        for table in section["tables"]:
            cells = [cell for row in table["rows"] for cell in row]
            numbers = [number["text"] for number in table["numbers"]]
            free = iter(cells)
            assert all(number in free for number in numbers), "the numbers stand in the table in their order"
            assert all(MARK.search(head) for head in table["heads"][2 if "名次" in table["heads"] else 1 :][:3])


def test_every_overdue_item_stands_in_a_line_and_the_lines_add_up(busy: World):
    order = {"unit": "unt-a", "number": "督1号", "problem": "问题", "due_on": "2026-05-01", "stage": "issued"}
    busy.record("rectification_order", "rct-1", **order)
    for number, unit in enumerate(("unt-a", "unt-county", "unt-tax")):
        letter = {"year": 2026, "issuer": "unt-county", "issued_on": "2026-01-05", "sign_by": "2026-02-01"}
        busy.record("letter", f"ltr-{number}", unit=unit, is_signed=False, **letter)
    busy.sync()
    section = busy.get(PERIOD).json()["sections"][-1]
    kinds = [number["measure"] for number in section["paragraphs"][0]["numbers"]]
    shown = {row[0]: [int(cell) for cell in row[1:]] for row in section["tables"][0]["rows"]}
    items = busy.get("/v1/worklists", on="2026-06-30", limit=200).json()["items"]
    towns = {TOWN_A: "甲镇", VILLAGE_A: "甲镇", TOWN_B: "乙镇", COUNTY: "不在乡镇街道"}
    found = {name: [0] * len(kinds) for name in towns.values()}
    for each in items:
        if each["kind"] in kinds:
            found[towns[each["division"]["code"]]][kinds.index(each["kind"])] += 1

    assert shown == {name: counts for name, counts in found.items() if any(counts)}
    assert [sum(column) for column in zip(*shown.values(), strict=True)] == [
        int(number["text"]) for number in section["paragraphs"][0]["numbers"]
    ]
    assert {kind for kind, *counts in zip(kinds, *shown.values(), strict=True) if any(counts)} >= {
        "election_overdue", "task_overdue", "letter_overdue", "rectification_overdue", "visits_behind", "term_ended",
    }  # fmt: skip
    assert list(shown)[-1] == "不在乡镇街道"
    assert {number["division"] for number in section["tables"][0]["numbers"]} == {TOWN_A, TOWN_B, "unknown:town"}


def test_a_merger_within_the_period_is_no_rise_and_no_fall(busy: World):
    busy.record("division", "990101003000", name="丙镇", level="town", parent=COUNTY)
    busy.enterprise(60, "990101003000")
    busy.merge_town_a(date(2026, 6, 15))
    busy.sync()
    bulletin = busy.get(PERIOD).json()
    rows = {row[1]: row for row in bulletin["sections"][1]["tables"][0]["rows"]}
    before = busy.get(bulletin["codes"][1]["permalink"]).json()

    # May: 1 and 2, 3 and 7 of 1 to 8 and 31; June has 30 and the branch of 31 besides.
    assert rows["乙镇"][2:5] == ["50.00%", "5/10", "+5.56"]
    assert [row[1] for row in rows.values()] == ["乙镇", "丙镇"]
    assert "没有乡镇街道低于上期。" in [each["text"] for each in bulletin["sections"][2]["paragraphs"]]
    assert (before["passport"]["on"], before["passport"]["structure_on"]) == ("2026-05-31", "2026-06-30")
    assert "2026年6月30日的乡镇街道" in bulletin["codes"][1]["about"]


def test_nobody_leads_alone_with_nothing_or_among_equals(empty_world: World):
    world = empty_world
    world.places()
    for number, town in ((1, TOWN_A), (2, TOWN_B)):
        world.enterprise(number, town)
    world.sync()

    def said(period: str, who=None) -> list[str]:
        sections = world.get(f"/v1/bulletins/{period}", who).json()["sections"]
        return [each["text"] for section in sections[:3] for each in section["paragraphs"]]

    alone = world.person("prn-a", divisions=(TOWN_A,))
    assert "各乡镇街道组织覆盖率相同，不分先后。" in said("2026-06")
    assert "只有甲镇一个乡镇街道，不作排名。" in said("2026-06", alone)
    assert not [each for each in said("2026-06", alone) if "居前" in each or "水平" in each]
    nothing = said("1990-01")
    assert "组织覆盖率：本期没有可以计算的对象。" in nothing
    assert nothing[-2:] == ["本期没有可以排名的乡镇街道。", "本期没有可以比较的乡镇街道。"]
    world.enterprise(3, TOWN_A)
    world.branch("pty-1", [uscc(3)])
    world.sync()
    leaders = next(each for each in said("2026-06") if "居前" in each)
    assert "甲镇（50.00%）" in MARK.sub("", leaders)
    assert "乙镇" not in leaders


def test_the_document_is_on_the_paper_of_the_country(busy: World):
    page = docx.Document(io.BytesIO(busy.get(PERIOD, format="docx").content)).sections[0]
    subtitle = busy.get(PERIOD).json()["subtitle"]

    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert subtitle == "（2026年6月1日至2026年6月30日，与2026年5月31日相比）"
    assert "".join(subtitle.split()) in text_of(busy.get(PERIOD, format="pdf").content)


def test_documents_say_what_the_json_says(busy: World):
    bulletin = busy.get(PERIOD).json()
    word = docx.Document(io.BytesIO(busy.get(PERIOD, format="docx").content))
    paragraphs = [each.text for each in word.paragraphs]
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in word.tables]
    pdf = text_of(busy.get(PERIOD, format="pdf").content)
    pdf = re.sub(re.escape(bulletin["permalink"]) + r"第\d+页", "", pdf)

    wanted = [[table["heads"], *table["rows"]] for section in bulletin["sections"] for table in section["tables"]]
    codes = [[code["ref"], code["permalink"], code["about"]] for code in bulletin["codes"]]
    assert tables == [*wanted, [["代码", "固定链接", "内容"], *codes]]
    for section in bulletin["sections"]:
        assert section["heading"] in paragraphs
        for paragraph in section["paragraphs"]:
            assert paragraph["text"] in paragraphs
            assert "".join(paragraph["text"].split()) in pdf
        for table in section["tables"]:
            for row in table["rows"]:
                assert "".join("".join(row).split()) in pdf
    for line in codes:
        assert "".join("".join(line).split()) in pdf
    assert len(word.inline_shapes) == sum(len(section["charts"]) for section in bulletin["sections"]) == 2


def test_charts_show_the_answers_they_name(busy: World):
    bulletin = busy.get(PERIOD).json()
    compared, ranking = (chart for section in bulletin["sections"] for chart in section["charts"])
    measures = ["organization_coverage", "work_coverage_broad", "due_established_rate", "sole_setup_rate",
                "staff50_with_member_rate", "staff100_with_organization_rate"]  # fmt: skip
    for series in compared["series"]:
        total = answer_of(busy, series["permalink"])["total"]
        assert series["values"] == [total[measure]["value"] for measure in measures]
    rows = answer_of(busy, ranking["series"][0]["permalink"])["rows"]
    shares = {row["division"]["name"]: row["organization_coverage"]["value"] for row in rows}
    assert dict(zip(ranking["labels"], ranking["series"][0]["values"], strict=True)) == shares
    assert ranking["series"][0]["values"] == sorted(shares.values(), reverse=True)


@pytest.mark.parametrize("form", ["json", "docx", "pdf"])
def test_asked_again_as_known_then_it_is_the_same_bytes(busy: World, form: str):
    first = busy.get(PERIOD, format=form)
    bulletin = busy.get(PERIOD).json()
    known = [f"{source}:{seq}" for source, seq in bulletin["known_at"].items()]
    busy.clock.instant += timedelta(minutes=5)
    busy.restart()
    second = busy.get(PERIOD, format=form)
    busy.enterprise(40, TOWN_A, on=date(2026, 6, 1))
    busy.sync()
    moved = busy.get(PERIOD).json()
    pinned = busy.get(PERIOD, format=form, known_at=known)
    kept = busy.get(bulletin["permalink"], format=form)

    assert first.content == second.content == pinned.content == kept.content
    assert moved["code"] != bulletin["code"]
    assert moved["known_at"]["registry"] == bulletin["known_at"]["registry"] + 1


def test_nobody_is_named(busy: World):
    text = busy.get(PERIOD).text

    assert "派驻期满未轮换1〔" in text
    assert "任务逾期1〔" in text
    assert "psn" not in text
    assert "person" not in text
    assert "asg-" not in text


@pytest.mark.parametrize(
    ("period", "first", "last", "before"),
    [
        ("2026-06", "2026-06-01", "2026-06-30", "2026-05-31"),
        ("2026-Q2", "2026-04-01", "2026-06-30", "2026-03-31"),
        ("2026-H1", "2026-01-01", "2026-06-30", "2025-12-31"),
        ("2026H1", "2026-01-01", "2026-06-30", "2025-12-31"),
        ("2025-12", "2025-12-01", "2025-12-31", "2025-11-30"),
        ("2025-Q4", "2025-10-01", "2025-12-31", "2025-09-30"),
        ("2025-H2", "2025-07-01", "2025-12-31", "2025-06-30"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024-01-31"),
    ],
)
def test_periods_and_what_they_are_compared_with(world: World, period: str, first: str, last: str, before: str):
    bulletin = world.get(f"/v1/bulletins/{period}").json()

    assert (bulletin["period"]["first"], bulletin["period"]["last"]) == (first, last)
    assert bulletin["compared_with"] == before


@pytest.mark.parametrize(
    ("period", "status"),
    [("2026-07", 422), ("2026-Q3", 422), ("2027-H1", 422), ("2026-13", 400), ("2026-Q5", 400), ("0001-01", 400)],
)
def test_a_period_that_is_not_over_or_is_none_is_refused(world: World, period: str, status: int):
    refused = world.get(f"/v1/bulletins/{period}", {"Accept-Language": "en"} | world.admin)

    assert refused.status_code == status
    assert refused.json()["errors"]


def test_stale_data_are_said_and_strict_refuses(busy: World):
    fresh = busy.get(PERIOD).json()
    busy.assessment.is_down = True
    busy.sync()
    stale = busy.get(PERIOD).json()

    assert (fresh["stale"], fresh["notice"]) == (False, None)
    assert stale["stale"] is True
    assert stale["notice"].startswith("注意：考核服务的数据不是最新的")
    assert stale["notice"] in [
        each.text for each in docx.Document(io.BytesIO(busy.get(PERIOD, format="docx").content)).paragraphs
    ]
    assert "".join(stale["notice"].split()) in text_of(busy.get(PERIOD, format="pdf").content)
    assert busy.get(PERIOD, strict="1").status_code == 503
    assert busy.get(fresh["permalink"]).json() == fresh, "what was made while all was well stays"


def test_a_clerk_reads_of_his_own_part_only(busy: World):
    clerk_a, clerk_b = (busy.person(f"prn-{t}", divisions=(t,)) for t in (TOWN_A, TOWN_B))
    whole = busy.get(PERIOD).json()
    mine = busy.get(PERIOD, clerk_a).json()

    assert "乙镇" not in str(mine["sections"])
    assert "甲镇" in str(mine["sections"])
    assert "所辖范围内" in mine["sections"][0]["paragraphs"][0]["text"]
    assert busy.get(mine["permalink"], clerk_b).status_code == 404
    assert busy.get(whole["permalink"], clerk_a).status_code == 404
    assert busy.get(mine["permalink"]).json() == mine
    assert busy.get(mine["permalink"].replace("2026-06", "2026-05")).status_code == 404
    for code in mine["codes"]:
        assert busy.get(code["permalink"], clerk_a).status_code == 200


def test_the_bulletin_of_a_zone_has_no_unseen_place(busy: World):
    park = busy.person("prn-park", zones=(PARK,))

    assert busy.get(PERIOD, park).json()["sections"][0]["paragraphs"][0]["numbers"][0]["text"] == "1"


def test_who_may_not_read_worklists_gets_no_overdue_items(busy: World):
    whole = busy.get(PERIOD).json()
    reader = busy.person("prn-reader", ["statistics:read"], everything=True)
    narrow = busy.get(PERIOD, reader).json()

    assert len(narrow["sections"]) == len(whole["sections"]) - 1
    assert "逾期" not in str(narrow)
    assert busy.get(whole["permalink"], reader).status_code == 404
    assert busy.get(PERIOD, busy.person("prn-none", ["gaps:read"])).status_code == 403


def test_an_empty_part_makes_a_bulletin_without_numbers_made_up(world: World):
    nobody = world.person("prn-nobody")
    bulletin = world.get(PERIOD, nobody).json()
    first = bulletin["sections"][0]

    assert first["tables"][0]["rows"][0][1:5] == ["–", "0/0", "–", "–"]
    assert bulletin["sections"][1]["paragraphs"][0]["text"] == "本期没有可以排名的乡镇街道。"
    assert world.get(PERIOD, nobody, format="pdf").content.startswith(b"%PDF")
