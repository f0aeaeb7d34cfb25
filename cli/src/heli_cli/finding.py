"""`heli search`, `heli duplicates`, `heli merge`, `heli unmerge`: found records as tables, and what became of two."""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from heli_cli.client import Heli

_REASONS = {"code": "代码 code", "name": "名称 name", "address": "地址 address"}
_MATCHES = {
    "exact": "相同 exact",
    "code": "代码 code",
    "prefix": "开头 prefix",
    "contains": "包含 contains",
    "pinyin": "拼音 pinyin",
    "fuzzy": "相近 fuzzy",
}
_STATES = {"open": "", "closed": "已关闭 closed"}


def print_search(heli: Heli, console: Console, *, text: str, kind: str, limit: int) -> None:
    """Print the records that fit best."""
    found = heli.get("registry", "/v1/search", q=text, kind=kind, limit=limit)["items"]
    if not found:
        console.print("没有找到。 Nothing was found.")
        return
    table = Table("编号 key", "名称 name", "符合 match", "把握 score", "状态 state", box=SIMPLE_HEAD)
    for item in found:
        table.add_row(item["key"], item["name"], _MATCHES[item["match"]], str(item["score"]), _STATES[item["state"]])
    console.print(table)


def print_duplicates(heli: Heli, console: Console, *, reason: str | None, min_score: int, limit: int) -> None:
    """Print pairs of enterprises that may be one, with what is equal and what differs."""
    page = heli.get("registry", "/v1/duplicates", reason=reason, min_score=min_score, limit=limit)
    if not page["items"]:
        console.print("没有疑似重复的企业。 No duplicates were found.")
        return
    table = Table("把握 score", "依据 reasons", "企业 enterprises", "不同之处 differs", box=SIMPLE_HEAD)
    for item in page["items"]:
        pair = "\n".join(f"{each['uscc']} {each['name']}" for each in (item["one"], item["other"]))
        reasons = "\n".join(_REASONS[each] for each in item["reasons"])
        table.add_row(str(item["score"]), reasons, pair, _differences(item["differs"]))
    console.print(table)
    console.print(f"共 {page['total']:,} 对,列出 {len(page['items']):,} 对。 Pairs in all: {page['total']:,}.")


def _differences(differs: dict[str, list[Any]]) -> str:
    told = [f"{name}: {_said(one)} | {_said(other)}" for name, (one, other) in differs.items() if name != "uscc"]
    return "\n".join(told)


def _said(value: Any) -> str:
    return "–" if value is None else str(value)


def hold_apart(heli: Heli, console: Console, pair: tuple[str, str], why: str) -> None:
    """Say that two enterprises are not the same."""
    made = heli.post("registry", "/v1/duplicates/decisions", {"enterprises": list(pair), "reason": why})
    console.print(f"已认定不重复 held apart: {made['one']} {made['other']}  {made['id']}")


def merge_enterprises(
    heli: Heli, console: Console, source: str, *, into: str, why: str, take: list[str], effective_on: str | None
) -> None:
    """Merge an enterprise into another and tell what moved and what was closed as a double."""
    body = {"into": into, "reason": why, "take": take, "effective_on": effective_on}
    merger = _act(heli, source, "merge", body)
    console.print(f"{source} 已并入 merged into {into},自 from {merger['merged_on']}  {merger['id']}")
    for title, names in (("采用 taken over", merger["taken"]), ("转移 moved", merger["moved"])):
        if names:
            console.print(f"  {title}: {', '.join(names)}", soft_wrap=True)
    if merger["doubled"]:
        console.print(f"  两边都有,已关闭 closed as doubles: {', '.join(merger['doubled'])}", soft_wrap=True)


def unmerge_enterprises(heli: Heli, console: Console, source: str, *, why: str) -> None:
    """Undo a merger and tell so."""
    merger = _act(heli, source, "unmerge", {"reason": why})
    console.print(f"已撤销合并 undone: {merger['source']} | {merger['target']}  {merger['id']}")


def _act(heli: Heli, key: str, step: str, body: dict[str, Any]) -> dict[str, Any]:
    path = f"/v1/enterprises/{key}"
    etag = heli.call("registry", "GET", path).headers["ETag"]
    answer = heli.call("registry", "POST", f"{path}/{step}", json=body, headers={"If-Match": etag})
    found: dict[str, Any] = answer.json()
    return found
