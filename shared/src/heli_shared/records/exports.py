"""Consistent bulk copies: every kind of record, or the whole ledger, each naming the seq up to which it is complete."""

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response, StreamingResponse

from heli_shared.db.engine import transaction
from heli_shared.kernel.clock import CIVIL_ZONE
from heli_shared.kernel.errors import Forbidden
from heli_shared.ledger.appending import Head, read_head
from heli_shared.records.calls import RecordCall, RecordCalls
from heli_shared.records.copies import ledger_schema, record_batches, record_schema, records_of, straight
from heli_shared.records.deliveries import (
    Counted,
    DeliveryLog,
    NoDeliveryLog,
    Purpose,
    PurposeHeader,
    begun,
    noted_stream,
    stated_purpose,
)
from heli_shared.records.encoding import MEDIA_TYPES, Format, encoded
from heli_shared.records.endpoints import KnownAt, On, take_filters
from heli_shared.records.exchange import content_digest, laid_down, request_echo, wants_digest
from heli_shared.records.reading import Moment, Record, check_moment
from heli_shared.records.service import Resource, applied_filters, conditions_of, reads_whole_ledger
from heli_shared.records.sheets import XLSX, SheetWords, write_workbook
from heli_shared.records.snapshots import SnapshotShelf, is_unmoved, shape_of, wanted_tags
from heli_shared.web.calls import PERMISSION_MARK, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.routes import new_router

LEDGER = "ledger"
ExportFormat = Literal[Format, "xlsx"]
LedgerFormat = Annotated[Format, Query(alias="format", description="Form of the copy")]
KindFormat = Annotated[ExportFormat, Query(alias="format", description="Form of the copy")]


