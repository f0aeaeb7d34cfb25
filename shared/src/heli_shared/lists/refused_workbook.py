"""Refused rows as a workbook of the layout in which they were sent: corrected there, it is sent again as it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heli_shared.lists.headers import REMARKS
from heli_shared.lists.layouts import Layout, shown_cell

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_COMMENTS = 5_000
"""Comments are for the first so many faulty cells; a spreadsheet opens slowly with more. Colours are for all."""
_LONGEST_CELL = 32_767
_EXACT = 1e15
_CUT = "（有单元格超过32,767字，已截断）"


@dataclass(frozen=True, slots=True)
class ReturnedImport:
    """The import whose rows go back: its id, its file's name, and how many rows were refused."""

    id: str
    file_name: str
    refused: int


def write_refused(
    path: Path, job: ReturnedImport, layout: Layout, rows: Iterable[Any], *, sheet: str, language: str
) -> int:
    """Write the refused rows (row_number, errors, cells) into a workbook and return how many those were."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": f"{job.file_name} 退回行", "comments": job.id})
        return _Returned(book, layout, sheet=sheet, language=language).write(job, rows)


class _Returned:
    """One workbook being written: the list first, then a sheet that says what it is."""

    def __init__(self, book: "Workbook", layout: Layout, *, sheet: str, language: str) -> None:
        self._book = book
        self._layout = layout
        self._language = language
        self._sheet: Worksheet = book.add_worksheet(_sheet_name(layout.sheet or sheet))
        self._notes: Worksheet = book.add_worksheet("说明")
        # The column 错误说明 stands first; a list that has one already gets it in the same place.
        self._shift = 0 if layout.remarks == 0 else 1
        self._left_out = None if layout.remarks in (None, 0) else layout.remarks
        text = {"num_format": "@", "valign": "top"}
        self._text = book.add_format(text)
        self._day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        self._instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"})
        self._plain = book.add_format({"valign": "top"})
        wrong = {"bg_color": "#FFC7CE", "font_color": "#9C0006", "valign": "top"}
        self._wrong = {
            self._text: book.add_format({**wrong, "num_format": "@"}),
            self._day: book.add_format({**wrong, "num_format": "yyyy-mm-dd"}),
            self._instant: book.add_format({**wrong, "num_format": "yyyy-mm-dd hh:mm:ss"}),
            self._plain: book.add_format(wrong),
        }
        self._why = book.add_format({"num_format": "@", "font_color": "#9C0006", "text_wrap": True, "valign": "top"})
        self._head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "valign": "top"})
        self._comments = 0

    def write(self, job: ReturnedImport, rows: Iterable[Any]) -> int:
        """Write everything and return the number of rows."""
        layout = self._layout
        sheet = self._sheet
        sheet.set_column(0, 0, 48)
        sheet.set_column(1, max(layout.width, 1), 18)
        line = 0
        for above in layout.above:
            self._write_cells(line, above, {}, None)
            line += 1
        self._write_header(line)
        line += 1
        sheet.freeze_panes(line, 1)
        first = line
        for row in rows:
            if row.cells is not None:
                self._write_row(line, row)
                line += 1
        if line > first:
            sheet.autofilter(first - 1, 0, line - 1, max(layout.width - 1 + self._shift, 0))
        self._write_notes(job, line - first)
        return line - first

    def _write_header(self, line: int) -> None:
        layout = self._layout
        self._sheet.write_string(line, 0, REMARKS, self._head)
        header = layout.header
        if header is None:  # a list without a header gets one, so that its columns are known when it comes back
            by_place = {place: name for name, place in layout.places.items()}
            header = [by_place.get(place, f"第{place + 1}列") for place in range(layout.width)]
        for place, cell in enumerate(header):
            column = self._column(place)
            if column is not None:
                self._put(line, column, shown_cell(cell), self._head)

    def _column(self, place: int) -> int | None:
        """Return where a column of the list stands in the workbook; None for its own 错误说明, which is made anew."""
        if place == self._layout.remarks:
            return None
        if self._left_out is not None and place > self._left_out:
            return place
        return place + self._shift

    def _write_row(self, line: int, row: Any) -> None:
        messages: dict[int, list[str]] = {}
        whole: list[str] = []
        for each in row.errors:
            message = each[self._language]
            whole.append(f"{each['column']}：{message}" if each["column"] else message)
            if each["column"] in self._layout.places:
                messages.setdefault(self._layout.places[each["column"]], []).append(message)
        self._write_cells(line, row.cells, messages, "；".join(whole))

    def _write_cells(
        self, line: int, cells: Sequence[Any], messages: Mapping[int, Sequence[str]], why: str | None
    ) -> None:
        shown = [shown_cell(cell) for cell in cells]
        if why is not None:
            is_cut = any(isinstance(cell, str) and len(cell) > _LONGEST_CELL for cell in shown)
            self._sheet.write_string(line, 0, (why + (_CUT if is_cut else ""))[:_LONGEST_CELL], self._why)
        for place in range(max(len(shown), *(each + 1 for each in messages), 0) if messages else len(shown)):
            column = self._column(place)
            if column is None:
                continue
            cell = shown[place] if place < len(shown) else None
            shape = self._shape(cell)
            self._put(line, column, cell, self._wrong[shape] if place in messages else shape)
            if place in messages and self._comments < MOST_COMMENTS:
                self._comments += 1
                self._sheet.write_comment(line, column, "\n".join(messages[place]), {"author": "Heli"})

    def _shape(self, cell: Any) -> "Format":
        if cell is None or isinstance(cell, str):
            return self._text
        if isinstance(cell, datetime):
            return self._instant
        return self._day if isinstance(cell, date) else self._plain

    def _put(self, line: int, column: int, cell: Any, shape: "Format") -> None:
        """Write a cell as what it was; text is never taken for a formula, a number or an address."""
        sheet = self._sheet
        if cell is None or cell == "":
            sheet.write_blank(line, column, None, shape)
        elif isinstance(cell, bool):
            sheet.write_boolean(line, column, cell, shape)
        elif isinstance(cell, (datetime, date)) and cell.year >= 1900:  # noqa: PLR2004 - where spreadsheets' days begin
            sheet.write_datetime(line, column, cell, shape)
        elif isinstance(cell, (int, float)) and abs(cell) < _EXACT:
            sheet.write_number(line, column, cell, shape)
        else:
            sheet.write_string(line, column, str(cell)[:_LONGEST_CELL], shape)

    def _write_notes(self, job: ReturnedImport, count: int) -> None:
        notes = self._notes
        notes.set_column(0, 0, 16)
        notes.set_column(1, 1, 90)
        refused = job.refused
        rest = f"（只保留前{count}行，其余{refused - count}行请在原文件中更正）" if count < refused else ""
        lines = [
            ("导入编号", job.id),
            ("原文件", job.file_name),
            ("退回行数", str(refused)),
            ("本表行数", f"{count}{rest}"),
            ("怎么用", f"按首列“{REMARKS}”和标红单元格更正，保存后原样重新上传；该列导入时忽略，不必删除。"),
        ]  # fmt: skip
        if self._comments == MOST_COMMENTS:
            lines.append(("批注", f"批注只加到前{MOST_COMMENTS}处；其余见首列。"))
        for line, (name, text) in enumerate(lines):
            notes.write_string(line, 0, name, self._head)
            notes.write_string(line, 1, text, self._text)


def _sheet_name(name: str) -> str:
    """Return a name as a sheet may bear it; never that of the sheet of notes."""
    plain = "".join(sign for sign in name if sign not in "[]:*?/\\").strip().strip("'")[:31]
    return plain if plain and plain not in ("说明", "History") else "名单"
