"""What wraps every request: its id, its measure of time, the limit on its body, and headers that browsers heed."""

import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson
from prometheus_client import CollectorRegistry, Counter, Histogram

from heli_shared.kernel.ids import new_id

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
]


class Measures:
    """The counters of one service, in a registry of its own."""

    def __init__(self) -> None:
        """Make the registry and its two instruments."""
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "heli_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram("heli_request_seconds", "Time to answer", ["route"], registry=self.registry)


class RequestFrame:
    """ASGI middleware that gives each request an id and counts it; a caller's own id is carried on."""

    def __init__(self, app: Asgi, measures: Measures) -> None:
        """Wrap an app."""
        self._app = app
        self._measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = given if _REQUEST_ID.fullmatch(given) else new_id("req")
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 500

        async def send_framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", []), (b"x-request-id", request_id.encode()), *_SECURITY_HEADERS,
                ]  # fmt: skip
            await send(message)

        try:
            await self._app(scope, receive, send_framed)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            self._measures.requests.labels(scope["method"], route, str(status)).inc()
            self._measures.seconds.labels(route).observe(time.perf_counter() - started)


class HeadAsGet:
    """ASGI middleware that answers HEAD with what GET would say, without its body: a stream ends at once."""

    def __init__(self, app: Asgi) -> None:
        """Wrap an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                # The response is complete with this: the server tells whoever still streams that nobody listens.
                await send({"type": "http.response.body", "body": b""})

        await self._app({**scope, "method": "GET"}, receive, send_head)


class BodyLimit:
    """ASGI middleware that refuses bodies over a limit, by the header at once and otherwise while they stream in."""

    def __init__(self, app: Asgi, limits: Callable[[str], int]) -> None:
        """Wrap an app; `limits` gives the most bytes for a path."""
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limits(scope["path"])
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > limit:
            await _refuse(send, limit)
            return
        seen, answered = 0, False

        async def receive_bounded() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _TooMuchError
            return message

        async def send_noting(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self._app(scope, receive_bounded, send_noting)
        except _TooMuchError:
            if not answered:
                await _refuse(send, limit)


class _TooMuchError(Exception):
    """More bytes came in than are allowed."""


async def _refuse(send: Send, limit: int) -> None:
    body = {
        "type": "urn:heli:problem:too-large",
        "title": "内容过大",
        "status": 413,
        "detail": f"正文不得超过 {limit} 字节；大批数据请用 /v1/imports 分批导入。"
        f" The body must not exceed {limit} bytes; use /v1/imports for bulk data.",
        "instance": "",
        "errors": [],
    }
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(body)})
