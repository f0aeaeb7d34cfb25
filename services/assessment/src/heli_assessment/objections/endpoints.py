"""The routes of objections."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from starlette.responses import Response

from heli_assessment.cycles.shown import Line, Name
from heli_assessment.objections.models import OBJECTION, TARGETS
from heli_assessment.objections.service import ObjectionRequest, ObjectionService
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, read_router
from heli_shared.records.models import Strict, models_of
from heli_shared.records.service import Resource
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import record_reply
from heli_shared.web.routes import new_router

Key = Annotated[str, Path(max_length=64, pattern=OBJECTION.key_pattern, description="异议 id")]


class NewObjection(Strict):
    """Against what, and why."""

    target: Literal[TARGETS]  # type: ignore[valid-type]
    target_id: Name
    reason: Line
    evidence: Line | None = None


class ObjectionAnswer(Strict):
    """The answer to an objection."""

    outcome: Literal["upheld", "rejected"]
    reason: Line


def objection_router(objections: ObjectionService, resource: Resource) -> APIRouter:
    """Return the routes of objections."""
    router = new_router()
    known: dict[str, Any] = {
        "tags": ["objections"],
        "response_model": models_of(OBJECTION).shown,
        "responses": problems(404, 409, 413, 422),
    }

    @router.post("/v1/objections", status_code=201, **known)
    @endpoint("objections:write", writes=True)
    def create_objection(call: RecordCall, body: NewObjection, idempotency_key: IdempotencyKey = None) -> Response:
        """Object to a confirmed incentive, evaluation or opinion in the name of one's own unit."""
        del idempotency_key
        record = objections.file(call, ObjectionRequest(body.target, body.target_id, body.reason, body.evidence))
        return record_reply(call.request, record, 201, f"/v1/objections/{record['id']}")

    @router.post("/v1/objections/{key}/answer", **known)
    @endpoint("incentives:decide", writes=True)
    def answer_objection(
        call: RecordCall, key: Key, body: ObjectionAnswer, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Answer an objection; one that is upheld has what it is about decided anew."""
        del idempotency_key
        done = objections.answer(call, key, is_upheld=body.outcome == "upheld", reason=body.reason)
        return record_reply(call.request, done)

    router.routes.extend(read_router(resource).routes)
    return router
