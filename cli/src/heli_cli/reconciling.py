"""`heli reconcile`: the rows of a list with the records they mean written beside them, as CSV or XLSX."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from heli_cli.client import Heli
from heli_cli.refusals import Refusal

_BATCH = 20
_SHEETS = (".xlsx", ".xls", ".ods")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SURE, _LIKELY, _NONE = "对上 matched", "待核 to check", "未找到 none"


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds the names, and which ones (if any) hold what is told beside, by property."""

    name: str
    properties: Mapping[str, str | None]


def reconcile_file(
    heli: Heli, console: Console, file: Path, columns: Columns, *, out: Path | None, kind: str, candidates: int
) -> None:
    """Write the list with three columns for each candidate beside its rows, and tell how many were matched."""
    head, rows = read_table(file)
    missing = [name for name in (columns.name, *columns.properties.values()) if name is not None and name not in head]
    if missing:
        raise Refusal(
            f"没有“{'、'.join(missing)}”列；表头为：{'、'.join(head)}。", f"There is no column {missing}.", code=2
        )
    out = out or file.with_name(f"{file.stem}_对账.csv")
    if out.suffix not in (".csv", ".xlsx"):
        raise Refusal("结果文件应为 .csv 或 .xlsx。", "Write to a .csv or .xlsx file.", code=2)
    more = [
        "对账结果",
        *(f"{what}{number}" for number in range(1, candidates + 1) for what in ("编号", "名称", "把握")),
    ]
    found: list[list[str]] = []
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        for start in progress.track(range(0, len(rows), _BATCH), description=file.name):
            part = [dict(zip(head, row, strict=False)) for row in rows[start : start + _BATCH]]
            found += _answers(heli, kind, part, columns, candidates)
    write_table(out, [*head, *more], [[*row, *told] for row, told in zip(rows, found, strict=True)])
    counts = {state: sum(told[0] == state for told in found) for state in (_SURE, _LIKELY, _NONE)}
    console.print("  ".join(f"{state} {count:,}" for state, count in counts.items()), soft_wrap=True)
    console.print(f"已写入 wrote {out}", soft_wrap=True)


def _answers(
    heli: Heli, kind: str, rows: Sequence[Mapping[str, str]], columns: Columns, candidates: int
) -> Iterator[list[str]]:
    queries = {
        str(place): _query(row, columns, candidates) for place, row in enumerate(rows) if row[columns.name].strip()
    }
    answer: dict[str, Any] = {}
    if queries:
        form = {"queries": json.dumps(queries, ensure_ascii=False)}
        answer = heli.call("registry", "POST", f"/v1/reconciliation/{kind}", data=form).json()
    for place in range(len(rows)):
        found = answer.get(str(place), {"result": []})["result"]
        cells = [cell for each in found for cell in (each["id"], each["name"], f"{each['score']:g}")]
        state = _NONE if not found else _SURE if found[0]["match"] else _LIKELY
        yield [state, *cells, *[""] * (3 * (candidates - len(found)))]


def _query(row: Mapping[str, str], columns: Columns, candidates: int) -> dict[str, Any]:
    told = [
        {"pid": pid, "v": row[column].strip()}
        for pid, column in columns.properties.items()
        if column is not None and row[column].strip()
    ]
    return {"query": row[columns.name].strip()[:500], "limit": candidates, "properties": told}


def read_table(file: Path) -> tuple[list[str], list[list[str]]]:
    """Return the head and rows of a CSV (UTF-8 or GBK) or of a workbook's first sheet, each row as wide as the head."""
    if not file.is_file():
        raise Refusal(f"没有文件 {file}。", f"There is no file {file}.")
    rows = list(_sheet_rows(file) if file.suffix.lower() in _SHEETS else _csv_rows(file))
    if not rows:
        raise Refusal(f"{file.name} 是空的。", f"{file.name} is empty.")
    head = [cell.strip() for cell in rows[0]]
    return head, [[*row, *[""] * len(head)][: len(head)] for row in rows[1:] if any(cell.strip() for cell in row)]


def _csv_rows(file: Path) -> Iterator[list[str]]:
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    return csv.reader(io.StringIO(text, newline=""))


def _sheet_rows(file: Path) -> Iterator[list[str]]:
    import python_calamine

    sheet = python_calamine.CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0)
    for row in sheet.to_python():
        yield [str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell) for cell in row]


def write_table(file: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table as CSV that spreadsheets open rightly, or as XLSX; no cell is ever taken for a formula."""
    if file.suffix == ".xlsx":
        import xlsxwriter

        with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            sheet = book.add_worksheet("对账")
            sheet.freeze_panes(1, 0)
            for place, row in enumerate((head, *rows)):
                for column, cell in enumerate(row):
                    sheet.write_string(place, column, cell)
        return
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(head)
        writer.writerows([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
