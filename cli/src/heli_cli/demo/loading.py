"""Loading a county through the public API: what can be imported as a list is, the rest is sent one by one.

A load that was interrupted is repeated as a whole: what is there already is left as it is.
"""

import csv
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from heli_cli.client import Heli
from heli_cli.demo.files import COLUMNS, file_row
from heli_cli.demo.record import KINDS, OF_ASSESSMENT, Record
from heli_cli.demo.scores import put_book
from heli_cli.importing import Wanted, import_file
from heli_cli.refusals import Refusal

IMPORTED = (
    "divisions", "zones", "enterprises", "party-organizations", "covers", "mass-organizations", "assignments",
)  # fmt: skip
_AT_ONCE = 4
_KEYS = {"divisions": "code", "enterprises": "uscc"}
# A list cannot name as original what only the same list brings: duplicates follow in a list of their own.
_DUPLICATES = "duplicates"
# Units name their parents, so they are sent in their order.
_IN_ORDER = ("units",)


def load(heli: Heli, records: Iterable[Record], console: Console) -> Counter[str]:
    """Load the records and return how many of each kind were new; Refusal when a service refuses one."""
    with tempfile.TemporaryDirectory(prefix="heli-county-") as name:
        folder = Path(name)
        counts = _spool(records, folder)
        loaded: Counter[str] = Counter()
        registry = [kind for kind in KINDS if kind not in OF_ASSESSMENT]
        registry.insert(registry.index("enterprises") + 1, _DUPLICATES)
        columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            for kind in (*registry, "closings", *OF_ASSESSMENT):
                if kind == "marks":
                    put_book(heli)  # marks name the rulebook they judge by
                bar = progress.add_task(kind, total=counts[kind])
                if kind in (*IMPORTED, _DUPLICATES):
                    listed = "enterprises" if kind == _DUPLICATES else kind
                    loaded[listed] += _import(heli, listed, folder / f"{kind}.csv", console)
                    progress.update(bar, completed=counts[kind])
                else:
                    for is_new in _send(heli, kind, folder / f"{kind}.ndjson"):
                        loaded[kind] += is_new
                        progress.advance(bar)
    return loaded


def _spool(records: Iterable[Record], folder: Path) -> Counter[str]:
    """Write the records to one file per kind, so that kinds can be sent in their order without being held."""
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        lists = {name: _list(stack, folder, name) for name in (*IMPORTED, _DUPLICATES)}
        lines = {name: _opened(stack, folder / f"{name}.ndjson") for name in (*KINDS, "closings") if name not in lists}
        for record in records:
            name, cells = file_row(record)
            if "duplicate_of" in record.fields:
                name = _DUPLICATES
            counts[name] += 1
            if name in lists:
                lists[name].writerow(cells)
            else:
                lines[name].write(json.dumps(_line(record), ensure_ascii=False) + "\n")
    return counts


def _list(stack: ExitStack, folder: Path, name: str) -> Any:
    found = csv.writer(_opened(stack, folder / f"{name}.csv"))
    found.writerow(COLUMNS["enterprises" if name == _DUPLICATES else name])
    return found


def _opened(stack: ExitStack, file: Path) -> TextIO:
    return stack.enter_context(file.open("w", encoding="utf-8", newline=""))


def _line(record: Record) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "key": record.key,
        "effective_on": record.effective_on.isoformat(),
        "fields": dict(record.fields),
    }


def _import(heli: Heli, kind: str, file: Path, console: Console) -> int:
    found = import_file(heli, kind, file, Wanted(), console=console)
    rows = found["rows"]
    if rows["refused"]:
        first = heli.get("registry", f"/v1/imports/{found['id']}/refusals", limit=1)["items"][0]
        raise Refusal(
            f"示例数据有 {rows['refused']} 行 {kind} 被退回，例如：{first}",
            f"{rows['refused']} rows of the demo's {kind} were refused.",
        )
    return int(rows["created"])


def _send(heli: Heli, kind: str, file: Path) -> Iterator[bool]:
    """Send the lines of a file, several at once, and yield for each whether it was new."""
    if kind in _IN_ORDER:
        yield from (_send_one(heli, kind, line) for line in _lines(file))
        return
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        lines = _lines(file)
        while batch := list(islice(lines, 500)):
            yield from pool.map(lambda line: _send_one(heli, kind, line), batch)


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def _send_one(heli: Heli, kind: str, line: dict[str, Any]) -> bool:
    key, fields = line["key"], line["fields"]
    if kind == "closings":
        reason = fields["closed_reason"]
        return heli.close_record("registry", line["kind"], key, reason=reason, effective_on=line["effective_on"])
    service = "assessment" if kind in OF_ASSESSMENT else "registry"
    body = {_KEYS.get(kind, "id"): key, "effective_on": line["effective_on"], **fields}
    return heli.create(service, kind, key, body)
