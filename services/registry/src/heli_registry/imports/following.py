"""An import followed by server-sent events: where it stands, as often as that changes, until it is over."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi.sse import ServerSentEvent
from starlette.concurrency import run_in_threadpool

from heli_shared.kernel.errors import DomainError

_LOOK_SECONDS = 0.3
_OVER = ("done", "failed", "cancelled")


async def follow(
    first: dict[str, Any], look: Callable[[], dict[str, Any]], *, keep_alive_seconds: float
) -> AsyncIterator[ServerSentEvent]:
    """Yield the job as an event `progress` whenever it changed, and `end` when it is over; `problem` ends it, too.

    Each look is a call of its own: no connection to the database is held while nothing happens. After so many seconds
    without an event a line of comment goes out, so that no proxy takes the connection for dead. The framework stops
    this generator when the reader is gone.
    """
    shown: dict[str, Any] | None = None
    job, silent = first, 0.0
    while job["status"] not in _OVER:
        if job != shown:
            shown, silent = job, 0.0
            yield ServerSentEvent(event="progress", data=job)
        elif silent >= keep_alive_seconds:
            silent = 0.0
            yield ServerSentEvent(comment="keep-alive")
        await asyncio.sleep(_LOOK_SECONDS)
        silent += _LOOK_SECONDS
        try:
            job = await run_in_threadpool(look)
        except DomainError as error:  # the token ran out, or the database is busy: the reader asks again
            data = {"type": error.type, "status": error.status, "detail": error.zh}
            yield ServerSentEvent(event="problem", data=data)
            return
    yield ServerSentEvent(event="end", data=job)
