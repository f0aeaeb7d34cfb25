"""What `heli corrections` asks the registry and how it prints the answers."""

import json
from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table

from heli_cli.client import Heli
from heli_cli.commands.values import typed_values
from heli_cli.refusals import Refusal

_DONE = {
    "accept": "已采纳并写入 accepted and written",
    "reject": "未采纳 rejected",
    "withdraw": "已撤回 withdrawn",
}


def print_requests(heli: Heli, console: Console, *, status: str | None, overdue: bool) -> None:
    """List requests, the one that is due first at the top."""
    asked = {"status": status, **({"overdue": "true"} if overdue else {})}
    found = sorted(heli.list("registry", "/v1/correction-requests", **asked), key=lambda each: each["due_on"])
    titles = ("记录 record", "字段 field", "建议 proposed", "期限 due", "理由 reason")
    # The id is copied into the next command: it stays in one piece.
    columns = (Column("编号 id", no_wrap=True), *(Column(title, overflow="fold") for title in titles))
    table = Table(*columns, box=SIMPLE_HEAD)
    for each in found:
        about = f"{each['kind']}\n{each['key']}"
        table.add_row(each["id"], about, each["field"], _told(each["proposed"]), each["due_on"], each["reason"])
    if found:
        console.print(table)
    console.print(f"纠错申请 {len(found)} 件。 {len(found)} requests.")


def _told(proposed: str) -> str:
    """Return what a field should be as it is spoken of; the request keeps it as JSON."""
    value = json.loads(proposed)
    return "清空" if value is None else "、".join(value) if isinstance(value, list) else str(value)


def ask_for(
    heli: Heli, console: Console, kind: str, key: str, *, value: str, reason: str, evidence: str | None
) -> None:
    """Ask for one value to be corrected and print until when it is answered."""
    ((field, proposed),) = typed_values(heli, kind, [value]).items()
    body: dict[str, Any] = {"kind": kind, "key": key, "field": field, "proposed": proposed, "reason": reason}
    made = heli.post("registry", "/v1/correction-requests", body | ({"evidence": evidence} if evidence else {}))
    console.print(f"已提出 filed: {made['id']}，{made['due_on']} 前答复 due")


def answer(heli: Heli, console: Console, key: str, step: str, body: Mapping[str, str | None]) -> None:
    """Take a step on a request and say so; Refusal when the key is none."""
    if not key.startswith("cor-"):
        raise Refusal(f"申请编号应以 cor- 开头：{key}。", f"A request's id begins with cor-: {key}.", code=2)
    given = {name: value for name, value in body.items() if value is not None}
    heli.post("registry", f"/v1/correction-requests/{key}/{step}", given)
    console.print(f"{key} {_DONE[step]}")
