"""What the commands on cycles print."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from heli_cli.client import Heli
from heli_cli.refusals import Refusal

_SERVICE = "assessment"
_OUTCOMES = {"upheld": "支持", "rejected": "驳回"}


def print_cycles(heli: Heli, *, console: Console) -> None:
    """Print every cycle with its stage and what can be done now."""
    found = list(heli.list(_SERVICE, "/v1/cycles"))
    table = _table("编号 id", "标题 title", "阶段 stage", "可办理 next")
    for each in found:
        stage = f"{each['stage_zh']} {each['stage']}"
        table.add_row(each["id"], each["title"], stage, ", ".join(each["next_steps"]))
    if found:
        console.print(table)
    console.print(f"考核周期 cycles: {len(found)}")


def print_cycle(heli: Heli, key: str, *, console: Console) -> None:
    """Print where each subject of a cycle stands, best rank first."""
    cycle = heli.get(_SERVICE, f"/v1/cycles/{key}")
    entries = list(heli.list(_SERVICE, f"/v1/cycles/{key}/entries"))
    entries.sort(key=lambda each: (each["rank"] is None, each["rank"] or 0, each["subject"]))
    table = _table("名次", "对象 subject", "名称 name", "进度 status", "自动 automatic", "得分 score", "等次 grade")
    for each in entries:
        table.add_row(
            str(each["rank"] or "–"), each["subject"], each["name"], each["status_zh"],
            each["automatic_score"] or "–", each["score"] or "–", each["grade"] or "–",
        )  # fmt: skip
    console.print(table)
    _tell(cycle, console)


def draft_one(heli: Heli, body: Mapping[str, Any], *, console: Console) -> None:
    """Draft a cycle and print what became of it."""
    _tell(heli.post(_SERVICE, "/v1/cycles", dict(body)), console)


def take_step(heli: Heli, key: str, body: Mapping[str, Any], *, console: Console) -> None:
    """Take a step and print where the cycle stands now."""
    given = {name: value for name, value in body.items() if value is not None}
    taken = heli.post(_SERVICE, f"/v1/cycles/{key}/steps", given)
    for each in taken["entries"]:
        score = f"，得分 score {each['score']}" if each["score"] else ""
        console.print(f"{each['subject']} {each['name']}：{each['status_zh']} {each['status']}{score}")
    _tell(taken["cycle"], console)


def score_cycle(heli: Heli, key: str, reason: str | None, *, console: Console) -> None:
    """Make the run of a cycle's rulebook and period, and take its scores over."""
    cycle = heli.get(_SERVICE, f"/v1/cycles/{key}")
    names = ("rulebook", "period_from")
    body = {name: cycle[name] for name in names} | {"on": cycle["counted_on"], "version": cycle["rulebook_version"]}
    run = heli.post(_SERVICE, "/v1/runs", body)
    take_step(heli, key, {"step": "score", "run": run["id"], "reason": reason}, console=console)
    console.print(f"运行 run {run['id']}", soft_wrap=True)


def adjust_item(heli: Heli, key: str, subject: str, change: Mapping[str, str], *, console: Console) -> None:
    """Adjust one item of a subject as it was just read."""
    entry = heli.get(_SERVICE, f"/v1/cycles/{key}/entries/{subject}")
    named = {"subject": subject, "version": entry["version"], "adjustments": [dict(change)]}
    take_step(heli, key, {"step": "adjust", "subjects": [named]}, console=console)


def file_appeal(heli: Heli, body: Mapping[str, Any], *, console: Console) -> None:
    """File an appeal and print until when it is answered."""
    appeal = heli.post(_SERVICE, "/v1/appeals", dict(body))
    console.print(f"{appeal['id']} 待答复 pending，答复期限 due {appeal['due_on']}")


def answer_appeal(heli: Heli, key: str, reason: str, points: Sequence[str], *, console: Console) -> None:
    """Answer an appeal and print what it changed."""
    adjustments = []
    for each in points:
        item, sign, value = each.partition("=")
        if not sign:
            raise Refusal(f"“{each}”应写作 项=分。", f"Write {each!r} as item=points.", code=2)
        adjustments.append({"item": item, "points": value, "reason": reason})
    outcome = "upheld" if adjustments else "rejected"
    body = {"outcome": outcome, "reason": reason, "adjustments": adjustments}
    done = heli.post(_SERVICE, f"/v1/appeals/{key}/decide", body)
    console.print(f"{done['id']} {_OUTCOMES[outcome]} {outcome}")
    console.print(f"得分 score {done['score_before']} → {done['score_after']}")
    console.print(f"等次 grade {done['grade_before'] or '–'} → {done['grade_after'] or '–'}")


def _table(*titles: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def _tell(cycle: Mapping[str, Any], console: Console) -> None:
    console.print(f"{cycle['id']} {cycle['title']}：{cycle['stage_zh']} {cycle['stage']}")
    for stage, name, words in (
        ("self_assessment", "self_due_on", "自评期限 self-assessment until"),
        ("notice", "notice_until", "公示至 notice until"),
        ("notice", "appeal_until", "申诉至 appeals until"),
        ("archived", "archive_digest", "档案摘要 archive digest"),
    ):
        if cycle["stage"] == stage:
            console.print(f"{words} {cycle[name]}", soft_wrap=True)
