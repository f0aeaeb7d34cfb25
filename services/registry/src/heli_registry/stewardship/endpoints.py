"""The routes of stewardship: claims, disputes, the swing of statistics, and where each value comes from."""

from collections.abc import Sequence
from dataclasses import asdict
from enum import Enum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.stewardship import shapes
from heli_registry.stewardship.disputes import Asked, disputes_of, list_disputes, show_disputes
from heli_registry.stewardship.domain import in_force
from heli_registry.stewardship.models import CLAIM, DISPUTE
from heli_registry.stewardship.repository import claim_key, find_open_dispute
from heli_registry.stewardship.service import ClaimRow, Outcome, claims_of, put_claim, put_claims
from heli_registry.stewardship.settling import Settlement, settle
from heli_registry.stewardship.sources import sources_of
from heli_registry.stewardship.swinging import Swing, shown_part, swing_of
from heli_shared.kernel.pages import DEFAULT_LIMIT
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, IdempotencyKey, IfMatch, KnownAt, Limit, On
from heli_shared.records.models import SINGLE_LINE, History
from heli_shared.records.reading import Moment
from heli_shared.records.service import get_record, history_of, list_records
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import check_if_match, json_reply, page_reply, record_reply
from heli_shared.web.routes import new_router

Uscc = Annotated[str, Path(max_length=18, pattern=ENTERPRISE.key_pattern, description="企业 uscc")]
ClaimKey = Annotated[str, Path(max_length=64, pattern=CLAIM.key_pattern, description="部门数据 id")]
DisputeKey = Annotated[str, Path(max_length=64, pattern=DISPUTE.key_pattern, description="争议 id")]
Text = Annotated[str | None, Query(max_length=64, pattern=SINGLE_LINE)]
FieldQuery = Annotated[shapes.FieldName | None, Query(description="Of this field only")]
_CLAIMS: list[str | Enum] = ["claims"]
_DISPUTES: list[str | Enum] = ["disputes"]


def stewardship_router() -> APIRouter:
    """Return the routes beside the plain ones of `field-stewards`."""
    router = new_router()
    _add_claims(router)
    _add_claim_reads(router)
    _add_dispute_reads(router)
    _add_settling(router)
    _add_sources(router)
    return router


def _add_claims(router: APIRouter) -> None:
    @router.put("/v1/claims", tags=_CLAIMS, response_model=shapes.ClaimTaken, responses=problems(409, 413, 422))
    @endpoint("claims:write", writes=True)
    def put_one_claim(call: RecordCall, body: shapes.NewClaim) -> Response:
        """Say what your unit knows about one field; repeating it changes nothing, what others say stays beside it."""
        said, pair, outcome = put_claim(call, ClaimRow(**body.model_dump()))
        found = in_force(pair, call.clock.today())
        key = claim_key(said.enterprise, said.field, said.unit)
        dispute = find_open_dispute(call.session, said.enterprise, said.field)
        rest = {"unchanged": 0 in outcome.unchanged, "in_force": asdict(found), "dispute": dispute}
        return json_reply({"id": key, **asdict(said), **rest})

    @router.post("/v1/claims/batch", tags=_CLAIMS, response_model=shapes.BatchTaken, responses=problems(409, 413, 422))
    @endpoint("claims:write", writes=True)
    def put_claim_batch(call: RecordCall, body: shapes.Batch, idempotency_key: IdempotencyKey = None) -> Response:
        """Deliver up to 10,000 values of one unit; each row is taken or refused with its reasons, all at once."""
        del idempotency_key  # read by the call; named here for the document
        return json_reply(_batch_taken(put_claims(call, _rows_of(body))))


def _rows_of(body: shapes.Batch) -> list[ClaimRow]:
    return [
        ClaimRow(
            row.enterprise, row.field, row.value, body.unit, row.observed_on or body.observed_on,
            row.document or body.document,
        )
        for row in body.rows
    ]  # fmt: skip


def _batch_taken(outcome: Outcome) -> dict[str, Any]:
    refused = [
        {"row": number + 1, "errors": [asdict(each) for each in reasons]}
        for number, reasons in sorted(outcome.refused.items())
    ]
    return {
        "rows": len(outcome.said),
        "accepted": len(outcome.said) - len(refused) - len(outcome.unchanged),
        "unchanged": len(outcome.unchanged),
        "refused": refused,
        "enterprises_changed": outcome.in_force_changed,
        "disputes_opened": outcome.disputes_opened,
        "disputes_closed": outcome.disputes_closed,
    }


