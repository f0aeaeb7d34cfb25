"""The routes of merging: merge one enterprise into another, and undo it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints
from starlette.responses import Response

from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.merging.models import MERGER
from heli_registry.merging.service import Merging, merge_enterprise, unmerge_enterprise
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, IfMatch
from heli_shared.records.models import SINGLE_LINE, Day, Strict, models_of
from heli_shared.records.reading import Record, find_row
from heli_shared.records.service import get_record, not_found
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import check_if_match, record_reply
from heli_shared.web.routes import new_router

Code = Annotated[str, StringConstraints(pattern=ENTERPRISE.key_pattern)]
EnterpriseKey = Annotated[str, Path(max_length=64, pattern=ENTERPRISE.key_pattern, description="企业 uscc")]
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000, pattern=SINGLE_LINE)]
FieldName = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z_]+$")]
_SHOWN = models_of(MERGER).shown


class NewMerger(Strict):
    """Into which enterprise, why, from when, and what it takes over."""

    into: Code = Field(description="The enterprise that stays", examples=[ENTERPRISE.key_example])
    reason: Why = Field(examples=["换发新码后重复登记"])
    effective_on: Day | None = Field(default=None, description="From which day; today when not given, never later")
    take: Annotated[list[FieldName], Field(max_length=60)] = Field(
        default=[], description="Fields whose value the one that stays takes over", examples=[["staff", "address"]]
    )


class Unmerging(Strict):
    """Why a merger is undone."""

    reason: Why = Field(examples=["核实为两家企业"])


def merging_router() -> APIRouter:
    """Return the routes of merging."""
    router = new_router()
    known: dict[str, Any] = {
        "tags": ["duplicates"],
        "response_model": _SHOWN,
        "responses": problems(404, 409, 412, 413, 422, 428),
    }

    @router.post("/v1/enterprises/{key}/merge", status_code=201, **known)
    @endpoint("duplicates:write", writes=True)
    def merge_into_another(
        call: RecordCall, key: EnterpriseKey, body: NewMerger, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Close an enterprise as a duplicate of another that takes over its open links; nothing is deleted."""
        del if_match, idempotency_key
        asked = Merging(body.into, body.reason, body.effective_on, body.take)
        merger = merge_enterprise(call, _locked(call, key), asked)
        return record_reply(call.request, merger, 201, f"/v1/mergers/{merger['id']}")

    @router.post("/v1/enterprises/{key}/unmerge", **known)
    @endpoint("duplicates:write", writes=True)
    def undo_merger(
        call: RecordCall, key: EnterpriseKey, body: Unmerging, if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:  # fmt: skip
        """Undo a merger as if it had not been, as long as nothing that it moved was changed since."""
        del if_match, idempotency_key
        return record_reply(call.request, unmerge_enterprise(call, _locked(call, key), body.reason))

    return router


def _locked(call: RecordCall, key: str) -> Record:
    """Return an enterprise that the caller may change, read under If-Match."""
    if find_row(call.session, ENTERPRISE, key) is None:
        raise not_found(ENTERPRISE, key)
    record = get_record(call, ENTERPRISES, key)
    check_if_match(call.request, record["version"])
    return record
