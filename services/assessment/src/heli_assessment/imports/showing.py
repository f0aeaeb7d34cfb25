"""How imports are shown over HTTP: in the shapes of the registry's imports, so that one client reads both."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from heli_assessment.imports.repository import ListImport
from heli_shared.db.types import instant_text

Kind = Literal["tasks", "activities"]


class ListRows(BaseModel):
    """How the rows of the file ended; the last four add up to `read`."""

    read: int
    created: int
    updated: int
    unchanged: int
    refused: int


class ListColumnShown(BaseModel):
    """A column of the file and the field it fills."""

    header: str
    field: str


class ListColumns(BaseModel):
    """Which columns were understood, and which were left aside."""

    recognised: list[ListColumnShown]
    unknown: list[str]


class ListImportShown(BaseModel):
    """An import and how its rows ended; it is over when it is answered, and has failed where nothing was taken."""

    id: str
    kind: Kind
    plan: str | None
    file_name: str
    status: Literal["done", "failed"]
    dry_run: bool
    mode: Literal["accept_valid", "all_or_nothing"]
    effective_on: str | None
    rows: ListRows
    columns: ListColumns
    error: str | None = Field(description="Why the import failed as a whole, in the caller's language")
    created_at: str
    preview: str | None = Field(description="The dry run whose file it applied")
    undone_at: str | None = Field(description="When what it wrote was taken back")
    undone_by: str | None


class ListImportPage(BaseModel):
    """A page of imports, newest first."""

    items: list[ListImportShown]
    next: str | None
    total: int


class ListFieldChange(BaseModel):
    """One field as it stood and as it becomes; null is empty."""

    field: str
    label: str
    before: Any
    after: Any


class ListChange(BaseModel):
    """What one row does."""

    row: int
    key: str
    name: str | None
    operation: Literal["create", "change"]
    effective_on: str
    changes: list[ListFieldChange]


class ListPreview(BaseModel):
    """A page of what a dry run would do, in the order of the file, and the counts of the whole of it."""

    rows: ListRows
    digest: str = Field(description="The same for the same outcome on the same state of the records")
    items: list[ListChange]
    next: str | None
    total: int


class UndoneList(BaseModel):
    """What taking an import back came to."""

    id: str
    closed: int = Field(description="Records that it had made, closed from their first day")
    restored: int = Field(description="Records that it had changed, set back from the day of the change")


class ListRefusedCell(BaseModel):
    """One thing to correct."""

    column: str | None = Field(description="The column's header; null when the row as a whole is meant")
    message: str


class ListRefusedRow(BaseModel):
    """A row that was not taken; `row` is its number in the file as a spreadsheet shows it."""

    row: int
    errors: list[ListRefusedCell]


class ListRefusalPage(BaseModel):
    """A page of refused rows in the order of the file."""

    items: list[ListRefusedRow]
    next: str | None
    total: int


def shown_import(made: ListImport, *, english: bool) -> dict[str, Any]:
    """Return an import as the API shows it."""
    return {
        "id": made.id,
        "kind": made.kind,
        "plan": made.plan,
        "file_name": made.file_name,
        "status": made.status,
        "dry_run": made.dry_run,
        "mode": made.mode,
        "effective_on": made.effective_on.isoformat() if made.effective_on else None,
        "rows": made.counts,
        "columns": made.columns,
        "error": made.error["en" if english else "zh"] if made.error else None,
        "created_at": instant_text(made.created_at),
        "preview": made.preview,
        "undone_at": instant_text(made.undone_at) if made.undone_at else None,
        "undone_by": made.undone_by,
    }


def shown_refusal(row: Any, *, english: bool) -> dict[str, Any]:
    """Return a refused row as the API shows it."""
    language = "en" if english else "zh"
    errors = [{"column": each["column"], "message": each[language]} for each in row.errors]
    return {"row": row.row_number, "errors": errors}
