"""GET /v1/gaps and GET /v1/gaps/simulations."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from heli_reporting.gaps.answers import gap_json, proposal_json, proposals_json, simulation_json
from heli_reporting.gaps.causes import CauseCode
from heli_reporting.gaps.domain import GAP_MEASURES
from heli_reporting.gaps.schemas import GapsShown, SimulationShown
from heli_reporting.gaps.service import GapService
from heli_reporting.gaps.workorders import work_order
from heli_reporting.parameters import Filters, GivenFilters, GivenWhen, Limit, PageCursor, When
from heli_reporting.statistics.domain import Question, checked_measures
from heli_reporting.statistics.endpoints import language_of
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from heli_shared.records.sheets import XLSX
from heli_shared.statistics.reasons import CAUSES
from heli_shared.web.calls import Call, endpoint
from heli_shared.web.downloads import bytes_reply
from heli_shared.web.problems import problems
from heli_shared.web.replies import page_reply
from heli_shared.web.routes import new_router

GapMeasure = Annotated[
    str,
    Field(json_schema_extra={"enum": list(GAP_MEASURES)}),
    Query(description="Whose gap: 应建未建 by default"),
]
WithProposals = Annotated[
    Literal["0", "1", "false", "true"], Query(description="true adds what could be done for each, and what it gains")
]
Form = Annotated[
    Literal["json", "xlsx"], Query(alias="format", description="xlsx: a work order, one sheet per township")
]
Causes = Annotated[
    list[CauseCode], Query(max_length=len(CAUSES), description="Only where one of these stands in the way; repeatable")
]
_WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {"description": "The simulation", "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}


def gap_router(gaps: GapService) -> APIRouter:
    """Return the routes of the gap list and of simulations."""
    router = new_router()

    @router.get("/v1/gaps", tags=["gaps"], response_model=GapsShown, responses=problems(404, 422))
    @endpoint("gaps:read")
    def list_gaps(
        call: Call,
        filters: GivenFilters,
        when: GivenWhen,
        measure: GapMeasure = "due_established_rate",
        cause: Causes = [],  # noqa: B006 - read only
        proposals: WithProposals = "0",
        limit: Limit = DEFAULT_LIMIT,
        cursor: PageCursor = None,
    ) -> Response:
        """List 应建未建: who should have an organisation and has none, why and since when; longest overdue first.

        With `proposals=true` each comes with what could be done: first its part in the plan that
        `/v1/gaps/simulations` sums up (`planned`), then what else would be possible. `causes` say what stands in the
        way today and since when; `cause=` leaves the gaps for which one of those named holds.
        """
        question = _question(call, filters, when, measure)
        after = decode_cursor(cursor, str)[0] if cursor is not None else None
        simulation = None
        if proposals in {"1", "true"}:
            simulation, passport = gaps.simulate(question, cause, strict=when.is_strict)
            question = question.as_known(simulation.known_at)
        found, passport = gaps.list_gaps(question, cause, limit=limit, after=after, strict=when.is_strict)
        items = [gap_json(each, measure, question.language) for each in found.items]
        if simulation is not None:
            for item in items:
                item["proposals"] = proposals_json(item["uscc"], simulation, question.language)
        following = None if found.next is None else encode_cursor(found.next)
        page = Page(items, following, found.total)
        return page_reply(call.request, page, {"filters": passport["filters"], "passport": passport})

    @router.get(
        "/v1/gaps/simulations",
        tags=["gaps"],
        response_model=SimulationShown,
        responses={**problems(404, 422), **_WORKBOOK},
    )
    @endpoint("gaps:read")
    def simulate_proposals(
        call: Call,
        filters: GivenFilters,
        when: GivenWhen,
        measure: GapMeasure = "due_established_rate",
        cause: Causes = [],  # noqa: B006 - read only
        format_: Form = "json",
        limit: Limit = DEFAULT_LIMIT,
        cursor: PageCursor = None,
    ) -> Response:
        """Say what the figures would be if every planned proposal were carried out, per township and in total.

        No enterprise stands in two proposals of the plan. As XLSX it is a work order to print, with all proposals.
        `cause=` plans for the gaps for which one of those named holds; the figures are still those of everybody.
        """
        question = _question(call, filters, when, measure)
        simulation, passport = gaps.simulate(question, cause, strict=when.is_strict)
        if format_ == "xlsx":
            return bytes_reply(work_order(simulation), f"消除缺口工作单-{question.on}.xlsx", XLSX)
        start = decode_cursor(cursor, int)[0] if cursor is not None else 0
        planned = simulation.plan.proposals
        shown = [proposal_json(p, simulation, question.language, is_planned=True) for p in planned[start:][:limit]]
        following = encode_cursor(start + limit) if start + limit < len(planned) else None
        told = simulation_json(simulation, question.language)
        extra = {"simulation": told, "filters": passport["filters"], "passport": passport}
        return page_reply(call.request, Page(shown, following, len(planned)), extra)

    return router


def _question(call: Call, filters: Filters, when: When, measure: str) -> Question:
    return Question(
        measures=checked_measures([measure]),
        dimensions=(),
        on=when.day(call.clock.today()),
        known_at=when.known_at,
        filters=filters,
        scope=call.principal.scope,
        language=language_of(call),
    )
