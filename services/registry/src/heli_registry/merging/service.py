"""Merging two records of one enterprise, and undoing it, each in one transaction of dated entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.access import linked
from heli_registry.database import METADATA
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.merging import repository
from heli_registry.merging.domain import Step, steps_of
from heli_registry.merging.models import MERGER
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.kernel.ids import new_id
from heli_shared.ledger.entries import Operation
from heli_shared.ledger.folding import fold
from heli_shared.ledger.reading import list_of_record
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.kinds import kinds_of
from heli_shared.records.reading import Condition, Record, find_row, record_of_row
from heli_shared.records.service import Resource, folded_before, get_record
from heli_shared.records.writing import Write

_UNTAKEN = frozenset({"duplicate_of"})


def visible_mergers(session: Session, scope: Scope) -> list[Condition]:
    """Show the mergers of which the scope shows both enterprises."""
    if scope.everything:
        return []
    return [linked(MERGER, field, ENTERPRISE, session, scope) for field in ("source", "target")]


MERGERS = Resource(MERGER, visible_mergers, filters=equality_filters(MERGER))


@dataclass(frozen=True, slots=True)
class Merging:
    """What somebody asks for: the enterprise that stays, why, from when, and the fields it takes over."""

    into: str
    reason: str
    effective_on: date | None
    take: Sequence[str]


def merge_enterprise(call: RecordCall, source: Record, asked: Merging) -> Record:
    """Close one enterprise as a duplicate of another, which takes over its open links; return the merger's record."""
    target = _target(call, source, asked)
    day = call.effective_day(asked.effective_on)
    for key in (source["uscc"], target["uscc"]):
        _check_open(call, key, day)
    _check_stays_closed(call, source["uscc"], day)
    earlier = _earlier(call, source)
    taken = _taken(call, source, target, asked.take, day)
    steps = steps_of(
        repository.open_links(call.session, source["uscc"]), repository.open_links(call.session, target["uscc"]), day
    )
    redirected = repository.duplicates_of(call.session, source["uscc"])
    key = new_id("mrg")
    moved = [_told(step) for step in steps if step.closed_on is None]
    moved += [f"{ENTERPRISE.entity}/{row.uscc}" for row in redirected]
    values = {
        "source": source["uscc"], "target": target["uscc"], "merged_on": day, "reason": asked.reason, "state": "open",
        "taken": sorted(taken), "moved": moved,
        "doubled": [_told(step) for step in steps if step.closed_on is not None],
    }  # fmt: skip
    closing = {"state": "closed", "closed_on": day, "closed_reason": asked.reason, "duplicate_of": target["uscc"]}
    redirecting = {"duplicate_of": target["uscc"]}
    writes = [
        *([Write(ENTERPRISE, target["uscc"], "change", day, taken)] if taken else []),
        *(write for step in steps for write in _writes_of(step, target["uscc"], asked.reason)),
        *(Write(ENTERPRISE, row.uscc, "change", max(day, row.last_effective_on), redirecting) for row in redirected),
        Write(ENTERPRISE, source["uscc"], "close", day, closing),
    ]
    call.write([*earlier, Write(MERGER, key, "create", day, {**values, "entries": 1 + len(writes)}), *writes])
    return record_of_row(MERGER, find_row(call.session, MERGER, key))


def _target(call: RecordCall, source: Record, asked: Merging) -> Record:
    repository.lock_enterprises(call.session, (source["uscc"], asked.into))
    problem = None
    if asked.into == source["uscc"]:
        problem = FieldProblem("/into", "应为另一家企业", "must be another enterprise")
    else:
        target = get_record(call, ENTERPRISES, asked.into)
        if target["duplicate_of"] is None and target["state"] == "open":
            return target
        problem = FieldProblem("/into", "已关闭或自身是重复登记，不能作为保留的企业", "is closed or a duplicate itself")
    raise InvalidInput("不能并入该企业。", "It cannot be merged into that enterprise.", errors=[problem])


def _check_open(call: RecordCall, key: str, day: date) -> None:
    if folded_before(call, ENTERPRISE, key, day).values.get("state") != "open":
        raise Conflict(
            f"企业 {key} 在 {day} 已经关闭，不能合并。", f"Enterprise {key} is closed on {day} and cannot be merged."
        )


def _check_stays_closed(call: RecordCall, key: str, day: date) -> None:
    """Refuse to merge an enterprise away on a day after which it was opened again: it would stand merged and open."""
    later = [
        entry.effective_on
        for entry in list_of_record(call.session, call.ledger, ENTERPRISE.entity, key)
        if entry.effective_on > day and entry.changes.get("state") == "open"
    ]
    if later:
        raise Conflict(
            f"企业 {key} 在 {min(later)} 又重新启用，合并日期不能早于该日。",
            f"Enterprise {key} was opened again on {min(later)}; it can be merged from that day on.",
        )


