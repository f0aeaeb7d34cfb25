"""The routes of imports."""

from typing import Annotated, Literal

from fastapi import APIRouter, File, Query, UploadFile
from starlette.responses import Response

from heli_registry.imports.service import (
    ImportDesk,
    Order,
    cancel,
    get_import,
    list_imports,
    list_refusals,
    submit,
)
from heli_registry.imports.showing import (
    Import,
    ImportAccepted,
    ImportKey,
    ImportPage,
    Kind,
    RefusalPage,
    language_of,
    shown,
)
from heli_registry.imports.workbench import add_workbench
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, IdempotencyKey, Limit
from heli_shared.records.models import Day
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, page_reply
from heli_shared.web.routes import new_router


def import_router(desk: ImportDesk) -> APIRouter:
    """Return the routes of imports over a desk."""
    router = new_router()

    @router.post(
        "/v1/imports",
        status_code=202,
        tags=["imports"],
        response_model=ImportAccepted,
        responses=problems(409, 413, 415, 422),
    )
    @endpoint("imports:write", writes=True)
    def create_import(
        call: RecordCall,
        kind: Annotated[Kind, Query(description="What the list holds")],
        file: Annotated[UploadFile, File(description="XLSX, XLS, CSV or JSON")],
        *,
        dry_run: Annotated[bool, Query(description="Check only, change nothing")] = False,
        effective_on: Annotated[
            Day | None, Query(description="From which day the list holds; today for changes when not given")
        ] = None,
        mode: Annotated[
            Literal["accept_valid", "all_or_nothing"],
            Query(description="Take the good rows, or nothing when a row is refused"),
        ] = "accept_valid",
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Send in a list; it is checked row by row and applied all at once in the background."""
        del idempotency_key  # read by the call; named here for the document
        order = Order(kind, dry_run, mode, effective_on)
        job = submit(call, desk, order=order, file=file.file, file_name=file.filename or "")
        desk.wake()
        return json_reply({"id": job.id, "status": job.status}, 202, {"Location": f"/v1/imports/{job.id}"})

    @router.get("/v1/imports", tags=["imports"], response_model=ImportPage, responses=problems(422))
    @endpoint("imports:write")
    def get_imports(call: RecordCall, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Response:
        """List one's imports, newest first."""
        page = list_imports(call, cursor=cursor, limit=limit)
        items = [shown(call, job) for job in page.items]
        return page_reply(call.request, Page(items, page.next, page.total))

    @router.get("/v1/imports/{import_id}", tags=["imports"], response_model=Import, responses=problems(404, 422))
    @endpoint("imports:write")
    def get_one_import(call: RecordCall, import_id: ImportKey) -> Response:
        """Get one import: its progress while it runs, and how its rows ended."""
        return json_reply(shown(call, get_import(call, import_id)))

    @router.get(
        "/v1/imports/{import_id}/refusals", tags=["imports"], response_model=RefusalPage, responses=problems(404, 422)
    )
    @endpoint("imports:write")
    def get_import_refusals(
        call: RecordCall, import_id: ImportKey, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> Response:
        """List the rows that were refused, each with what to correct in which column."""
        page = list_refusals(call, import_id, cursor=cursor, limit=limit)
        language = language_of(call)
        items = [
            {
                "row": row,
                "errors": [{"column": each["column"] or None, "message": each[language]} for each in errors],
            }
            for row, errors in page.items
        ]
        return page_reply(call.request, Page(items, page.next, page.total))

    @router.post(
        "/v1/imports/{import_id}/cancel", tags=["imports"], response_model=Import, responses=problems(404, 409, 422)
    )
    @endpoint("imports:write", writes=True)
    def cancel_import(call: RecordCall, import_id: ImportKey, idempotency_key: IdempotencyKey = None) -> Response:
        """Stop an import that is not over; nothing of it is applied."""
        del idempotency_key
        return json_reply(shown(call, cancel(call, import_id)))

    add_workbench(router, desk)
    return router
