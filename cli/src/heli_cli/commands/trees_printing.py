"""What the commands on trees print."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from heli_cli.client import Heli
from heli_cli.refusals import Refusal

_TREES = {"territory": "属地", "sector": "行业", "affiliation": "隶属"}
_STRUCTURES = {"then": "按当日结构 by the structure of that day", "now": "按今天的结构 by the structure of today"}
_SHOWN = 5


def print_tree(
    heli: Heli, tree: str, *, under: str | None, depth: int | None, on: date | None, console: Console
) -> None:
    """Print a tree, each node below the one above it."""
    asked = {"under": under, "depth": depth, "on": on and on.isoformat()}
    found = heli.get("registry", f"/v1/trees/{tree}", **asked)
    for node in found["items"]:
        closed = "" if node["state"] == "open" else "（已关闭 closed）"
        console.print(f"{'  ' * node['depth']}{node['key']} {node['name']}{closed}", soft_wrap=True)
    console.print(f"{found['on']}：{len(found['items'])} 个节点 nodes")


def print_path(heli: Heli, tree: str, key: str, *, on: date | None, console: Console) -> None:
    """Print the way from the top down to a node in one line."""
    found = heli.get("registry", f"/v1/trees/{tree}/nodes/{key}/path", on=on and on.isoformat())
    steps = " > ".join(f"{node['name']} {node['key']}" for node in found["items"])
    console.print(f"{found['on']}：{steps}", soft_wrap=True)


def print_counts(heli: Heli, tree: str, on: date, *, structure: str, console: Console) -> None:
    """Print how many enterprises stand at each node and below it; nodes without any are left out."""
    found = heli.get("registry", f"/v1/trees/{tree}/counts", on=on.isoformat(), structure=structure)
    table = _table("节点 node", "企业 enterprises", "纳入统计 counted")
    for node in found["items"]:
        if node["enterprises"]:
            name = f"{'  ' * node['depth']}{node['name']} {node['key']}"
            table.add_row(name, f"{node['enterprises']:,}", f"{node['counted']:,}")
    console.print(f"{on} {_TREES.get(tree, tree)}，{_STRUCTURES[structure]}")
    console.print(table)
    console.print(f"共 {found['enterprises']:,} 户 enterprises，未归入 unplaced {found['unplaced']:,} 户")


def print_agreement(heli: Heli, *, on: date | None, console: Console) -> None:
    """Print how many enterprises each tree holds and the first of those that it lacks."""
    found = heli.get("registry", "/v1/trees/agreement", on=on and on.isoformat())
    table = _table("树 tree", "已归入 placed", "缺 missing", "如 such as")
    for each in found["trees"]:
        first = "、".join(each["enterprises"][:_SHOWN])
        table.add_row(_TREES[each["tree"]], f"{each['placed']:,}", f"{each['missing']:,}", first or "–")
    console.print(table)
    verdict = "一致 the trees agree" if found["agrees"] else "不一致 the trees do not agree"
    console.print(f"{found['on']}：企业 enterprises {found['enterprises']:,} 户，{verdict}")


def read_parts(file: Path) -> Any:
    """Return the parts of a split as a file lists them; Refusal of what is no JSON."""
    try:
        return json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise Refusal(f"{file} 不是 JSON 文件。", f"{file} is no JSON.", code=2) from error


def reorganise(heli: Heli, path: str, verb: str, body: Mapping[str, Any], *, dry_run: bool, console: Console) -> None:
    """Merge or split a node, or preview it, and print how many records went where."""
    headers = {"If-Match": heli.call("registry", "GET", path).headers["ETag"]}
    given = {name: value for name, value in body.items() if value is not None}
    answer = heli.call("registry", "POST", f"{path}/{verb}", json={**given, "dry_run": dry_run}, headers=headers)
    found = answer.json()
    table = _table("记录 records", "字段 field", "去向 to", "条数 number")
    for move in found["moves"]:
        table.add_row(move["kind"], move["field"], move["successor"], f"{move['records']:,}")
    if found["moves"]:
        console.print(table)
    done = "将 would, from" if found["dry_run"] else "已办理 done, from"
    moved = sum(move["records"] for move in found["moves"])
    console.print(f"{found['key']} {done} {found['effective_on']}：{moved:,} 条记录改挂 records re-pointed")


def _table(*titles: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    for title in titles:
        table.add_column(title, overflow="fold")
    return table
