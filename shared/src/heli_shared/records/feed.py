"""The change feed: every entry behind a cursor, in commit order, without gaps, kept for ever."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.ledger.appending import read_head
from heli_shared.ledger.reading import cursor_text, page_after, parse_cursor
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.calls import RecordCall
from heli_shared.records.deliveries import (
    DeliveryLog,
    NoDeliveryLog,
    Purpose,
    PurposeHeader,
    begun,
    noted_reply,
    stated_purpose,
)
from heli_shared.records.exchange import exchange_reply
from heli_shared.records.patches import patched
from heli_shared.records.scoped_feed import LEAVE, Source, Stretch, Told, looked_through, told_of
from heli_shared.records.service import Resource
from heli_shared.records.sight import Sights
from heli_shared.web.calls import PERMISSION_MARK, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.routes import new_router

_PAUSE_SECONDS = 0.2
_MAX_WAIT_SECONDS = 30
_LOOKED_THROUGH = 100_000
"""So many seqs are looked through for the entries of chosen kinds before a page is answered as it is."""

Form = Literal["entries", "patch"]
GONE = {"tombstone": True, "successor": None, "patch": [{"op": "replace", "path": "", "value": None}]}
"""What a record that left is as a patch: nothing."""


class PatchOperation(BaseModel):
    """One operation of a JSON Patch (RFC 6902) of a record as the API shows it."""

    op: Literal["add", "replace"]
    path: str
    value: Any


class FeedEntry(BaseModel):
    """One entry of the ledger."""

    seq: int
    recorded_at: str
    actor: str
    unit: str | None
    entity: str
    key: str
    operation: Literal["create", "change", "close", "reopen", "erase", "leave"] = Field(
        description="`leave`: the record is no longer in your part of the county; nothing else is said of it"
    )
    effective_on: str
    changes: dict[str, Any] = Field(description="New values only; null clears a field")
    previous_hash: str
    hash: str
    tombstone: bool | None = Field(default=None, description="form=patch: whether the record is closed or erased now")
    successor: str | None = Field(default=None, description="form=patch: the record that takes its place, where known")
    patch: list[PatchOperation] | None = Field(
        default=None, description="form=patch: from the current record as known before this entry to the one after it"
    )


class FeedPage(BaseModel):
    """Entries behind a cursor, where to go on, and where the ledger ends."""

    items: list[FeedEntry]
    next: str
    head: str
    epoch: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a page was asked for."""

    after: str
    limit: int
    entities: tuple[str, ...]
    form: Form


def feed_router(
    resources: Mapping[str, Resource], *, log: DeliveryLog | None = None, sights: Sights | None = None
) -> APIRouter:
    """Return the route /v1/changes for these resources (by entity); what is handed out is noted in `log`.

    `sights` say through which others records are seen, so that who sees a part is told what comes and goes.
    """
    sights = sights or Sights()
    router = new_router()
    noting = log or NoDeliveryLog()

    @endpoint("changes:read")
    def read_page(call: RecordCall, asked: _Asked) -> Response | None:
        """Return one page as the caller may see it, or None when nothing is behind the cursor yet."""
        page = _page(call, resources, sights, asked)
        if page["next"] == page["head"] and not page["items"] and not call.request.state.feed_is_over:
            return None
        noting.check_purpose(call.principal, "changes", stated_purpose(call.request))
        reply = exchange_reply(call.request, page)
        epoch, seq = page["next"].rsplit(":", 1)
        delivery = begun("feed", "changes", call.principal, call.request, epoch=epoch, seq=int(seq))
        return noted_reply(noting, delivery, reply, rows=len(page["items"]))

    async def list_changes(
        request: Request,
        after: Annotated[str, Query(max_length=100, description="`next` of the page before; 0 from the start")] = "0",
        limit: Annotated[int, Query(ge=1, le=10_000, description="Most entries on the page")] = 1_000,
        wait: Annotated[
            float, Query(ge=0, le=_MAX_WAIT_SECONDS, description="Seconds to wait for the first entry")
        ] = 0,
        kind: Annotated[
            list[str] | None, Query(max_length=40, description="Only these kinds, by plural; repeat for several")
        ] = None,
        form: Annotated[Form, Query(description="`patch` adds tombstones and JSON Patches to the entries")] = "entries",
        purpose: Purpose = None,
        heli_purpose: PurposeHeader = None,
    ) -> Response:
        """Return the entries behind a cursor.

        Who has read up to a cursor never later finds a new entry before it. A cursor from before a restore is
        answered with 410: pull the bulk copy again. Callers who may not read the
        whole ledger see entries of records in their scope only: a record that comes into it is told from its first
        entry on, one that goes is told to `leave`.
        """
        del purpose, heli_purpose  # read where a delivery is begun; named here for the document
        deadline = time.monotonic() + wait
        asked = _Asked(after, limit, _entities(resources, kind or ()), form)
        while True:
            request.state.feed_is_over = time.monotonic() >= deadline
            reply: Response | None = await run_in_threadpool(read_page, request, asked=asked)
            if reply is not None:
                return reply
            await asyncio.sleep(_PAUSE_SECONDS)
            if await request.is_disconnected():
                deadline = 0

    setattr(list_changes, PERMISSION_MARK, "changes:read")
    router.get("/v1/changes", tags=["exchange"], response_model=FeedPage, responses=problems(410, 422))(list_changes)
    return router


def _entities(resources: Mapping[str, Resource], plurals: Sequence[str]) -> tuple[str, ...]:
    """Return the entities of these kinds; BadRequest for one that is none."""
    known = {resource.kind.plural: entity for entity, resource in resources.items()}
    if any(plural not in known for plural in plurals):
        listed = ", ".join(sorted(known))
        raise BadRequest(
            f"没有这样的资源；可用：{listed}。", f"There is no such kind; there are: {listed}.",
            errors=[FieldProblem("parameter kind", "没有这样的资源", "there is no such kind")],
        )  # fmt: skip
    return tuple(sorted({known[plural] for plural in plurals}))


def _page(call: RecordCall, resources: Mapping[str, Resource], sights: Sights, asked: _Asked) -> dict[str, Any]:
    head = read_head(call.session, call.ledger)
    start = parse_cursor(asked.after, head)
    up_to = min(head.seq, start + _LOOKED_THROUGH)
    looked_at = looked_through(asked.entities, sights, call.principal)
    entries = page_after(call.session, call.ledger, start, asked.limit, entities=looked_at, up_to=up_to)
    last = entries[-1].seq if entries else start
    if asked.entities and len(entries) < asked.limit:
        last = up_to
    source = Source(call.session, call.ledger, resources, sights)
    told = told_of(source, call.principal, entries, Stretch(start, last, asked.entities))
    items = entries_shown(call.session, call.ledger, resources, told, form=asked.form)
    return {
        "items": items,
        "next": cursor_text(head.epoch, last),
        "head": cursor_text(head.epoch, max(head.seq, last)),
        "epoch": head.epoch,
    }


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


def entries_shown(
    session: Session, ledger: LedgerTables, resources: Mapping[str, Resource], told: Sequence[Told], *, form: Form
) -> list[dict[str, Any]]:
    """Return what is told as the feed's JSON, with tombstones and patches if asked for."""
    items = [shown(each) for each in told]
    if form == "entries":
        return items
    kept = [each for each in told if each.operation != LEAVE]
    more = iter(patched(session, ledger, resources, kept))
    return [
        {**item, **(GONE if each.operation == LEAVE else next(more))} for item, each in zip(items, told, strict=True)
    ]
