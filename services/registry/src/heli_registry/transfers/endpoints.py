"""The routes of transfers beside their reading: propose, confirm, refuse, withdraw."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints
from starlette.responses import Response

from heli_registry.transfers.domain import Side
from heli_registry.transfers.models import TRANSFER
from heli_registry.transfers.service import TRANSFERS, Word, confirm, propose, refuse, withdraw
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, IfMatch, locked_record
from heli_shared.records.models import SINGLE_LINE, Day, PrivateFields, Strict, input_type, models_of, shown_fields
from heli_shared.records.reading import Record
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import record_reply
from heli_shared.web.routes import new_router

TransferKey = Annotated[str, Path(max_length=64, pattern=TRANSFER.key_pattern, description="转接 id")]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=SINGLE_LINE)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=800, pattern=SINGLE_LINE)]
_Kind: Any = input_type(TRANSFER.by_name["kind"])
_Members: Any = input_type(TRANSFER.by_name["members"])
_SHOWN = models_of(TRANSFER, PrivateFields(shown=shown_fields(TRANSFERS.derived))).shown
_STEP: dict[str, Any] = {
    "tags": ["transfers"],
    "response_model": _SHOWN,
    "responses": problems(404, 409, 412, 413, 422, 428),
}


class Proposal(Strict):
    """Which organisation is to come under which superior, and why."""

    id: Key | None = Field(default=None, description="Key; made by the service when not given")
    organization: Key = Field(examples=["org-1"])
    from_superior: Key | None = Field(default=None, description="The superior it leaves, where it has several")
    to_superior: Key = Field(description="An organisation or a unit", examples=["unt-1"])
    kind: _Kind | None = Field(default=None, description="隶属类别 of the new affiliation")
    reason: Reason = Field(examples=["企业迁入园区"])
    document: Text | None = None
    members: _Members | None = Field(default=None, description="随转党员数")
    effective_on_wanted: Day | None = Field(
        default=None, description="The day agreed, never later than today; by default the day of the last confirmation"
    )
    side: Side | None = Field(default=None, description="The side for which the county confirms while it proposes")


class Confirmation(Strict):
    """For which side, when it is not the caller's own, and why."""

    side: Side | None = Field(default=None, description="The caller's own when not given; the county names it")
    reason: Reason | None = Field(default=None, description="Needed when the county speaks for a side")


class Ending(Strict):
    """Why a transfer does not take place."""

    reason: Reason = Field(examples=["企业未实际迁入"])


def transfers_router() -> APIRouter:
    """Return the routes of the steps of a transfer."""
    router = new_router()
    step = endpoint("transfers:write", writes=True)

    @router.post("/v1/transfers", status_code=201, **{**_STEP, "responses": problems(409, 413, 422)})
    @step
    def propose_transfer(call: RecordCall, body: Proposal, idempotency_key: IdempotencyKey = None) -> Response:
        """Propose that an organisation comes under another superior; the proposing side counts as confirmed."""
        del idempotency_key  # read by the call; named here for the document
        made = propose(call, body.model_dump(exclude={"side"}, exclude_none=True), side=body.side)
        return _shown(call, made, 201, f"/v1/transfers/{made['id']}")

    @router.post("/v1/transfers/{key}/confirm", **_STEP)
    @step
    def confirm_transfer(
        call: RecordCall, key: TransferKey, body: Confirmation, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Confirm for one's side; with the last confirmation the organisation moves, all or nothing."""
        del if_match, idempotency_key  # read where they are checked; named here for the document
        return _shown(call, confirm(call, locked_record(call, TRANSFERS, key), Word(body.side, body.reason)))

    @router.post("/v1/transfers/{key}/refuse", **_STEP)
    @step
    def refuse_transfer(
        call: RecordCall, key: TransferKey, body: Ending, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Refuse for a side that has not confirmed; nothing moves."""
        del if_match, idempotency_key
        return _shown(call, refuse(call, locked_record(call, TRANSFERS, key), body.reason))

    @router.post("/v1/transfers/{key}/withdraw", **_STEP)
    @step
    def withdraw_transfer(
        call: RecordCall, key: TransferKey, body: Ending, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Withdraw for a side that has confirmed; nothing moves."""
        del if_match, idempotency_key
        return _shown(call, withdraw(call, locked_record(call, TRANSFERS, key), body.reason))

    return router


def _shown(call: RecordCall, record: Record, status: int = 200, location: str = "") -> Response:
    return record_reply(call.request, TRANSFERS.shown(call, [record])[0], status, location)
