"""GET /v1/worklists and GET /v1/worklists/{unit}."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from heli_reporting.parameters import GivenWhen, Limit, PageCursor, When
from heli_reporting.statistics.endpoints import language_of
from heli_reporting.worklists.domain import KINDS, Line
from heli_reporting.worklists.schemas import WorklistShown
from heli_reporting.worklists.service import Asked, Worklist, WorklistService
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from heli_shared.records.models import SINGLE_LINE
from heli_shared.web.calls import Call, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import page_reply
from heli_shared.web.routes import new_router

LineKind = Literal[
    "election_overdue",
    "election_within_month",
    "election_within_half_year",
    "joint_branch_too_wide",
    "task_overdue",
    "task_due",
    "visits_behind",
    "term_ended",
    "term_ending",
    "instructor_over_load",
]
Kinds = Annotated[list[LineKind], Query(max_length=len(KINDS), description="Only these kinds; repeat for several")]
UnitKey = Annotated[
    str,
    Path(min_length=1, max_length=64, pattern=SINGLE_LINE, description="A unit: its lines and those of units below"),
]
Person = Annotated[str | None, Query(max_length=64, pattern=SINGLE_LINE, description="Only lines of this person")]


def worklist_router(worklists: WorklistService) -> APIRouter:
    """Return the routes of worklists."""
    router = new_router()

    @router.get("/v1/worklists", tags=["worklists"], response_model=WorklistShown, responses=problems(422))
    @endpoint("worklists:read")
    def list_work(
        call: Call,
        when: GivenWhen,
        kind: Kinds = [],  # noqa: B006 - read only
        person: Person = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: PageCursor = None,
    ) -> Response:
        """List everything due or overdue that the caller may see, most urgent first."""
        found = worklists.worklist(_asked(call, when), strict=when.is_strict)
        return _reply(call, _narrowed(found, kind, person), limit=limit, cursor=cursor)

    @router.get("/v1/worklists/{unit}", tags=["worklists"], response_model=WorklistShown, responses=problems(404, 422))
    @endpoint("worklists:read")
    def list_work_of_unit(
        call: Call,
        unit: UnitKey,
        when: GivenWhen,
        kind: Kinds = [],  # noqa: B006 - read only
        person: Person = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: PageCursor = None,
    ) -> Response:
        """List everything due or overdue at a unit and the units below it, most urgent first."""
        found = worklists.worklist(_asked(call, when, unit), strict=when.is_strict)
        return _reply(call, _narrowed(found, kind, person), limit=limit, cursor=cursor)

    return router


def _asked(call: Call, when: When, unit: str | None = None) -> Asked:
    return Asked(call.principal, when.day(call.clock.today()), when.known_at, language_of(call), unit)


def _narrowed(found: Worklist, kinds: list[LineKind], person: str | None) -> Worklist:
    lines = [
        line for line in found.lines if (not kinds or line.kind in kinds) and (person is None or line.person == person)
    ]
    return Worklist(lines, found.units, found.divisions, found.passport)


def _reply(call: Call, found: Worklist, *, limit: int, cursor: str | None) -> Response:
    lines = found.lines
    if cursor is not None:
        place = tuple(decode_cursor(cursor, int, str, str))
        lines = [line for line in lines if line.order > place]
    shown, more = lines[:limit], len(lines) > limit
    english = language_of(call) == "en"
    items = [line_json(line, found, english=english) for line in shown]
    following = encode_cursor(*shown[-1].order) if more else None
    counts = dict(Counter(line.kind for line in found.lines))
    page = Page(items, following, len(found.lines))
    return page_reply(call.request, page, {"counts": counts, "passport": found.passport})


def line_json(line: Line, found: Worklist, *, english: bool) -> dict[str, Any]:
    """Return a line as JSON values."""
    zh, en = KINDS[line.kind]
    return {
        "kind": line.kind,
        "kind_name": en if english else zh,
        "subject": {"kind": line.subject_kind, "id": line.subject, "name": line.name},
        "unit": _named(line.unit, found.units),
        "person": line.person,
        "division": _named(line.division, found.divisions),
        "due_on": None if line.due_on is None else line.due_on.isoformat(),
        "days": line.days,
        "detail": line.en if english else line.zh,
        "basis": line.basis,
    }


def _named(code: str | None, names: Mapping[str, str]) -> dict[str, str] | None:
    return None if code is None else {"code": code, "name": names.get(code, code)}
