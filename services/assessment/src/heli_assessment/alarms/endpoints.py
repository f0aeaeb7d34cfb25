"""GET /v1/alarms: what is late or falls behind plan today, whom it is told, and since when."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_assessment.access import Units
from heli_assessment.alarms.domain import KINDS, Alarm
from heli_assessment.alarms.service import alarms_of
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, Limit
from heli_shared.web.calls import endpoint
from heli_shared.web.languages import prefers_english
from heli_shared.web.problems import problems
from heli_shared.web.replies import page_reply
from heli_shared.web.routes import new_router

Kind: Any = Literal[tuple(KINDS)]
UnitKey = Annotated[str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="机构 id")]


class AlarmShown(BaseModel):
    """One thing that is due or late."""

    kind: Kind
    title: str
    unit: str = Field(description="Whose it is")
    subject: str = Field(description="The task, assignment, pairing, order or letter it is about; else the unit")
    told: str = Field(description="The unit that is told: its own, the one above, the county's commission")
    told_since: str
    due_on: str
    days_late: int = Field(description="Working days after the day, negative while it has not come")
    detail: str


class AlarmPage(BaseModel):
    """A page of alarms, the latest first."""

    items: list[AlarmShown]
    next: str | None
    total: int


def alarms_router(units: Units) -> APIRouter:
    """Return the route of alarms."""
    router = new_router()

    @router.get("/v1/alarms", tags=["alarms"], response_model=AlarmPage, responses=problems(422))
    @endpoint("alarms:read")
    def list_alarms(
        call: RecordCall,
        kind: Annotated[Kind | None, Query(description="Of one kind only")] = None,
        unit: UnitKey = None,
        told: UnitKey = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """List today's alarms: overdue tasks with whom they are told, rhythms, visits, pairings, orders, letters."""
        found = alarms_of(call, units, kind=kind, unit=unit, told=told)
        start = max(0, decode_cursor(cursor, int)[0]) if cursor else 0
        chosen = found[start : start + limit]
        following = encode_cursor(start + limit) if start + limit < len(found) else None
        english = prefers_english(call.request.headers.get("accept-language"))
        return page_reply(call.request, Page([_shown(each, english=english) for each in chosen], following, len(found)))

    return router


def _shown(alarm: Alarm, *, english: bool) -> dict[str, Any]:
    return {
        "kind": alarm.kind,
        "title": KINDS[alarm.kind][english],
        "unit": alarm.unit,
        "subject": alarm.subject,
        "told": alarm.told,
        "told_since": alarm.told_since.isoformat(),
        "due_on": alarm.due_on.isoformat(),
        "days_late": alarm.days_late,
        "detail": alarm.en if english else alarm.zh,
    }
