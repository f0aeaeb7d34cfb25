"""What the reading commands print."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from heli_cli.client import Heli
from heli_cli.refusals import Refusal

_OPERATIONS = {"create": "新增", "change": "修改", "close": "关闭", "reopen": "恢复", "erase": "抹除"}
_SEVERITIES = {"violation": "违反", "warning": "警示", "reminder": "提醒"}


def print_record(heli: Heli, kind: str, key: str, *, on: date | None, console: Console) -> None:
    """Print the fields of a record that are filled."""
    found = heli.get("registry", f"/v1/{kind}/{key}", on=on and on.isoformat())
    table = _table("字段 field", "值 value")
    for name, value in found.items():
        if value is not None:
            table.add_row(name, _text(value))
    console.print(table)


def print_history(heli: Heli, kind: str, key: str, *, console: Console) -> None:
    """Print every entry of a record, one line for each field that it changed."""
    table = _table("生效 on", "操作", "字段 field", "原 before", "新 after", "登记 recorded", "单位 unit")
    for line in heli.get("registry", f"/v1/{kind}/{key}/history")["items"]:
        for number, change in enumerate(line["changes"]):
            head = (line["effective_on"], _OPERATIONS[line["operation"]]) if number == 0 else ("", "")
            tail = (line["recorded_at"][:10], line["unit"] or "–") if number == 0 else ("", "")
            table.add_row(*head, change["field"], _text(change["before"]), _text(change["after"]), *tail)
    console.print(table)


def close_one(
    heli: Heli,
    kind: str,
    key: str,
    *,
    reason: str,
    on: date | None,
    details: Sequence[str],
    console: Console,
) -> None:
    """Close a record and say so; Refusal of a detail that is no `field=value`."""
    given = {}
    for each in details:
        name, sign, value = each.partition("=")
        if not (name and sign):
            raise Refusal(f"“{each}”应写成 字段=值。", f"Write {each!r} as field=value.", code=2)
        given[name] = value
    closed = heli.close_record(
        "registry", kind, key, reason=reason, effective_on=on.isoformat() if on else None, **given
    )
    console.print(f"{key} 已关闭 closed" if closed else f"{key} 此前已关闭 was closed already")


def print_findings(heli: Heli, asked: Mapping[str, str], *, most: int, console: Console) -> None:
    """Print findings with what they are about, why, and since when."""
    found = heli.get("registry", "/v1/findings", limit=most, **asked)
    table = _table("规则 rule", "程度", "对象 record", "情形 finding", "自 since")
    for each in found["items"]:
        about = each["name"] or f"{each['record_kind']} {each['record']}"
        table.add_row(each["rule"], _SEVERITIES[each["severity"]], about, each["zh"], each["since"] or "–")
    if found["items"]:
        console.print(table)
    console.print(f"共 {found['total']} 项 findings，列出 shown {len(found['items'])}")


def print_rotations(heli: Heli, *, console: Console) -> None:
    """Print each mature contact point with the enterprises proposed in its place."""
    found = heli.get("registry", "/v1/rotation-proposals")["items"]
    table = _table("联系点 contact point", "认定成熟 mature", "建议 proposed", "理由 reason")
    for each in found:
        name = each["name"] or each["assignment"]
        if not each["proposals"]:
            table.add_row(name, each["matured_on"], "–", "没有待联系的企业 nobody is left")
        for number, proposal in enumerate(each["proposals"]):
            head = (name, each["matured_on"]) if number == 0 else ("", "")
            table.add_row(*head, f"{proposal['name']} {proposal['enterprise']}", proposal["zh"])
    if found:
        console.print(table)
    console.print(f"已成熟的联系点 mature contact points: {len(found)}")


def rotate_one(heli: Heli, key: str, body: Mapping[str, str], *, console: Console) -> None:
    """Change from a mature contact point to the next and print what was opened."""
    found = heli.call("registry", "GET", f"/v1/assignments/{key}")
    headers = {"If-Match": found.headers["ETag"]}
    made = heli.call("registry", "POST", f"/v1/assignments/{key}/rotate", json=dict(body), headers=headers).json()
    console.print(f"{key} 已关闭 closed；新联系点 opened {made['id']}：{made['enterprise'] or made['organization']}")


def print_deadline(heli: Heli, start: date, days: int, *, console: Console) -> None:
    """Print the day of a deadline, and the holidays and shifted days on the way."""
    found = heli.get("registry", "/v1/working-days/deadline", start=start.isoformat(), days=days)
    console.print(f"{start} 之后第 {days} 个工作日 working day: {found['due_on']}")
    if not found["announced"]:
        console.print("该年度调休安排尚未公布 The shifted days of that year are not announced yet.")
    between = {"from": start.isoformat(), "to": found["due_on"]}
    for each in heli.get("registry", "/v1/working-days", **between)["items"]:
        weekend = date.fromisoformat(each["day"]).weekday() >= 5  # noqa: PLR2004 - Saturday and Sunday
        if each["is_working"] == weekend:
            state = "上班 working" if each["is_working"] else "休息 off"
            console.print(f"  {each['day']}  {state}  {each['name'] or ''}".rstrip())


def _table(*titles: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def _text(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
