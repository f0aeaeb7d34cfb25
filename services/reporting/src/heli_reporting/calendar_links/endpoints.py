"""POST /v1/worklists/{unit}/calendar-links, GET /v1/calendar-links, their revocation, and GET /v1/calendars/….ics."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import Response

from heli_reporting.calendar_links.domain import CalendarLink
from heli_reporting.calendar_links.schemas import CalendarLinkMade, CalendarLinkPage, CalendarLinkShown, NewCalendarLink
from heli_reporting.calendar_links.service import READS, CalendarLinkService
from heli_reporting.parameters import Limit, PageCursor
from heli_reporting.passports import instant
from heli_reporting.statistics.endpoints import language_of
from heli_reporting.worklists.downloads import file_of
from heli_reporting.worklists.endpoints import UnitKey
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from heli_shared.web.addresses import root_of
from heli_shared.web.calls import PUBLIC, Call, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, page_reply
from heli_shared.web.routes import new_router

LinkKey = Annotated[str, Path(max_length=64, pattern=r"^cal-[0-9a-z]+$", description="The id of a link")]
AccessKey = Annotated[str, Path(min_length=1, max_length=100, description="The secret in the address of a link")]
_CALENDAR: dict[int | str, dict[str, Any]] = {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}


def calendar_link_router(links: CalendarLinkService) -> APIRouter:
    """Return the routes of calendar links."""
    router = new_router()

    @router.post(
        "/v1/worklists/{unit}/calendar-links",
        tags=["worklists"],
        status_code=201,
        response_model=CalendarLinkMade,
        responses=problems(404, 409, 413, 422),
    )
    @endpoint(READS, writes=True)
    def create_calendar_link(call: Call, unit: UnitKey, body: NewCalendarLink) -> Response:
        """Make an address for a calendar program, which opens the calendar of this worklist and nothing else.

        Whoever has the address reads what you may see of it at that moment. It is told this once; it ends by itself,
        when it is revoked, and with your account or right.
        """
        link, secret = links.create(call.principal, unit, days=body.days, language=language_of(call))
        url = f"{root_of(call.request)}/v1/calendars/{secret}.ics"
        shown = _shown(link, call.clock.now()) | {"url": url}
        return json_reply(shown, 201, {"Cache-Control": "no-store"})

    @router.get("/v1/calendar-links", tags=["worklists"], response_model=CalendarLinkPage, responses=problems(422))
    @endpoint(READS)
    def list_calendar_links(call: Call, limit: Limit = DEFAULT_LIMIT, cursor: PageCursor = None) -> Response:
        """List your calendar links, also ended ones, newest first; administrators see everybody's."""
        before = decode_cursor(cursor, str)[0] if cursor is not None else None
        found, total = links.page(call.principal, limit=limit + 1, before=before)
        following = encode_cursor(found[limit - 1].id) if len(found) > limit else None
        now = call.clock.now()
        return page_reply(call.request, Page([_shown(link, now) for link in found[:limit]], following, total))

    @router.post(
        "/v1/calendar-links/{key}/revoke",
        tags=["worklists"],
        response_model=CalendarLinkShown,
        responses=problems(404, 422),
    )
    @endpoint(READS, writes=True)
    def revoke_calendar_link(call: Call, key: LinkKey) -> Response:
        """End a calendar link at once: one of yours, or anybody's as an administrator."""
        return json_reply(_shown(links.revoke(call.principal, key), call.clock.now()))

    @router.get(
        "/v1/calendars/{access_key}.ics", tags=["worklists"], responses={**problems(404, 429, 503), **_CALENDAR}
    )
    @endpoint(PUBLIC)
    def get_calendar(call: Call, access_key: AccessKey) -> Response:
        """Read the calendar behind a link, with the rights that its owner has at this moment."""
        del call
        link, found = links.read(access_key)
        return file_of(found, "ics", english=link.language == "en")

    return router


def _shown(link: CalendarLink, now: datetime) -> dict[str, Any]:
    return {
        "id": link.id,
        "unit": link.unit,
        "principal": link.principal,
        "status": link.status(now),
        "created_at": instant(link.created_at),
        "expires_at": instant(link.expires_at),
        "revoked_at": None if link.revoked_at is None else instant(link.revoked_at),
        "revoked_by": link.revoked_by,
    }
