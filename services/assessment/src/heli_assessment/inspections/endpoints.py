"""The routes of rectification orders: reading, issuing, and the steps of each."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints
from starlette.responses import Response

from heli_assessment.access import Units
from heli_assessment.inspections.domain import Step
from heli_assessment.inspections.models import RECTIFICATION_ORDER
from heli_assessment.inspections.service import Said, issue, take_step
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, IfMatch, locked_record, read_router, shown_models
from heli_shared.records.models import SINGLE_LINE, Day, Strict, input_type
from heli_shared.records.service import Resource
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import record_reply
from heli_shared.web.routes import new_router

OrderKey = Annotated[str, Path(max_length=64, pattern=RECTIFICATION_ORDER.key_pattern, description="督办单 id")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000, pattern=SINGLE_LINE)]


def _type(name: str) -> Any:
    return input_type(RECTIFICATION_ORDER.by_name[name])


_Unit: Any = _type("unit")
_Key: Any = _type("activity")
_Enterprise = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{18}$")]
_Problem: Any = _type("problem")
_Requirement: Any = _type("requirement")
_Number: Any = _type("number")
_Answer: Any = _type("answer")
_Attachments: Any = _type("attachments")


class NewOrder(Strict):
    """What is to be mended, by whom, until when."""

    unit: _Unit = Field(description="整改单位", examples=["unt-1"])
    problem: _Problem = Field(description="存在问题", examples=["3家应建未建企业未制定组建计划"])
    requirement: _Requirement | None = Field(default=None, description="整改要求")
    number: _Number | None = Field(default=None, description="编号, as printed on the order")
    activity: _Key | None = Field(default=None, description="The inspection that found it")
    enterprise: _Enterprise | None = Field(
        default=None, description="涉及企业; the inspection's when not given, where that names one"
    )
    issuer: _Unit | None = Field(default=None, description="One's own unit when not given")
    issued_on: Day | None = Field(default=None, description="Today when not given")
    due_on: Day | None = Field(default=None, description="By default 15 working days after the day of issue")


class OrderAnswer(Strict):
    """What the unit did."""

    answer: _Answer = Field(description="整改情况", examples=["三家企业组建计划已报备"])
    attachments: _Attachments | None = None


class OrderDecision(Strict):
    """What the issuer says of it."""

    decision: Words = Field(description="验收意见", examples=["现场核查属实，同意销号"])


class OrderSentBack(OrderDecision):
    """What is still missing or has come up again, and the new deadline."""

    due_on: Day | None = Field(default=None, description="By default 10 working days from today")


def orders_router(orders: Resource, units: Units) -> APIRouter:
    """Return the routes of rectification orders."""
    router = new_router()
    router.routes.extend(read_router(orders).routes)
    shown = shown_models(orders).shown
    write = endpoint("rectification-orders:write", writes=True)
    step: dict[str, Any] = {
        "tags": ["rectification-orders"],
        "response_model": shown,
        "responses": problems(404, 409, 412, 413, 422, 428),
    }
    one = "/v1/rectification-orders/{key}"

    def taken(call: RecordCall, key: str, name: Step, said: Said) -> Response:
        order = take_step(call, units, locked_record(call, orders, key), name, said)
        return record_reply(call.request, orders.shown(call, [order])[0])

    @router.post("/v1/rectification-orders", status_code=201, **{**step, "responses": problems(409, 413, 422)})
    @write
    def issue_rectification_order(call: RecordCall, body: NewOrder, idempotency_key: IdempotencyKey = None) -> Response:
        """Issue an order to a unit: what is wrong, what is to be done, until when."""
        del idempotency_key  # read by the call; named here for the document
        made = issue(call, orders, units, body.model_dump(exclude_none=True))
        return record_reply(call.request, orders.shown(call, [made])[0], 201, f"/v1/rectification-orders/{made['id']}")

    @router.post(f"{one}/answer", **step)
    @write
    def answer_rectification_order(
        call: RecordCall, key: OrderKey, body: OrderAnswer, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Answer an order for one's own unit: what was done, with files that show it."""
        del if_match, idempotency_key  # read where they are checked; named here for the document
        return taken(call, key, "answer", Said(body.answer, tuple(body.attachments or ())))

    @router.post(f"{one}/accept", **step)
    @write
    def accept_rectification_order(
        call: RecordCall, key: OrderKey, body: OrderDecision, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Accept an answer for the unit that issued the order; whoever answered cannot."""
        del if_match, idempotency_key
        return taken(call, key, "accept", Said(body.decision))

    @router.post(f"{one}/return", **step)
    @write
    def return_rectification_order(
        call: RecordCall, key: OrderKey, body: OrderSentBack, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Return an answer that does not do, with a new deadline."""
        del if_match, idempotency_key
        return taken(call, key, "return", Said(body.decision, due_on=body.due_on))

    @router.post(f"{one}/reopen", **step)
    @write
    def reopen_rectification_order(
        call: RecordCall, key: OrderKey, body: OrderSentBack, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Re-open an accepted order because the fault has come up again."""
        del if_match, idempotency_key
        return taken(call, key, "reopen", Said(body.decision, due_on=body.due_on))

    @router.post(f"{one}/cancel", **step)
    @write
    def cancel_rectification_order(
        call: RecordCall, key: OrderKey, body: OrderDecision, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Cancel an order that was issued in error."""
        del if_match, idempotency_key
        return taken(call, key, "cancel", Said(body.decision))

    return router
