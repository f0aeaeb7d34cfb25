"""Consistent bulk copies: every kind of record, or the whole ledger, each naming the seq up to which it is complete."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from heli_shared.db.engine import transaction
from heli_shared.kernel.errors import Forbidden, NotFound
from heli_shared.ledger.appending import Head, read_head
from heli_shared.records.arrow import arrow_snapshot
from heli_shared.records.calls import RecordCall, RecordCalls
from heli_shared.records.encoding import MEDIA_TYPES, Format, encoded
from heli_shared.records.endpoints import KnownAt, On
from heli_shared.records.kinds import RecordKind, column_value
from heli_shared.records.reading import (
    Condition,
    Moment,
    Record,
    beyond_the_end,
    check_moment,
    columns_of,
    iterate_as_of,
    record_of_row,
)
from heli_shared.records.service import Resource, reads_whole_ledger
from heli_shared.web.calls import PERMISSION_MARK, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.routes import new_router

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 10_000
LEDGER = "ledger"


def export_router(calls: RecordCalls, resources: Mapping[str, Resource]) -> APIRouter:
    """Return the route /v1/exports/{kind} for these resources (by plural) and the ledger."""
    router = new_router()

    @endpoint("exports:read")
    def check_export(call: RecordCall, kind: str) -> None:
        """Refuse an export that the caller may not have."""
        if kind != LEDGER and kind not in resources:
            raise NotFound(
                f"没有可导出的“{kind[:80]}”。", f"There is no export {kind[:80]}.",
                data={"kinds": [LEDGER, *sorted(resources)]},
            )  # fmt: skip
        if not reads_whole_ledger(call.principal) and (kind == LEDGER or not call.principal.may(f"{kind}:read")):
            raise Forbidden(f"您没有导出“{kind}”的权限。", f"You may not export {kind}.")
        call.request.state.scope_of_export = call.principal.scope

    async def export_records(
        request: Request,
        kind: Annotated[str, Path(max_length=64, pattern=r"^[a-z-]+$", description="A plural, or `ledger`")],
        format_: Annotated[Format, Query(alias="format", description="Form of the copy")] = "ndjson",
        on: On = None,
        known_at: KnownAt = None,
    ) -> Response:
        """Return a whole kind of record, or the ledger, as one consistent copy.

        `Heli-Known-At` names the seq up to which the copy is complete: read /v1/changes from there on. The copy holds
        what the caller may see; `on` and `known_at` give it as of a day and a point of the ledger.
        """
        await run_in_threadpool(check_export, request, kind=kind)
        return await run_in_threadpool(_open, calls, resources.get(kind), request, format_, Moment(on, known_at))

    setattr(export_records, PERMISSION_MARK, "exports:read")
    router.get(
        "/v1/exports/{kind}",
        tags=["exchange"],
        response_class=Response,
        responses={**problems(404, 422), 200: {"content": {name.split(";")[0]: {} for name in MEDIA_TYPES.values()}}},
    )(export_records)
    return router


def _open(
    calls: RecordCalls, resource: Resource | None, request: Request, format_: Format, moment: Moment
) -> StreamingResponse:
    """Open the snapshot now, so that its seq is in the headers, and read it while it is sent."""
    with ExitStack() as opening:
        if resource is None or _is_plain(calls, resource, request, moment):
            head, schema, batches = _straight(opening, calls, resource, moment)
        else:
            head, schema, batches = _record_by_record(opening, calls, resource, request, moment)
        kept = opening.pop_all()
    known_at = head.seq if moment.known_at is None else moment.known_at
    name = LEDGER if resource is None else resource.kind.plural
    schema = schema.with_metadata({"heli.known_at": str(known_at), "heli.epoch": head.epoch, "heli.kind": name})
    return StreamingResponse(
        _closing(kept, encoded(format_, schema, batches)),
        headers=_headers(name, head, known_at, moment, format_),
        media_type=MEDIA_TYPES[format_],
    )


Opened = tuple[Head, "pa.Schema", "Iterator[pa.RecordBatch]"]


def _is_plain(calls: RecordCalls, resource: Resource, request: Request, moment: Moment) -> bool:
    """Say whether the whole table of current rows is asked for, in columns that the driver gives as they are."""
    if not moment.is_now or any(each.type == "texts" for each in resource.kind.all_fields):
        return False
    with transaction(calls.engine, writes=False) as session:
        return not resource.visible(session, request.state.scope_of_export)


def _straight(opening: ExitStack, calls: RecordCalls, resource: Resource | None, moment: Moment) -> Opened:
    """Open a copy of the ledger, or of all current rows of a kind, that the driver reads into Arrow."""
    snapshot = opening.enter_context(arrow_snapshot(calls.engine.url))
    head = snapshot.head(calls.ledger)
    if resource is not None:
        schema = record_schema(resource.kind)
        return head, schema, snapshot.batches(resource.kind.table, schema, order=resource.kind.key)
    if moment.known_at is not None and moment.known_at > head.seq:
        raise beyond_the_end()
    # The ledger is append-only and without gaps: all entries up to a seq are the same at any later time.
    up_to = head.seq if moment.known_at is None else moment.known_at
    schema = ledger_schema()
    return head, schema, snapshot.batches(calls.ledger.entries, schema, order="seq", up_to=up_to)


def _record_by_record(
    opening: ExitStack, calls: RecordCalls, resource: Resource, request: Request, moment: Moment
) -> Opened:
    """Open a copy of what the caller may see, or of another moment, made record by record."""
    session = opening.enter_context(transaction(calls.engine, writes=False))
    check_moment(session, calls.ledger, moment)
    head = read_head(session, calls.ledger)
    conditions = resource.visible(session, request.state.scope_of_export)
    schema = record_schema(resource.kind)
    records = _records(session, calls, resource, conditions, moment)
    return head, schema, _record_batches(records, resource.kind, schema)


def _headers(name: str, head: Head, known_at: int, moment: Moment, format_: Format) -> dict[str, str]:
    on = moment.on.isoformat() if moment.on else ""
    return {
        "Heli-Known-At": str(known_at),
        "Heli-Epoch": head.epoch,
        **({"Heli-On": on} if on else {}),
        "ETag": f'"{head.epoch}-{known_at}-{on}-{format_}"',
        "Content-Disposition": f'attachment; filename="{name}-{known_at}.{format_}"',
        "Cache-Control": "private, no-cache",
    }


def _closing(kept: ExitStack, chunks: Iterator[bytes]) -> Iterator[bytes]:
    with kept:
        yield from chunks


def record_schema(kind: RecordKind) -> "pa.Schema":
    """Return the Arrow schema of a kind's bulk copy: key, fields, state, version."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "decimal": pa.string(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "texts": pa.list_(pa.string()),
    }
    fields = [(each.name, types[each.type]) for each in kind.all_fields]
    return pa.schema([(kind.key, pa.string()), *fields, ("version", pa.int64())])


