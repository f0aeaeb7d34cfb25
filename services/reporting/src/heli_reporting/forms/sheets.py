"""A form as an XLSX workbook laid out for printing: 表, 审核, 来源."""

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from heli_reporting.forms.layout import heads

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_A4 = 9
_NAME_WIDTH = 22
_WIDTH = 11
_WORDS: dict[str, dict[str, Any]] = {
    "zh": {"sheets": ("报表", "审核", "来源"), "unit": "填报单位", "at": "填报时间", "on": "统计截至",
           "running": "（报告期未结束）", "stale": "（数据不是最新）",
           "check": ("审核关系", "地区或单位", "左边", "右边", "结果"),
           "jump": ("同比变动较大的指标", "地区或单位", "上年", "本年", "说明"), "passed": "通过", "failed": "不符",
           "unexplained": "尚未说明", "source": ("栏次", "指标", "固定链接", "定义"), "basis": "依据",
           "signed": "单位负责人：　　　　　　　审核人：　　　　　　　填表人：　　　　　　　（盖章）"},
    "en": {"sheets": ("Form", "Checks", "Sources"), "unit": "Reporting unit", "at": "Filled in", "on": "Counted on",
           "running": " (the period runs)", "stale": " (the data is not up to date)",
           "check": ("Check", "Line", "Left", "Right", "Result"),
           "jump": ("Jumps over a year", "Line", "Before", "Now", "Explanation"), "passed": "holds",
           "failed": "does not hold", "unexplained": "not explained", "basis": "Basis",
           "signed": "Head of unit:                Checked by:                Filled in by:                (Seal)",
           "source": ("Column", "Measure", "Permalink", "Definition")},
}  # fmt: skip


def workbook_of(filled: Mapping[str, Any], language: str) -> bytes:
    """Return a filled form as JSON values as a workbook: numbers as numbers, never a formula."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        words = _WORDS[language]
        table, checks, sources = (book.add_worksheet(name) for name in words["sheets"])
        _write_table(book, table, filled, language)
        _write_checks(checks, filled, words)
        _write_sources(sources, filled, words)
    return target.getvalue()


def subtitle(filled: Mapping[str, Any], language: str) -> str:
    """Return the line below the title: who reports, when, and of which day."""
    words = _WORDS[language]
    running = "" if filled["is_over"] else words["running"]
    running += words["stale"] if filled["passport"]["stale"] else ""
    return (
        f"{words['unit']}：{filled['unit']}　　{words['at']}：{filled['filled_on']}　　"
        f"{words['on']}：{filled['on']}{running}"
    )


def signed(language: str) -> str:
    """Return the line that those who answer for the form sign on paper."""
    line: str = _WORDS[language]["signed"]
    return line


def _write_table(book: "Workbook", sheet: "Worksheet", filled: Mapping[str, Any], language: str) -> None:
    columns = filled["form"]["columns"]
    last = len(columns)
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    head = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
    _across(sheet, 0, last, f"{filled['form']['title']}（{filled['period_name']}）", title)
    _across(sheet, 1, last, subtitle(filled, language), book.add_format())
    cells = heads([[filled["form"]["lines"]], *(each["headings"] for each in columns)])
    depth = max(each.row + each.rows for each in cells)
    for each in cells:
        top, left = 2 + each.row, each.column
        if each.rows == each.columns == 1:
            sheet.write_string(top, left, each.text, head)
        else:
            sheet.merge_range(top, left, top + each.rows - 1, left + each.columns - 1, each.text, head)
    numbers = 2 + depth
    sheet.write_string(numbers, 0, "甲", head)
    for each in columns:
        sheet.write_number(numbers, each["number"], each["number"], head)
    _write_lines(book, sheet, filled, numbers + 1)
    sheet.set_column(0, 0, _NAME_WIDTH)
    sheet.set_column(1, last, _WIDTH)
    sheet.freeze_panes(numbers + 1, 1)
    sheet.repeat_rows(0, numbers)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.set_footer("&C&P / &N")
    end = numbers + 1 + len(filled["rows"]) + 1
    sheet.print_area(0, 0, end + 1, last)
    _across(
        sheet, end, last, f"{_WORDS[language]['basis']}：{filled['form']['basis']}", book.add_format({"font_size": 9})
    )
    _across(sheet, end + 1, last, signed(language), book.add_format())


def _across(sheet: "Worksheet", row: int, last: int, text: str, shape: Any) -> None:
    sheet.merge_range(row, 0, row, last, text, shape)


def _write_lines(book: "Workbook", sheet: "Worksheet", filled: Mapping[str, Any], top: int) -> None:
    shapes = [
        tuple(
            book.add_format({"bold": bold, "border": 1, **form})
            for form in ({}, {"num_format": "0"}, {"num_format": "0.00%"}, {"num_format": "#,##0.00"})
        )
        for bold in (True, False)
    ]
    for offset, line in enumerate([filled["total"], *filled["rows"]]):
        text, count, share, money = shapes[min(offset, 1)]
        sheet.write_string(top + offset, 0, line["name"], text)
        for column in filled["form"]["columns"]:
            value = line["cells"][column["id"]]["value"]
            if value is None:
                sheet.write_string(top + offset, column["number"], "—", text)
            elif column["is_share"]:
                sheet.write_number(top + offset, column["number"], float(Decimal(value)), share)
            elif column["is_money"]:
                sheet.write_number(top + offset, column["number"], float(Decimal(value)), money)
            else:
                sheet.write_number(top + offset, column["number"], value, count)


def _write_checks(sheet: "Worksheet", filled: Mapping[str, Any], words: Mapping[str, Any]) -> None:
    lines: list[Sequence[Any]] = [words["check"]]
    for check in filled["checks"]:
        if check["passed"]:
            lines.append((check["formula"], "", "", "", words["passed"]))
        lines += [(check["formula"], e["name"], e["left"], e["right"], words["failed"]) for e in check["failures"]]
    lines += [(), words["jump"]]
    titles = {each["id"]: each["name"] for each in filled["form"]["columns"]}
    for each in filled["jumps"]:
        said = "；".join(each["explanations"]) or words["unexplained"]
        lines.append((titles[each["column"]], each["name"], each["before"], each["now"], said))
    _write_plain(sheet, lines, (50, 22, 12, 12, 60))


def _write_sources(sheet: "Worksheet", filled: Mapping[str, Any], words: Mapping[str, Any]) -> None:
    lines: list[Sequence[Any]] = [words["source"]]
    for each in filled["form"]["columns"]:
        permalink = filled["total"]["cells"][each["id"]]["permalink"]
        lines.append((each["number"], f"{each['measure']} {each['part']}", permalink, each["definition"]))
    _write_plain(sheet, lines, (8, 40, 40, 80))


def _write_plain(sheet: "Worksheet", lines: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            if isinstance(value, int):
                sheet.write_number(row, column, value)
            else:
                sheet.write_string(row, column, str(value))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
