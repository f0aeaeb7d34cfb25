"""What the commands on funds and incentives print."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from heli_cli.client import Heli

_SERVICE = "assessment"
_ADVICE = {"support": "建议支持", "neutral": "无意见", "caution": "建议慎重"}
_SIGNS = {1: "+", 0: "·", -1: "−"}
_STATUSES = {"proposed": "待确认", "confirmed": "已确认", "reopened": "待重新确认", "withdrawn": "已撤回"}


def print_funds(heli: Heli, year: int | None, *, console: Console) -> None:
    """Print the statement of a year by unit, and what enterprises may deduct."""
    told = heli.get(_SERVICE, "/v1/funds", year=year)
    table = _table("单位 unit", "预算", "拨付", "支出", "预算余额 left", "上缴党费", "返还党费")
    names = ("budgeted", "allocated", "spent", "left", "dues_paid", "dues_returned")
    for each in told["items"]:
        table.add_row(each["unit"], *(each[name] for name in names))
    table.add_row("合计 total", *(told["sums"][name] for name in names))
    console.print(table)
    for each in told["deductions"]:
        console.print(
            f"{each['enterprise']}：支出 spent {each['spent']}，可扣除 deductible {each['deductible']}，"
            f"超出 excess {each['excess']}"
        )
    console.print(f"{told['year']} 年经费（元） funds in yuan")


def print_incentives(heli: Heli, *, console: Console) -> None:
    """Print every incentive with its status and the sum of its payments."""
    found = list(heli.list(_SERVICE, "/v1/incentives"))
    table = _table("编号 id", "标题 title", "类别 kind", "状态 status", "人数 awarded", "金额 payment")
    for each in found:
        status = _STATUSES[each["status"]]
        table.add_row(each["id"], each["title"], each["kind"], status, str(each["awarded"]), each["payment"])
    if found:
        console.print(table)
    console.print(f"激励方案 incentives: {len(found)}")


def print_incentive(heli: Heli, key: str, *, console: Console) -> None:
    """Print the lines of an incentive: who gets what, and why."""
    told = heli.get(_SERVICE, f"/v1/incentives/{key}")
    table = _table("名称 name", "结果 award", "金额 amount", "理由 reason")
    for each in told["lines"]:
        table.add_row(each["name"], each["award"] or "–", each["amount"] or "–", each["reason"])
    console.print(table)
    console.print(f"{told['title']}：{_STATUSES[told['status']]} {told['status']}，合计 {told['payment']} 元")


def print_opinion(heli: Heli, uscc: str, *, console: Console) -> None:
    """Print what the records advise on an enterprise, with every reason."""
    told = heli.get(_SERVICE, f"/v1/opinions/{uscc}")
    console.print(f"{told['name']} {uscc}：{_ADVICE[told['advice']]} {told['advice']}")
    for each in told["reasons"]:
        console.print(f"  {_SIGNS[each['weight']]} {each['zh']} {each['en']}")
    for each in told["given"]:
        console.print(f"  {each['confirmed_on']} {each['occasion']}：{_ADVICE[each['advice']]} {each['status']}")


def _table(*titles: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    for title in titles:
        table.add_column(title, overflow="fold")
    return table
