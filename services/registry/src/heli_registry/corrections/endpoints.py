"""The routes of correction requests."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints
from starlette.responses import Response

from heli_registry.corrections.models import CORRECTION_REQUEST
from heli_registry.corrections.service import Asked, accept, file_request, reject, withdraw
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, read_router
from heli_shared.records.models import SINGLE_LINE, Day, Strict, models_of
from heli_shared.records.service import Resource
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import record_reply
from heli_shared.web.routes import new_router

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000, pattern=SINGLE_LINE)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Value = str | int | bool | list[str] | None
RequestKey = Annotated[str, Path(max_length=64, pattern=CORRECTION_REQUEST.key_pattern, description="申请 id")]


class NewCorrection(Strict):
    """What should be put right, and why."""

    kind: Name = Field(description="资源", examples=["enterprises"])
    key: Name = Field(description="记录编号", examples=["91990121MA0000001R"])
    field: Name = Field(description="字段", examples=["staff"])
    proposed: Value = Field(description="建议值；null 表示清空. What the field should be; null clears", examples=[62])
    reason: Line = Field(description="理由", examples=["社保缴费人数为62人"])
    evidence: Line | None = Field(default=None, description="依据材料", examples=["2026年6月社保缴费清单"])


class Acceptance(Strict):
    """From when the corrected value holds, and a word with it."""

    reason: Line | None = Field(default=None, description="办理意见")
    effective_on: Day | None = Field(default=None, description="From which day it holds; today when not given")


class Reasoned(Strict):
    """Why a request ends without a change."""

    reason: Line = Field(description="理由", examples=["该企业已出具用工花名册，人数无误"])


def corrections_router(corrections: Resource, resources: dict[str, Resource]) -> APIRouter:
    """Return the routes of correction requests about these resources (by plural)."""
    router = new_router()
    known: dict[str, Any] = {
        "tags": ["correction-requests"],
        "response_model": models_of(CORRECTION_REQUEST).shown,
        "responses": problems(404, 409, 413, 422),
    }
    base = "/v1/correction-requests"

    @router.post(base, status_code=201, **known)
    @endpoint("correction-requests:write", writes=True)
    def create_correction_request(
        call: RecordCall, body: NewCorrection, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Ask for a value to be corrected; the answer is due on a working day."""
        del idempotency_key
        record = file_request(call, resources, Asked(**body.model_dump()))
        return record_reply(call.request, record, 201, f"{base}/{record['id']}")

    @router.post(f"{base}/{{key}}/accept", **known)
    @endpoint("correction-requests:decide", writes=True)
    def accept_correction_request(
        call: RecordCall, key: RequestKey, body: Acceptance, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Accept: the value is written into the record at once, with the asking unit as its source."""
        del idempotency_key
        done = accept(call, corrections, resources, key, reason=body.reason, effective_on=body.effective_on)
        return record_reply(call.request, done)

    @router.post(f"{base}/{{key}}/reject", **known)
    @endpoint("correction-requests:decide", writes=True)
    def reject_correction_request(
        call: RecordCall, key: RequestKey, body: Reasoned, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Reject, with a reason."""
        del idempotency_key
        return record_reply(call.request, reject(call, corrections, key, reason=body.reason))

    @router.post(f"{base}/{{key}}/withdraw", **known)
    @endpoint("correction-requests:write", writes=True)
    def withdraw_correction_request(
        call: RecordCall, key: RequestKey, body: Reasoned, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Withdraw one's own request."""
        del idempotency_key
        return record_reply(call.request, withdraw(call, corrections, key, reason=body.reason))

    router.routes.extend(read_router(corrections).routes)
    return router
