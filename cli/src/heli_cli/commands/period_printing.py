"""What `heli period` asks the registry and how it prints the answers."""

from datetime import datetime
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table

from heli_cli.client import Heli
from heli_cli.refusals import Refusal

_STATES = {"open": "待说明 open", "explained": "已说明 explained", "stale": "数值已变 stale"}


def open_period(
    heli: Heli, console: Console, code: str, unit: str, *, counted_on: datetime | None, closes_on: datetime | None
) -> None:
    """Open a period and print which days it is about."""
    days = {"counted_on": counted_on, "closes_on": closes_on}
    body = {"code": code, "unit": unit, **{name: day.date().isoformat() for name, day in days.items() if day}}
    made = heli.post("registry", "/v1/periods", body)
    console.print(
        f"已开启报送期 {made['code']}：统计日 {made['counted_on']}。 The period is open; its figures are of that day."
    )


def find_period(heli: Heli, period: str, unit: str | None) -> dict[str, Any]:
    """Return the period of an id or a code; Refusal when there is none, or several."""
    if period.startswith("prd-"):
        found: dict[str, Any] = heli.get("registry", f"/v1/periods/{period}")
        return found
    several = list(heli.list("registry", "/v1/periods", code=period, unit=unit))
    if len(several) != 1:
        zh = "没有这一期，请先开启" if not several else "有几个机构的同名报送期，请用 --unit 指明"
        en = "There is no such period; open it first" if not several else "Several units have it; name one by --unit"
        raise Refusal(f"{zh}：{period}。", f"{en}: {period}.")
    return several[0]


def print_questions(heli: Heli, console: Console, period: str, unit: str | None) -> None:
    """List the questions with their numbers."""
    found = _questions(heli, find_period(heli, period, unit))
    # Chinese has no spaces to break lines at: a long cell is folded, not cut.
    folded = (Column(title, overflow="fold") for title in ("事项 question", "状态 state", "说明 explanation"))
    table = Table("#", "机构 unit", *folded, box=SIMPLE_HEAD)
    for number, each in enumerate(found["items"], 1):
        record = "" if each["record"] is None else f"{each['name'] or ''} {each['record']}\n".lstrip()
        about = record + each["zh"]
        told = (each["explanation"] or {}).get("text", "")
        table.add_row(str(number), each["unit_name"] or each["unit"], about, _STATES[each["state"]], told)
    if found["items"]:
        console.print(table)
    left = found["unexplained"]
    console.print(
        f"{found['code']} 统计日 {found['counted_on']}：还有 {left} 项待说明。 {left} left to explain."
        if left
        else f"{found['code']} 统计日 {found['counted_on']}：没有待说明事项，可以关闭。 Nothing is left to explain."
    )


def _questions(heli: Heli, period: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = heli.get("registry", f"/v1/periods/{period['id']}/questions")
    return found


def print_figures(heli: Heli, console: Console, period: str, unit: str | None, *, only: list[str]) -> None:
    """Print each unit's figures (some of them, or all) beside those that earlier periods pinned."""
    found = heli.get("registry", f"/v1/periods/{find_period(heli, period, unit)['id']}/figures")
    codes = sorted({code for each in found["items"] for code in each["earlier"]}, reverse=True)
    table = Table("机构 unit", "指标 figure", found["code"], *codes, box=SIMPLE_HEAD)
    for each in found["items"]:
        if only and each["figure"] not in only:
            continue
        earlier = [f"{each['earlier'][code]:,}" if code in each["earlier"] else "—" for code in codes]
        table.add_row(each["unit_name"] or each["unit"], each["zh"], f"{each['value']:,}", *earlier)
    console.print(table)


def explain_question(
    heli: Heli, console: Console, period: str, unit: str | None, *, number: int, text: str, person: str
) -> None:
    """Explain the question of a number."""
    record = find_period(heli, period, unit)
    items = _questions(heli, record)["items"]
    if number > len(items):
        raise Refusal(f"没有第 {number} 项，共 {len(items)} 项。", f"There is no question {number}, only {len(items)}.")
    names = ("check", "record") if items[number - 1]["kind"] == "impossible" else ("unit", "figure", "compared_with")
    about = {name: items[number - 1][name] for name in names}
    heli.post("registry", "/v1/explanations", {"period": record["id"], "text": text, "person": person, **about})
    console.print(f"已说明第 {number} 项。 Question {number} is explained.")


def close_period(heli: Heli, console: Console, period: str, unit: str | None, *, person: str) -> None:
    """Close a period; Refusal that says how many questions are left."""
    record = find_period(heli, period, unit)
    take_step(heli, record, "close", {"person": person})
    console.print(
        f"报送期 {record['code']} 已关闭，数字已固定。 {record['code']} is closed and its figures are pinned."
    )


def reopen_period(heli: Heli, console: Console, period: str, unit: str | None, *, reason: str) -> None:
    """Open a closed period again."""
    record = find_period(heli, period, unit)
    take_step(heli, record, "reopen", {"reason": reason})
    console.print(f"报送期 {record['code']} 已重新开放，原数字保留。 {record['code']} is open again; its figures stay.")


def take_step(heli: Heli, record: dict[str, Any], step: str, body: dict[str, str]) -> None:
    """Take a step on a period under the version that was read."""
    headers = {"If-Match": f'"{record["version"]}"'}
    heli.call("registry", "POST", f"/v1/periods/{record['id']}/{step}", json=body, headers=headers)
