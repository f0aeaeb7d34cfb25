"""Use cases of imports: send in a file, watch it, read what was refused, stop it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from heli_registry.imports import repository
from heli_registry.imports.domain import ImportJob
from heli_shared.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound, TooLarge
from heli_shared.kernel.ids import new_id
from heli_shared.kernel.pages import Page, decode_cursor, encode_cursor
from heli_shared.kernel.text import cut
from heli_shared.lists.limits import LIMITS
from heli_shared.lists.previews import KEPT_DAYS, Mode
from heli_shared.records.calls import RecordCall

_BLOCK = 1 << 20
_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ImportDesk:
    """Where files are kept until their job is over, how to wake who works on them, and how long previews are kept.

    Who follows an import hears something at least every `keep_alive_seconds`.
    """

    folder: Path
    wake: Callable[[], None]
    kept_days: int = KEPT_DAYS
    keep_alive_seconds: float = 10


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the kind of list, and how it is to be applied."""

    kind: str
    dry_run: bool
    mode: Mode
    effective_on: date | None


def submit(call: RecordCall, desk: ImportDesk, *, order: Order, file: IO[bytes], file_name: str) -> ImportJob:
    """Keep the file and queue the job; Forbidden without the right to write this kind of record."""
    if not call.principal.may(f"{order.kind}:write"):
        raise Forbidden(f"您没有写入“{order.kind}”的权限。", f"You may not write {order.kind}.")
    if order.effective_on is not None:
        call.effective_day(order.effective_on)
    job = ImportJob(
        id=new_id("imp"),
        kind=order.kind,
        file_name=_shown_name(file_name),
        dry_run=order.dry_run,
        mode=order.mode,
        effective_on=order.effective_on,
        principal=call.principal.id,
        unit=call.principal.unit,
        scope=call.principal.scope,
        created_at=call.clock.now(),
    )
    _keep(file, desk.folder / job.id)
    repository.add(call.session, job)
    return job


def _shown_name(file_name: str) -> str:
    plain = "".join(sign for sign in file_name.replace("\\", "/").split("/")[-1] if sign.isprintable())
    return plain[-_NAME_LENGTH:] or "file"


def _keep(file: IO[bytes], path: Path) -> None:
    """Store an upload for good; InvalidInput when it is empty, TooLarge beyond the limit."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    size = 0
    with path.open("xb") as target:
        while size <= LIMITS.file_bytes and (block := file.read(_BLOCK)):
            size += target.write(block)
        target.flush()
        os.fsync(target.fileno())
    if 0 < size <= LIMITS.file_bytes:
        return
    path.unlink(missing_ok=True)
    if size == 0:
        raise InvalidInput("文件是空的。", "The file is empty.")
    megabytes = LIMITS.file_bytes // 1_000_000
    raise TooLarge(f"文件超过{megabytes}MB，请拆分后上传。", f"The file is larger than {megabytes} MB; split it.")


def get_import(call: RecordCall, import_id: str) -> ImportJob:
    """Return a job; NotFound when there is none or it is somebody else's and the caller does not see everything."""
    job = repository.find(call.session, import_id)
    if job is None or not (call.principal.scope.everything or job.principal == call.principal.id):
        shown = cut(import_id) if import_id.isprintable() else "?"
        raise NotFound(
            f"没有编号为 {shown} 的导入，或您无权查看。",
            f"There is no import {shown}, or you may not see it.",
        )
    return job


def list_imports(call: RecordCall, *, cursor: str | None, limit: int) -> Page[ImportJob]:
    """Return a page of jobs, newest first: one's own, or all for those who see everything."""
    after = decode_cursor(cursor, str)[0] if cursor else None
    owner = None if call.principal.scope.everything else call.principal.id
    jobs, total = repository.list_page(call.session, principal=owner, after=after, limit=limit + 1)
    items = jobs[:limit]
    return Page(items, encode_cursor(items[-1].id) if len(jobs) > limit else None, total)


def list_refusals(call: RecordCall, import_id: str, *, cursor: str | None, limit: int) -> Page[tuple[int, Any]]:
    """Return a page of refused rows in the order of the file, each with its problems."""
    job = get_import(call, import_id)
    after = decode_cursor(cursor, int)[0] if cursor else None
    rows, total = repository.page_of_refusals(call.session, job.id, after=after, limit=limit + 1)
    items = rows[:limit]
    return Page(items, encode_cursor(items[-1][0]) if len(rows) > limit else None, total)


def cancel(call: RecordCall, import_id: str) -> ImportJob:
    """Stop a job that waits at once, ask a running one to stop; Conflict when it is over."""
    job = get_import(call, import_id)
    if job.is_over:
        raise Conflict(
            "该导入已经结束，不能取消。", "The import is over and cannot be cancelled.", data={"status": job.status}
        )
    if job.status == "queued":
        repository.finish(call.session, job.id, status="cancelled", now=call.clock.now())
    else:
        repository.request_cancel(call.session, job.id)
    return get_import(call, import_id)
