"""What the commands on transfers print."""

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from heli_cli.client import Heli

_STAGES = {
    "proposed": "待双方确认",
    "from_confirmed": "待转入方确认",
    "to_confirmed": "待转出方确认",
    "done": "已转接",
    "refused": "已退回",
    "withdrawn": "已撤回",
}


def print_transfers(heli: Heli, asked: Mapping[str, str], *, console: Console) -> None:
    """Print transfers, each with its stage, its deadline and the working days that are left."""
    found = list(heli.list("registry", "/v1/transfers", **asked))
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    for title in ("编号 id", "党组织", "转出 from", "转入 to", "阶段 stage", "期限 due", "剩余 left"):
        table.add_column(title, overflow="fold")
    for each in found:
        table.add_row(
            each["id"], each["organization"], each["from_superior"] or "–", each["to_superior"],
            _STAGES[each["stage"]], each["due_on"], _left(each),
        )  # fmt: skip
    if found:
        console.print(table)
    late = sum(each["overdue"] for each in found)
    console.print(f"转接 transfers: {len(found)}，其中逾期 overdue: {late}")


def propose_one(heli: Heli, body: Mapping[str, Any], *, console: Console) -> None:
    """Propose a transfer and print what became of it."""
    _tell(heli.post("registry", "/v1/transfers", dict(body)), console)


def take_step(heli: Heli, key: str, step: str, body: Mapping[str, str], *, console: Console) -> None:
    """Take a step of a transfer as it was just read and print what became of it."""
    path = f"/v1/transfers/{key}"
    headers = {"If-Match": heli.call("registry", "GET", path).headers["ETag"]}
    _tell(heli.call("registry", "POST", f"{path}/{step}", json=dict(body), headers=headers).json(), console)


def _tell(transfer: Mapping[str, Any], console: Console) -> None:
    console.print(f"{transfer['id']} {_STAGES[transfer['stage']]} {transfer['stage']}")
    if transfer["state"] == "open":
        console.print(f"确认期限 due {transfer['due_on']}，剩余工作日 working days left {transfer['days_left']}")
    elif transfer["stage"] == "done":
        source = transfer["from_superior"] or "–"
        console.print(
            f"{transfer['organization']}：{source} → {transfer['to_superior']}，{transfer['moved_on']} 起 since"
        )


def _left(transfer: Mapping[str, Any]) -> str:
    if transfer["days_left"] is None:
        return "–"
    return f"{transfer['days_left']} 逾期 overdue" if transfer["overdue"] else str(transfer["days_left"])
