"""The routes of imports: sending a list, its outcome, its refused rows, and the templates to fill in."""

import tempfile
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, File, Path, Query, Request, UploadFile
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from heli_assessment.imports.domain import LISTS
from heli_assessment.imports.previewing import Preview, end_preview, hold_preview, list_preview, take_preview
from heli_assessment.imports.reading import BOUNDS, ReadList, read_list
from heli_assessment.imports.repository import ListImport
from heli_assessment.imports.service import (
    ImportDesk,
    Order,
    check_may_import,
    get_import,
    import_list,
    list_imports,
    list_refusals,
    refused_workbook,
)
from heli_assessment.imports.showing import (
    Kind,
    ListImportPage,
    ListImportShown,
    ListPreview,
    ListRefusalPage,
    UndoneList,
    shown_import,
    shown_refusal,
)
from heli_assessment.imports.templating import template_workbook
from heli_assessment.imports.undoing import undo
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page
from heli_shared.lists.previews import Mode
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, IdempotencyKey, Limit
from heli_shared.records.models import SINGLE_LINE, Day
from heli_shared.records.sheets import XLSX
from heli_shared.web.calls import PERMISSION_MARK, endpoint
from heli_shared.web.downloads import file_reply
from heli_shared.web.languages import prefers_english
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, page_reply
from heli_shared.web.routes import new_router

PERMISSION = "lists:write"
UPLOAD_LIMIT = BOUNDS.file_bytes + 100_000
"""Bytes of a request: the file, and what a form puts around it."""
ImportKey = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The import's id")]
HowTaken = Annotated[Mode, Query(description="Take the good rows, or nothing when a row is refused")]
_WORKBOOK: dict[int | str, dict[str, Any]] = {200: {"description": "An XLSX workbook", "content": {XLSX: {}}}}


def imports_router(desk: ImportDesk) -> APIRouter:
    """Return the routes of imports over a desk."""
    router = new_router()
    _add_sending(router, desk)
    _add_reads(router)
    _add_preview(router, desk)
    _add_undo(router, desk)
    _add_workbooks(router, desk)
    return router