def _earlier(call: RecordCall, source: Record) -> list[Write]:
    """Return what ends a merger of before whose mark was cleared by hand; Conflict while it holds."""
    row = repository.open_merger(call.session, source["uscc"])
    if row is None:
        return []
    if source["duplicate_of"] is not None:
        raise Conflict(
            f"该企业已并入 {row.target}；要改并到别处，请先撤销该合并。",
            f"It was merged into {row.target} already; undo that merger first.",
        )
    today = call.effective_day(None)
    closing = {"state": "closed", "closed_on": today, "closed_reason": "已重新启用并另行合并"}
    return [Write(MERGER, row.id, "close", today, closing)]


def _taken(call: RecordCall, source: Record, target: Record, names: Sequence[str], day: date) -> dict[str, Any]:
    """Return the values that the enterprise that stays takes over and does not have yet."""
    errors = [
        FieldProblem(f"/take/{place}", "没有这个字段，或并入的企业没有该项内容", "is no field, or has no value there")
        for place, name in enumerate(names)
        if name in _UNTAKEN or name not in {field.name for field in ENTERPRISE.fields} or source[name] is None
    ]
    if errors:
        raise InvalidInput("有字段不能采用。", "Some fields cannot be taken over.", errors=errors)
    taken = {name: source[name] for name in names if source[name] != target[name]}
    if taken:
        ENTERPRISES.check(call, target, {**target, **taken}, day)
    return taken


def _told(step: Step) -> str:
    return f"{step.link.entity}/{step.link.key}"


def _writes_of(step: Step, target: str, reason: str) -> list[Write]:
    kind, link = kinds_of(METADATA)[step.link.entity], step.link
    writes = []
    if step.moved_on is not None:
        writes.append(Write(kind, link.key, "change", step.moved_on, {link.field: target}))
    if step.closed_on is not None:
        closed = {"state": "closed", "closed_on": step.closed_on, "closed_reason": reason}
        writes.append(Write(kind, link.key, "close", step.closed_on, closed))
    return writes


def unmerge_enterprise(call: RecordCall, source: Record, reason: str) -> Record:
    """Undo a merger as if it had not been, dated to its day; Conflict when what it moved was touched since."""
    row = repository.open_merger(call.session, source["uscc"])
    if row is None:
        raise Conflict("该企业没有可撤销的合并。", "There is no merger of this enterprise to undo.")
    repository.lock_enterprises(call.session, (row.source, row.target))
    merger = record_of_row(MERGER, row)
    get_record(call, ENTERPRISES, row.target)
    written = range(row.version, row.version + row.entries)
    _check_untouched(call, merger, written)
    touched = [f"{ENTERPRISE.entity}/{row.target}"] if merger["taken"] else []
    touched += [*merger["moved"], *merger["doubled"], f"{ENTERPRISE.entity}/{row.source}"]
    writes = [write for name in touched for write in _taken_back(call, name, written)]
    today = call.effective_day(None)
    closing = {"state": "closed", "closed_on": today, "closed_reason": reason}
    call.write([*writes, Write(MERGER, row.id, "close", today, closing)])
    return record_of_row(MERGER, find_row(call.session, MERGER, row.id))


def _check_untouched(call: RecordCall, merger: Record, written: range) -> None:
    """Refuse to undo a merger when what it moved or closed was changed since; what stayed may have been."""
    touched = []
    for name in (*merger["moved"], *merger["doubled"], f"{ENTERPRISE.entity}/{merger['source']}"):
        entity, _, key = name.partition("/")
        row = find_row(call.session, kinds_of(METADATA)[entity], key, lock=True)
        if row is None or row.version not in written:
            touched.append(name)
    if touched:
        raise Conflict(
            f"合并之后有{len(touched)}条记录已被改动，不能自动撤销；请逐条处理。",
            f"{len(touched)} records were changed since the merger, so it cannot be undone; correct them one by one.",
            data={"touched": touched},
        )


def _taken_back(call: RecordCall, name: str, written: range) -> list[Write]:
    """Return what gives a record the values back that it would have without the merger, each from the same day on."""
    entity, _, key = name.partition("/")
    entries = list_of_record(call.session, call.ledger, entity, key)
    others = [entry for entry in entries if entry.seq not in written]
    writes = []
    for entry in entries:
        if entry.seq in written:
            without = fold(others, on=entry.effective_on)
            values = without.values if without else {}
            changes = {field: values.get(field) for field in entry.changes}
            operation: Operation = "reopen" if entry.operation == "close" else "change"
            writes.append(Write(kinds_of(METADATA)[entity], key, operation, entry.effective_on, changes))
    return writes
