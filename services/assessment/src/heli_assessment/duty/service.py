"""Reports on duty: a session, one report of each unit, a mark of each judge, nobody marks the own unit."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from heli_assessment.access import Units, Values, Visibility, check_own_unit, check_unit_known, writes_for_all
from heli_assessment.attachments.referring import check_attachments
from heli_assessment.duty import repository
from heli_assessment.duty.domain import Grade, result_of
from heli_assessment.duty.models import DUTY_MARK, DUTY_REPORT, DUTY_SESSION, GROUPS
from heli_shared.kernel.errors import Conflict, FieldProblem, Forbidden, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters, no_conditions
from heli_shared.records.reading import Record, find_row
from heli_shared.records.service import Resource, create_record, get_record
from heli_shared.statistics.parameters import parameter

_GRADES: tuple[Grade, ...] = ("good", "fair", "average")
_MOST, _WHOLE = Decimal(100), 100


def sessions_resource(units: Units) -> Resource:
    """Return sessions, which everybody sees who may read any."""
    return Resource(
        DUTY_SESSION, no_conditions, check=partial(_check_session, units), filters=equality_filters(DUTY_SESSION)
    )


def duty_reports_resource(units: Units) -> Resource:
    """Return reports on duty, seen and written within the units that somebody may see and write for."""
    return Resource(
        DUTY_REPORT,
        Visibility(DUTY_REPORT, units),
        check=partial(_check_report, units),
        check_closing=lambda call, before, after, _on: check_own_unit(call, before, after),
        filters=equality_filters(DUTY_REPORT),
    )


def duty_marks_resource(units: Units) -> Resource:
    """Return marks, seen by those alone who may read each judge's."""
    return Resource(DUTY_MARK, Visibility(DUTY_MARK, units), check=_check_mark, filters=equality_filters(DUTY_MARK))


def give_mark(call: RecordCall, marks: Resource, reports: Resource, body: dict[str, Any]) -> Record:
    """Give a mark as oneself; who writes for all may enter the slip of somebody else, named by a number or word."""
    report = get_record(call, reports, body["report"])
    judge = body.get("judge") or call.principal.id
    if judge != call.principal.id and not writes_for_all(call):
        raise Forbidden("只能以本人名义评分。", "You may give your own mark only.")
    if report["state"] != "open":
        raise Conflict("述职报告已撤回，不能评分。", "The report was withdrawn; it cannot be marked.")
    if call.principal.unit == report["unit"] and judge == call.principal.id:
        raise Forbidden("不能给本单位评分。", "Nobody marks the own unit.")
    session = find_row(call.session, DUTY_SESSION, report["session"])
    if session is None or session.state != "open":
        raise Conflict("评议会已结束，不能评分。", "The session is over; no more marks.")
    if repository.twin_mark(call.session, report["id"], judge):
        raise Conflict(
            "该评分人已评过此报告；请先撤回原评分。", "This judge has marked the report; withdraw that mark first."
        )
    return create_record(call, marks, {**body, "judge": judge, "unit": report["unit"]})


def results_of(call: RecordCall, sessions: Resource, reports: Resource, key: str) -> list[dict[str, Any]]:
    """Return the result of each report of a session that the caller sees, the best first, unmarked ones last."""
    session = get_record(call, sessions, key)
    weights = {group: int(session[f"{group}_weight"]) for group in GROUPS}
    held_on = date.fromisoformat(session["held_on"])
    grades = {grade: Decimal(str(parameter(f"duty.{grade}").on(held_on))) for grade in _GRADES}
    rows = repository.open_reports(call.session, key, reports.visible(call.session, call.principal.scope))
    marks: dict[str, list[tuple[str, Decimal]]] = {row.id: [] for row in rows}
    for mark in repository.open_marks(call.session, list(marks)):
        marks[mark.report].append((mark.judges, Decimal(mark.points)))
    lines = []
    for row in rows:
        found = result_of(marks[row.id], weights, grades)
        lines.append(
            {
                "report": row.id,
                "unit": row.unit,
                "marks": dict(found.counts),
                "means": {group: None if mean is None else format(mean, "f") for group, mean in found.means.items()},
                "total": None if found.total is None else format(found.total, "f"),
                "grade": found.grade,
                "missing": list(found.missing),
            }
        )
    return sorted(lines, key=lambda line: (line["total"] is None, -Decimal(line["total"] or 0), line["unit"]))


def units_reporting(call: RecordCall, session: str) -> list[str]:
    """Return the units that have a report in a session, whether the caller sees them or not, in order of ids."""
    return sorted({row.unit for row in repository.open_reports(call.session, session, [])})


def _check_session(units: Units, call: RecordCall, before: Values | None, after: Values, _on: date) -> None:
    check_unit_known(units, before, after)
    problems = []
    if sum(after[f"{group}_weight"] for group in GROUPS) != _WHOLE:
        problems.append(FieldProblem("/leaders_weight", "三组权重合计应为100", "the three weights add up to 100"))
    if str(after["held_on"]) > call.clock.today().isoformat():
        problems.append(FieldProblem("/held_on", "日期晚于今天", "lies after today"))
    if problems:
        raise InvalidInput("述职评议会内容有误。", "The session is not valid.", errors=problems)


def _check_report(units: Units, call: RecordCall, before: Values | None, after: Values, _on: date) -> None:
    check_own_unit(call, before, after)
    check_unit_known(units, before, after)
    check_attachments(units, call, before, after)
    session = find_row(call.session, DUTY_SESSION, after["session"])
    if session is None or session.state != "open":
        missing = FieldProblem("/session", "没有这个述职评议会，或已结束", "is no session, or one that is over")
        raise InvalidInput("述职报告内容有误。", "The report is not valid.", errors=[missing])
    if repository.twin_report(call.session, after["session"], after["unit"], after["id"]):
        raise Conflict("该单位在本次评议会已有述职报告。", "The unit has a report in this session already.")


def _check_mark(_call: RecordCall, _before: Values | None, after: Values, _on: date) -> None:
    if not 0 <= Decimal(after["points"]) <= _MOST:
        beyond = FieldProblem("/points", "应在0至100之间", "must lie between 0 and 100")
        raise InvalidInput("评分有误。", "The mark is not valid.", errors=[beyond])
