"""Templates: what a clerk gets to fill in, and that it goes in again as it is."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from heli_registry.imports.kinds import KINDS, choice_words
from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B

PLURALS = sorted(KINDS)


def template(registry, plural: str, *, by: str = "admin"):
    answer = registry.get(f"/v1/imports/templates/{plural}.xlsx", by=by)
    assert answer.status_code == 200, answer.text
    return answer, openpyxl.load_workbook(io.BytesIO(answer.content))


def filled(book, **cells) -> bytes:
    """Return the template with one more row, by header."""
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    for header, value in cells.items():
        sheet.cell(sheet.max_row if header != next(iter(cells)) else sheet.max_row + 1, places[header], value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def choices(book, header: str) -> list[str]:
    """Return what the drop-down of a column offers."""
    sheet = book.worksheets[0]
    column = next(cell.column_letter for cell in sheet[1] if cell.value == header)
    rule = next(each for each in sheet.data_validations.dataValidation if f"{column}2" in str(each.sqref))
    assert rule.type == "list"
    [(name, area)] = book.defined_names[rule.formula1.lstrip("=")].destinations
    return [cell.value for row in book[name][area] for cell in row]


@pytest.mark.parametrize("plural", PLURALS)
def test_every_kind_has_a_template_whose_untouched_upload_is_refused_and_harmless(county_desk, plural):
    registry = county_desk.registry
    before = registry.rows("SELECT seq FROM ledger_head")[0][0]
    answer, book = template(registry, plural)
    sheet = book.worksheets[0]
    job = county_desk.run(plural, answer.content, "模板.xlsx")

    assert (job["status"], job["rows"]["read"]) == ("failed", 0)
    assert "只有模板的表头和示例行" in job["error"]
    assert registry.rows("SELECT seq FROM ledger_head")[0][0] == before
    assert sheet.freeze_panes == "B2"
    assert sheet["A1"].value == "标记"
    assert sheet["A2"].value == "示例"
    assert all(cell.comment for cell in sheet[1])
    assert sheet.max_column == len(KINDS[plural].fields) + 1
    assert book.sheetnames[1:] == ["填写说明", "选项"]
    assert book["选项"].sheet_state == "hidden"
    everything = [cell for each in book for row in each.iter_rows() for cell in row]
    assert [cell.coordinate for cell in everything if cell.data_type == "f"] == []


def test_a_filled_row_goes_in_beside_the_example_that_was_left(county_desk):
    desk = county_desk
    _, book = template(desk.registry, "enterprises")
    content = filled(
        book, 统一社会信用代码=code(1), 企业名称="甲机械有限公司", 所属乡镇="城关镇", 注册日期=date(2012, 5, 18),
        所有制="私营", 从业人数=62, 有固定场所="是", **{"年营业收入（元）": 21_000_000.5},
    )  # fmt: skip
    job = desk.run("enterprises", content, "填好.xlsx")
    assert job["rows"] == {"read": 1, "created": 1, "updated": 0, "unchanged": 0, "refused": 0}
    found = desk.registry.get(f"/v1/enterprises/{code(1)}").json()
    told = (found["name"], found["division"], found["registered_on"], found["ownership"], found["staff"])
    assert told == ("甲机械有限公司", TOWN_A, "2012-05-18", "private", 62)
    assert (found["has_premises"], found["annual_revenue"]) == (True, "21000000.5")


def test_a_row_written_over_the_example_is_refused_as_long_as_it_is_marked(county_desk):
    desk = county_desk
    _, book = template(desk.registry, "enterprises")
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, places["企业名称"], "甲机械有限公司")
    target = io.BytesIO()
    book.save(target)
    job = desk.run("enterprises", target.getvalue(), "覆盖示例.xlsx")
    assert job["rows"] == {"read": 1, "created": 0, "updated": 0, "unchanged": 0, "refused": 1}
    assert "仍标着“示例”" in desk.refusals(job["id"])[2]


def test_drop_downs_offer_the_words_of_the_lists_and_what_the_caller_sees(county):
    county.made("/v1/zones", id="zon-a", name="城东园区", kind="park", division=TOWN_A)
    county.made("/v1/divisions", code="990121101201", name="新村", level="village", parent=TOWN_A)
    county.made("/v1/divisions", code="990121102201", name="新村", level="village", parent=TOWN_B)
    _, book = template(county, "enterprises")
    assert choices(book, "所有制") == [words[0] for words in choice_words()["ownership"].values()]
    assert choices(book, "有固定场所") == ["是", "否"]
    assert choices(book, "所属乡镇") == [
        "合力县", "城关镇", "990121101201 新村", "河西乡", "990121102201 新村",
    ]  # fmt: skip
    assert choices(book, "所属园区") == ["城东园区"]
    assert choices(book, "责任单位") == ["城关镇党委"]

    _, book = template(county, "enterprises", by="clerk_a")
    assert choices(book, "所属乡镇") == ["城关镇", "新村"]


def test_a_choice_with_its_code_is_understood(county_desk):
    registry = county_desk.registry
    registry.made("/v1/divisions", code="990121101201", name="新村", level="village", parent=TOWN_A)
    registry.made("/v1/divisions", code="990121102201", name="新村", level="village", parent=TOWN_B)
    registry.made("/v1/zones", id="zon-a", name="城东园区", kind="park", division=TOWN_A)
    registry.made("/v1/zones", id="zon-b", name="城东园区", kind="park", division=TOWN_B)
    lines = f"甲厂,{code(1)},990121102201 新村,zon-b 城东园区\n乙厂,{code(2)},新村,城东园区\n"
    job = county_desk.run("enterprises", "企业名称,统一社会信用代码,所属乡镇,所属园区\n" + lines)
    assert (job["rows"]["created"], job["rows"]["refused"]) == (1, 1)
    found = registry.get(f"/v1/enterprises/{code(1)}").json()
    assert (found["division"], found["zone"]) == ("990121102201", "zon-b")


def test_codes_are_kept_as_text_and_dates_as_dates(county):
    _, book = template(county, "enterprises")
    sheet = book.worksheets[0]
    formats = {cell.value.rstrip("*"): sheet.column_dimensions[cell.column_letter] for cell in sheet[1]}
    assert formats["统一社会信用代码"].number_format == "@"
    assert formats["注册日期"].number_format == "yyyy-mm-dd"
    assert formats["企业名称"].width >= 12


def test_there_is_no_template_for_what_is_no_kind_of_list(county):
    assert county.get("/v1/imports/templates/principals.xlsx").status_code == 404
    assert county.get("/v1/imports/templates/nothing.xlsx").status_code == 404
    county.enrol("leader", "leader")
    assert county.get("/v1/imports/templates/enterprises.xlsx", by="leader").status_code == 403


def test_a_template_is_a_sound_archive_without_outside_links(county):
    answer, _ = template(county, "party-organizations")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        text = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    assert "externalLink" not in text
