"""`heli statistics` and `heli sync`: reporting's numbers as tables, each rate with what was counted."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from heli_cli.client import Heli
from heli_cli.refusals import Refusal

COVERAGE = ("organization_coverage", "sole_setup_rate", "work_coverage_broad", "due_established_rate")
TITLES = {
    "organization_coverage": "组织覆盖率\norganised",
    "sole_setup_rate": "单独组建率\nsole",
    "work_coverage_strict": "工作覆盖率(严)\nreached, strict",
    "work_coverage_broad": "工作覆盖率(宽)\nreached",
    "due_established_rate": "应建尽建率\ndue set up",
    "staff50_with_member_rate": "50人有党员率\n50: member",
    "staff100_with_organization_rate": "100人有组织率\n100: organised",
    "enterprise_count": "企业数\nenterprises",
    "organization_count": "党组织数\norganisations",
}
_SOURCES = {"registry": "登记 registry", "assessment": "考核 assessment"}


def print_sync(heli: Heli, console: Console) -> None:
    """Let reporting pull now and print what it answers."""
    found = heli.post("reporting", "/v1/syncs")
    for source in found["sources"]:
        note = f"  {source['error']}" if source["error"] else ""
        taken = f"新增 new {source['taken']:,}"
        console.print(f"{source['name']:<11}至 up to {source['known_at']:,}  {taken}  {source['status']}{note}")


def print_statistics(
    heli: Heli,
    console: Console,
    *,
    measures: Sequence[str],
    by: Sequence[str],
    on: date | None,
    where: Sequence[str],
) -> None:
    """Ask for measures by dimensions and print them with their passport's essentials."""
    asked = list(measures) or list(COVERAGE)
    filters = dict(_filter(each) for each in where)
    found = heli.get("reporting", "/v1/statistics", measure=asked, by=list(by), on=on and on.isoformat(), **filters)
    console.print(statistics_table(found, asked, by))
    passport = found["passport"]
    known = "，".join(f"{_SOURCES.get(name, name)} {seq:,}" for name, seq in passport["known_at"].items())
    console.print(f"截至 on {passport['on']}   口径 known at {known}", soft_wrap=True)


def statistics_table(
    found: dict[str, Any], measures: Sequence[str], by: Sequence[str], title: str | None = None
) -> Table:
    """Return an answer as a table: one line per group, the total last."""
    names = [each.partition(":")[0] for each in by]
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1))
    for name in names or ["全部 all"]:
        table.add_column(name, no_wrap=True)  # on a narrow screen the figures fold, never the names away
    for measure in measures:
        table.add_column(TITLES.get(measure, measure), justify="right")
    for row in found["rows"] if by else ():
        table.add_row(*(_label(row[name]) for name in names), *(value_text(row[each]) for each in measures))
    if by:
        table.add_section()
    total = [value_text(found["total"][each]) for each in measures]
    table.add_row("合计 total", *([""] * (len(names) - 1)), *total, style="bold")
    return table


def value_text(found: dict[str, Any]) -> str:
    """Return a number for people: a rate in per cent with numerator and denominator, a count with thousands."""
    value = found["value"]
    if "denominator" not in found:
        return f"{value:,}"
    parts = f"[dim]{found['numerator']:,}/{found['denominator']:,}[/dim]"
    return f"— {parts}" if value is None else f"{float(value):.2%} {parts}"


def _label(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("name") or value.get("code") or "—")
    return "—" if value is None else str(value)


def _filter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Refusal(f"筛选应写成 名称=值,现为“{text}”。", f"Write a filter as name=value, not {text!r}.", code=2)
    return name, value
