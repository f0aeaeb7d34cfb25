"""Previews: what a dry run would do, row by row with old and new values, and applying it without sending it again."""

from pathlib import Path
from typing import Any

from heli_registry.imports import repository
from heli_registry.imports.domain import ImportJob
from heli_registry.imports.labels import field_labels
from heli_registry.imports.service import get_import
from heli_shared.kernel.errors import Forbidden
from heli_shared.kernel.ids import new_id
from heli_shared.kernel.pages import Page, decode_cursor, encode_cursor
from heli_shared.lists.previews import Mode, check_is_preview, check_none_refused, check_not_applied, file_gone
from heli_shared.lists.previews import check_kept as check_is_kept
from heli_shared.records.calls import RecordCall


def get_preview(call: RecordCall, import_id: str, *, kept_days: int) -> ImportJob:
    """Return a dry run that ended well; Conflict when it is none, Gone when its time is over."""
    job = get_import(call, import_id)
    check_is_preview(dry_run=job.dry_run, status=job.status)
    check_kept(call, job, kept_days=kept_days)
    return job


def check_kept(call: RecordCall, job: ImportJob, *, kept_days: int) -> None:
    """Refuse what is kept for some days only, once they are over."""
    check_is_kept(job.finished_at, call.clock.now(), days=kept_days)


def list_preview(
    call: RecordCall, import_id: str, *, cursor: str | None, limit: int, kept_days: int
) -> Page[dict[str, Any]]:
    """Return a page of what a dry run would do, in the order of the file."""
    job = get_preview(call, import_id, kept_days=kept_days)
    after = decode_cursor(cursor, int)[0] if cursor else None
    rows, total = repository.page_of_effects(call.session, job.id, after=after, limit=limit + 1)
    labels = field_labels(job.kind)
    items = [
        {
            "row": row.row_number,
            "key": row.key,
            "name": row.name,
            "operation": row.operation,
            "effective_on": row.effective_on.isoformat(),
            "changes": [
                {"label": labels.get(each["field"], each["field"]), **each}
                for each in row.changes
                if each["field"] != "state"
                or row.operation != "create"  # that a new record is open goes without saying
            ],
        }
        for row in rows[:limit]
    ]
    return Page(items, encode_cursor(items[-1]["row"]) if len(rows) > limit else None, total)


def apply_preview(
    call: RecordCall, folder: Path, import_id: str, *, mode: Mode, even_if_changed: bool, kept_days: int
) -> ImportJob:
    """Queue the job that applies a preview's file; it is checked anew, and must come to what the preview showed.

    Conflict when it was applied already, or when rows were refused and all or nothing is wanted.
    """
    job = get_preview(call, import_id, kept_days=kept_days)
    if not call.principal.may(f"{job.kind}:write"):
        raise Forbidden(f"您没有写入“{job.kind}”的权限。", f"You may not write {job.kind}.")
    repository.lock(call.session, job.id)
    earlier = repository.find_application(call.session, job.id)
    check_not_applied(earlier.id if earlier else None, earlier.status if earlier else None)
    check_none_refused(mode, job.counts.refused)
    if not (folder / job.id).is_file():
        raise file_gone()
    applying = ImportJob(
        id=new_id("imp"),
        kind=job.kind,
        file_name=job.file_name,
        dry_run=False,
        mode=mode,
        effective_on=job.effective_on,
        principal=call.principal.id,
        unit=call.principal.unit,
        scope=call.principal.scope,
        created_at=call.clock.now(),
        preview=job.id,
        expected=None if even_if_changed else job.digest,
    )
    repository.add(call.session, applying)
    return applying
