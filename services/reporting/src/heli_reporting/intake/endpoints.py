"""POST /v1/syncs and GET /v1/sources."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from heli_reporting.intake.domain import Freshness
from heli_reporting.intake.schemas import SourcesShown, SyncShown
from heli_reporting.intake.service import Intake
from heli_reporting.passports import source_json
from heli_shared.web.calls import Call, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router


def intake_router(intake: Intake) -> APIRouter:
    """Return the routes of intake."""
    router = new_router()

    @router.post("/v1/syncs", tags=["sources"], response_model=SyncShown, responses=problems(413))
    @endpoint("syncs:write")
    def create_sync(call: Call) -> Response:
        """Read all sources now; answers when done. A source that fails keeps its last good copy and says `stale`."""
        del call
        report = intake.sync()
        taken = {each.source: {"mode": each.mode, "taken": each.entries} for each in report.taken}
        freshness = intake.freshness()
        return json_reply(
            {
                "sources": [source_json(each) | taken[each.source] for each in freshness],
                "stale": _is_stale(freshness),
                "enterprises": report.enterprises,
                "organizations": report.organizations,
                "rebuilt": report.rebuilt,
                "seconds": round(report.seconds, 3),
            }
        )

    @router.get("/v1/sources", tags=["sources"], response_model=SourcesShown, responses=problems())
    @endpoint("statistics:read")
    def list_sources(call: Call) -> Response:
        """List the sources: how far the copy follows each, and whether it is fresh."""
        del call
        freshness = intake.freshness()
        items: list[dict[str, Any]] = [source_json(each) for each in freshness]
        return json_reply({"items": items, "stale": _is_stale(freshness)})

    return router


def _is_stale(freshness: list[Freshness]) -> bool:
    return not all(each.is_fresh for each in freshness)
