"""GET /v1/permalinks/{code}."""

from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path
from starlette.responses import Response

from heli_reporting.permalinks.domain import CODE_PATTERN
from heli_reporting.permalinks.service import Permalinks
from heli_shared.kernel.access import Principal
from heli_shared.kernel.errors import NotFound
from heli_shared.web.calls import Call, check_permission, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.routes import new_router

Code = Annotated[str, Path(pattern=CODE_PATTERN, description="The code in a passport's permalink")]
_TILE = b'{"tile":'
"""How a kept tile of the board begins; other answers begin with their figures."""


def permalink_router(permalinks: Permalinks, answers: Any) -> APIRouter:
    """Return the route of permalinks; `answers` is the type of what any of them may hold."""
    router = new_router()

    @router.get("/v1/permalinks/{code}", tags=["statistics"], response_model=answers, responses=problems(404))
    @endpoint("statistics:read")
    def get_permalink(call: Call, code: Code) -> Response:
        """Read an answer again as it was given, byte for byte, however the data has moved on since."""
        body = permalinks.read(code, call.principal.scope)
        if body.startswith(_TILE):
            _check_reader(call.principal, orjson.loads(body)["readers"])
        return Response(body, 200, {"ETag": f'"{code}"', "Cache-Control": "private, no-cache"}, "application/json")

    return router


def _check_reader(principal: Principal, readers: Mapping[str, Any]) -> None:
    """Refuse a tile to who could not have got it from the board: for want of the right, or as another unit."""
    check_permission(principal, readers["permission"])
    if not principal.scope.everything and readers["unit"] not in (None, principal.unit):
        raise NotFound(
            "没有这个固定链接，或您无权查看其统计范围。",
            "There is no such permalink, or it counts rows that you may not see.",
        )
