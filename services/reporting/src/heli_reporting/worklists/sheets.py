"""A worklist as an XLSX workbook laid out for printing."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

_COLUMNS = (
    ("序号", "No.", 6),
    ("类别", "Kind", 22),
    ("对象", "About", 30),
    ("所在地", "Place", 16),
    ("责任单位", "Unit", 22),
    ("责任人", "Person", 14),
    ("期限", "Due", 12),
    ("天数（负为逾期）", "Days (negative: overdue)", 12),
    ("起始", "Since", 12),
    ("情况", "Detail", 44),
    ("依据", "Basis", 40),
    ("排序说明", "Why here", 34),
    ("规则", "Rule", 30),
    ("记录", "Record", 44),
)
_DAYS = (6, 8)
_FOR_PROGRAMS = 2
"""The last columns: names and addresses that nobody reads on paper, left out when it is printed."""


def workbook_of(items: Sequence[Mapping[str, Any]], *, english: bool, title: str) -> bytes:
    """Return lines as JSON values as a workbook: a heading on every page, dates as dates, never a formula."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("Worklist" if english else "工作清单")
        head = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
        text = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd", "valign": "top"})
        sheet.merge_range(
            0, 0, 0, len(_COLUMNS) - 1 - _FOR_PROGRAMS, title, book.add_format({"bold": True, "align": "center"})
        )
        for column, (zh, en, width) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(1, column, en if english else zh, head)
        for number, item in enumerate(items, 1):
            for column, value in enumerate(_cells(number, item)):
                if value is None:
                    sheet.write_blank(number + 1, column, None, text)
                elif isinstance(value, int):
                    sheet.write_number(number + 1, column, value, text)
                elif column in _DAYS:
                    sheet.write_datetime(number + 1, column, date.fromisoformat(value), day)
                else:
                    sheet.write_string(number + 1, column, value, text)
        sheet.print_area(0, 0, len(items) + 1, len(_COLUMNS) - 1 - _FOR_PROGRAMS)
        sheet.freeze_panes(2, 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, 1)
        sheet.set_footer("&C&P / &N")
    return target.getvalue()


def _cells(number: int, item: Mapping[str, Any]) -> Sequence[str | int | None]:
    subject, place, unit = item["subject"], item["division"], item["unit"]
    return (
        number,
        item["kind_name"],
        subject["name"] or subject["id"],
        place and place["name"],
        unit and unit["name"],
        item["person"],
        item["due_on"],
        item["days"],
        item["since"],
        item["detail"],
        item["basis"],
        item["urgency"]["words"],
        item["rule"],
        subject["link"],
    )