def _add_claim_reads(router: APIRouter) -> None:
    @router.get("/v1/claims", tags=_CLAIMS, response_model=shapes.ClaimPage, responses=problems(422))
    @endpoint("own-claims:read")
    def list_claims(
        call: RecordCall,
        enterprise: Text = None,
        field: FieldQuery = None,
        unit: Text = None,
        on: On = None,
        known_at: KnownAt = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """List what units say: a department sees its own claims and those about fields it has a part in."""
        given = _given(enterprise=enterprise, field=field, unit=unit)
        resource = claims_of(call.principal)
        found = list_records(call, resource, given, moment=Moment(on, known_at), cursor=cursor, limit=limit)
        return page_reply(call.request, found, {"filters": given} if given else None)

    @router.get("/v1/claims/{key}", tags=_CLAIMS, response_model=shapes.ClaimShown, responses=problems(404, 422))
    @endpoint("own-claims:read")
    def get_claim(call: RecordCall, key: ClaimKey, on: On = None, known_at: KnownAt = None) -> Response:
        """Get one claim, now or as of a day and a point of the ledger."""
        return record_reply(call.request, get_record(call, claims_of(call.principal), key, Moment(on, known_at)))

    @router.get("/v1/claims/{key}/history", tags=_CLAIMS, response_model=History, responses=problems(404, 422))
    @endpoint("own-claims:read")
    def get_claim_history(call: RecordCall, key: ClaimKey) -> Response:
        """Get everything that a unit ever said about a field."""
        return _history(call, claims_of(call.principal), key)


def _given(**given: Any) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _history(call: RecordCall, resource: Any, key: str) -> Response:
    lines: Sequence[Any] = history_of(call, resource, key)
    return json_reply({"items": [line.model_dump(mode="json") for line in lines]})


def _add_dispute_reads(router: APIRouter) -> None:
    @router.get("/v1/disputes", tags=_DISPUTES, response_model=shapes.DisputePage, responses=problems(422))
    @endpoint("own-disputes:read")
    def list_open_disputes(
        call: RecordCall,
        state: Annotated[shapes.StateName | None, Query(description="`lapsed`: open and past its deadline")] = None,
        owner: Text = None,
        field: FieldQuery = None,
        enterprise: Text = None,
        overdue: Annotated[bool | None, Query(description="Past its deadline, or not")] = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """List disputes, the most urgent first: a department sees those about its fields, a township those below it."""
        asked = Asked(state, owner, field, enterprise, overdue)
        given = _given(state=state, owner=owner, field=field, enterprise=enterprise, overdue=overdue)
        found = list_disputes(call, asked, cursor=cursor, limit=limit)
        return page_reply(call.request, found, {"filters": given} if given else None)

    @router.get("/v1/disputes/swing", tags=_DISPUTES, response_model=shapes.SwingShown, responses=problems(422))
    @endpoint("own-disputes:read")
    def get_swing(
        call: RecordCall,
        measure: Annotated[str, Query(max_length=64, pattern=SINGLE_LINE, examples=["staff50_with_member_rate"])],
        division: Annotated[str | None, Query(max_length=12, pattern=SINGLE_LINE)] = None,
    ) -> Response:
        """Tell a measure's value in force and the range it keeps to until every open dispute is settled."""
        return json_reply(_swing_shown(swing_of(call, measure, division), division))

    @router.get("/v1/disputes/{key}", tags=_DISPUTES, response_model=shapes.DisputeShown, responses=problems(404, 422))
    @endpoint("own-disputes:read")
    def get_dispute(call: RecordCall, key: DisputeKey) -> Response:
        """Get one dispute with what everybody says and what each value would change."""
        found = show_disputes(call, [get_record(call, disputes_of(call.principal), key)])
        return record_reply(call.request, found[0])

    @router.get("/v1/disputes/{key}/history", tags=_DISPUTES, response_model=History, responses=problems(404, 422))
    @endpoint("own-disputes:read")
    def get_dispute_history(call: RecordCall, key: DisputeKey) -> Response:
        """Get how a dispute was opened, settled and opened again."""
        return _history(call, disputes_of(call.principal), key)


def _swing_shown(found: Swing, division: str | None) -> dict[str, Any]:
    measure = found.measure
    numbers = {"in_force": found.in_force, "low": found.range.low, "high": found.range.high}
    return {
        "measure": measure.id, "version": measure.version, "zh": measure.zh, "en": measure.en, "division": division,
        "on": found.on, "known_at": found.known_at, "disputes": found.disputes, "enterprises": found.enterprises,
        **{name: shown_part(measure, part) for name, part in numbers.items()},
        "can_be_empty": found.range.can_be_empty,
    }  # fmt: skip


def _add_settling(router: APIRouter) -> None:
    @router.post(
        "/v1/disputes/{key}/settle",
        tags=_DISPUTES,
        response_model=shapes.DisputeShown,
        responses=problems(404, 409, 412, 413, 422, 428),
    )
    @endpoint("disputes:settle", writes=True)
    def settle_dispute(
        call: RecordCall,
        key: DisputeKey,
        body: shapes.Settling,
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Settle a dispute: the value holds until a unit says something new; owner or county, never a party to it."""
        del if_match, idempotency_key  # read where they are checked; named here for the document
        decided = Settlement(**body.model_dump())
        record = settle(call, key, decided, lambda version: check_if_match(call.request, version))
        return record_reply(call.request, show_disputes(call, [record])[0])


def _add_sources(router: APIRouter) -> None:
    @router.get(
        "/v1/enterprises/{key}/sources",
        tags=["enterprises"],
        response_model=shapes.SourcesShown,
        responses=problems(404, 422),
    )
    @endpoint("enterprises:read")
    def get_sources(
        call: RecordCall, key: Uscc, field: Text = None, on: On = None, known_at: KnownAt = None
    ) -> Response:
        """Tell where each value of an enterprise comes from and what every unit says beside it."""
        return json_reply(sources_of(call, key, Moment(on, known_at), field))
