"""What `heli period units`, `hand-in`, `waive` and `return` ask the registry and how they print the answers."""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table

from heli_cli.client import Heli
from heli_cli.commands.period_printing import find_period
from heli_cli.refusals import Refusal

_STATES = {
    "missing": "未报送 missing",
    "handed_in": "已报送 handed in",
    "changed": "报送后有变 changed since",
    "waived": "已豁免 waived",
}


def print_units(heli: Heli, console: Console, period: str, unit: str | None) -> None:
    """List the units that report in a period, and what is missing."""
    found = _units(heli, find_period(heli, period, unit))
    folded = (
        Column(title, overflow="fold") for title in ("机构 unit", "状态 state", "待说明 to explain", "事项 detail")
    )
    table = Table(*folded, box=SIMPLE_HEAD)
    for each in found["items"]:
        table.add_row(
            each["unit_name"] or each["unit"], _STATES[each["state"]], str(each["unexplained"] or "—"), _detail(each)
        )
    if found["items"]:
        console.print(table)
    left = found["waiting"]
    console.print(
        f"{found['code']} 统计日 {found['counted_on']}：还有 {left} 个机构未报送。 {left} units are not in."
        if left
        else f"{found['code']} 统计日 {found['counted_on']}：机构均已报送或豁免。 All units are in."
    )


def _detail(unit: dict[str, Any]) -> str:
    if unit["changes"]:
        return "\n".join(f"{each['zh']} {each['handed_in']:,} → {each['now']:,}" for each in unit["changes"])
    said = unit["submission"]
    if said is None:
        return ""
    return str(said["reason"]) if said["reason"] else f"{said['on']} {said['person']}"


def _units(heli: Heli, period: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = heli.get("registry", f"/v1/periods/{period['id']}/submissions")
    return found


def hand_in_unit(heli: Heli, console: Console, period: str, unit: str | None, *, reporter: str, person: str) -> None:
    """Hand in a unit's figures in the name of a person."""
    record = find_period(heli, period, unit)
    heli.post("registry", f"/v1/periods/{record['id']}/submissions", {"unit": reporter, "person": person})
    console.print(f"{reporter} 已报送 {record['code']}。 The unit has handed in its figures.")


def waive_unit(
    heli: Heli, console: Console, period: str, unit: str | None, *, reporter: str, person: str, reason: str
) -> None:
    """Let a period close without a unit's word."""
    record = find_period(heli, period, unit)
    body = {"unit": reporter, "person": person, "reason": reason}
    heli.post("registry", f"/v1/periods/{record['id']}/waivers", body)
    console.print(f"{record['code']} 不再等待 {reporter} 报送。 The period does not wait for the unit.")


def return_unit(heli: Heli, console: Console, period: str, unit: str | None, *, reporter: str, reason: str) -> None:
    """Return what a unit handed in, or take a waiver back; Refusal when there is none."""
    record = find_period(heli, period, unit)
    said = next((each["submission"] for each in _units(heli, record)["items"] if each["unit"] == reporter), None)
    if said is None:
        raise Refusal(f"{reporter} 还没有报送 {record['code']}。", f"{reporter} has handed in nothing to return.")
    path = f"/v1/period-submissions/{said['id']}"
    headers = {"If-Match": f'"{heli.get("registry", path)["version"]}"'}
    heli.call("registry", "POST", f"{path}/close", json={"reason": reason}, headers=headers)
    console.print(f"已退回 {reporter} 的报送。 What the unit handed in is returned.")
