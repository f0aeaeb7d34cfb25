"""Previews of lists: what a dry run would do, and applying it without sending the list again."""

from dataclasses import dataclass
from typing import Any

from heli_assessment.imports import repository
from heli_assessment.imports.domain import LISTS
from heli_assessment.imports.repository import ListImport
from heli_assessment.imports.service import Applying, Order, check_may_import, get_import
from heli_shared.kernel.pages import Page, decode_cursor, encode_cursor
from heli_shared.lists.previews import (
    KEPT_DAYS,
    Mode,
    check_is_preview,
    check_kept,
    check_none_refused,
    check_not_applied,
    file_gone,
)
from heli_shared.records.calls import RecordCall


@dataclass(frozen=True, slots=True)
class Preview:
    """A list that was looked at, and how it is to be applied."""

    order: Order
    applying: Applying
    content: bytes


def list_preview(call: RecordCall, key: str, *, cursor: str | None, limit: int) -> tuple[ListImport, Page[Any]]:
    """Return a dry run and a page of what it would do, in the order of the file."""
    made = _preview(call, key)
    start = decode_cursor(cursor, int)[0] if cursor else 0
    items = made.changes[start : start + limit]
    more = start + len(items) < len(made.changes)
    return made, Page(items, encode_cursor(start + len(items)) if more else None, len(made.changes))


def take_preview(call: RecordCall, key: str, *, mode: Mode, even_if_changed: bool) -> Preview:
    """Return a preview that may be applied; Conflict when it was already, or when refused rows stand in the way."""
    made = _preview(call, key)
    kind = LISTS[made.kind]
    order = Order(kind, made.file_name, dry_run=False, mode=mode, plan=made.plan, effective_on=made.effective_on)
    check_may_import(call, order)
    _check_free(call, made, mode)
    content = repository.find_file(call.session, key)
    if content is None:
        raise file_gone()
    return Preview(order, Applying(key, None if even_if_changed else made.digest), content)


def hold_preview(call: RecordCall, preview: Preview) -> None:
    """Hold a preview for the transaction that applies it; of two at once the second sees the first."""
    repository.lock_import(call.session, preview.applying.preview)
    _check_free(call, _preview(call, preview.applying.preview), preview.order.mode)


def end_preview(call: RecordCall, made: ListImport) -> None:
    """Let go of the file of a preview that was applied."""
    if made.status == "done" and made.preview is not None:
        repository.forget_file(call.session, made.preview)


def _preview(call: RecordCall, key: str) -> ListImport:
    made = get_import(call, key)
    check_is_preview(dry_run=made.dry_run, status=made.status)
    check_kept(made.created_at, call.clock.now(), days=KEPT_DAYS)
    return made


def _check_free(call: RecordCall, made: ListImport, mode: Mode) -> None:
    earlier = repository.find_application(call.session, made.id)
    check_not_applied(earlier.id if earlier else None, earlier.status if earlier else None)
    check_none_refused(mode, made.counts["refused"])
