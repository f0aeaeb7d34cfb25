"""GET /v1/board."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from heli_reporting.board.domain import TILES, Tile, permission_of
from heli_reporting.board.schemas import BoardShown
from heli_reporting.board.service import Board, BoardService
from heli_reporting.board.tiles import View
from heli_reporting.events.domain import event_id
from heli_reporting.parameters import GivenWhen
from heli_reporting.passports import scope_json, source_json
from heli_reporting.statistics.endpoints import language_of
from heli_shared.web.calls import Call, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

Wanted = Annotated[
    list[Tile], Query(max_length=len(TILES), description="Only these tiles; repeat for several, all by default")
]
Known = Annotated[
    list[Annotated[str, Query(max_length=80)]],
    Query(max_length=len(TILES), description="Etags of tiles that the caller has: their content is left out"),
]
_MORE = {"change": "/v1/statistics/change"}
"""Routes of other features that the page makes use of where they are served."""


def board_router(boards: BoardService) -> APIRouter:
    """Return the route of the board."""
    router = new_router()

    @router.get(
        "/v1/board",
        tags=["board"],
        response_model=BoardShown,
        responses={**problems(422), 304: {"description": "Every tile is as the caller has it"}},
    )
    @endpoint("statistics:read")
    def get_board(
        call: Call,
        when: GivenWhen,
        tile: Wanted = [],  # noqa: B006 - read only
        known: Known = [],  # noqa: B006 - read only
    ) -> Response:
        """Get the whole board in one call, in the caller's scope; tiles that the caller has come without content.

        Send back each tile's `etag` as `known`: a tile that is still the same has `content` null. The ETag of the
        answer covers all tiles and how fresh their sources are, so `If-None-Match` is answered by 304 while nothing
        moves. Tiles that the caller may not read are left out.
        """
        view = View(call.principal, when.day(call.clock.today()), when.known_at, language_of(call))
        wanted: list[Tile] = [
            each for each in TILES if (not tile or each in tile) and call.principal.may(permission_of(each))
        ]
        board = boards.board(view, wanted, strict=when.is_strict)
        content = _board_json(board, view, frozenset(known))
        content["links"] = _links(call)
        tag = _tag(board, content)
        headers = {"ETag": tag, "Content-Language": view.language, "Vary": "Accept-Language, Authorization"}
        if not known and tag in call.request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return json_reply(content, headers=headers)

    return router


def _board_json(board: Board, view: View, known: frozenset[str]) -> dict[str, Any]:
    slots = [{"tile": each["tile"], "etag": etag_of_tile(each), "content": each} for each in board.tiles]
    return {
        "on": view.on.isoformat(),
        "known_at": {"registry": board.known_at.registry, "assessment": board.known_at.assessment},
        "stale": not all(each.is_fresh for each in board.freshness),
        "sources": [source_json(each) for each in board.freshness],
        "event": event_id(board.freshness),
        "scope": scope_json(view.principal.scope),
        "unit": view.principal.unit,
        "tiles": [slot | {"content": None} if slot["etag"] in known else slot for slot in slots],
    }


def etag_of_tile(tile: dict[str, Any]) -> str:
    """Return what tells a tile's figures from others, in this language; the same figures counted anew keep it."""
    told = f"{tile['title']}{tile['passport']['digest']}"
    return f"{tile['tile']}.{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def _tag(board: Board, content: dict[str, Any]) -> str:
    parts = [*(slot["etag"] for slot in content["tiles"]), *(each.status for each in board.freshness), content["on"]]
    return f'"{hashlib.sha256(" ".join(parts).encode()).hexdigest()[:32]}"'


def _links(call: Call) -> dict[str, str]:
    served = {getattr(route, "path", None) for route in call.request.app.routes}
    return {name: path for name, path in _MORE.items() if path in served}
