"""The routes of cycles: drafts, steps, entries, delegations, spot checks."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from heli_assessment.cycles.domain import Status
from heli_assessment.cycles.models import CYCLE, DELEGATION
from heli_assessment.cycles.service import (
    CYCLES,
    DELEGATIONS,
    SPOT_CHECKS,
    CycleRequest,
    CycleService,
    DelegationRequest,
    GivenSubject,
    SpotCheckRequest,
    counts_of,
    delegate,
    draw_spot_check,
    get_entry,
    revoke,
)
from heli_assessment.cycles.shown import (
    CyclePage,
    CycleShown,
    DelegationShown,
    EntryPage,
    EntryWithItems,
    NewCycle,
    NewDelegation,
    NewSpotCheck,
    Reasoned,
    SpotCheckPage,
    SpotCheckShown,
    StepGiven,
    StepTaken,
    cycle_json,
    entry_json,
    items_json,
    spot_check_json,
)
from heli_assessment.cycles.turns import plan_for
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, IdempotencyKey, Limit, read_router
from heli_shared.records.models import SINGLE_LINE, History
from heli_shared.records.reading import Moment, Record
from heli_shared.records.service import Resource, get_record, history_of, list_records
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import etag_of, json_reply, page_reply, record_reply
from heli_shared.web.routes import new_router

CycleKey = Annotated[str, Path(max_length=64, pattern=CYCLE.key_pattern, description="考核周期 id")]
SubjectKey = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="考核对象 id")]
DelegationKey = Annotated[str, Path(max_length=64, pattern=DELEGATION.key_pattern, description="委托 id")]
_WRITE: dict[str, Any] = {"responses": problems(404, 409, 412, 413, 422, 428)}


def cycle_router(cycles: CycleService, entries: Resource) -> APIRouter:
    """Return the routes of cycles, their entries, delegations and spot checks."""
    router = new_router()
    _add_cycles(router, cycles)
    _add_entries(router, entries)
    _add_delegations(router)
    _add_spot_checks(router)
    return router


def _shown(call: RecordCall, cycle: Record) -> dict[str, Any]:
    return cycle_json(cycle, counts_of(call, cycle["id"]))


def _add_cycles(router: APIRouter, cycles: CycleService) -> None:
    tags: list[Any] = ["cycles"]

    @router.post("/v1/cycles", tags=tags, status_code=201, response_model=CycleShown, **_WRITE)
    @endpoint("cycles:write", writes=True)
    def create_cycle(call: RecordCall, body: NewCycle, idempotency_key: IdempotencyKey = None) -> Response:
        """Draft a cycle: a rulebook, a period, the reviewing units, and an entry for each subject."""
        del idempotency_key
        subjects = tuple(
            each if isinstance(each, str) else GivenSubject(each.subject, each.name, each.unit)
            for each in body.subjects
        )
        fields = body.model_dump(include={"title", "rulebook", "version", "period_from", "counted_on"})
        request = CycleRequest(
            **fields,
            first_reviewers=tuple(body.first_reviewers),
            second_reviewers=tuple(body.second_reviewers),
            subjects=subjects,
        )
        cycle = cycles.create(call, request)
        return record_reply(call.request, _shown(call, cycle), 201, f"/v1/cycles/{cycle['id']}")

    @router.post("/v1/cycles/{key}/steps", tags=tags, response_model=StepTaken, **_WRITE)
    @endpoint("cycles:step", writes=True)
    def take_cycle_step(
        call: RecordCall, key: CycleKey, body: StepGiven, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Take a step of a cycle: by whose turn it is, from where it stands, with a reason where one is needed.

        A step on several subjects is taken on all of them or on none. A step out of turn is refused with 409, one in
        one's own cause with 403, one on an entry that somebody else changed since with 412.
        """
        del idempotency_key
        cycle, touched = cycles.take_step(call, key, body.to_request())
        shown = {"cycle": _shown(call, cycle), "entries": [entry_json(each, cycle) for each in touched]}
        return json_reply(shown, 200, {"ETag": etag_of(cycle["version"])})

    @router.get("/v1/cycles", tags=tags, response_model=CyclePage, responses=problems(422))
    @endpoint("cycles:read")
    def list_cycles(call: RecordCall, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Response:
        """List cycles in order of their ids: the eldest first."""
        page = list_records(call, CYCLES, {}, moment=Moment(), cursor=cursor, limit=limit)
        return page_reply(call.request, Page([_shown(call, each) for each in page.items], page.next, page.total))

    @router.get("/v1/cycles/{key}", tags=tags, response_model=CycleShown, responses=problems(404, 422))
    @endpoint("cycles:read")
    def get_cycle(call: RecordCall, key: CycleKey) -> Response:
        """Get one cycle: where it stands, its deadlines, and the steps that can be taken now."""
        return record_reply(call.request, _shown(call, get_record(call, CYCLES, key)))

    @router.get("/v1/cycles/{key}/history", tags=tags, response_model=History, responses=problems(404, 422))
    @endpoint("cycles:read")
    def get_cycle_history(call: RecordCall, key: CycleKey) -> Response:
        """Get every step of a cycle: who, when, what before and after, why."""
        return json_reply({"items": [line.model_dump(mode="json") for line in history_of(call, CYCLES, key)]})


def _add_entries(router: APIRouter, entries: Resource) -> None:
    tags: list[Any] = ["cycles"]
    base = "/v1/cycles/{key}/entries"

    @router.get(base, tags=tags, response_model=EntryPage, responses=problems(404, 422))
    @endpoint("cycles:read")
    def list_cycle_entries(
        call: RecordCall,
        key: CycleKey,
        status: Annotated[Literal[tuple(Status)] | None, Query(description="Only those that stand here")] = None,  # type: ignore[valid-type]
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """List where each subject of a cycle stands, with scores, grades and ranks."""
        cycle = get_record(call, CYCLES, key)
        given = {"cycle": key, "status": status}
        page = list_records(call, entries, given, moment=Moment(), cursor=cursor, limit=limit)
        return page_reply(call.request, Page([entry_json(e, cycle) for e in page.items], page.next, page.total))

    @router.get(f"{base}/{{subject}}", tags=tags, response_model=EntryWithItems, responses=problems(404, 422))
    @endpoint("cycles:read")
    def get_cycle_entry(call: RecordCall, key: CycleKey, subject: SubjectKey) -> Response:
        """Get one subject of a cycle with own, automatic, adjusted and final points of every item."""
        entry = get_entry(call, entries, key, subject)
        cycle = get_record(call, CYCLES, key)
        return record_reply(
            call.request, {**entry_json(entry, cycle), "items": items_json(entry, plan_for(call, cycle).book)}
        )

    @router.get(f"{base}/{{subject}}/history", tags=tags, response_model=History, responses=problems(404, 422))
    @endpoint("cycles:read")
    def get_cycle_entry_history(call: RecordCall, key: CycleKey, subject: SubjectKey) -> Response:
        """Get every step on one subject: who, when, what before and after, why."""
        entry = get_entry(call, entries, key, subject)
        return json_reply({"items": [line.model_dump(mode="json") for line in history_of(call, entries, entry["id"])]})


def _add_delegations(router: APIRouter) -> None:
    tags: list[Any] = ["delegations"]

    @router.post("/v1/delegations", tags=tags, status_code=201, response_model=DelegationShown, **_WRITE)
    @endpoint("cycles:step", writes=True)
    def create_delegation(call: RecordCall, body: NewDelegation, idempotency_key: IdempotencyKey = None) -> Response:
        """Let somebody else take one's own steps of a cycle until a day; what they do names whom they did it for."""
        del idempotency_key
        fields = body.model_dump(exclude={"steps"})
        record = delegate(call, DelegationRequest(**fields, steps=tuple(body.steps)))
        return record_reply(call.request, record, 201, f"/v1/delegations/{record['id']}")

    @router.post("/v1/delegations/{key}/revoke", tags=tags, response_model=DelegationShown, **_WRITE)
    @endpoint("cycles:step", writes=True)
    def revoke_delegation(
        call: RecordCall, key: DelegationKey, body: Reasoned, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Revoke a delegation, with a reason."""
        del idempotency_key
        return record_reply(call.request, revoke(call, key, body.reason))

    router.routes.extend(read_router(DELEGATIONS).routes)


def _add_spot_checks(router: APIRouter) -> None:
    tags: list[Any] = ["spot-checks"]

    @router.post("/v1/spot-checks", tags=tags, status_code=201, response_model=SpotCheckShown, **_WRITE)
    @endpoint("cycles:write", writes=True)
    def create_spot_check(call: RecordCall, body: NewSpotCheck, idempotency_key: IdempotencyKey = None) -> Response:
        """Draw a spot check for checks on the spot; the seed is the ledger's last hash, so that nobody chooses it."""
        del idempotency_key
        fields = body.model_dump(exclude={"population"})
        drawn = draw_spot_check(call, SpotCheckRequest(**fields, population=tuple(body.population)))
        return record_reply(call.request, spot_check_json(drawn), 201, f"/v1/spot-checks/{drawn['id']}")

    @router.get("/v1/spot-checks", tags=tags, response_model=SpotCheckPage, responses=problems(422))
    @endpoint("cycles:read")
    def list_spot_checks(
        call: RecordCall,
        cycle: Annotated[
            str | None, Query(max_length=64, pattern=SINGLE_LINE, description="Only spot checks of this cycle")
        ] = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """List spot checks with everything that is needed to draw them again."""
        page = list_records(call, SPOT_CHECKS, {"cycle": cycle}, moment=Moment(), cursor=cursor, limit=limit)
        return page_reply(call.request, Page([spot_check_json(each) for each in page.items], page.next, page.total))

    @router.get("/v1/spot-checks/{key}", tags=tags, response_model=SpotCheckShown, responses=problems(404, 422))
    @endpoint("cycles:read")
    def get_spot_check(
        call: RecordCall,
        key: Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="名单 id")],
    ) -> Response:
        """Get one spot check."""
        return record_reply(call.request, spot_check_json(get_record(call, SPOT_CHECKS, key)))
