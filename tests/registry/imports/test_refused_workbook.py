"""Refused rows come back in the layout in which they were sent, and go in again once they are corrected."""

import io
from datetime import date, datetime, timedelta
from urllib.parse import quote

import openpyxl
import pytest

from registry.codes import code

GOOD, OTHER = code(1), code(2)
NOON, OLD = datetime.fromisoformat("2012-03-04T12:06:07"), datetime.fromisoformat("2011-01-02T00:00:00")


def workbook_of(*rows, title="企业", formats=None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for place, form in (formats or {}).items():
        sheet[place].number_format = form
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def returned(desk, import_id: str, *, by: str = "admin", language: str = "zh"):
    answer = desk.registry.get(f"/v1/imports/{import_id}/workbook", by=by, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return answer, openpyxl.load_workbook(io.BytesIO(answer.content))


def values(sheet) -> list[list]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_layout_is_the_one_that_was_sent(county_desk):
    desk = county_desk
    content = workbook_of(
        ["合力县非公企业台账"],
        ["填报单位：城关镇", None, "2026年6月"],
        ["序号", "企业名称", "统一社会信用代码", "所属乡镇", "注册日期", "从业人数", "备注"],
        [1, "甲厂", GOOD, "城关镇", date(2010, 5, 6), 12, "好"],
        [2, "乙厂", "123", "城关镇", date(2011, 1, 2), "约十人", "见附件"],
        [3, "丙厂", OTHER, "没有这个镇", NOON, 3.5, None],
        title="城关台账",
    )
    job = desk.run("enterprises", content, "六月 台账.xlsx")
    assert job["rows"] == {"read": 3, "created": 1, "updated": 0, "unchanged": 0, "refused": 2}

    answer, book = returned(desk, job["id"])
    assert answer.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert f"filename*=UTF-8''{quote('六月 台账-退回.xlsx')}" in answer.headers["content-disposition"]
    assert book.sheetnames == ["城关台账", "说明"]
    sheet = book["城关台账"]
    found = values(sheet)
    assert found[0] == [None, "合力县非公企业台账", *[None] * 6]
    assert found[1][:4] == [None, "填报单位：城关镇", None, "2026年6月"]
    head = ["错误说明", "序号", "企业名称", "统一社会信用代码", "所属乡镇", "注册日期", "从业人数", "备注"]
    assert found[2] == head
    assert found[3][1:] == [2, "乙厂", "123", "城关镇", OLD, "约十人", "见附件"]
    assert found[4][1:6] == [3, "丙厂", OTHER, "没有这个镇", NOON]
    assert found[4][6:] == [3.5, None]
    assert "统一社会信用代码：统一社会信用代码应为18位，现为3位。" in found[3][0]
    assert "从业人数：" in found[3][0]
    assert {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment} == {"D4", "G4", "G5"}
    assert sheet["D4"].comment.text.endswith("统一社会信用代码应为18位，现为3位。")
    assert sheet["D4"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["E4"].fill.fgColor.rgb != "FFFFC7CE"
    assert sheet.freeze_panes == "B4"


def test_text_stays_text_and_no_cell_is_a_formula(county_desk):
    nasty = ["=1+1", "+8613800005678", "@SUM(A1)", "-2+3", "http://example.org", "007", "\t=2", "{=3}", "TRUE", "1e5"]
    lines = "".join(f'{index},123,"{text}"\n' for index, text in enumerate(nasty))
    job = county_desk.run("enterprises", "企业名称,统一社会信用代码,备注\n" + lines)
    _, book = returned(county_desk, job["id"])
    cells = [row[3] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == nasty
    assert {cell.data_type for cell in cells} == {"s"}
    everything = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in everything if cell.data_type == "f" or cell.hyperlink] == []


def test_a_corrected_workbook_is_taken_as_it_is_and_a_second_round_keeps_the_layout(county_desk):
    desk = county_desk
    head = ["企业名称", "统一社会信用代码", "所属乡镇", "从业人数", "内部编号"]
    content = workbook_of(["台账"], head, ["甲厂", "1", "城关镇", "x", 9], ["乙厂", "2", "城关镇", 3, 8])
    first = desk.run("enterprises", content, "台账.xlsx")
    _, book = returned(desk, first["id"])
    sheet = book.worksheets[0]
    sheet["C3"] = GOOD
    again = io.BytesIO()
    book.save(again)

    second = desk.run("enterprises", again.getvalue(), "台账-退回.xlsx")
    assert second["rows"] == {"read": 2, "created": 0, "updated": 0, "unchanged": 0, "refused": 2}
    assert second["columns"]["unknown"] == ["内部编号"]
    _, book = returned(desk, second["id"])
    sheet = book.worksheets[0]
    assert values(sheet)[1] == ["错误说明", *head]
    assert values(sheet)[2] == ["从业人数：应为不带小数的数字，例如 128。", "甲厂", GOOD, "城关镇", "x", 9]
    sheet["E3"], sheet["C4"] = 12, OTHER
    again = io.BytesIO()
    book.save(again)
    third = desk.run("enterprises", again.getvalue(), "台账-退回-退回.xlsx")
    assert third["rows"] == {"read": 2, "created": 2, "updated": 0, "unchanged": 0, "refused": 0}
    assert desk.registry.get(f"/v1/enterprises/{GOOD}").json()["staff"] == 12
    assert desk.registry.get(f"/v1/imports/{third['id']}/workbook").status_code == 404


def test_a_csv_in_gbk_a_json_list_and_rows_out_of_shape_come_back_too(county_desk):
    desk = county_desk
    text = "企业名称,统一社会信用代码,地址\n甲厂,0001,一路\n乙,厂,2,路\n丙厂,3\n".encode("gbk")
    job = desk.run("enterprises", text, "导出.csv")
    _, book = returned(desk, job["id"])
    assert values(book.worksheets[0])[0][:4] == ["错误说明", "企业名称", "统一社会信用代码", "地址"]
    rows = [row[1:] for row in values(book.worksheets[0])[1:]]
    assert rows == [["甲厂", "0001", "一路", None], ["乙", "厂", "2", "路"], ["丙厂", "3", None, None]]

    listed = '[{"uscc": "5", "name": "甲", "more": {"a": [1]}}, "x", {"uscc": 12345678901234567890, "name": null}]'
    job = desk.run("enterprises", listed, "list.json")
    _, book = returned(desk, job["id"], language="en")
    assert values(book.worksheets[0])[0] == ["错误说明", "uscc", "name", "more"]
    assert [row[1:] for row in values(book.worksheets[0])[1:]] == [
        ["5", "甲", '{"a": [1]}'], [None, None, None], ["12345678901234567890", None, None],
    ]  # fmt: skip
    assert "18 characters" in values(book.worksheets[0])[1][0]


def test_a_list_without_a_header_gets_one(county_desk):
    rows = "".join(f"{code(number)},示例{number}公司,2010-01-01,从业{number}\n" for number in range(5, 30))
    job = county_desk.run("enterprises", rows + "坏代码,坏公司,2010-01-01,x\n", "无表头.csv")
    assert job["rows"]["refused"] == 1
    _, book = returned(county_desk, job["id"])
    found = values(book.worksheets[0])
    assert found[0] == ["错误说明", "第1列", "第2列", "第3列", "第4列"]
    assert found[1][1:] == ["坏代码", "坏公司", "2010-01-01", "x"]


def test_cells_are_kept_for_some_days_and_then_gone(county_desk):
    desk = county_desk
    job = desk.run("enterprises", "企业名称,统一社会信用代码\n甲厂,1\n")
    desk.registry.clock.instant += timedelta(days=29)
    assert desk.registry.get(f"/v1/imports/{job['id']}/workbook").status_code == 200
    desk.registry.clock.instant += timedelta(days=1)
    gone = desk.registry.get(f"/v1/imports/{job['id']}/workbook")
    assert (gone.status_code, "30天" in gone.json()["detail"]) == (410, True)
    assert list(desk.refusals(job["id"])) == [2]


def test_nobody_else_gets_the_workbook(county_desk):
    job = county_desk.run("enterprises", "企业名称,统一社会信用代码\n甲厂,1\n")
    county_desk.registry.enrol("clerk_b", "township_clerk", unit="unt-a")
    assert county_desk.registry.get(f"/v1/imports/{job['id']}/workbook", by="clerk_b").status_code == 404
    assert county_desk.registry.get("/v1/imports/imp-none/workbook").status_code == 404


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        ([["基本情况", None, "党员", None], ["企业名称", "统一社会信用代码", "正式党员", "预备党员"]], 4),
        ([["企业名称", "统一社会信用代码", "党员人数", None], [None, None, "正式党员", "预备党员"]], 4),
        ([["企业名称", "统一社会信用代码", "从业人员", None], [None, None, "本市", "女性"]], 2),
    ],
)
def test_headers_of_two_rows_with_merged_cells_are_understood_and_kept(county_desk, rows, places):
    content = workbook_of(["台账"], *rows, ["甲厂", "1", 3, 1], ["乙厂", GOOD, 2, 1])
    job = county_desk.run("enterprises", content, "两行表头.xlsx")
    assert (job["rows"]["read"], job["rows"]["created"], job["rows"]["refused"]) == (2, 1, 1), job
    assert len(job["columns"]["recognised"]) >= places
    _, book = returned(county_desk, job["id"])
    found = values(book.worksheets[0])
    assert [row[1:] for row in found[1:3]] == rows
    assert found[2][0] == "错误说明"
    assert found[3][1:] == ["甲厂", "1", 3, 1]
    sheet = book.worksheets[0]
    sheet["C4"] = OTHER
    target = io.BytesIO()
    book.save(target)
    again = county_desk.run("enterprises", target.getvalue(), "再来.xlsx")
    assert (again["rows"]["read"], again["rows"]["created"]) == (1, 1)
