"""Which pages of other origins may read the answers of reconciliation, and nothing else of the registry."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.middleware.cors import CORSMiddleware

ANY = "*"
SHARED_PATH = "/v1/reconciliation/"
"""What lies below is shared with other origins; making a key, `POST /v1/reconciliation/keys`, is not."""
_KEYS = f"{SHARED_PATH}keys"
_ORIGIN = re.compile(r"https?://[a-z0-9.-]{1,253}(:[0-9]{1,5})?")
_MAX_AGE_SECONDS = 600

Message = MutableMapping[str, Any]
Asgi = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


def read_origins(text: str) -> tuple[str, ...]:
    """Return the origins that a setting lists, with commas or spaces; ValueError for what is no origin."""
    found = tuple(part.rstrip("/") for part in text.lower().replace(",", " ").split())
    wrong = [each for each in found if each != ANY and _ORIGIN.fullmatch(each) is None]
    if wrong:
        raise ValueError(
            f"应为 *、或 https://主机[:端口]、或空 must be *, or https://host[:port], or nothing: {wrong[0][:100]}"
        )
    return (ANY,) if ANY in found else found


def frame_ancestors(origins: tuple[str, ...]) -> str:
    """Return who may frame a preview, as a Content-Security-Policy says it."""
    return " ".join(origins) or "'none'"


class SharedAnswers:
    """ASGI middleware that answers preflights and marks answers below `SHARED_PATH`; never with credentials.

    There is no cookie that a foreign page could ride on: it reads what it has a token or a key for.
    """

    def __init__(self, app: Asgi, origins: tuple[str, ...]) -> None:
        """Wrap an app; with no origins nothing is shared."""
        self._app = app
        self._shared = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=("GET", "POST"),
            allow_headers=("Accept-Language", "Authorization", "Content-Type"),
            expose_headers=("Retry-After", "X-Request-Id"),
            max_age=_MAX_AGE_SECONDS,
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        path = scope.get("path", "")
        is_shared = path.startswith(SHARED_PATH) and path.rstrip("/") != _KEYS
        await (self._shared if is_shared else self._app)(scope, receive, send)
