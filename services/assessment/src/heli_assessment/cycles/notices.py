"""Public notices 公示: name, unit and result of each subject, for everybody and for as long as the notice is up."""

from html import escape
from typing import Any

from heli_assessment.cycles.domain import Stage
from heli_assessment.cycles.models import CYCLE
from heli_assessment.cycles.repository import entries_of, notices
from heli_assessment.cycles.turns import Bodies
from heli_shared.kernel.errors import Gone, NotFound
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Record, find_row, record_of_row

_NO_GRADE = "不评定等次"
_PAGE = """<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}（公示）</title>
<style>body{{font-family:serif;max-width:48rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}
td,th{{border:1px solid #666;padding:.4rem;text-align:left}}</style></head>
<body><h1>{title}（公示）</h1>
<p>公示期 {notice_from} 至 {notice_until}。对结果有异议的，请在 {appeal_until} 前向组织考核的单位书面提出。</p>
<table><thead><tr><th>名称</th><th>单位</th><th>结果</th></tr></thead>
<tbody>
{rows}
</tbody></table></body></html>
"""


def list_notices(call: RecordCall) -> list[dict[str, Any]]:
    """Return the notices that are up today, without their lines."""
    return [_head(each) for each in notices(call.session, on=call.clock.today())]


def get_notice(call: RecordCall, bodies: Bodies, key: str) -> dict[str, Any]:
    """Return a notice with its lines; NotFound before it is up, Gone when its time is over."""
    row = find_row(call.session, CYCLE, key)
    cycle = None if row is None else record_of_row(CYCLE, row)
    if cycle is None or cycle["notice_from"] is None:
        raise NotFound("没有这项公示。", "There is no such notice.")
    if call.clock.today().isoformat() > str(cycle["notice_until"]) or cycle["stage"] == Stage.WITHDRAWN:
        raise Gone("公示期已满，内容不再公开。", "The notice is over; its content is no longer public.")
    entries = sorted(entries_of(call.session, key), key=lambda each: (each["rank"] is None, each["rank"] or 0))
    return {**_head(cycle), "items": [_line(each, bodies) for each in entries]}


def _head(cycle: Record) -> dict[str, Any]:
    return {name: cycle[name] for name in ("id", "title", "notice_from", "notice_until", "appeal_until")}


def _line(entry: Record, bodies: Bodies) -> dict[str, str]:
    unit = entry["name"]
    if entry["unit"] != entry["subject"]:
        found = bodies.unit(entry["unit"])
        unit = found.name if found else entry["unit"]
    return {"name": entry["name"], "unit": unit, "result": entry["grade"] or _NO_GRADE}


def page_of(notice: dict[str, Any]) -> str:
    """Return a notice as a page that loads nothing from anywhere."""
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(line[name])}</td>" for name in ("name", "unit", "result")) + "</tr>"
        for line in notice["items"]
    )
    told = {name: escape(str(notice[name])) for name in ("title", "notice_from", "notice_until", "appeal_until")}
    return _PAGE.format(rows=rows, **told)
