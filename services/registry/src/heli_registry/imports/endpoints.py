"""The routes of imports."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Path, Query, UploadFile
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_registry.imports.domain import ImportJob
from heli_registry.imports.service import (
    ImportDesk,
    Order,
    cancel,
    get_import,
    list_imports,
    list_refusals,
    submit,
)
from heli_shared.db.types import instant_text
from heli_shared.kernel.pages import DEFAULT_LIMIT, Page
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import Cursor, IdempotencyKey, Limit
from heli_shared.records.models import Day
from heli_shared.web.calls import endpoint
from heli_shared.web.languages import prefers_english
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply, page_reply
from heli_shared.web.routes import new_router

Kind = Literal[
    "enterprises", "party-organizations", "covers", "mass-organizations", "divisions", "zones", "units", "assignments",
]  # fmt: skip
ImportKey = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The import's id")]
Status = Literal["queued", "running", "done", "failed", "cancelled"]


class ImportAccepted(BaseModel):
    """The job that was queued."""

    id: str = Field(examples=["imp-01k8z3v0000000000000000000"])
    status: Status


class ImportRows(BaseModel):
    """How the rows of the file ended; created, updated, unchanged and refused add up to read when the job is done."""

    read: int
    created: int
    updated: int
    unchanged: int
    refused: int


class RecognisedColumn(BaseModel):
    """A column of the file and the field it fills."""

    header: str
    field: str


class ImportColumns(BaseModel):
    """Which columns were understood, and which were left aside."""

    recognised: list[RecognisedColumn]
    unknown: list[str]


class Import(BaseModel):
    """An import and where it stands."""

    id: str
    kind: Kind
    file_name: str
    status: Status
    dry_run: bool
    mode: Literal["accept_valid", "all_or_nothing"]
    effective_on: str | None
    rows: ImportRows
    columns: ImportColumns | None
    error: str | None = Field(description="Why the import failed as a whole, in the caller's language")
    created_at: str
    started_at: str | None
    finished_at: str | None


class ImportPage(BaseModel):
    """A page of imports, newest first."""

    items: list[Import]
    next: str | None
    total: int


class RefusedCell(BaseModel):
    """One thing to correct."""

    column: str | None = Field(description="The column's header; null when the row as a whole is meant")
    message: str


class RefusedRow(BaseModel):
    """A row that was not taken; `row` is its number in the file as a spreadsheet shows it."""

    row: int
    errors: list[RefusedCell]


class RefusalPage(BaseModel):
    """A page of refused rows in the order of the file."""

    items: list[RefusedRow]
    next: str | None
    total: int


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
        language = _language(call)
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

    return router


def _language(call: RecordCall) -> str:
    return "en" if prefers_english(call.request.headers.get("accept-language")) else "zh"


def shown(call: RecordCall, job: ImportJob) -> dict[str, Any]:
    """Return a job as the API shows it."""
    counts = job.counts
    return {
        "id": job.id,
        "kind": job.kind,
        "file_name": job.file_name,
        "status": job.status,
        "dry_run": job.dry_run,
        "mode": job.mode,
        "effective_on": job.effective_on.isoformat() if job.effective_on else None,
        "rows": {
            "read": counts.read, "created": counts.created, "updated": counts.updated,
            "unchanged": counts.unchanged, "refused": counts.refused,
        },
        "columns": job.columns,
        "error": job.error[_language(call)] if job.error else None,
        "created_at": instant_text(job.created_at),
        "started_at": instant_text(job.started_at) if job.started_at else None,
        "finished_at": instant_text(job.finished_at) if job.finished_at else None,
    }  # fmt: skip
