"""The routes around an import as a clerk goes through it: template, preview, apply, refused rows, undo, progress."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from heli_registry.imports.following import follow
from heli_registry.imports.previewing import apply_preview, get_preview, list_preview
from heli_registry.imports.returning import refused_workbook
from heli_registry.imports.service import ImportDesk, get_import
from heli_registry.imports.showing import ImportAccepted, ImportKey, Preview, UndoneImport, language_of, shown
from heli_registry.imports.templating import template_workbook
from heli_registry.imports.undoing import undo
from heli_shared.kernel.pages import DEFAULT_LIMIT
from heli_shared.lists.refused_workbook import XLSX
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, IdempotencyKey, Limit
from heli_shared.web.calls import PERMISSION_MARK, endpoint
from heli_shared.web.downloads import file_reply
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, page_reply

_WORKBOOK: dict[int | str, dict[str, Any]] = {200: {"description": "An XLSX workbook", "content": {XLSX: {}}}}
_Mode = Annotated[
    Literal["accept_valid", "all_or_nothing"],
    Query(description="Take the good rows, or nothing when a row is refused"),
]


def add_workbench(router: APIRouter, desk: ImportDesk) -> None:
    """Add the routes to those of imports."""
    _add_workbooks(router, desk)
    _add_preview(router, desk)
    _add_undo(router)
    _add_events(router, desk)


def _add_workbooks(router: APIRouter, desk: ImportDesk) -> None:
    @router.get(
        "/v1/imports/templates/{kind}.xlsx",
        tags=["imports"],
        response_class=Response,
        responses={**problems(404, 422), **_WORKBOOK},
    )
    @endpoint("imports:write")
    def get_import_template(
        call: RecordCall,
        kind: Annotated[str, Path(max_length=64, pattern=r"^[a-z-]+$", description="The plural of a kind of list")],
    ) -> Response:
        """Get the workbook to fill in for a kind of list: notes, drop-downs of what the caller sees, an example row."""
        return file_reply(*template_workbook(call, kind), XLSX, is_temporary=True)

    @router.get(
        "/v1/imports/{import_id}/workbook",
        tags=["imports"],
        response_class=Response,
        responses={**problems(404, 409, 410, 422), **_WORKBOOK},
    )
    @endpoint("imports:write")
    def get_refused_workbook(call: RecordCall, import_id: ImportKey) -> Response:
        """Get the refused rows in the layout in which they were sent, to be corrected and sent again as they are.

        The first column, 错误说明, tells what to correct; faulty cells are coloured and carry comments.
        """
        language = language_of(call)
        path, name = refused_workbook(call, import_id, kept_days=desk.kept_days, language=language)
        return file_reply(path, name, XLSX, is_temporary=True)


def _add_preview(router: APIRouter, desk: ImportDesk) -> None:
    @router.get(
        "/v1/imports/{import_id}/preview",
        tags=["imports"],
        response_model=Preview,
        responses=problems(404, 409, 410, 422),
    )
    @endpoint("imports:write")
    def get_import_preview(
        call: RecordCall, import_id: ImportKey, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> Response:
        """Get what a dry run would do: new records, and old and new values of changed ones, row by row."""
        job = get_preview(call, import_id, kept_days=desk.kept_days)
        page = list_preview(call, import_id, cursor=cursor, limit=limit, kept_days=desk.kept_days)
        return page_reply(call.request, page, {"rows": shown(call, job)["rows"], "digest": job.digest})

    @router.post(
        "/v1/imports/{import_id}/apply",
        status_code=202,
        tags=["imports"],
        response_model=ImportAccepted,
        responses=problems(404, 409, 410, 422),
    )
    @endpoint("imports:write", writes=True)
    def apply_import(
        call: RecordCall,
        import_id: ImportKey,
        *,
        mode: _Mode = "accept_valid",
        even_if_changed: Annotated[
            bool, Query(description="Apply it even when it would do something else now than the preview showed")
        ] = False,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Apply a previewed list without sending it again, as an import of its own.

        It is checked against the registry as it stands by then. When it would do anything else than the preview
        showed, the import fails, says so with the present counts, and changes nothing.
        """
        del idempotency_key
        job = apply_preview(
            call, desk.folder, import_id, mode=mode, even_if_changed=even_if_changed, kept_days=desk.kept_days
        )
        desk.wake()
        return json_reply({"id": job.id, "status": job.status}, 202, {"Location": f"/v1/imports/{job.id}"})


def _add_undo(router: APIRouter) -> None:
    @router.post(
        "/v1/imports/{import_id}/undo", tags=["imports"], response_model=UndoneImport, responses=problems(404, 409, 422)
    )
    @endpoint("imports:write", writes=True)
    def undo_import(call: RecordCall, import_id: ImportKey, idempotency_key: IdempotencyKey = None) -> Response:
        """Take back everything an import wrote, as long as nothing was built on it since; `errors` name what was.

        New records are closed from their first day, changed ones set back from the day of the change.
        """
        del idempotency_key
        done = undo(call, import_id)
        found = {"closed": done.closed, "restored": done.restored, "left_open": list(done.left_open)}
        return json_reply({"id": import_id, **found})


def _add_events(router: APIRouter, desk: ImportDesk) -> None:
    @endpoint("imports:write")
    def look(call: RecordCall, import_id: str) -> dict[str, Any]:
        """Return where a job stands."""
        return shown(call, get_import(call, import_id))

    async def first_look(request: Request, import_id: ImportKey) -> dict[str, Any]:
        """Return where the job stands before anything is sent, so that a refusal is an answer of its own."""
        return await run_in_threadpool(look, request, import_id=import_id)

    async def get_import_events(
        request: Request, import_id: ImportKey, first: Annotated[dict[str, Any], Depends(first_look)]
    ) -> AsyncIterator[ServerSentEvent]:
        """Follow an import by server-sent events: `progress` when it moves on, `end` with its final state.

        The data of each event is the import. Lines of comment keep the connection alive; when a token runs out on the
        way, an event `problem` ends the stream, and the caller asks again.
        """
        async for event in follow(
            first,
            lambda: look(request, import_id=import_id),
            keep_alive_seconds=desk.keep_alive_seconds,
        ):
            yield event

    setattr(get_import_events, PERMISSION_MARK, "imports:write")
    router.get(
        "/v1/imports/{import_id}/events",
        tags=["imports"],
        response_class=EventSourceResponse,
        responses=problems(404, 422),
    )(get_import_events)
