"""A process of its own that reads a workbook under hard limits of memory and time, and writes rows as JSON lines.

A workbook can claim a cell at the far corner of the sheet and make any reader allocate gigabytes: here only this
process ends. Usage: python -m heli_shared.lists.workbook_worker FILE MEMORY_BYTES SECONDS
Lines: {"sheet": name, "height": …, "width": …}, then lists of rows; a cell is text, number, true/false, null or
{"d": ISO date or datetime}. A large XLSX is read slice by slice; its height and width are told as 0.
"""

import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook

from heli_shared.lists.sheet_slices import NotSliceableError, SlicedWorkbook

_ROWS_PER_LINE = 1_000
LARGE = 48 << 20
"""From so many bytes of XML a sheet is read slice by slice."""
Row = list[Any]


def _encoded(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return {"d": value.isoformat()}
    return str(value)


_ENCODE = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=_encoded).encode


def main() -> None:
    """Read the workbook named on the command line and print its sheets."""
    path, memory, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if not _write_sliced(path):
        _write_whole(path)
    sys.stdout.write('{"end":true}\n')


def _write_sliced(path: str) -> bool:
    """Write a large XLSX slice by slice; False, and nothing is written, when it is not large or not to be cut."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        try:
            book = SlicedWorkbook(archive)
            if book.largest < LARGE:
                return False
            sheets = book.sheets()
            name, slices = next(sheets)
            rows = rows_of_slices(slices)
            first = next(rows, [])  # the first slice tells whether the workbook can be cut at all
        except NotSliceableError:
            return False
        _write_sheet(_head(name), _joined(first, rows))
        for name, slices in sheets:
            _write_sheet(_head(name), rows_of_slices(slices))
    return True


def _head(name: str) -> dict[str, Any]:
    return {"sheet": name, "height": 0, "width": 0}


def _joined(first: Row, rows: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rows


def rows_of_slices(slices: Iterator[bytes]) -> Iterator[Row]:
    """Yield the rows of small workbooks as the sheet has them: at their numbers, and never narrower than one before."""
    expected, width = 0, 0
    for content in slices:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        if sheet.start is None:
            continue
        top, left = sheet.start
        for _ in range(top - expected):
            yield []
        before: Row = [""] * left
        for row in sheet.to_python(skip_empty_area=True):
            whole = before + row
            width = max(width, len(whole))
            yield whole + [""] * (width - len(whole))
        expected = top + sheet.height


def _write_whole(path: str) -> None:
    workbook = CalamineWorkbook.from_path(path)
    for name in workbook.sheet_names:
        sheet: CalamineSheet = workbook.get_sheet_by_name(name)
        _write_sheet({"sheet": name, "height": sheet.total_height, "width": sheet.total_width}, sheet.iter_rows())


def _write_sheet(head: dict[str, Any], rows: Iterator[Row]) -> None:
    write = sys.stdout.write
    write(_ENCODE(head) + "\n")
    block: list[Row] = []
    for row in rows:
        block.append(row)
        if len(block) == _ROWS_PER_LINE:
            write(_ENCODE(block) + "\n")
            block.clear()
    write(_ENCODE(block) + "\n")


if __name__ == "__main__":
    main()
