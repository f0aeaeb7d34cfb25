"""What `heli new`, `change` and `reopen` write and how they print it: old → new, as known on the day of effect."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console

from heli_cli.client import Heli
from heli_cli.commands.values import typed_values


def make_one(heli: Heli, kind: str, given: Sequence[str], *, on: date | None, console: Console) -> None:
    """Record something new and print its key."""
    path = f"/v1/{kind}"
    made = heli.call("registry", "POST", path, json={**typed_values(heli, kind, given), **_from(on)})
    console.print(f"已登记 recorded: {made.headers['Location'].rpartition('/')[2]}")


def change_one(heli: Heli, kind: str, key: str, given: Sequence[str], *, on: date | None, console: Console) -> None:
    """Change fields under the version that was read and print each with its value before and after.

    A later change of the same field stands: the values printed are those of the day of effect.
    """
    values, path = typed_values(heli, kind, given), f"/v1/{kind}/{key}"
    read = heli.call("registry", "GET", path)
    before = read.json() if on is None else heli.get("registry", path, on=on.isoformat())
    headers = {"If-Match": read.headers["ETag"]}
    heli.call("registry", "PATCH", path, json={**values, **_from(on)}, headers=headers)
    after = heli.get("registry", path, on=on and on.isoformat())
    for name in values:
        same = before[name] == after[name]
        line = "未变 unchanged" if same else f"{_shown(before[name])} → {_shown(after[name])}"
        console.print(f"{name}: {line}", soft_wrap=True)


def reopen_one(heli: Heli, kind: str, key: str, *, on: date | None, console: Console) -> None:
    """Open a closed record again."""
    path = f"/v1/{kind}/{key}"
    headers = {"If-Match": heli.call("registry", "GET", path).headers["ETag"]}
    heli.call("registry", "POST", f"{path}/reopen", json=_from(on), headers=headers)
    console.print(f"{key} 已恢复 open again")


def _from(on: date | None) -> Mapping[str, str]:
    return {} if on is None else {"effective_on": on.isoformat()}


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
