"""The open routes: public notices, readable by everybody without a token, as JSON and as a page."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import HTMLResponse, Response

from heli_assessment.cycles.models import CYCLE
from heli_assessment.cycles.notices import get_notice, list_notices, page_of
from heli_assessment.cycles.shown import NoticePage, NoticeShown
from heli_assessment.cycles.turns import Bodies
from heli_shared.records.calls import RecordCall
from heli_shared.web.calls import PUBLIC, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

Key = Annotated[str, Path(max_length=64, pattern=CYCLE.key_pattern, description="公示 id")]
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def notice_router(bodies: Bodies) -> APIRouter:
    """Return the routes of public notices."""
    router = new_router()

    @router.get("/v1/public-notices", tags=["public-notices"], response_model=NoticePage, responses=problems())
    @endpoint(PUBLIC)
    def list_public_notices(call: RecordCall) -> Response:
        """List the public notices that are up today; open to everybody."""
        items = list_notices(call)
        return json_reply({"items": items, "next": None, "total": len(items)})

    @router.get(
        "/v1/public-notices/{key}", tags=["public-notices"], response_model=NoticeShown, responses=problems(404, 410)
    )
    @endpoint(PUBLIC)
    def get_public_notice(call: RecordCall, key: Key) -> Response:
        """Get a public notice: name, unit and result of each subject; 410 when its time is over."""
        return json_reply(get_notice(call, bodies, key))

    @router.get(
        "/v1/public-notices/{key}/page",
        tags=["public-notices"],
        response_class=HTMLResponse,
        responses=problems(404, 410),
    )
    @endpoint(PUBLIC)
    def get_public_notice_page(call: RecordCall, key: Key) -> Response:
        """Get a public notice as a page to read and print; it loads nothing from anywhere."""
        page = page_of(get_notice(call, bodies, key))
        return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"})

    return router
