"""GET /v1/gaps."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from heli_reporting.gaps.domain import GAP_MEASURES, reason_of
from heli_reporting.gaps.schemas import GapsShown
from heli_reporting.gaps.service import GapService
from heli_reporting.history.domain import Gap, Group
from heli_reporting.parameters import GivenFilters, GivenWhen, Limit, PageCursor
from heli_reporting.statistics.answers import group_json
from heli_reporting.statistics.domain import Language, Question, checked_measures
from heli_reporting.statistics.endpoints import language_of
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from heli_shared.statistics.reasons import CAUSES
from heli_shared.web.calls import Call, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import page_reply
from heli_shared.web.routes import new_router

GapMeasure = Annotated[
    str,
    Field(json_schema_extra={"enum": list(GAP_MEASURES)}),
    Query(description="Whose gap: 应建未建 by default"),
]


def gap_router(gaps: GapService) -> APIRouter:
    """Return the route of the gap list."""
    router = new_router()

    @router.get("/v1/gaps", tags=["gaps"], response_model=GapsShown, responses=problems(422))
    @endpoint("gaps:read")
    def list_gaps(
        call: Call,
        filters: GivenFilters,
        when: GivenWhen,
        measure: GapMeasure = "due_established_rate",
        limit: Limit = DEFAULT_LIMIT,
        cursor: PageCursor = None,
    ) -> Response:
        """List 应建未建: who should have an organisation and has none, why and since when; longest overdue first."""
        question = Question(
            measures=checked_measures([measure]),
            dimensions=(),
            on=when.day(call.clock.today()),
            known_at=when.known_at,
            filters=filters,
            scope=call.principal.scope,
            language=language_of(call),
        )
        after = decode_cursor(cursor, str)[0] if cursor is not None else None
        found, passport = gaps.list_gaps(question, limit=limit, after=after, strict=when.is_strict)
        items = [gap_json(each, measure, question.language) for each in found.items]
        following = None if found.next is None else encode_cursor(found.next)
        page = Page(items, following, found.total)
        return page_reply(call.request, page, {"filters": passport["filters"], "passport": passport})

    return router


def gap_json(gap: Gap, measure: str, language: Language) -> dict[str, Any]:
    """Return a gap as JSON values."""
    english = language == "en"
    zh, en = CAUSES[gap.cause]
    return {
        "uscc": gap.uscc,
        "name": gap.name,
        "division": _place(gap.division, language),
        "zone": _place(gap.zone, language),
        "unit": _place(gap.unit, language),
        "full_members": gap.full_members,
        "probationary_members": gap.probationary_members,
        "staff": gap.staff,
        "reached": gap.reached,
        "reason": reason_of(gap, measure, english=english),
        "since": gap.since.isoformat(),
        "days_overdue": gap.days_overdue,
        "cause": gap.cause,
        "cause_name": en if english else zh,
    }


def _place(group: Group | None, language: Language) -> dict[str, Any] | None:
    return None if group is None else group_json(group, language)
