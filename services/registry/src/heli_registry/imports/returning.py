"""The workbook of an import's refused rows, as a file to send."""

import tempfile
from pathlib import Path

from heli_registry.imports import repository
from heli_registry.imports.kinds import KINDS
from heli_registry.imports.previewing import check_kept
from heli_registry.imports.service import get_import
from heli_shared.kernel.errors import Conflict, NotFound
from heli_shared.lists.layouts import layout_from
from heli_shared.lists.refused_workbook import ReturnedImport, write_refused
from heli_shared.records.calls import RecordCall


def refused_workbook(call: RecordCall, import_id: str, *, kept_days: int, language: str) -> tuple[Path, str]:
    """Return a temporary file, for the caller to delete, and the name it is to bear: 原名-退回.xlsx.

    NotFound when no row was refused, Conflict while the import is under way, Gone when the cells are kept no longer.
    """
    job = get_import(call, import_id)
    if not job.is_over:
        raise Conflict(
            "导入尚未结束，请稍后再取退回表。", "The import is still under way; ask for the workbook when it is over.",
            data={"status": job.status},
        )  # fmt: skip
    check_kept(call, job, kept_days=kept_days)
    if job.layout is None or not job.counts.refused:
        raise NotFound("该导入没有被退回的行。", "No row of this import was refused.", data={"status": job.status})
    with tempfile.NamedTemporaryFile(prefix="heli-refused-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        rows = repository.iterate_refusals(call.session, job.id)
        returned = ReturnedImport(job.id, job.file_name, job.counts.refused)
        write_refused(path, returned, layout_from(job.layout), rows, sheet=KINDS[job.kind].zh, language=language)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, f"{Path(job.file_name).stem}-退回.xlsx"
