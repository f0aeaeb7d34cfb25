"""Use cases of imports: a list checked row by row and applied at once, or looked at only; its refused rows back."""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from heli_assessment.access import Units, writes_for_all
from heli_assessment.imports import repository
from heli_assessment.imports.cleaning import cleaned_rows
from heli_assessment.imports.domain import LISTS, ListKind, Message, RowsEnded
from heli_assessment.imports.preparing import Prepared, Preparing
from heli_assessment.imports.reading import ReadList, kept_row
from heli_assessment.imports.repository import ListImport
from heli_assessment.plans.models import PLAN
from heli_shared.kernel.errors import FieldProblem, Forbidden, InvalidInput, NotFound
from heli_shared.kernel.ids import new_id
from heli_shared.kernel.pages import Page, decode_cursor, encode_cursor
from heli_shared.ledger.entries import json_value
from heli_shared.lists.layouts import layout_from
from heli_shared.lists.previews import KEPT_DAYS, Mode, why_all_refused, why_other_outcome
from heli_shared.lists.refused_workbook import ReturnedImport, write_refused
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import find_row
from heli_shared.records.service import Resource
from heli_shared.records.writing import Write

_NAMES = ("title", "name")


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted of a list: its kind, its plan, whether it is only looked at, and from which day it holds."""

    kind: ListKind
    file_name: str
    dry_run: bool
    mode: Mode
    plan: str | None
    effective_on: date | None


@dataclass(frozen=True, slots=True)
class Applying:
    """Which preview a list applies, and the digest of what that showed; None: whatever it does now."""

    preview: str
    expected: str | None


@dataclass(frozen=True)
class ImportDesk:
    """Where lists are taken in: the resources they fill, and the units they name."""

    resources: Mapping[str, Resource]
    units: Units


def check_may_import(call: RecordCall, order: Order) -> None:
    """Refuse somebody who may not write the kind, a plan that is not there, and a list of tasks without one."""
    name = order.kind.name
    if not call.principal.may(f"{name}:write"):
        raise Forbidden(f"您没有登记“{order.kind.zh}”的权限。", f"You may not write {name}.")
    if name == "tasks" and (order.plan is None or find_row(call.session, PLAN, order.plan) is None):
        missing = FieldProblem("parameter plan", "请指明已有的年度实施意见编号", "names a plan that is there")
        raise InvalidInput("任务须归入一个年度实施意见。", "Tasks belong to a plan.", errors=[missing])
    call.effective_day(order.effective_on)


def import_list(
    call: RecordCall,
    desk: ImportDesk,
    order: Order,
    found: ReadList,
    *,
    content: bytes,
    applies: Applying | None = None,
) -> ListImport:
    """Check every row and apply the list in this transaction, all of it or nothing.

    A dry run applies nothing and keeps its file; a list with refusals fails where it is all or nothing, and so does
    one that applies a preview and would do anything else than that showed.
    """
    check_may_import(call, order)
    bodies, problems = cleaned_rows(order.kind, found, desk.units, call.clock.today())
    fixed = {"plan": order.plan} if order.kind.name == "tasks" else {}
    if order.effective_on is not None:
        fixed["effective_on"] = order.effective_on  # type: ignore[assignment]
    prepared = Preparing(call, order.kind, desk.resources[order.kind.name], fixed).prepare(bodies, problems)
    made = _outcome(call, order, found, prepared, applies=applies)
    entries = call.write(_in_order(prepared)) if not made.dry_run and made.status == "done" else []
    if entries:
        made = replace(made, first_seq=entries[0].seq, last_seq=entries[-1].seq)
    repository.add_import(call.session, made, _refusals(found, prepared))
    repository.forget_old_files(call.session, before=call.clock.now() - timedelta(days=KEPT_DAYS))
    if made.dry_run:
        repository.keep_file(call.session, made.id, content)
    return made


def get_import(call: RecordCall, key: str) -> ListImport:
    """Return one of the caller's own imports, any for a clerk who sees everything; NotFound otherwise."""
    found = repository.find_import(call.session, key)
    if found is None or (found.principal != call.principal.id and not _sees_all(call)):
        raise NotFound("没有这个导入，或您无权查看。", "There is no such import, or you may not see it.")
    return found


def list_imports(call: RecordCall, *, cursor: str | None, limit: int) -> Page[ListImport]:
    """Return a page of imports, the newest first: one's own, or all for a clerk who sees everything."""
    before = decode_cursor(cursor, str)[0] if cursor else None
    owner = None if _sees_all(call) else call.principal.id
    rows, total, more = repository.page_of_imports(call.session, owner, before=before, limit=limit)
    return Page(rows, encode_cursor(rows[-1].id) if more else None, total)


def _sees_all(call: RecordCall) -> bool:
    return call.principal.scope.everything and writes_for_all(call)


