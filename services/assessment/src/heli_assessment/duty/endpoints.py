"""The routes of reports on duty: sessions and reports as every kind has them, marks, and the results of a session."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from heli_assessment.access import writes_for_all
from heli_assessment.duty.models import DUTY_MARK, DUTY_SESSION
from heli_assessment.duty.service import give_mark, results_of
from heli_shared.kernel.errors import Forbidden
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import (
    IdempotencyKey,
    IfMatch,
    locked_record,
    read_router,
    record_router,
    shown_models,
)
from heli_shared.records.models import SINGLE_LINE, Strict, input_type
from heli_shared.records.service import Resource, close_record
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, record_reply
from heli_shared.web.routes import new_router

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=800, pattern=SINGLE_LINE)]


def _type(name: str) -> Any:
    return input_type(DUTY_MARK.by_name[name])


_Report: Any = _type("report")
_Judges: Any = _type("judges")
_Points: Any = _type("points")
_Judge: Any = _type("judge")
_Comment: Any = _type("comment")


class NewDutyMark(Strict):
    """One judge's mark of one report."""

    report: _Report = Field(description="述职报告 id")
    judges: _Judges = Field(description="leaders, peers or representatives", examples=["leaders"])
    points: _Points = Field(description="0 to 100", examples=["92.5"])
    judge: _Judge | None = Field(
        default=None, description="Oneself when not given; a slip's number where it is entered"
    )
    comment: _Comment | None = None


class DutyMarkWithdrawn(Strict):
    """Why a mark does not hold."""

    reason: Words = Field(examples=["录入错误"])


class GroupNumbers(BaseModel):
    """A number for each group of judges."""

    leaders: int
    peers: int
    representatives: int


class GroupMeans(BaseModel):
    """The mean of each group of judges, null for one that gave none."""

    leaders: str | None
    peers: str | None
    representatives: str | None


class DutyResult(BaseModel):
    """How one report was marked."""

    report: str
    unit: str
    marks: GroupNumbers
    means: GroupMeans
    total: str | None = Field(description="Weighted, to 0.01; null while a group that counts is missing")
    grade: Literal["good", "fair", "average", "poor"] | None
    missing: list[str]


class DutyResults(BaseModel):
    """The results of a session, the best first."""

    items: list[DutyResult]


def duty_router(sessions: Resource, reports: Resource, marks: Resource) -> APIRouter:
    """Return the routes of reports on duty."""
    router = new_router()
    for routes in (record_router(sessions), record_router(reports), read_router(marks)):
        router.routes.extend(routes.routes)

    @router.get(
        "/v1/duty-sessions/{key}/results",
        tags=["duty-sessions"],
        response_model=DutyResults,
        responses=problems(404, 422),
    )
    @endpoint("duty-reports:read")
    def get_duty_results(
        call: RecordCall,
        key: Annotated[str, Path(max_length=64, pattern=DUTY_SESSION.key_pattern, description="述职评议会 id")],
    ) -> Response:
        """Get the results of a session: means by group, the weighted total, the grade."""
        return json_reply({"items": results_of(call, sessions, reports, key)})

    _add_marks(router, reports, marks)
    return router


def _add_marks(router: APIRouter, reports: Resource, marks: Resource) -> None:
    shown = shown_models(marks).shown
    write = endpoint("duty-marks:write", writes=True)

    @router.post(
        "/v1/duty-marks",
        status_code=201,
        tags=["duty-marks"],
        response_model=shown,
        responses=problems(404, 409, 413, 422),
    )
    @write
    def give_duty_mark(call: RecordCall, body: NewDutyMark, idempotency_key: IdempotencyKey = None) -> Response:
        """Mark a report on duty; nobody marks the own unit, and each judge marks a report once."""
        del idempotency_key  # read by the call; named here for the document
        made = give_mark(call, marks, reports, body.model_dump(exclude_none=True))
        return record_reply(call.request, made, 201, f"/v1/duty-marks/{made['id']}")

    @router.post(
        "/v1/duty-marks/{key}/withdraw",
        tags=["duty-marks"],
        response_model=shown,
        responses=problems(404, 409, 412, 413, 422, 428),
    )
    @write
    def withdraw_duty_mark(
        call: RecordCall,
        key: Annotated[str, Path(max_length=64, pattern=DUTY_MARK.key_pattern, description="述职评分 id")],
        body: DutyMarkWithdrawn,
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Withdraw one's own mark with a reason; who writes for all may withdraw any."""
        del if_match, idempotency_key  # read where they are checked; named here for the document
        mark = locked_record(call, marks, key)
        if mark["judge"] != call.principal.id and not writes_for_all(call):
            raise Forbidden("只能撤回本人的评分。", "You may withdraw your own mark only.")
        return record_reply(call.request, close_record(call, marks, mark, reason=body.reason, effective_on=None))
