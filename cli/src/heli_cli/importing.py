"""`heli import` and its like: send lists in, wait with a bar, tell what became of their rows; apply, undo."""

import time
from dataclasses import dataclass
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
_SHOWN_CHANGES = 20
_OPERATIONS = {"create": "新增", "change": "更新", "reopen": "恢复"}
_PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Taken:
    """Which service takes the lists in, and the command that sends them."""

    service: str = "registry"
    command: str = "import"


TAKEN = Taken()


@dataclass(frozen=True, slots=True)
class Wanted:
    """How lists are to be imported, and what is to be told and kept of them."""

    dry_run: bool = False
    shows_changes: bool = False
    all_or_nothing: bool = False
    effective_on: str | None = None
    workbook: Path | None = None
    plan: str | None = None
    taken: "Taken" = TAKEN

    @property
    def mode(self) -> str:
        """Return the mode as the service names it."""
        return "all_or_nothing" if self.all_or_nothing else "accept_valid"


def import_files(heli: Heli, kind: str, files: list[Path], wanted: Wanted, *, console: Console) -> int:
    """Import the files one after another and print the outcome; return the number of refused rows.

    Refusal when a file cannot be sent or an import ends without being done.
    """
    for file in files:
        if not file.is_file():
            raise Refusal(f"没有文件 {file}。", f"There is no file {file}.")
    if wanted.workbook is not None and len(files) > 1:
        raise Refusal("--workbook 只能用于一个文件。", "--workbook takes one list at a time.", code=2)
    ended = [import_file(heli, kind, file, wanted, console=console) for file in files]
    return _tell(heli, ended, wanted, console=console)


def apply_import(heli: Heli, preview: str, wanted: Wanted, *, even_if_changed: bool, console: Console) -> int:
    """Apply a previewed import and print the outcome; return the number of refused rows."""
    changed = "true" if even_if_changed else "false"
    path = f"/v1/imports/{preview}/apply"
    queued = heli.post(wanted.taken.service, path, mode=wanted.mode, even_if_changed=changed)
    return _tell(heli, [_followed(heli, queued["id"], preview, wanted.taken, console=console)], wanted, console=console)


def undo_import(heli: Heli, import_id: str, *, taken: Taken = TAKEN, console: Console) -> None:
    """Take an import back and tell what that came to; Refusal names what was built on it since."""
    done = heli.post(taken.service, f"/v1/imports/{import_id}/undo")
    console.print(
        f"已撤销 undone {import_id}：关闭新增 closed {done['closed']:,}，恢复原值 restored {done['restored']:,}"
    )
    if done.get("left_open"):
        console.print(f"已被使用、未关闭的区划 divisions in use, left open: {', '.join(done['left_open'])}")


def _tell(heli: Heli, ended: list[dict[str, Any]], wanted: Wanted, *, console: Console) -> int:
    title = "试运行，未写入 dry run: nothing was stored" if wanted.dry_run else None
    table = Table("文件 file", *_TITLES, title=title)
    refused = 0
    refusals: list[tuple[str, dict[str, Any]]] = []
    for found in ended:
        rows = found["rows"]
        table.add_row(found["file_name"], *(f"{rows[name]:,}" for name in COLUMNS))
        refused += rows["refused"]
        if rows["refused"] and len(refusals) < _SHOWN_REFUSALS:
            page = heli.get(wanted.taken.service, f"/v1/imports/{found['id']}/refusals", limit=_SHOWN_REFUSALS)
            refusals += [(found["file_name"], item) for item in page["items"]]
    console.print(table)
    for found in ended:
        if wanted.shows_changes:
            _print_preview(heli, found["id"], wanted.taken, console)
        elif not wanted.dry_run and found["rows"]["created"] + found["rows"]["updated"]:
            console.print(f"撤销 to undo it: ./dev heli {wanted.taken.command} --undo {found['id']}", soft_wrap=True)
    _print_refusals(refusals[:_SHOWN_REFUSALS], refused, console)
    if wanted.workbook is not None and refused:
        heli.download(wanted.taken.service, f"/v1/imports/{ended[0]['id']}/workbook", wanted.workbook)
        console.print(f"退回行已写入 refused rows written to {wanted.workbook}")
    return refused


def import_file(heli: Heli, kind: str, file: Path, wanted: Wanted, *, console: Console) -> dict[str, Any]:
    """Send one file, follow the import to its end and return it; Refusal when it failed or was cancelled."""
    mode = wanted.mode if wanted.all_or_nothing else None
    more = {"effective_on": wanted.effective_on, "mode": mode, "plan": wanted.plan}
    import_id = heli.upload(file, kind, service=wanted.taken.service, dry_run=wanted.dry_run, **more)
    return _followed(heli, import_id, file.name, wanted.taken, console=console)


def _followed(heli: Heli, import_id: str, name: str, taken: Taken, *, console: Console) -> dict[str, Any]:
    """Follow an import to its end and return it; Refusal when it failed or was cancelled."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rows]}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(name, total=None, rows="")
        where = f"/v1/imports/{import_id}"
        found: dict[str, Any] = heli.get(taken.service, where)
        while found["status"] in _UNDER_WAY:
            progress.update(bar, rows=f"{found['rows']['read']:,}")
            time.sleep(_PAUSE)
            found = heli.get(taken.service, where)
    if found["status"] != "done":
        told = found["error"] or found["status"]
        raise Refusal(f"{name} 未能导入：{told}", f"{name} was not imported: {found['status']} ({import_id}).")
    return found


def _print_preview(heli: Heli, import_id: str, taken: Taken, console: Console) -> None:
    page = heli.get(taken.service, f"/v1/imports/{import_id}/preview", limit=_SHOWN_CHANGES)
    if page["items"]:
        shown = f"将有 {page['total']:,} 行改动，先列 {len(page['items'])} 行 rows that would change"
        table = Table("行 row", "操作", "名称 name", "字段 field", "原 before", "新 after", title=shown)
        for item in page["items"]:
            for number, change in enumerate(item["changes"]):
                head = (str(item["row"]), _OPERATIONS[item["operation"]], item["name"] or item["key"] or "")
                before = "" if change["before"] is None else str(change["before"])
                after = "（清空）" if change["after"] is None else str(change["after"])
                table.add_row(*(head if number == 0 else ("", "", "")), change["label"], before, after)
        console.print(table)
    console.print(f"应用 to apply it: ./dev heli {taken.command} --apply {import_id}", soft_wrap=True)


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
