"""What came in by lists, unit by unit: files, and rows, also those that changed nothing."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.imports.models import IMPORT_JOBS


@dataclass(frozen=True, slots=True)
class ListTotals:
    """The rows of a unit's imports that were applied."""

    files: int
    read: int
    unchanged: int
    refused: int


def totals_of_lists(session: Session, kind: str, *, until: datetime) -> dict[str | None, ListTotals]:
    """Return per unit the totals of the imports of one kind that were applied up to an instant."""
    table = IMPORT_JOBS
    counted = (sa.func.sum(table.c[name]) for name in ("rows_read", "rows_unchanged", "rows_refused"))
    statement = sa.select(table.c.unit, sa.func.count(), *counted).where(
        table.c.kind == kind, table.c.status == "done", table.c.dry_run.is_(False), table.c.finished_at <= until
    )
    rows = session.execute(statement.group_by(table.c.unit))
    return {unit: ListTotals(files, int(read), int(same), int(refused)) for unit, files, read, same, refused in rows}
