"""What the demo prints: coverage by township, scores with the best and the worst explained, the most urgent work."""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from heli_cli.client import Heli
from heli_cli.counting import COVERAGE, statistics_table

_URGENT = 10
_SHOWN_REASONS = 3
_OUTSIDE = ("加分", "扣分")  # parts outside the hundred: nobody owes a bonus


def print_coverage(heli: Heli, console: Console) -> None:
    """Print coverage by township, each rate with its numerator and denominator."""
    by = ["division:town"]
    found = heli.get("reporting", "/v1/statistics", measure=list(COVERAGE), by=by)
    console.print()
    console.print(statistics_table(found, COVERAGE, by, title="一、各乡镇覆盖情况 Coverage by township"))
    passport = found["passport"]
    console.print(f"[dim]截至 on {passport['on']}；每个数字都可追溯到企业 every number can be traced to its rows[/dim]")


def print_scores(console: Console, run: dict[str, Any], scores: list[dict[str, Any]]) -> None:
    """Print every department's score with rank and grade, the best first."""
    table = _table("二、成员单位考核 Scores of the departments")
    for title in ("名次\nrank", "单位\ndepartment", "等次\ngrade"):
        table.add_column(title)
    for title in ("得分\nscore", "可能区间\nrange"):
        table.add_column(title, justify="right")
    for each in scores:
        low, high = each["range"]["low"], each["range"]["high"]
        span = "" if low == high else f"{low} – {high}"
        table.add_row(str(each["rank"] or "—"), each["name"], each["grade"] or "—", each["score"], span)
    console.print()
    console.print(table)
    book = run["rulebook"]
    console.print(
        f"[dim]依据 {book['id']} 第 {book['version']} 版；同样的数据得同样的分 the same data, the same scores[/dim]"
    )


def print_explanation(console: Console, title: str, found: dict[str, Any]) -> None:
    """Print why one department has not got full marks: where it lost most, and what would raise it."""
    lost = [item for item in found["items"] if item["why_not_full"] and item["part"] not in _OUTSIDE]
    lost.sort(key=_loss, reverse=True)
    table = _table(f"{title}：{found['name']} {found['score']}")
    table.add_column("考核项\nitem", ratio=3, overflow="fold")
    table.add_column("得分\npoints", justify="right", no_wrap=True)
    table.add_column("为何未得满分\nwhy not full marks", ratio=4, overflow="fold")
    table.add_column("怎样提高\nwhat would raise it", ratio=3, overflow="fold")
    for item in lost[:_SHOWN_REASONS]:
        advice = item["to_gain"][0] if item["to_gain"] else None
        table.add_row(
            item["title"],
            f"{item['points']}/{item['maximum']}",
            item["why_not_full"],
            f"{advice['change']}（+{advice['gain']}）" if advice else "",
        )
    console.print()
    console.print(table)


def print_worklist(heli: Heli, console: Console) -> None:
    """Print the most urgent lines of everybody's work."""
    found = heli.get("reporting", "/v1/worklists", limit=_URGENT)
    table = _table(f"四、最急的 {_URGENT} 件事（共 {found['total']:,} 件）The most urgent work")
    table.add_column("期限\ndue", justify="right", no_wrap=True)
    table.add_column("事项\nwhat", no_wrap=True)
    table.add_column("对象\nabout", ratio=3, overflow="fold")
    table.add_column("单位\nunit", ratio=2, overflow="fold")
    table.add_column("说明\ndetail", ratio=3, overflow="fold")
    for line in found["items"]:
        unit = (line["unit"] or {}).get("name", "—")
        about = line["subject"]["name"] or line["subject"]["id"]
        table.add_row(_due(line), line["kind_name"], about, unit, line["detail"])
    console.print()
    console.print(table)


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1))


def _loss(item: dict[str, Any]) -> float:
    return float(item["maximum"]) - float(item["points"])


def _due(line: dict[str, Any]) -> str:
    if line["days"] is None:
        return line["due_on"] or "—"
    if line["days"] < 0:
        return f"[red]逾期 {-line['days']} 天[/red]"
    return f"{line['days']} 天"