def _records(
    session: Session, calls: RecordCalls, resource: Resource, conditions: list[Condition], moment: Moment
) -> Iterator[Record]:
    kind = resource.kind
    if not moment.is_now:
        for record in iterate_as_of(session, calls.ledger, kind, moment):
            if all(condition.matches(record) for condition in conditions):
                yield record
        return
    statement = sa.select(*columns_of(kind)).where(*(each.clause for each in conditions))
    rows = session.execute(statement.order_by(kind.table.c[kind.key]), execution_options={"yield_per": _BATCH})
    for row in rows:
        yield record_of_row(kind, row)


def _record_batches(records: Iterable[Record], kind: RecordKind, schema: "pa.Schema") -> "Iterator[pa.RecordBatch]":
    import pyarrow as pa

    dates = [each for each in kind.all_fields if each.type == "date"]
    iterator = iter(records)
    while rows := list(islice(iterator, _BATCH)):
        for row in rows:
            for each in dates:
                row[each.name] = column_value(each, row[each.name])
        yield pa.RecordBatch.from_pylist(rows, schema=schema)


def ledger_schema() -> "pa.Schema":
    """Return the Arrow schema of the ledger's bulk copy."""
    import pyarrow as pa

    text = pa.string()
    return pa.schema(
        [
            ("seq", pa.int64()),
            ("recorded_at", pa.timestamp("us", "UTC")),
            *((name, text) for name in ("actor", "unit", "entity", "key", "operation")),
            ("effective_on", pa.date32()),
            *((name, text) for name in ("changes", "previous_hash", "hash")),
        ]
    )
