"""GET /v1/events."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from heli_reporting.events.domain import event_id
from heli_reporting.events.waking import Bell
from heli_reporting.intake.domain import Freshness
from heli_reporting.intake.service import Intake
from heli_reporting.passports import source_json
from heli_shared.kernel.errors import DomainError
from heli_shared.web.calls import PERMISSION_MARK, Call, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.routes import new_router

LastEventId = Annotated[str | None, Header(max_length=100, description="The id of the last event that was read")]
_PERMISSION = "statistics:read"


def event_router(intake: Intake, bell: Bell, *, keep_alive_seconds: float) -> APIRouter:
    """Return the route of events."""
    router = new_router()

    @endpoint(_PERMISSION)
    def look(call: Call) -> dict[str, Any]:
        """Return how far the copy goes, to somebody who may still know."""
        del call
        return news_of(intake.freshness())

    async def first_look(request: Request) -> dict[str, Any]:
        """Look before anything is sent, so that a refusal is an answer of its own."""
        return await run_in_threadpool(look, request)

    async def get_events(
        request: Request, first: Annotated[dict[str, Any], Depends(first_look)], last_event_id: LastEventId = None
    ) -> AsyncIterator[ServerSentEvent]:
        """Be told by server-sent events when new data is in, or a source goes silent or comes back.

        An event `data` says how far the copy goes; ask for the figures again then. The first comes at once unless the
        header `Last-Event-ID` names what holds still, so a reader that lost the line misses nothing. Lines of comment
        keep the connection alive. When the token runs out an event `problem` ends the stream, and when the service
        ends the stream does.
        """
        del first
        async for event in follow(
            lambda: look(request), bell, heard=last_event_id, keep_alive_seconds=keep_alive_seconds
        ):
            yield event

    setattr(get_events, PERMISSION_MARK, _PERMISSION)
    router.get("/v1/events", tags=["events"], response_class=EventSourceResponse, responses=problems(422))(get_events)
    return router


async def follow(
    look: Callable[[], dict[str, Any]], bell: Bell, *, heard: str | None, keep_alive_seconds: float
) -> AsyncIterator[ServerSentEvent]:
    """Yield the news whenever they differ from what was heard last, until the bell is closed.

    Each look is a call of its own, so rights that were withdrawn end the stream; between looks nothing is held.
    """
    while True:
        rung = bell.rung
        try:
            news = await run_in_threadpool(look)
        except DomainError as error:  # the token ran out, or nobody can confirm it: the reader signs in and asks again
            yield ServerSentEvent(
                event="problem", data={"type": error.type, "status": error.status, "detail": error.zh}
            )
            return
        if news["id"] != heard:
            heard = news["id"]
            yield ServerSentEvent(event="data", id=heard, data=news)
        if bell.is_closed:
            return
        if not await bell.wait(rung, keep_alive_seconds):
            yield ServerSentEvent(comment="keep-alive")


def news_of(freshness: Sequence[Freshness]) -> dict[str, Any]:
    """Return what an event tells."""
    return {
        "id": event_id(freshness),
        "known_at": {each.source: each.known_at for each in freshness},
        "stale": not all(each.is_fresh for each in freshness),
        "sources": [source_json(each) for each in freshness],
    }
