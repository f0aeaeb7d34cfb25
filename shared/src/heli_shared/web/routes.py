"""Routes of the house: strict bodies, no unknown parameters, and a declared permission on each."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from heli_shared.web.bodies import StrictRequest
from heli_shared.web.calls import PERMISSION_MARK, PUBLIC, bearer_token, carry_key
from heli_shared.web.query_parameters import QueryRules


class HeliRoute(APIRoute):
    """A route that wants a token first, is strict about query parameters and reads JSON by our own decoder.

    `refuses_unknown` is off for protocols of others, whose clients send parameters of their own.
    """

    refuses_unknown = True

    def __init__(self, path: str, *given: Any, **more: Any) -> None:
        """Remember the words with which every path of the route begins."""
        super().__init__(path, *given, **more)
        self._beginning = path.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say whether a request is the route's, looking at the beginning first.

        A service has hundreds of routes, which are tried in order: taking a path apart costs ten times as much.
        """
        if not scope.get("root_path") and not scope["path"].startswith(self._beginning):
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler in the house's checks."""
        handle = super().get_route_handler()
        rules = QueryRules(self.dependant)

        async def handle_strictly(request: Request) -> Response:
            if permission_of(self) != PUBLIC:
                # Who brings no token learns nothing about what a valid request would look like.
                bearer_token(request)
            if self.refuses_unknown:
                rules.check_known(request.query_params)
            rules.check_given_once(request.query_params)
            rules.check_numbers(request.query_params)
            return await handle(StrictRequest(request.scope, request.receive))

        return handle_strictly


def new_router() -> APIRouter:
    """Return a router whose routes are all of the house's kind."""
    return APIRouter(route_class=HeliRoute)


def protocol_router(key_purpose: str | None = None) -> APIRouter:
    """Return a router for a protocol of others; with `key_purpose` the token is the `access_key` in the path.

    A key in a path is for clients that cannot send headers. It opens the routes of its purpose and nothing else.
    """

    class ProtocolRoute(HeliRoute):
        refuses_unknown = False

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()
            if key_purpose is None:
                return handle

            async def handle_with_key(request: Request) -> Response:
                carry_key(request, key_purpose, request.path_params["access_key"])
                # A new request: the one at hand may have looked at the headers already.
                return await handle(Request(request.scope, request.receive))

            return handle_with_key

    return APIRouter(route_class=ProtocolRoute)


def permission_of(route: BaseRoute) -> str | None:
    """Return the permission that a route declares, or None."""
    found = getattr(getattr(route, "endpoint", None), PERMISSION_MARK, None)
    return found if isinstance(found, str) else None


def iterate_routes(app: FastAPI) -> Iterator[Route]:
    """Yield every HTTP route of an app."""
    for route in app.routes:
        if isinstance(route, Route):
            yield route


def check_permissions_declared(app: FastAPI) -> None:
    """Refuse to start an app with a route that nobody decided who may use."""
    # Every route, not only the HTTP ones: a nested router or a mount would hide routes that declare nothing.
    bare = [getattr(route, "path", type(route).__name__) for route in app.routes if permission_of(route) is None]
    if bare:
        raise RuntimeError(f"routes without a declared permission: {', '.join(bare)}")
