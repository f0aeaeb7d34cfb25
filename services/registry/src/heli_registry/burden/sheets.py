"""Pre-filled forms as files that clerks open: CSV and XLSX, in bounded memory, without a formula anywhere."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from heli_shared.records.encoding import inert

SheetFormat = Literal["csv", "xlsx"]
MEDIA_TYPES: dict[SheetFormat, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WIDTH = 18
_SHEET_NAME = 31


def sheet_bytes(
    format_: SheetFormat, title: str, header: Sequence[str], lines: Iterable[Sequence[Any]]
) -> tuple[bytes, int]:
    """Return a sheet as a file's bytes and how many rows it has below its header."""
    counted = _Counted(lines)
    content = _csv(header, counted) if format_ == "csv" else _xlsx(title, header, counted)
    return content, counted.count


class _Counted:
    """Rows counted while they pass."""

    def __init__(self, lines: Iterable[Sequence[Any]]) -> None:
        self._lines = lines
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for line in self._lines:
            self.count += 1
            yield line


def _csv(header: Sequence[str], lines: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    text.write("\ufeff")  # spreadsheets take a file without it for another encoding
    writer = csv.writer(text)
    writer.writerow([inert(cell) for cell in header])
    for line in lines:
        writer.writerow([inert(_plain(cell)) for cell in line])
    return text.getvalue().encode()


def _xlsx(title: str, header: Sequence[str], lines: Iterable[Sequence[Any]]) -> bytes:
    import xlsxwriter

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        with xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": folder}) as book:
            sheet = book.add_worksheet(_sheet_name(title))
            bold = book.add_format({"bold": True, "text_wrap": True})
            sheet.set_column(0, len(header) - 1, _WIDTH)
            sheet.freeze_panes(1, 0)
            for column, cell in enumerate(header):
                sheet.write_string(0, column, cell, bold)
            for number, line in enumerate(lines, start=1):
                for column, cell in enumerate(line):
                    if isinstance(cell, int) and not isinstance(cell, bool):
                        sheet.write_number(number, column, cell)
                    elif cell is not None:
                        # Always as text: a value that looks like a formula is none.
                        sheet.write_string(number, column, str(_plain(cell)))
        return path.read_bytes()


def _plain(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, list):
        return "；".join(str(part) for part in cell)
    return cell


def _sheet_name(title: str) -> str:
    plain = "".join(sign for sign in title if sign not in "[]:*?/\\'")
    return plain[:_SHEET_NAME] or "报表"
