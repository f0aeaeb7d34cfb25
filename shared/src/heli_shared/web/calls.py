"""A call: one request in one transaction, made for a principal who may do it.

`@endpoint("enterprises:write", writes=True)` turns a plain function `f(call, ...)` into what FastAPI serves: the
caller is recognised, the permission checked, the transaction opened, the function run, the transaction committed,
and only then the response leaves. All of it is one step in one worker thread.
"""

import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol

from fastapi import Request
from starlette.responses import Response

from heli_shared.kernel.access import Principal
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import Forbidden, Unauthenticated

PERMISSION_MARK = "heli_permission"
PUBLIC = "public"
"""The permission of the few routes that are open: health and the token endpoint."""
_PURPOSE = "heli_purpose"
ANYBODY = "anybody"
"""The permission of routes for everybody who is signed in."""


@dataclass
class Call:
    """What an endpoint works with: who asks, what time it is, and the request for headers."""

    request: Request
    principal: Principal
    clock: Clock

    def earlier_reply(self) -> Response | None:
        """Return the reply given before under the same Idempotency-Key, if there is one."""
        return None

    def keep_reply(self, response: Response) -> None:
        """Remember the reply for a repetition under the same Idempotency-Key."""


class CallSource(Protocol):
    """What opens calls: recognises the caller and brings the service's own resources along."""

    def open(self, request: Request, *, permission: str, writes: bool) -> AbstractContextManager[Call]:
        """Return a context in which the call runs; leaving it well commits, leaving it by an error undoes."""
        ...


def bearer_token(request: Request) -> str:
    """Return the token of the Authorization header; Unauthenticated when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(
            "请先登录：在请求头 Authorization 中带上 Bearer 令牌。",
            "Sign in first: send `Authorization: Bearer TOKEN` with a token from /v1/tokens.",
        )
    return token


def purpose_of(request: Request) -> str | None:
    """Return the purpose of the key in the request's path; None for a request with an ordinary token."""
    found = request.scope.get(_PURPOSE)
    return found if isinstance(found, str) else None


def carry_key(request: Request, purpose: str, key: str) -> None:
    """Take a key out of a path as the request's token, good for one purpose; a token in a header goes unheard."""
    headers = [(name, value) for name, value in request.scope["headers"] if name.lower() != b"authorization"]
    request.scope["headers"] = [*headers, (b"authorization", b"Bearer " + key.encode("utf-8", "replace"))]
    request.scope[_PURPOSE] = purpose


def check_permission(principal: Principal, permission: str) -> None:
    """Refuse a principal who does not hold a permission."""
    if permission not in (PUBLIC, ANYBODY) and not principal.may(permission):
        raise Forbidden(
            f"您没有“{permission}”权限；如确需使用，请向管理员申请。",
            f"You do not hold the permission {permission}; ask an administrator if you need it.",
        )


def endpoint(permission: str, *, writes: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make an endpoint of a function whose first parameter is the call; `permission` is what it takes to use it."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function, eval_str=True)
        parameters = list(signature.parameters.values())[1:]

        @wraps(function)
        def serve(heli_request: Request, **arguments: Any) -> Any:
            source: CallSource = heli_request.app.state.calls
            with source.open(heli_request, permission=permission, writes=writes) as call:
                earlier = call.earlier_reply()
                if earlier is not None:
                    return earlier
                result = function(call, **arguments)
                if isinstance(result, Response):
                    call.keep_reply(result)
                return result

        own = inspect.Parameter("heli_request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
        serve.__signature__ = signature.replace(  # type: ignore[attr-defined]
            parameters=[own, *(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters)],
        )
        setattr(serve, PERMISSION_MARK, permission)
        return serve

    return decorate
