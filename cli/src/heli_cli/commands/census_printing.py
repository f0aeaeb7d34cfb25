"""What `heli census` asks the registry and how it prints the answers."""

from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from heli_cli.client import Heli
from heli_cli.refusals import Refusal

_FORMATS = (".csv", ".xlsx")
_SHOWN = 20
_ITEMS = {
    "operation": "经营运行\noperation",
    "staff": "职工队伍\nstaff",
    "members": "党员队伍\nmembers",
    "organization": "建立党组织\norganisation",
    "investors": "出资人\ninvestors",
}


def create(heli: Heli, body: dict[str, Any], console: Console) -> None:
    """Set up a census and print its id."""
    made = heli.post("registry", "/v1/censuses", body)
    console.print(f"已建立普查 {made['id']}：{made['name']}，截止 {made['cut_off_on']}。 The census is set up.")


def print_all(heli: Heli, console: Console) -> None:
    """List the censuses that there are."""
    table = Table("编号 id", "名称 name", "截止 cut-off", "区划 division", "状态 state", box=SIMPLE_HEAD)
    for each in heli.list("registry", "/v1/censuses"):
        place = each["division"] or each["zone"] or "全部 all"
        state = "进行中 open" if each["state"] == "open" else "已结束 closed"
        table.add_row(each["id"], each["name"], each["cut_off_on"], place, state)
    console.print(table)


def print_progress(heli: Heli, key: str, by: str, console: Console) -> None:
    """Print how many enterprises of the base have each item clear, group by group."""
    found = heli.get("registry", f"/v1/censuses/{key}/progress", by=by)
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    table.add_column({"responsible_unit": "责任单位", "zone": "园区", "division": "区划"}.get(by, by), no_wrap=True)
    codes = [each["item"] for each in found["items"]]
    for title in ("企业\nenterprises", "五清\nall clear", *(_ITEMS.get(code, code) for code in codes)):
        table.add_column(title, justify="right")
    for group in found["groups"]:
        table.add_row(group["name"] or group["code"] or "未定 none", *_tally(group, codes))
    table.add_section()
    table.add_row("合计 total", *_tally(found["total"], codes), style="bold")
    console.print(_title(found))
    console.print(table)


def _tally(group: dict[str, Any], codes: list[str]) -> list[str]:
    numbers = (group["enterprises"], group["all_clear"], *(group["clear"][code] for code in codes))
    return [f"{number:,}" for number in numbers]


def _title(found: dict[str, Any]) -> str:
    notes = {"is_preliminary": "（截止日期未到，暂按今天 preliminary）", "is_pinned": "（已结束，结果固定 closed）"}
    told = "".join(text for name, text in notes.items() if found[name])
    return f"{found['name']}  截至 on {found['on']}  口径 known at {found['known_at']}{told}"


def print_funnel(heli: Heli, key: str, console: Console, *, known_at: int | None) -> None:
    """Print each step with what it left out, and the base beside the statistics' denominator."""
    found = heli.get("registry", f"/v1/censuses/{key}/funnel", known_at=known_at)
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    table.add_column("", justify="right")
    table.add_column("步骤 step", no_wrap=True)
    table.add_column("原因 reason")
    table.add_column("筛除 dropped", justify="right")
    table.add_column("剩余 left", justify="right")
    table.add_row("", "", "全部登记 registered", "", f"{found['registered']:,}")
    for each in found["steps"]:
        dropped = f"{each['dropped']:,}" if each["dropped"] else "–"
        table.add_row(str(each["number"]), each["step"], each["zh"], dropped, f"{each['after']:,}")
    table.add_section()
    table.add_row("", "base", "底册 base", "", f"{found['base']:,}", style="bold")
    console.print(_title(found))
    console.print(table)
    console.print(f"统计分母 denominator of the statistics: {found['denominator']:,}")


def print_rows(heli: Heli, key: str, step: str, console: Console, *, known_at: int | None) -> None:
    """Print the first rows of a step with the facts that decided."""
    path = f"/v1/censuses/{key}/funnel/rows"
    found = heli.get("registry", path, step=step, limit=_SHOWN, known_at=known_at)
    table = Table("企业 enterprise", "名称 name", box=SIMPLE_HEAD)
    table.add_column("判定事实 facts", overflow="fold")
    for each in found["items"]:
        facts = "  ".join(f"{name}={_fact(value)}" for name, value in each["facts"].items())
        table.add_row(each["enterprise"], each["name"], facts)
    console.print(table)
    console.print(_of_all(len(found["items"]), found["total"]))


def _fact(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "不明" if value is None else str(value)


def print_gaps(heli: Heli, key: str, console: Console, **wanted: str | None) -> None:
    """Print the first enterprises of which something must be asked, with what is missing."""
    found = heli.get("registry", f"/v1/censuses/{key}/gaps", limit=_SHOWN, **wanted)
    table = Table("企业 enterprise", "名称 name", "责任单位 unit", "清 clear", box=SIMPLE_HEAD)
    table.add_column("待补 missing", overflow="fold")
    for each in found["items"]:
        doubts = [code for code, state in each["items"].items() if state in ("unclear", "not_reachable")]
        missing = dict.fromkeys(
            [*(one["zh"] for one in each["missing"]), *(f"核实{_ITEMS[code].partition(chr(10))[0]}" for code in doubts)]
        )
        unit = each["responsible_unit"] or "–"
        table.add_row(each["enterprise"], each["name"], unit, str(each["clear"]), "、".join(missing))
    console.print(table)
    console.print(_of_all(len(found["items"]), found["total"]))


def _of_all(shown: int, total: int) -> str:
    return f"共 {total:,} 户，列出 {shown:,} 户。 {shown:,} of {total:,} shown."


def print_closed(heli: Heli, key: str, console: Console) -> None:
    """Print at which seq the result of a closed census stands."""
    found = heli.get("registry", f"/v1/censuses/{key}/funnel")
    told = f"普查已结束，结果固定在台账序号 {found['known_at']:,}，底册 {found['base']:,} 户。"
    console.print(f"{told} The result stands as known at this seq.")


def download(heli: Heli, path: str, out: Path, console: Console, **wanted: str | int | None) -> None:
    """Write an answer as the file that its name asks for; Refusal for any other ending."""
    if out.suffix not in _FORMATS:
        raise Refusal("文件名应以 .xlsx 或 .csv 结尾。", "The file's name must end in .xlsx or .csv.", code=2)
    given = {name: value for name, value in wanted.items() if value is not None}
    answer = heli.call("registry", "GET", path, params={**given, "format": out.suffix.removeprefix(".")})
    out.write_bytes(answer.content)
    console.print(f"已写入 {out}。 Written.")
