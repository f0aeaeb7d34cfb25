"""The routes of progress reports: those that read, taking one, withdrawing one."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from heli_assessment.progress.models import PROGRESS_REPORT
from heli_assessment.progress.service import report_progress, withdraw_report
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, IfMatch, locked_record, read_router, shown_models
from heli_shared.records.models import Day, Strict, input_type
from heli_shared.records.service import Resource
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import record_reply
from heli_shared.web.routes import new_router

ReportKey = Annotated[str, Path(max_length=64, pattern=PROGRESS_REPORT.key_pattern, description="进度报告 id")]


def _type(name: str) -> Any:
    return input_type(PROGRESS_REPORT.by_name[name])


_Task: Any = _type("task")
_Progress: Any = _type("progress")
_Note: Any = _type("note")
_Evidence: Any = _type("evidence")
_Attachments: Any = _type("attachments")


class NewProgress(Strict):
    """How far a task is on a day, in all, with evidence."""

    task: _Task = Field(examples=["tsk-1"])
    progress: _Progress = Field(description="累计完成数, in all since the beginning", examples=["5"])
    reported_on: Day = Field(description="The day on which it was so", examples=["2026-06-20"])
    note: _Note | None = None
    evidence: _Evidence | None = Field(default=None, description="Where the documents lie; this or attachments")
    attachments: _Attachments | None = None


class Withdrawal(Strict):
    """Why a report does not hold."""

    reason: _Note = Field(examples=["数字有误"])


def progress_router(reports: Resource, tasks: Resource) -> APIRouter:
    """Return the routes of progress reports."""
    router = new_router()
    router.routes.extend(read_router(reports).routes)
    shown = shown_models(reports).shown
    write = endpoint("progress-reports:write", writes=True)

    @router.post(
        "/v1/progress-reports",
        status_code=201,
        tags=["progress-reports"],
        response_model=shown,
        responses=problems(404, 409, 413, 422),
    )
    @write
    def report_task_progress(call: RecordCall, body: NewProgress, idempotency_key: IdempotencyKey = None) -> Response:
        """Report how far a task is: its number, the day it is done and the sums above it follow from it."""
        del idempotency_key  # read by the call; named here for the document
        made = report_progress(call, reports, tasks, body.model_dump(exclude_none=True))
        return record_reply(call.request, made, 201, f"/v1/progress-reports/{made['id']}")

    @router.post(
        "/v1/progress-reports/{key}/withdraw",
        tags=["progress-reports"],
        response_model=shown,
        responses=problems(404, 409, 412, 413, 422, 428),
    )
    @write
    def withdraw_progress_report(
        call: RecordCall, key: ReportKey, body: Withdrawal, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Withdraw a report with a reason; the task goes back to the report before it."""
        del if_match, idempotency_key
        report = locked_record(call, reports, key)
        return record_reply(call.request, withdraw_report(call, reports, report, reason=body.reason))

    return router
