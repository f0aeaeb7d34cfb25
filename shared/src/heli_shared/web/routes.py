"""Routes of the house: strict bodies, no unknown parameters, and a declared permission on each."""

from collections.abc import Callable, Coroutine, Iterator
from threading import RLock
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

    It is put together when it is first asked for: a service has hundreds of routes, and to take all their declarations
    apart is most of what a start costs. `refuses_unknown` is off for protocols of others, whose clients send parameters
    of their own.
    """

    refuses_unknown = True

    def __init__(self, path: str, endpoint: Callable[..., Any], **declared: Any) -> None:
        """Remember the declaration."""
        self.path, self.endpoint = path, endpoint
        self._beginning, self._has_variables, _ = path.partition("{")
        self._declared: dict[str, Any] | None = declared
        self._making = RLock()

    def __getattr__(self, name: str) -> Any:
        """Put the route together: something was asked for that only then is there."""
        if name.startswith("__"):
            raise AttributeError(name)
        with self._making:
            declared, self._declared = self._declared, None
            if declared is not None:
                super().__init__(self.path, self.endpoint, **declared)
                self.operation_id = self.unique_id = self.operation_id or self.name
        return object.__getattribute__(self, name)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say whether a request is the route's, looking at the words with which its path begins first.

        The routes are tried in order: taking a path apart costs ten times as much.
        """
        given = scope["path"]
        if not scope.get("root_path") and (
            not given.startswith(self._beginning) if self._has_variables else given != self._beginning
        ):
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
