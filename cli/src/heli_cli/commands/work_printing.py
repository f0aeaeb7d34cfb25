"""What the commands on the year's work print and send: plans, tasks, activities, letters, orders, alarms."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from heli_cli.client import Heli
from heli_cli.refusals import Refusal

SERVICE = "assessment"


def print_rows(console: Console, titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table; nothing when it has no rows."""
    if not rows:
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*("–" if cell is None else str(cell) for cell in row))
    console.print(table)


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that were given."""
    return {name: value for name, value in values.items() if value is not None}


def take_step(heli: Heli, plural: str, key: str, step: str, body: Mapping[str, Any]) -> Any:
    """Take a step with a record as it was just read and return what became of it."""
    path = f"/v1/{plural}/{key}"
    headers = {"If-Match": heli.call(SERVICE, "GET", path).headers["ETag"]}
    return heli.call(SERVICE, "POST", f"{path}/{step}", json=dict(body), headers=headers).json()


def attach_file(heli: Heli, file: Path, unit: str | None) -> dict[str, Any]:
    """Send a file in as an attachment and return it."""
    if not file.is_file():
        raise Refusal(f"没有文件 {file}。", f"There is no file {file}.")
    with file.open("rb") as stream:
        answer = heli.call(
            SERVICE, "POST", "/v1/attachments", params=given({"unit": unit}), files={"file": (file.name, stream)}
        )
    found: dict[str, Any] = answer.json()
    return found
