"""A process of its own that reads a workbook under hard limits of memory and time, and writes rows as JSON lines.

A workbook can claim a cell at the far corner of the sheet and make any reader allocate gigabytes: here only this
process ends. Usage: python -m heli_registry.imports.workbook_worker FILE MEMORY_BYTES SECONDS
Lines: {"sheet": name}, then lists of rows; a cell is text, number, true/false, null or {"d": ISO date or datetime}.
"""

import json
import resource
import sys
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineWorkbook

_ROWS_PER_LINE = 1_000
_LONGEST_EMPTY_RUN = 10_000


def _encoded(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return {"d": value.isoformat()}
    return str(value)


def main() -> None:
    """Read the workbook named on the command line and print its sheets."""
    path, memory, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    write = sys.stdout.write
    encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=_encoded).encode
    workbook = CalamineWorkbook.from_path(path)
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        write(encode({"sheet": name, "height": sheet.total_height, "width": sheet.total_width}) + "\n")
        rows: list[list[Any]] = []
        for row in sheet.iter_rows():
            rows.append(row)
            if len(rows) == _ROWS_PER_LINE:
                write(encode(rows) + "\n")
                rows.clear()
        write(encode(rows) + "\n")
    write('{"end":true}\n')


if __name__ == "__main__":
    main()
