"""The change feed: every entry behind a cursor, in commit order, without gaps, kept for ever."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import orjson
import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from heli_shared.ledger.appending import read_head
from heli_shared.ledger.reading import cursor_text, page_after, parse_cursor
from heli_shared.records.calls import RecordCall
from heli_shared.records.service import Resource, reads_whole_ledger
from heli_shared.web.calls import PERMISSION_MARK, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

_PAUSE_SECONDS = 0.2
_MAX_WAIT_SECONDS = 30


class FeedEntry(BaseModel):
    """One entry of the ledger."""

    seq: int
    recorded_at: str
    actor: str
    unit: str | None
    entity: str
    key: str
    operation: Literal["create", "change", "close", "reopen", "erase"]
    effective_on: str
    changes: dict[str, Any] = Field(description="New values only; null clears a field")
    previous_hash: str
    hash: str


class FeedPage(BaseModel):
    """Entries behind a cursor, where to go on, and where the ledger ends."""

    items: list[FeedEntry]
    next: str
    head: str
    epoch: str


def feed_router(resources: Mapping[str, Resource]) -> APIRouter:
    """Return the route /v1/changes for these resources (by entity)."""
    router = new_router()

    @endpoint("changes:read")
    def read_page(call: RecordCall, after: str, limit: int) -> dict[str, Any]:
        """Return one page as the caller may see it."""
        head = read_head(call.session, call.ledger)
        entries = page_after(call.session, call.ledger, parse_cursor(after, head), limit)
        last = entries[-1].seq if entries else parse_cursor(after, head)
        return {
            "items": [shown(entry) for entry in _visible(call, resources, entries)],
            "next": cursor_text(head.epoch, last),
            "head": cursor_text(head.epoch, max(head.seq, last)),
            "epoch": head.epoch,
        }

    async def list_changes(
        request: Request,
        after: Annotated[str, Query(max_length=100, description="`next` of the page before; 0 from the start")] = "0",
        limit: Annotated[int, Query(ge=1, le=10_000, description="Most entries on the page")] = 1_000,
        wait: Annotated[
            float, Query(ge=0, le=_MAX_WAIT_SECONDS, description="Seconds to wait for the first entry")
        ] = 0,
    ) -> Response:
        """Return the entries behind a cursor.

        Who has read up to a cursor never later finds a new entry before it. A cursor from before a restore is
        answered with 410: pull the bulk copy again. Callers who may not read the
        whole ledger see entries of records in their scope only.
        """
        deadline = time.monotonic() + wait
        page = await run_in_threadpool(read_page, request, after=after, limit=limit)
        while page["next"] == page["head"] and not page["items"] and time.monotonic() < deadline:
            await asyncio.sleep(_PAUSE_SECONDS)
            if await request.is_disconnected():
                break
            page = await run_in_threadpool(read_page, request, after=after, limit=limit)
        return json_reply(page)

    setattr(list_changes, PERMISSION_MARK, "changes:read")
    router.get("/v1/changes", tags=["exchange"], response_model=FeedPage, responses=problems(410, 422))(list_changes)
    return router


def shown(row: Any) -> dict[str, Any]:
    """Return a stored row as the feed's JSON; the text of its changes is passed on as it is."""
    return {
        "seq": row.seq,
        "recorded_at": row.recorded_at,
        "actor": row.actor,
        "unit": row.unit,
        "entity": row.entity,
        "key": row.key,
        "operation": row.operation,
        "effective_on": row.effective_on,
        "changes": orjson.Fragment(row.changes),
        "previous_hash": row.previous_hash,
        "hash": row.hash,
    }


def _visible(call: RecordCall, resources: Mapping[str, Resource], entries: Sequence[Any]) -> Sequence[Any]:
    """Keep the entries of records that the caller may see now."""
    if reads_whole_ledger(call.principal):
        return entries
    keys: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        keys[entry.entity].add(entry.key)
    seen = {entity: _visible_keys(call, resources.get(entity), wanted) for entity, wanted in keys.items()}
    return [entry for entry in entries if entry.key in seen[entry.entity]]


def _visible_keys(call: RecordCall, resource: Resource | None, wanted: set[str]) -> set[str]:
    if resource is None or not call.principal.may(f"{resource.kind.plural}:read"):
        return set()
    key = resource.kind.table.c[resource.kind.key]
    conditions = resource.visible(call.session, call.principal.scope)
    found: set[str] = set()
    ordered = sorted(wanted)
    for start in range(0, len(ordered), 500):
        chunk = ordered[start : start + 500]
        statement = sa.select(key).where(key.in_(chunk), *(each.clause for each in conditions))
        found.update(call.session.execute(statement).scalars())
    return found