@dataclass(frozen=True)
class _Desk:
    """Where exports are made: the database, where deliveries are noted, where whole copies are kept, Excel's words."""

    calls: RecordCalls
    log: DeliveryLog
    shelf: SnapshotShelf | None
    words: Callable[[str], SheetWords]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an export is asked for: its form, the moment, and the filters of the list."""

    request: Request
    format: ExportFormat
    moment: Moment
    filters: Mapping[str, str]

    @property
    def filter_text(self) -> str:
        """Return the filters as a query, which fits into a header."""
        return urlencode(self.filters)


def export_router(
    calls: RecordCalls,
    resources: Mapping[str, Resource],
    *,
    words: Callable[[str], SheetWords] = lambda _: SheetWords(),
    log: DeliveryLog | None = None,
    shelf: SnapshotShelf | None = None,
) -> APIRouter:
    """Return the routes /v1/exports/… for these resources (by plural) and the ledger; `words` are for spreadsheets.

    What is handed out is noted in `log`; whole copies in Arrow are kept on the `shelf`.
    """
    router = new_router()
    desk = _Desk(calls, log or NoDeliveryLog(), shelf, words)

    @endpoint("exports:read")
    def check_export(call: RecordCall, kind: str) -> None:
        """Refuse an export that the caller may not have."""
        if not reads_whole_ledger(call.principal) and (kind == LEDGER or not call.principal.may(f"{kind}:read")):
            raise Forbidden(f"您没有导出“{kind}”的权限。", f"You may not export {kind}.")
        desk.log.check_purpose(call.principal, kind, stated_purpose(call.request))
        call.request.state.scope_of_export = call.principal.scope
        call.request.state.delivery = begun("export", kind, call.principal, call.request)

    async def export_ledger(
        request: Request,
        format_: LedgerFormat = "ndjson",
        on: On = None,
        known_at: KnownAt = None,
        purpose: Purpose = None,
        heli_purpose: PurposeHeader = None,
    ) -> Response:
        """Return the whole ledger as one consistent copy.

        `Heli-Known-At` names the seq up to which the copy is complete: read /v1/changes from there on. With
        `If-None-Match` a copy that still holds is answered with 304; `Want-Content-Digest: sha-256=1` asks for the
        digest of the bytes in the headers.
        """
        del purpose, heli_purpose  # read where a delivery is begun; named here for the document
        await run_in_threadpool(check_export, request, kind=LEDGER)
        asked = Asked(request, format_, Moment(on, known_at), {})
        return await run_in_threadpool(_answered, desk, None, asked, {})

    _add(router, export_ledger, LEDGER)
    for resource in resources.values():
        _add_kind(router, desk, resource, check_export)
    return router


def _add_kind(router: APIRouter, desk: _Desk, resource: Resource, check: Callable[..., None]) -> None:
    kind = resource.kind

    async def export_records(
        request: Request,
        format_: KindFormat = "ndjson",
        on: On = None,
        known_at: KnownAt = None,
        purpose: Purpose = None,
        heli_purpose: PurposeHeader = None,
        **given: Any,
    ) -> Response:
        del purpose, heli_purpose
        await run_in_threadpool(check, request, kind=kind.plural)
        asked = Asked(request, format_, Moment(on, known_at), applied_filters(given))
        return await run_in_threadpool(_answered, desk, resource, asked, given)

    export_records.__name__ = export_records.__qualname__ = f"export_{kind.noun}"
    export_records.__doc__ = f"""Return the {kind.zh} that the caller may see, with the filters of the list.

        It is one consistent copy: `Heli-Known-At` names the seq up to which it is complete; read /v1/changes from
        there on. `on` and `known_at` give it as of a day and a point of the ledger; `Heli-Filters` repeats what was
        asked for. An XLSX states all of this on a sheet 说明. With `If-None-Match` a copy that still holds is answered
        with 304; `Want-Content-Digest: sha-256=1` asks for the digest of the bytes in the headers.
        """
    take_filters(export_records, resource)
    _add(router, export_records, kind.plural)


def _add(router: APIRouter, function: Callable[..., Any], name: str) -> None:
    setattr(function, PERMISSION_MARK, "exports:read")
    forms = [each.split(";")[0] for each in (*MEDIA_TYPES.values(), *([] if name == LEDGER else [XLSX]))]
    router.get(
        f"/v1/exports/{name}",
        tags=["exchange"],
        response_class=Response,
        responses={
            **problems(422),
            304: {"description": "The copy you have still holds"},
            200: {"content": {each: {} for each in forms}},
        },
    )(function)


def _answered(desk: _Desk, resource: Resource | None, asked: Asked, given: Mapping[str, Any]) -> Response:
    """Answer an export: by what is there already, as a workbook, or by a copy that is made while it is sent."""
    if asked.format == "xlsx" and resource is not None:
        return _workbook(desk, resource, asked, given)
    return _open_kept(desk, resource, asked) or _open(desk, resource, asked, given)


def _open_kept(desk: _Desk, resource: Resource | None, asked: Asked) -> Response | None:
    """Answer from what the caller or the shelf has already, or return None when a copy has to be made."""
    calls, request = desk.calls, asked.request
    if not asked.moment.is_now or (resource is not None and not _is_plain(calls, resource, asked)):
        return None
    name = LEDGER if resource is None else resource.kind.plural
    entity = None if resource is None else resource.kind.entity
    with transaction(calls.engine, writes=False) as session:
        head = read_head(session, calls.ledger)
        for seq in known_copies(wanted_tags(request.headers), head, asked.format):
            if is_unmoved(session, calls.ledger, entity, since=seq, kept=seq, head=head):
                headers = _headers(name, head, seq, asked)
                return Response(status_code=304, headers={**headers, "Heli-Request": request_echo(request)})
        if desk.shelf is None or asked.format != "arrow":
            return None
        schema = ledger_schema() if resource is None else record_schema(resource.kind)
        kept = desk.shelf.find(session, calls.ledger, name=name, entity=entity, head=head, shape=shape_of(schema))
        chunks = None if kept is None else kept.chunks()
    if kept is None or chunks is None:
        return None
    delivery = replace(request.state.delivery, epoch=head.epoch, seq=kept.seq, rows=kept.rows)
    headers = {
        **_headers(name, head, kept.seq, asked),
        "Content-Length": str(kept.size),
        "Content-Digest": content_digest(kept.digest),
        "Heli-Request": request_echo(request),
    }
    stream = noted_stream(desk.log, delivery, chunks)
    return StreamingResponse(stream, headers=headers, media_type=MEDIA_TYPES[asked.format])


def _open(desk: _Desk, resource: Resource | None, asked: Asked, given: Mapping[str, Any]) -> Response:
    """Open the snapshot now, so that its seq is in the headers, and read it while it is sent."""
    assert asked.format != "xlsx"  # noqa: S101 - goes another way
    calls, counted, request, moment = desk.calls, Counted(), asked.request, asked.moment
    with ExitStack() as opening:
        is_plain = resource is None or _is_plain(calls, resource, asked)
        if is_plain or resource is None:
            head, schema, batches = straight(opening, calls, resource, moment)
        else:
            head, records = _record_by_record(opening, calls, resource, asked, given)
            schema = record_schema(resource.kind)
            batches = record_batches(records, resource.kind, schema)
        kept = opening.pop_all()
    known_at = head.seq if moment.known_at is None else moment.known_at
    name = LEDGER if resource is None else resource.kind.plural
    shape = shape_of(schema)
    schema = schema.with_metadata(_told(name, head, known_at, asked))
    chunks = _closing(kept, encoded(asked.format, schema, counted.batches(batches)))
    if desk.shelf is not None and is_plain and moment.is_now and asked.format == "arrow":
        chunks = desk.shelf.kept(chunks, counted, name=name, head=head, shape=shape)
    delivery = replace(request.state.delivery, epoch=head.epoch, seq=known_at)
    headers = {**_headers(name, head, known_at, asked), "Heli-Request": request_echo(request)}
    if wants_digest(request):
        chunks, more = laid_down(chunks)
        headers |= more
    stream = noted_stream(desk.log, delivery, chunks, counted)
    return StreamingResponse(stream, headers=headers, media_type=MEDIA_TYPES[asked.format])


def _told(name: str, head: Head, known_at: int, asked: Asked) -> dict[str, str]:
    """Return what a copy says about itself inside."""
    told = {"heli.known_at": str(known_at), "heli.epoch": head.epoch, "heli.kind": name}
    told["heli.filters"] = asked.filter_text
    return told | ({"heli.on": asked.moment.on.isoformat()} if asked.moment.on else {})


def _workbook(desk: _Desk, resource: Resource, asked: Asked, given: Mapping[str, Any]) -> Response:
    """Lay the whole workbook down first: a spreadsheet's directory is at its end, and a refusal must come before it."""
    kind, words, counted = resource.kind, desk.words(resource.kind.plural), Counted()
    with ExitStack() as opening:
        head, records = _record_by_record(opening, desk.calls, resource, asked, given)
        with tempfile.NamedTemporaryFile(prefix="heli-export-", suffix=".xlsx", delete=False) as file:
            path = FilePath(file.name)
        try:
            notes = _notes(desk.calls, resource, asked, head, words)
            write_workbook(path, kind, counted.records(records), words=words, notes=notes)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    known_at = head.seq if asked.moment.known_at is None else asked.moment.known_at
    delivery = replace(asked.request.state.delivery, epoch=head.epoch, seq=known_at)
    desk.log.note(replace(delivery, rows=counted.rows, size=path.stat().st_size))
    return FileResponse(
        path,
        media_type=XLSX,
        headers={**_headers(kind.plural, head, known_at, asked), "Heli-Request": request_echo(asked.request)},
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


def _notes(
    calls: RecordCalls, resource: Resource, asked: Asked, head: Head, words: SheetWords
) -> list[tuple[str, str]]:
    filters = "；".join(f"{words.labels.get(name, name)} = {value}" for name, value in asked.filters.items())
    return [
        ("内容", f"{resource.kind.zh}（{resource.kind.plural}）"),
        ("导出时间", calls.clock.now().astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M:%S") + "（北京时间）"),
        ("截至日期", (asked.moment.on or calls.clock.today()).isoformat()),
        ("台账序号", str(head.seq if asked.moment.known_at is None else asked.moment.known_at)),
        ("台账期次", head.epoch),
        ("筛选条件", filters or "无"),
        ("口径", "导出人管辖范围内、符合筛选条件的全部记录；未筛选“记录状态”时包括已关闭的记录。"),
        *words.notes,
    ]


def _is_plain(calls: RecordCalls, resource: Resource, asked: Asked) -> bool:
    """Say whether the whole table of current rows is asked for."""
    if not asked.moment.is_now or asked.filters:
        return False
    with transaction(calls.engine, writes=False) as session:
        return not resource.visible(session, asked.request.state.scope_of_export)


def _record_by_record(
    opening: ExitStack, calls: RecordCalls, resource: Resource, asked: Asked, given: Mapping[str, Any]
) -> tuple[Head, Iterator[Record]]:
    """Open a copy of what the caller may see and asked for, or of another moment, made record by record."""
    session = opening.enter_context(transaction(calls.engine, writes=False))
    check_moment(session, calls.ledger, asked.moment)
    head = read_head(session, calls.ledger)
    conditions = conditions_of(session, resource, asked.request.state.scope_of_export, given)
    return head, records_of(session, calls, resource, conditions, asked.moment)


def _headers(name: str, head: Head, known_at: int, asked: Asked) -> dict[str, str]:
    on = asked.moment.on.isoformat() if asked.moment.on else ""
    what = f"-{hashlib.sha256(asked.filter_text.encode()).hexdigest()[:12]}" if asked.filters else ""
    return {
        "Heli-Known-At": str(known_at),
        "Heli-Epoch": head.epoch,
        **({"Heli-On": on} if on else {}),
        **({"Heli-Filters": asked.filter_text} if asked.filters else {}),
        "ETag": f'"{head.epoch}-{known_at}-{on}-{asked.format}{what}"',
        "Content-Disposition": f'attachment; filename="{name}-{known_at}{what}.{asked.format}"',
        "Cache-Control": "private, no-cache",
    }


def known_copies(tags: Iterable[str], head: Head, format_: ExportFormat) -> Iterator[int]:
    """Yield the seqs of whole copies in this format that a caller's entity tags name, of this epoch."""
    for tag in tags:
        found = re.fullmatch(r"(.+)-(\d{1,18})--([a-z]+)", tag)
        if found and (found[1], found[3]) == (head.epoch, format_):
            yield int(found[2])


def _closing(kept: ExitStack, chunks: Iterator[bytes]) -> Iterator[bytes]:
    with kept:
        yield from chunks
