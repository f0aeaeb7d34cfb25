"""GET /v1/worklists and GET /v1/worklists/{unit}: as JSON, as a calendar, as a workbook."""

from collections import Counter
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from heli_reporting.parameters import GivenWhen, Limit, PageCursor, When
from heli_reporting.statistics.endpoints import language_of
from heli_reporting.worklists.domain import KINDS
from heli_reporting.worklists.downloads import MOST_LINES, file_of
from heli_reporting.worklists.schemas import WorklistShown
from heli_reporting.worklists.service import Asked, Worklist, WorklistService
from heli_reporting.worklists.shown import line_json
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from heli_shared.records.models import SINGLE_LINE
from heli_shared.records.sheets import XLSX
from heli_shared.web.calls import Call, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import page_reply
from heli_shared.web.routes import new_router

LineKind = Literal[
    "election_overdue", "election_within_month", "election_within_half_year", "joint_branch_too_wide", "task_overdue",
    "task_due", "visits_behind", "term_ended", "term_ending", "instructor_over_load", "letter_overdue", "letter_due",
    "rectification_overdue", "rectification_due", "dispute_overdue", "dispute_due", "evaluation_expired",
    "evaluation_expiring", "transfer_overdue", "transfer_due", "pairing_behind", "pairing_ended", "pairing_ending",
    "ledger_stale",
]  # fmt: skip
Kinds = Annotated[list[LineKind], Query(max_length=len(KINDS), description="Only these kinds; repeat for several")]
UnitKey = Annotated[
    str,
    Path(min_length=1, max_length=64, pattern=SINGLE_LINE, description="A unit: its lines and those of units below"),
]
Person = Annotated[str | None, Query(max_length=64, pattern=SINGLE_LINE, description="Only lines of this person")]
Form = Annotated[
    Literal["json", "ics", "xlsx"],
    Query(alias="format", description=f"ics: a calendar; xlsx: a workbook; both hold the first {MOST_LINES} lines"),
]
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/calendar": {"schema": {"type": "string"}}, XLSX: {"schema": {"type": "string"}}}}
}


def worklist_router(worklists: WorklistService) -> APIRouter:
    """Return the routes of worklists."""
    router = new_router()

    @router.get(
        "/v1/worklists", tags=["worklists"], response_model=WorklistShown, responses={**problems(404, 422), **_FILES}
    )
    @endpoint("worklists:read")
    def list_work(
        call: Call,
        when: GivenWhen,
        kind: Kinds = [],  # noqa: B006 - read only
        person: Person = None,
        format_: Form = "json",
        limit: Limit = DEFAULT_LIMIT,
        cursor: PageCursor = None,
    ) -> Response:
        """List everything due or overdue that the caller may see, most urgent first.

        Each line says by which rule it is here and why it stands where it stands. Reading it needs the
        `Authorization` header in every format. Calendar programs, which cannot send it, subscribe to a link of
        POST /v1/worklists/{unit}/calendar-links.
        """
        found = worklists.worklist(_asked(call, when, kind, person), strict=when.is_strict)
        return _reply(call, found, format_, limit=limit, cursor=cursor)

    @router.get(
        "/v1/worklists/{unit}",
        tags=["worklists"],
        response_model=WorklistShown,
        responses={**problems(404, 422), **_FILES},
    )
    @endpoint("worklists:read")
    def list_work_of_unit(
        call: Call,
        unit: UnitKey,
        when: GivenWhen,
        kind: Kinds = [],  # noqa: B006 - read only
        person: Person = None,
        format_: Form = "json",
        limit: Limit = DEFAULT_LIMIT,
        cursor: PageCursor = None,
    ) -> Response:
        """List everything due or overdue at a unit and the units below it, most urgent first."""
        found = worklists.worklist(_asked(call, when, kind, person, unit), strict=when.is_strict)
        return _reply(call, found, format_, limit=limit, cursor=cursor)

    return router


def _asked(call: Call, when: When, kinds: list[LineKind], person: str | None, unit: str | None = None) -> Asked:
    day = when.day(call.clock.today())
    return Asked(call.principal, day, when.known_at, language_of(call), unit, kinds, person)


def _reply(
    call: Call, found: Worklist, format_: Literal["json", "ics", "xlsx"], *, limit: int, cursor: str | None
) -> Response:
    english = language_of(call) == "en"
    if format_ != "json":
        return file_of(found, format_, english=english)
    start = max(0, decode_cursor(cursor, int)[0]) if cursor is not None else 0
    end = start + limit
    items = [line_json(line, found, english=english) for line in found.lines[start:end]]
    following = encode_cursor(end) if len(found.lines) > end else None
    counts = dict(Counter(line.kind for line in found.lines))
    page = Page(items, following, len(found.lines))
    return page_reply(call.request, page, {"counts": counts, "passport": found.passport})
