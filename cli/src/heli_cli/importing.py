"""`heli import`: send lists to the registry, wait with a bar, and tell what became of their rows."""

import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from heli_cli.client import Heli
from heli_cli.refusals import Refusal

COLUMNS = ("read", "created", "updated", "unchanged", "refused")
_TITLES = ("读取 read", "新增 created", "更新 updated", "未变 unchanged", "退回 refused")
_UNDER_WAY = ("queued", "running")
_SHOWN_REFUSALS = 10
_PAUSE = 0.1


def import_files(heli: Heli, kind: str, files: list[Path], *, dry_run: bool, console: Console) -> int:
    """Import the files one after another and print the outcome; return the number of refused rows.

    Refusal when a file cannot be sent or an import ends without being done.
    """
    for file in files:
        if not file.is_file():
            raise Refusal(f"没有文件 {file}。", f"There is no file {file}.")
    refused = 0
    table = Table("文件 file", *_TITLES, title="试运行，未写入 dry run: nothing was stored" if dry_run else None)
    refusals: list[tuple[str, dict[str, Any]]] = []
    for file in files:
        found = import_file(heli, kind, file, dry_run=dry_run, console=console)
        rows = found["rows"]
        table.add_row(file.name, *(f"{rows[name]:,}" for name in COLUMNS))
        refused += rows["refused"]
        if rows["refused"] and len(refusals) < _SHOWN_REFUSALS:
            page = heli.get("registry", f"/v1/imports/{found['id']}/refusals", limit=_SHOWN_REFUSALS)
            refusals += [(file.name, item) for item in page["items"]]
    console.print(table)
    _print_refusals(refusals[:_SHOWN_REFUSALS], refused, console)
    return refused


def import_file(heli: Heli, kind: str, file: Path, *, dry_run: bool, console: Console) -> dict[str, Any]:
    """Send one file, follow the import to its end and return it; Refusal when it failed or was cancelled."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rows]}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(file.name, total=None, rows="")
        where = f"/v1/imports/{heli.upload(file, kind, dry_run=dry_run)}"
        found: dict[str, Any] = heli.get("registry", where)
        while found["status"] in _UNDER_WAY:
            progress.update(bar, rows=f"{found['rows']['read']:,}")
            time.sleep(_PAUSE)
            found = heli.get("registry", where)
    if found["status"] != "done":
        told = found["error"] or found["status"]
        raise Refusal(f"{file.name} 未能导入：{told}", f"{file.name} was not imported: {found['status']}.")
    return found


def _print_refusals(refusals: list[tuple[str, dict[str, Any]]], refused: int, console: Console) -> None:
    if not refusals:
        return
    table = Table(
        "文件 file", "行 row", "原因 reason", title=f"退回 {refused:,} 行，先列 {len(refusals)} 行 first refusals"
    )
    for name, item in refusals:
        table.add_row(name, str(item["row"]), _reasons(item))
    console.print(table)


def _reasons(item: dict[str, Any]) -> str:
    return "；".join(
        f"{each['column']}：{each['message']}" if each["column"] else each["message"] for each in item["errors"]
    )
