"""A workbook to fill in: headers with notes, drop-downs on a hidden sheet, an example row, columns of text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from heli_shared.lists.headers import EXAMPLE_MARK, MARKS

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

_FIRST_ROW, _LAST_ROW = 1, 1_048_575
_LISTS, _NOTES = "选项", "填写说明"
_EARLIEST = date(1900, 1, 1)
_BOX = {"author": "Heli", "x_scale": 2.2, "y_scale": 1.6}


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column: its field and header, what its note says, what the example shows, and what may be chosen.

    `checked` is what a spreadsheet checks while a clerk types, beside the options: it warns and lets pass.
    """

    name: str
    label: str
    note: str
    is_needed: bool
    example: str = ""
    shape: Literal["text", "date", "number"] = "text"
    checked: Literal["date", "integer"] | None = None
    options: Sequence[str] = ()


def write_columns(path: Path, title: str, columns: Sequence[TemplateColumn]) -> None:
    """Write the template of a list."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        _Template(book, title, columns).write()


class _Template:
    """One template being written: the list, its notes, and a hidden sheet of what its drop-downs offer."""

    def __init__(self, book: "Workbook", title: str, columns: Sequence[TemplateColumn]) -> None:
        self._book = book
        self._columns = columns
        self._sheet = book.add_worksheet(title)
        self._notes = book.add_worksheet(_NOTES)
        self._lists = book.add_worksheet(_LISTS)
        self._text = book.add_format({"num_format": "@"})
        self._shapes = {
            "text": self._text, "date": book.add_format({"num_format": "yyyy-mm-dd"}), "number": book.add_format(),
        }  # fmt: skip
        head = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
        self._must = book.add_format({**head, "bg_color": "#F8CBAD"})
        self._may = book.add_format({**head, "bg_color": "#DDEBF7"})
        sample = {"italic": True, "font_color": "#7F7F7F", "bg_color": "#F2F2F2"}
        self._sample = book.add_format({**sample, "num_format": "@"})

    def write(self) -> None:
        """Write all three sheets."""
        sheet = self._sheet
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 32)
        sheet.set_column(0, 0, 8, self._text)
        sheet.write_string(0, 0, MARKS, self._may)
        sheet.write_comment(0, 0, f"示例行标有“{EXAMPLE_MARK}”，导入时跳过，不必删除。您填写的行请把本列留空。", _BOX)
        sheet.write_string(1, 0, EXAMPLE_MARK, self._sample)
        for place, each in enumerate(self._columns, start=1):
            self._write_column(place, each)
        self._write_notes()
        self._lists.hide()
        sheet.activate()

    def _write_column(self, place: int, each: TemplateColumn) -> None:
        sheet = self._sheet
        sheet.set_column(place, place, max(12, min(2 * len(each.label) + 4, 40)), self._shapes[each.shape])
        sheet.write_string(0, place, each.label, self._must if each.is_needed else self._may)
        sheet.write_comment(0, place, each.note, _BOX)
        sheet.write_string(1, place, each.example, self._sample)
        rule = self._rule(place, each)
        if rule is not None:
            sheet.data_validation(_FIRST_ROW, place, _LAST_ROW, place, rule)

    def _rule(self, place: int, each: TemplateColumn) -> dict[str, Any] | None:
        """Return the check a spreadsheet makes while a clerk types: it warns and lets pass, as codes and 清空 may."""
        told = {"error_type": "warning", "error_title": "请核对", "ignore_blank": True}
        if each.options:
            return {
                **told, "validate": "list", "source": f"={self._list_name(place, each)}",
                "error_message": "不在下拉选项中。如填的是代码、编号或“清空”，可以继续。",
            }  # fmt: skip
        if each.checked == "date":
            return {
                **told, "validate": "date", "criteria": ">=", "value": _EARLIEST,
                "error_message": "请填日期，例如 2012-05-18。",
            }  # fmt: skip
        if each.checked == "integer":
            return {
                **told, "validate": "integer", "criteria": ">=", "value": 0,
                "error_message": "请填不小于0的整数。如填“清空”，可以继续。",
            }  # fmt: skip
        return None

    def _list_name(self, place: int, each: TemplateColumn) -> str:
        """Lay a list down on the hidden sheet and return the name it goes by; within a rule it might not be as long."""
        self._lists.write_string(0, place, each.label)
        for line, option in enumerate(each.options, start=1):
            self._lists.write_string(line, place, option)
        column = _letters(place)
        self._book.define_name(f"list_{each.name}", f"='{_LISTS}'!${column}$2:${column}${len(each.options) + 1}")
        return f"list_{each.name}"

    def _write_notes(self) -> None:
        notes = self._notes
        for column, width in enumerate((26, 8, 60)):
            notes.set_column(column, column, width, self._text)
        for column, title in enumerate(("列名", "必填", "说明")):
            notes.write_string(0, column, title, self._may)
        for line, each in enumerate(self._columns, start=1):
            notes.write_string(line, 0, each.label)
            notes.write_string(line, 1, "必填" if each.is_needed else "")
            notes.write_string(line, 2, each.note.replace("\n", "；"))
        notes.freeze_panes(1, 0)


def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))
