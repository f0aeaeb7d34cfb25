"""The assessment of the demo on one screen: cycles, letters, orders, reports on duty, funds, allowances, an opinion."""

from collections.abc import Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from heli_cli.client import Heli
from heli_cli.demo.assessment import opinion_of

_SERVICE = "assessment"
_STAGES = {
    "draft": "草稿 draft", "published": "已发布 published", "self_assessment": "自评中 self-assessment",
    "review": "审核中 review", "decided": "已评定 decided", "notice": "公示中 on public notice",
    "approved": "已审定 approved", "archived": "已归档 archived", "withdrawn": "已撤销 withdrawn",
}  # fmt: skip
_ORDERS = {
    "issued": "待整改", "answered": "待验收", "returned": "退回整改", "accepted": "已销号", "reopened": "重新督办",
    "cancelled": "已撤销",
}  # fmt: skip
_DUTY = {"good": "好", "fair": "较好", "average": "一般", "poor": "差"}
_ADVICE = {"support": "建议支持 support", "neutral": "无意见 neutral", "caution": "建议慎重 caution"}
_SHOWN = 3


def print_assessment(heli: Heli, console: Console) -> None:
    """Print how far the year's assessment is, for a clerk to understand."""
    console.print()
    console.print("三、考核一年 The year of assessment")
    _print_cycles(heli, console)
    _print_letters(heli, console)
    _print_orders(heli, console)
    _print_duty(heli, console)
    _print_money(heli, console)
    _print_opinion(heli, console)


def _print_cycles(heli: Heli, console: Console) -> None:
    rows = [
        (
            each["title"],
            _STAGES[each["stage"]],
            str(sum(each["counts"].values())),
            each["notice_until"] or each["self_due_on"] or "—",
        )
        for each in heli.list(_SERVICE, "/v1/cycles")
    ]
    _print(console, "考核周期 cycles", ("名称 title", "阶段 stage", "对象 subjects", "期限 until"), rows)


def _print_letters(heli: Heli, console: Console) -> None:
    counts = {
        signed: heli.get(_SERVICE, "/v1/letters", limit=1, is_signed=signed)["total"] for signed in ("true", "false")
    }
    unsigned = heli.get(_SERVICE, "/v1/letters", limit=_SHOWN, is_signed="false")["items"]
    console.print(
        f"责任书 letters：已签 signed {counts['true']}，未签 unsigned {counts['false']}"
        + (f"（如 {'、'.join(_names(heli, unsigned))}）" if unsigned else "")
    )


def _print_orders(heli: Heli, console: Console) -> None:
    orders = list(heli.list(_SERVICE, "/v1/rectification-orders"))
    names = _names(heli, orders)
    rows = [
        (name, each["problem"], _ORDERS[each["stage"]], each["due_on"] + ("  逾期" if each["overdue"] else ""))
        for name, each in zip(names, orders, strict=True)
    ]
    _print(console, "督办单 rectification orders", ("单位 unit", "问题 problem", "状态 stage", "期限 due"), rows)


def _print_duty(heli: Heli, console: Console) -> None:
    for session in heli.get(_SERVICE, "/v1/duty-sessions", limit=1)["items"]:
        found = heli.get(_SERVICE, f"/v1/duty-sessions/{session['id']}/results")["items"]
        names = _names(heli, found)
        rows = [
            (name, each["total"] or "—", _DUTY.get(each["grade"] or "", "—"))
            for name, each in zip(names, found, strict=True)
        ]
        _print(console, session["title"], ("述职单位 unit", "得分 total", "等次 grade"), rows)


def _print_money(heli: Heli, console: Console) -> None:
    for budget in heli.get(_SERVICE, "/v1/fund-budgets", limit=1)["items"]:
        movements = heli.get(_SERVICE, "/v1/fund-movements", budget=budget["id"], limit=1)
        spent = movements["items"][0]["amount"] if movements["items"] else "0"
        console.print(f"经费 funds：{budget['title']} {budget['amount']} 元，已拨付 allocated {spent} 元")
    for each in heli.get(_SERVICE, "/v1/incentives", limit=1)["items"]:
        console.print(
            f"激励 incentive：{each['title']}，拟奖励 proposed {each['payment']} 元，待领导确认 to be confirmed"
        )


def _print_opinion(heli: Heli, console: Console) -> None:
    told = opinion_of(heli)
    if told is not None:
        console.print(f"联动意见 opinion：{told['name']} {_ADVICE[told['advice']]}")
        for reason in told["reasons"]:
            console.print(f"  {'+' if reason['weight'] > 0 else '-' if reason['weight'] < 0 else '·'} {reason['zh']}")


def _names(heli: Heli, records: list[dict[str, Any]]) -> list[str]:
    """Return the names of the units of some records."""
    known = {each["id"]: each["name"] for each in heli.list("registry", "/v1/units")}
    return [known.get(each["unit"], each["unit"]) for each in records]


def _print(console: Console, title: str, heads: tuple[str, ...], rows: Sequence[Sequence[str]]) -> None:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1))
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)