def _add_sending(router: APIRouter, desk: ImportDesk) -> None:
    @endpoint(PERMISSION)
    def check(call: RecordCall, order: Order) -> None:
        check_may_import(call, order)

    @endpoint(PERMISSION, writes=True)
    def store(call: RecordCall, order: Order, content: bytes, found: ReadList) -> Response:
        return _told(call, import_list(call, desk, order, found, content=content))

    async def import_records(
        request: Request,
        kind: Annotated[Kind, Query(description="What the list holds")],
        file: Annotated[UploadFile, File(description="XLSX, XLS, CSV or JSON")],
        *,
        plan: Annotated[
            str | None, Query(max_length=64, pattern=SINGLE_LINE, description="The plan that tasks belong to")
        ] = None,
        dry_run: Annotated[bool, Query(description="Check only, change nothing")] = False,
        effective_on: Annotated[Day | None, Query(description="From which day tasks hold; today if not given")] = None,
        mode: HowTaken = "accept_valid",
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Send in a list of tasks or activities: it is checked row by row, applied at once, and its outcome answered.

        The same list sent again changes nothing: a task is known by number, title, unit and person, an activity by
        kind, unit, day, title and whom it concerned. A column left blank never blanks a value; 清空 does.
        """
        del idempotency_key  # read by the call; named here for the document
        order = Order(LISTS[kind], _plain(file.filename), dry_run, mode, plan, effective_on)
        await run_in_threadpool(check, request, order=order)
        content = await run_in_threadpool(_content, file)
        found = await run_in_threadpool(_read, content, order)
        return await run_in_threadpool(store, request, order=order, content=content, found=found)

    setattr(import_records, PERMISSION_MARK, PERMISSION)
    router.post(
        "/v1/imports",
        status_code=201,
        tags=["imports"],
        response_model=ListImportShown,
        responses=problems(409, 413, 415, 422),
    )(import_records)


def _content(file: UploadFile) -> bytes:
    """Return what was sent, as far as it is within bounds."""
    content = file.file.read(BOUNDS.file_bytes + 1)
    file.file.seek(0)  # the digest of the request is taken from the file
    return content


def _read(content: bytes, order: Order) -> ReadList:
    """Read a list outside of any transaction, so that a large one keeps nobody waiting."""
    with tempfile.NamedTemporaryFile(prefix="heli-list-") as kept:
        kept.write(content)
        kept.flush()
        return read_list(FilePath(kept.name), order.kind)


def _told(call: RecordCall, made: ListImport) -> Response:
    """Return an import that was made just now."""
    return json_reply(shown_import(made, english=_english(call)), 201, {"Location": f"/v1/imports/{made.id}"})


def _english(call: RecordCall) -> bool:
    return prefers_english(call.request.headers.get("accept-language"))


def _plain(name: str | None) -> str:
    """Return a file's name as it is kept: its last part, without signs that are no text."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:200] or "list"


def _add_reads(router: APIRouter) -> None:
    read: Callable[..., Any] = endpoint(PERMISSION)

    @router.get("/v1/imports", tags=["imports"], response_model=ListImportPage, responses=problems(422))
    @read
    def get_imports(call: RecordCall, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Response:
        """List one's imports, newest first; all of them for a clerk who sees everything."""
        page = list_imports(call, cursor=cursor, limit=limit)
        shown = [shown_import(each, english=_english(call)) for each in page.items]
        return page_reply(call.request, Page(shown, page.next, page.total))

    @router.get(
        "/v1/imports/{import_id}", tags=["imports"], response_model=ListImportShown, responses=problems(404, 422)
    )
    @read
    def get_one_import(call: RecordCall, import_id: ImportKey) -> Response:
        """Get one import and how its rows ended."""
        return json_reply(shown_import(get_import(call, import_id), english=_english(call)))

    @router.get(
        "/v1/imports/{import_id}/refusals",
        tags=["imports"],
        response_model=ListRefusalPage,
        responses=problems(404, 422),
    )
    @read
    def get_import_refusals(
        call: RecordCall, import_id: ImportKey, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> Response:
        """List the rows that were refused, each with what to correct in which column."""
        page = list_refusals(call, import_id, cursor=cursor, limit=limit)
        items = [shown_refusal(each, english=_english(call)) for each in page.items]
        return page_reply(call.request, Page(items, page.next, page.total))


def _add_preview(router: APIRouter, desk: ImportDesk) -> None:
    @router.get(
        "/v1/imports/{import_id}/preview",
        tags=["imports"],
        response_model=ListPreview,
        responses=problems(404, 409, 410, 422),
    )
    @endpoint(PERMISSION)
    def get_import_preview(
        call: RecordCall, import_id: ImportKey, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> Response:
        """Get what a dry run would do: new records, and old and new values of changed ones, row by row."""
        made, page = list_preview(call, import_id, cursor=cursor, limit=limit)
        return page_reply(call.request, page, {"rows": made.counts, "digest": made.digest})

    @endpoint(PERMISSION)
    def take(call: RecordCall, import_id: str, *, mode: Mode, even_if_changed: bool) -> Preview:
        return take_preview(call, import_id, mode=mode, even_if_changed=even_if_changed)

    @endpoint(PERMISSION, writes=True)
    def apply(call: RecordCall, preview: Preview, found: ReadList) -> Response:
        hold_preview(call, preview)
        made = import_list(call, desk, preview.order, found, content=preview.content, applies=preview.applying)
        end_preview(call, made)
        return _told(call, made)

    def apply_import(
        request: Request,
        import_id: ImportKey,
        *,
        mode: HowTaken = "accept_valid",
        even_if_changed: Annotated[
            bool, Query(description="Apply it even when it would do something else now than the preview showed")
        ] = False,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Apply a previewed list without sending it again, as an import of its own.

        It is checked against the records as they stand by then. When it would do anything else than the preview
        showed, the import fails, says so with the present counts, and changes nothing.
        """
        del idempotency_key
        # Read before the transaction begins, so that a large list keeps nobody waiting.
        preview: Preview = take(request, import_id=import_id, mode=mode, even_if_changed=even_if_changed)
        reply: Response = apply(request, preview=preview, found=_read(preview.content, preview.order))
        return reply

    setattr(apply_import, PERMISSION_MARK, PERMISSION)
    router.post(
        "/v1/imports/{import_id}/apply",
        status_code=201,
        tags=["imports"],
        response_model=ListImportShown,
        responses=problems(404, 409, 410, 413, 422),
    )(apply_import)


def _add_undo(router: APIRouter, desk: ImportDesk) -> None:
    @router.post(
        "/v1/imports/{import_id}/undo", tags=["imports"], response_model=UndoneList, responses=problems(404, 409, 422)
    )
    @endpoint(PERMISSION, writes=True)
    def undo_import(call: RecordCall, import_id: ImportKey, idempotency_key: IdempotencyKey = None) -> Response:
        """Take back everything an import wrote, as long as nothing was built on it since; `errors` name what was.

        New records are closed from their first day, changed ones set back from the day of the change.
        """
        del idempotency_key
        done = undo(call, desk, import_id)
        return json_reply({"id": import_id, "closed": done.closed, "restored": done.restored})


def _add_workbooks(router: APIRouter, desk: ImportDesk) -> None:
    @router.get(
        "/v1/imports/templates/{kind}.xlsx",
        tags=["imports"],
        response_class=Response,
        responses={**problems(404, 422), **_WORKBOOK},
    )
    @endpoint(PERMISSION)
    def get_import_template(
        call: RecordCall, kind: Annotated[Kind, Path(description="What the list holds")]
    ) -> Response:
        """Get the workbook to fill in: notes, drop-downs of the units that the caller sees, an example row."""
        path, name = template_workbook(call, LISTS[kind], desk.units)
        return file_reply(path, name, XLSX, is_temporary=True)

    @router.get(
        "/v1/imports/{import_id}/workbook",
        tags=["imports"],
        response_class=Response,
        responses={**problems(404, 422), **_WORKBOOK},
    )
    @endpoint(PERMISSION)
    def get_refused_workbook(call: RecordCall, import_id: ImportKey) -> Response:
        """Get the refused rows in the layout in which they were sent, to be corrected and sent again as they are."""
        path, name = refused_workbook(call, import_id, language="en" if _english(call) else "zh")
        return file_reply(path, name, XLSX, is_temporary=True)
