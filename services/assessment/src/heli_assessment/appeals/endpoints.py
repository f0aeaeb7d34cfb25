"""The routes of appeals."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from heli_assessment.appeals.models import APPEAL
from heli_assessment.appeals.service import AppealRequest, AppealService, Decision
from heli_assessment.cycles.requests import Adjustment
from heli_assessment.cycles.shown import AdjustmentGiven, Line, Name, Reasoned, Statement
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, read_router
from heli_shared.records.models import Strict, models_of
from heli_shared.records.service import Resource
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import record_reply
from heli_shared.web.routes import new_router

AppealKey = Annotated[str, Path(max_length=64, pattern=APPEAL.key_pattern, description="申诉 id")]


class NewAppeal(Strict):
    """Whose result is doubted, on which items, and why."""

    cycle: Name
    subject: Name = Field(description="The subject; its own unit files")
    items: list[Name] = Field(default_factory=list, max_length=20, description="Empty for the whole result")
    reason: Statement = Field(examples=["6月12日的会议未计入"])
    evidence: Line | None = Field(default=None, examples=["会议记录"])


class AppealDecision(Strict):
    """The answer; an appeal that is upheld says which points take the place of which."""

    outcome: Literal["upheld", "rejected"]
    reason: Line
    adjustments: list[AdjustmentGiven] = Field(default_factory=list, max_length=50)


def appeal_router(appeals: AppealService, resource: Resource) -> APIRouter:
    """Return the routes of appeals."""
    router = new_router()
    known: dict[str, Any] = {
        "tags": ["appeals"],
        "response_model": models_of(APPEAL).shown,
        "responses": problems(404, 409, 413, 422),
    }

    @router.post("/v1/appeals", status_code=201, **known)
    @endpoint("cycles:step", writes=True)
    def create_appeal(call: RecordCall, body: NewAppeal, idempotency_key: IdempotencyKey = None) -> Response:
        """Appeal against one's own result while the notice is up; the answer is due on a working day."""
        del idempotency_key
        asked = AppealRequest(body.cycle, body.subject, tuple(body.items), body.reason, body.evidence)
        record = appeals.file(call, asked)
        return record_reply(call.request, record, 201, f"/v1/appeals/{record['id']}")

    @router.post("/v1/appeals/{key}/decide", **known)
    @endpoint("cycles:step", writes=True)
    def decide_appeal(
        call: RecordCall, key: AppealKey, body: AppealDecision, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Answer an appeal; one that is upheld changes the points, the score, the grade and the ranks at once."""
        del idempotency_key
        changed = tuple(Adjustment(each.item, Decimal(each.points), each.reason) for each in body.adjustments)
        done = appeals.decide(call, key, Decision(body.outcome == "upheld", body.reason, changed))
        return record_reply(call.request, done)

    @router.post("/v1/appeals/{key}/withdraw", **known)
    @endpoint("cycles:step", writes=True)
    def withdraw_appeal(
        call: RecordCall, key: AppealKey, body: Reasoned, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Take an appeal back, with a reason."""
        del idempotency_key
        return record_reply(call.request, appeals.withdraw(call, key, body.reason))

    router.routes.extend(read_router(resource).routes)
    return router
