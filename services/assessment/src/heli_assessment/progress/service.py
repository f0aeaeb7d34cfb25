"""Progress reports: taken with evidence, laid over the task, added up above it; withdrawn with a reason."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from heli_assessment.access import Units, Values, Visibility, check_own_unit
from heli_assessment.attachments.referring import check_attachments
from heli_assessment.filters import year_filter
from heli_assessment.progress.models import PROGRESS_REPORT
from heli_assessment.progress.summing import settle
from heli_assessment.tasks.models import TASK
from heli_assessment.tasks.service import parts_of
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import Record, find_row
from heli_shared.records.service import Resource, close_record, create_record, get_record, not_found
from heli_shared.statistics.parameters import parameter


def reports_resource(units: Units) -> Resource:
    """Return progress reports, seen within the units that somebody may see."""
    return Resource(
        PROGRESS_REPORT,
        Visibility(PROGRESS_REPORT, units),
        check=partial(_check, units),
        check_closing=_check_closing,
        filters={**equality_filters(PROGRESS_REPORT), "year": year_filter(PROGRESS_REPORT, "reported_on")},
    )


def report_progress(call: RecordCall, reports: Resource, tasks: Resource, body: dict[str, Any]) -> Record:
    """Take a report, carry its number into the task and the sums above it; all of it or nothing."""
    task = _locked(call, tasks, body["task"])
    if task["state"] != "open":
        raise Conflict("任务已关闭，不能再报告进度。", "The task is closed; no progress can be reported.")
    if parts_of(call, task["id"]):
        raise Conflict("任务已分解，请按分解后的任务报告进度。", "The task was split; report on its parts.")
    held_since = min(body["reported_on"], call.clock.today())  # a day to come is refused by the check, with its field
    made = create_record(call, reports, {**body, "unit": task["unit"], "effective_on": held_since})
    settle(call, task["id"], on=call.clock.today())
    return made


def withdraw_report(call: RecordCall, reports: Resource, report: Record, *, reason: str) -> Record:
    """Close a report; the task goes back to the latest report that stands, or to nothing done."""
    _locked_row(call, report["task"])
    closed = close_record(call, reports, report, reason=reason, effective_on=None)
    settle(call, report["task"], on=call.clock.today())
    return closed


def _check(units: Units, call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    check_own_unit(call, before, after)
    check_attachments(units, call, before, after)
    today = call.clock.today()
    reported_on = date.fromisoformat(str(after["reported_on"]))
    first = today - timedelta(days=int(parameter("task.report_back_days").on(today)))
    problems = []
    if Decimal(after["progress"]) < 0:
        problems.append(FieldProblem("/progress", "不能为负数", "must not be negative"))
    if not first <= reported_on <= today:
        zh, en = f"应在 {first} 至今天之间", f"must lie between {first} and today"
        problems.append(FieldProblem("/reported_on", zh, en))
    if not after["evidence"] and not after["attachments"]:
        zh, en = "须填写佐证，或在 attachments 中列出附件", "name evidence, or attachments"
        problems.append(FieldProblem("/evidence", zh, en))
    if problems:
        raise InvalidInput("进度报告有误。", "The progress report is not valid.", errors=problems)


def _check_closing(call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    check_own_unit(call, before, after)


def _locked(call: RecordCall, tasks: Resource, key: str) -> Record:
    _locked_row(call, key)
    return get_record(call, tasks, key)


def _locked_row(call: RecordCall, key: str) -> Any:
    row = find_row(call.session, TASK, key, lock=True)
    if row is None:
        raise not_found(TASK, key)
    return row