def list_refusals(call: RecordCall, key: str, *, cursor: str | None, limit: int) -> Page[Any]:
    """Return a page of an import's refused rows."""
    get_import(call, key)
    after = decode_cursor(cursor, int)[0] if cursor else 0
    rows, total, more = repository.page_of_refusals(call.session, key, after=after, limit=limit)
    return Page(rows, encode_cursor(rows[-1].row_number) if more else None, total)


def refused_workbook(call: RecordCall, key: str, *, language: str) -> tuple[Path, str]:
    """Return the refused rows as a temporary workbook, for the caller to delete, and the name it is to bear."""
    made = get_import(call, key)
    if not made.counts["refused"]:
        raise NotFound("该导入没有被退回的行。", "No row of this import was refused.")
    with tempfile.NamedTemporaryFile(prefix="heli-refused-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        rows = repository.iterate_refusals(call.session, key)
        returned = ReturnedImport(made.id, made.file_name, made.counts["refused"])
        sheet = LISTS[made.kind].zh
        write_refused(path, returned, layout_from(made.layout), rows, sheet=sheet, language=language)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, f"{Path(made.file_name).stem}-退回.xlsx"


def _in_order(prepared: Prepared) -> list[Write]:
    """Return the writes so that a task comes before those that are part of it."""
    ordered = sorted(prepared.writes, key=lambda each: (str(each[1].changes.get("number") or "").count("."), each[0]))
    return [write for _, write in ordered]


def _outcome(
    call: RecordCall, order: Order, found: ReadList, prepared: Prepared, *, applies: Applying | None
) -> ListImport:
    """Return how a list ends: its counts, what it changes, and why it fails as a whole where it does."""
    wanted = Counter(write.operation for _, write in prepared.writes)
    told = RowsEnded(
        read=len(found.rows), created=wanted["create"], updated=wanted["change"], unchanged=prepared.unchanged,
        refused=len(prepared.refused),
    )  # fmt: skip
    changes = [_change(found, prepared, row, write) for row, write in prepared.writes]
    refusals = _refusals(found, prepared)
    digest = _digest(prepared, changes, refusals, is_dated=order.effective_on is not None)
    error = _why_not(order, told, digest, applies)
    columns = found.columns
    recognised = [
        {"header": columns.labels[name], "field": name}
        for name in sorted(columns.places, key=lambda name: columns.places[name])
    ]
    return ListImport(
        id=new_id("imp"),
        kind=order.kind.name,
        file_name=order.file_name,
        plan=order.plan,
        dry_run=order.dry_run,
        mode=order.mode,
        effective_on=order.effective_on,
        principal=call.principal.id,
        counts=asdict(told.nothing_applied() if error else told),
        columns={"recognised": recognised, "unknown": list(columns.unknown)},
        layout=found.layout.as_json(),
        changes=changes if order.dry_run else [],
        created_at=call.clock.now(),
        status="failed" if error else "done",
        error=error,
        preview=applies.preview if applies else None,
        digest=digest,
    )


def _why_not(order: Order, told: RowsEnded, digest: str, applies: Applying | None) -> dict[str, str] | None:
    if order.dry_run:
        return None
    if applies is not None and applies.expected not in (None, digest):
        return why_other_outcome(told)
    return why_all_refused(told.refused) if order.mode == "all_or_nothing" and told.refused else None


def _digest(
    prepared: Prepared, changes: Sequence[Mapping[str, Any]], refusals: Sequence[Any], *, is_dated: bool
) -> str:
    """Return what a list comes to: the same for the same rows on the same records; keys made just now are no part."""
    made = {write.key: f"row {row}" for row, write in prepared.writes if write.operation == "create"}

    def named(value: Any) -> Any:
        return made.get(value, value) if isinstance(value, str) else value

    told = [
        {
            **each,
            "key": named(each["key"]),
            "effective_on": each["effective_on"] if is_dated else "",
            "changes": [{**one, "after": named(one["after"])} for one in each["changes"]],
        }
        for each in changes
    ]
    return hashlib.sha256(json.dumps([told, refusals], ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _change(found: ReadList, prepared: Prepared, row: int, write: Write) -> dict[str, Any]:
    before = prepared.before.get(row, {})
    labels = {each.name: each.zh for each in write.kind.fields}
    whole = {**before, **write.changes}
    return {
        "row": found.rows[row][0],
        "key": write.key,
        "name": next((whole[name] for name in _NAMES if whole.get(name)), None),
        "operation": write.operation,
        "effective_on": write.effective_on.isoformat(),
        "changes": [
            {"field": name, "label": labels[name], "before": before.get(name), "after": json_value(value)}
            for name, value in write.changes.items()
            if name in labels
        ],
    }


def _refusals(found: ReadList, prepared: Prepared) -> list[tuple[int, list[Any], list[Any]]]:
    return [
        (found.rows[row][0], [_error(found, each) for each in messages], kept_row(found.rows[row][1], found.columns))
        for row, messages in sorted(prepared.refused.items())
    ]


def _error(found: ReadList, message: Message) -> dict[str, Any]:
    column = found.columns.labels.get(message.field or "", message.field)
    return {"column": column, "zh": message.zh, "en": message.en}
