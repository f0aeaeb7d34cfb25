"""How imports are shown over HTTP: the shapes of answers, and a job as one of them."""

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, Field

from heli_registry.imports.domain import ImportJob
from heli_registry.imports.kinds import PLURALS
from heli_shared.db.types import instant_text
from heli_shared.records.calls import RecordCall
from heli_shared.web.languages import prefers_english

Kind = Literal[PLURALS]  # type: ignore[valid-type]
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
    preview: str | None = Field(description="The dry run whose file it applied")
    undone_at: str | None = Field(description="When what it wrote was taken back")
    undone_by: str | None


class FieldChange(BaseModel):
    """One field as it stands and as it would become; null is empty."""

    field: str
    label: str = Field(description="The field as a list's header names it")
    before: Any
    after: Any


class PreviewedRow(BaseModel):
    """What one row would do; `key` is null where the key of a new record is made when it is applied."""

    row: int
    key: str | None
    name: str | None
    operation: Literal["create", "change", "reopen"]
    effective_on: str
    changes: list[FieldChange]


class Preview(BaseModel):
    """A page of what a dry run would do, in the order of the file, and the counts of the whole of it."""

    rows: ImportRows
    digest: str = Field(description="The same for the same outcome on the same state of the registry")
    items: list[PreviewedRow]
    next: str | None
    total: int


class UndoneImport(BaseModel):
    """What taking an import back came to; `left_open` are divisions it made on the way that others use by now."""

    id: str
    closed: int = Field(description="Records that it had made, closed from their first day")
    restored: int = Field(description="Records that it had changed, set back from the day of the change")
    left_open: list[str]


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


def language_of(call: RecordCall) -> str:
    """Return the language the caller prefers, `zh` or `en`."""
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
        "error": job.error[language_of(call)] if job.error else None,
        "created_at": instant_text(job.created_at),
        "started_at": instant_text(job.started_at) if job.started_at else None,
        "finished_at": instant_text(job.finished_at) if job.finished_at else None,
        "preview": job.preview,
        "undone_at": instant_text(job.undone_at) if job.undone_at else None,
        "undone_by": job.undone_by,
    }  # fmt: skip
