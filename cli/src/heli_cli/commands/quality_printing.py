"""What `heli quality` asks the registry and how it prints the answers."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table

from heli_cli.client import Heli
from heli_cli.refusals import Refusal

SEVERITIES = {"error": "错误 error", "warning": "警告 warning", "info": "提示 info"}
_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Asked = Mapping[str, Any]


def print_checks(heli: Heli, console: Console, *, severity: str | None, kind: str | None) -> None:
    """List the checks."""
    titles = ("检查 check", "级别 severity", "含义 meaning", "办法 what to do")
    table = Table(*(Column(title, overflow="fold") for title in titles), box=SIMPLE_HEAD)
    for each in heli.get("registry", "/v1/quality/checks", severity=severity, kind=kind)["items"]:
        mark = " ■" if each["blocks"] else ""
        table.add_row(each["id"], SEVERITIES[each["severity"]] + mark, each["zh"], each["fix_zh"])
    console.print(table)
    console.print("■ 未说明则报送期不能关闭 keeps a reporting period open until it is explained")


def print_results(heli: Heli, console: Console, asked: Asked) -> None:
    """Print the checks that found something, and each unit's records and those with errors."""
    found = heli.get("registry", "/v1/quality/results", **asked)
    console.print(f"数据质量 data quality  截至 on {found['on']}  口径 known at {found['known_at']}")
    table = Table("检查 check", "级别 severity", "检查数 looked at", "问题数 failing", "占比 share", box=SIMPLE_HEAD)
    for each in found["checks"]:
        if each["failing"]:
            numbers = (f"{each['looked_at']:,}", f"{each['failing']:,}", _percent(each["share"]))
            table.add_row(each["check"], SEVERITIES[each["severity"]], *numbers)
    console.print(table)
    units = Table("机构 unit", "记录数 records", "有错误 with errors", "合格率 without errors", box=SIMPLE_HEAD)
    for each in found["units"]:
        units.add_row(each["name"] or each["unit"] or "无归属 nobody's", *_records(each))
    units.add_row("合计 total", *_records(found["total"]))
    console.print(units)


def _records(counts: Mapping[str, Any]) -> tuple[str, str, str]:
    return f"{counts['records']:,}", f"{counts['with_errors']:,}", _percent(counts["share_without_errors"])


def _percent(share: str | None) -> str:
    return "—" if share is None else f"{float(share) * 100:.2f}%"


def print_rows(heli: Heli, console: Console, asked: Asked, *, limit: int) -> None:
    """Print some of the records that fail, with the facts and what to do."""
    page = heli.get("registry", "/v1/quality/results/rows", limit=limit, **asked)
    # Chinese has no spaces to break lines at: a long cell is folded, not cut.
    titles = ("记录 record", "机构 unit", "问题 problem", "事实 facts", "办法 what to do")
    table = Table(*(Column(title, overflow="fold") for title in titles), box=SIMPLE_HEAD)
    for each in page["items"]:
        for fail in each["failures"]:
            name = f"{each['name'] or ''}\n{each['record']}".strip()
            table.add_row(name, each["unit_name"] or "—", fail["zh"], _facts(fail["facts"]), fail["fix_zh"])
    console.print(table)
    shown = len(page["items"])
    console.print(f"共 {page['total']:,} 条记录，列出 {shown} 条。 {shown} of {page['total']:,} records.")


def _facts(facts: Mapping[str, Any]) -> str:
    return "\n".join(f"{name}={'—' if value is None else value}" for name, value in facts.items())


def write_rows(heli: Heli, console: Console, asked: Asked, out: Path) -> None:
    """Write every record that fails to a CSV file, one line for each check that it fails."""
    if out.suffix != ".csv":
        raise Refusal("文件名应以 .csv 结尾。", "The file's name must end in .csv.", code=2)
    count = 0
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["记录", "名称", "机构", "级别", "检查", "问题", "事实", "办法"])
        for line in _lines(heli, asked):
            writer.writerow([_inert(cell) for cell in line])
            count += 1
    console.print(f"已写入 {out.name}：{count:,} 行。 {count:,} lines are in {out.name}.")


def _lines(heli: Heli, asked: Asked) -> Iterator[list[str]]:
    for each in heli.list("registry", "/v1/quality/results/rows", **asked):
        for fail in each["failures"]:
            facts = _facts(fail["facts"]).replace("\n", "；")
            yield [
                each["record"], each["name"] or "", each["unit_name"] or "", fail["severity"], fail["check"],
                fail["zh"], facts, fail["fix_zh"],
            ]  # fmt: skip


def _inert(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.startswith(_RUNS_AS_FORMULA) else cell


def keep(heli: Heli, console: Console, on: str | None) -> None:
    """Keep a day's counts and say so."""
    kept = heli.post("registry", "/v1/quality/snapshots", {"on": on})
    console.print(f"已留存 {kept['day']}：{kept['lines']:,} 行。 Kept {kept['day']}: {kept['lines']:,} lines.")


def print_history(heli: Heli, console: Console, asked: Asked) -> None:
    """Print a kept series."""
    found = heli.get("registry", "/v1/quality/history", **asked)
    table = Table("日期 day", "检查数 looked at", "问题数 failing", "占比 share", box=SIMPLE_HEAD)
    for each in found["items"]:
        table.add_row(each["day"], f"{each['looked_at']:,}", f"{each['failing']:,}", _percent(each["share"]))
    console.print(table)
