"""The route of deliveries."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from heli_registry.deliveries.recorder import DeliveryRecorder
from heli_registry.deliveries.service import DeliveryPage, list_deliveries
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.deliveries import Channel
from heli_shared.records.endpoints import Cursor, Limit
from heli_shared.records.models import SINGLE_LINE, Day
from heli_shared.web.calls import PERMISSION_MARK, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import page_reply
from heli_shared.web.routes import new_router

Name = Annotated[str | None, Query(max_length=200, pattern=SINGLE_LINE)]


class DeliveryShown(BaseModel):
    """One answer that carried rows."""

    id: str
    delivered_at: str
    channel: Channel
    resource: str
    principal: str
    unit: str | None
    purpose: str | None
    purpose_source: Literal["stated", "agreed", "internal", "none"] = Field(
        description="Stated with the request, taken from the unit's agreement, between our services, or not known"
    )
    filters: dict[str, str]
    rows: int = Field(description="Rows that were sent")
    bytes: int
    epoch: str | None
    seq: int | None = Field(description="The point of the ledger that the answer shows")
    is_whole: bool = Field(description="Whether the answer was sent to its end")


class DeliveryPageShown(BaseModel):
    """A page of deliveries, newest first; `rows` are those of all pages together."""

    items: list[DeliveryShown]
    next: str | None
    total: int
    rows: int


def deliveries_router(recorder: DeliveryRecorder) -> APIRouter:
    """Return the route of deliveries."""
    router = new_router()

    @endpoint("deliveries:read")
    def read_page(
        call: RecordCall, given: dict[str, str | None], since: date | None, cursor: str | None, limit: int
    ) -> DeliveryPage:
        """Return a page as the caller may see it."""
        return list_deliveries(call, given, since=since, cursor=cursor, limit=limit)

    async def get_deliveries(  # noqa: PLR0913, PLR0917 - filters of a list, always given by name
        request: Request,
        unit: Name = None,
        principal: Name = None,
        resource: Name = None,
        purpose: Name = None,
        channel: Annotated[Channel | None, Query(description="How it was handed out")] = None,
        since: Annotated[Day | None, Query(description="From this day on")] = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """List what was handed out, newest first: the county sees all, a department what went to itself."""
        await run_in_threadpool(recorder.settle)
        given = {"unit": unit, "principal": principal, "resource": resource, "channel": channel, "purpose": purpose}
        found = await run_in_threadpool(read_page, request, given=given, since=since, cursor=cursor, limit=limit)
        return page_reply(request, Page(found.items, found.next, found.total), {"rows": found.rows})

    setattr(get_deliveries, PERMISSION_MARK, "deliveries:read")
    router.get("/v1/deliveries", tags=["exchange"], response_model=DeliveryPageShown, responses=problems(422))(
        get_deliveries
    )
    return router
