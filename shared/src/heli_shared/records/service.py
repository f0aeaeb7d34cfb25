"""Use cases of any kind of record: create, change, close, re-open, read, list, history."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from heli_shared.kernel.access import Principal, Scope
from heli_shared.kernel.errors import Conflict, InvalidInput, NotFound
from heli_shared.kernel.ids import new_id
from heli_shared.kernel.pages import Page, decode_cursor, encode_cursor
from heli_shared.kernel.text import cut
from heli_shared.ledger.folding import Folded, fold
from heli_shared.ledger.reading import list_of_record
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import BEGINNING, STATE_FIELDS, Field, RecordKind
from heli_shared.records.models import HistoryLine, ValueChange
from heli_shared.records.reading import (
    Condition,
    Moment,
    Record,
    check_moment,
    find_as_of,
    find_row,
    page_of_records,
    record_of_row,
)
from heli_shared.records.writing import Write, differing

Values = Mapping[str, Any]
Check = Callable[[RecordCall, Values | None, Values, date], None]
"""Refuses a record as it would become: the call, the record before (None when new), after, the day of effect."""
Shown = Callable[[RecordCall, list[Record]], list[Record]]
"""Adds what is shown beside the ledger's fields: a masked name, a login."""
Complete = Callable[[RecordCall, dict[str, Any]], dict[str, Any]]
"""Fills in what a new record's caller may leave out."""


def _nothing_to_check(_call: RecordCall, _before: Values | None, _after: Values, _effective_on: date) -> None:
    """Let every record pass."""


def _complete_already(_call: RecordCall, values: dict[str, Any]) -> dict[str, Any]:
    """Take a new record as it is."""
    return values


def _shown_as_they_are(_call: RecordCall, records: list[Record]) -> list[Record]:
    """Add nothing."""
    return records


@dataclass(frozen=True, slots=True)
class Question:
    """A filter of a list that is no field of the kind: how it is named and typed, and what it keeps in this call."""

    field: Field
    condition: Callable[[RecordCall, Any], Condition]


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """A kind of record as a service serves it: what its caller may see, and what its rules refuse.

    `private` takes the values that never enter the ledger out of a body and returns the row's private columns;
    `questions` are filters of lists that need the call (its day, its caller; no export has them), `derived` the
    fields that `shown` adds.
    """

    kind: RecordKind
    visible: Callable[[Session, Scope], list[Condition]]
    check: Check = _nothing_to_check
    check_closing: Check = _nothing_to_check
    complete: Complete = _complete_already
    shown: Shown = _shown_as_they_are
    private: Callable[[RecordCall, str, dict[str, Any]], dict[str, Any]] | None = None
    filters: Mapping[str, Callable[[Session, str], Condition]] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    derived: tuple[Field, ...] = ()


def reads_whole_ledger(principal: Principal) -> bool:
    """Say whether somebody may read every entry of the ledger; they may then read every kind's bulk copy, too."""
    return principal.may("ledger:read") and principal.scope.everything


def get_record(call: RecordCall, resource: Resource, key: str, moment: Moment = Moment()) -> Record:  # noqa: B008 - immutable
    """Return a record as of a moment; NotFound when there was none or it lies outside the caller's scope."""
    kind = resource.kind
    check_moment(call.session, call.ledger, moment)
    conditions = resource.visible(call.session, call.principal.scope)
    if moment.is_now:
        row = find_row(call.session, kind, key)
        record = None if row is None else record_of_row(kind, row)
    else:
        record = find_as_of(call.session, call.ledger, kind, key, moment)
    if record is None or not all(condition.matches(record) for condition in conditions):
        raise not_found(kind, key)
    return record


def not_found(kind: RecordKind, key: str) -> NotFound:
    """Return the one answer for what is not there and for what may not be seen."""
    shown = cut(key) if key.isprintable() else "?"
    return NotFound(
        f"没有编号为 {shown} 的{kind.zh}，或您无权查看。",
        f"There is no {kind.entity.replace('_', ' ')} {shown}, or you may not see it.",
    )


def list_records(
    call: RecordCall,
    resource: Resource,
    given: Values,
    *,
    moment: Moment,
    cursor: str | None,
    limit: int,
) -> Page[Record]:
    """Return a page of the records that the caller may see and that meet the given filters."""
    check_moment(call.session, call.ledger, moment)
    fields = {name: value for name, value in given.items() if name not in resource.questions}
    asked = {name: given[name] for name in resource.questions if given.get(name) is not None}
    conditions = conditions_of(call.session, resource, call.principal.scope, fields)
    conditions += [resource.questions[name].condition(call, value) for name, value in asked.items()]
    after = decode_cursor(cursor, str)[0] if cursor else None
    items, total, more = page_of_records(
        call.session, call.ledger, resource.kind, conditions, moment=moment, after=after, limit=limit
    )
    return Page(items, encode_cursor(items[-1][resource.kind.key]) if more else None, total)


def conditions_of(session: Session, resource: Resource, scope: Scope, given: Values) -> list[Condition]:
    """Return what restricts a list or an export: the caller's scope, and the filters that were given."""
    filters = [resource.filters[name](session, value) for name, value in given.items() if value is not None]
    return [*resource.visible(session, scope), *filters]


def applied_filters(given: Values) -> dict[str, str]:
    """Return the filters that were given, as they are told beside the answer."""
    return {name: str(value) for name, value in given.items() if value is not None}


def create_record(call: RecordCall, resource: Resource, body: dict[str, Any]) -> Record:
    """Create a record from a checked body; Conflict when its key is taken."""
    made = new_write(call, resource, body)
    call.write([made])
    return record_of_row(resource.kind, find_row(call.session, resource.kind, made.key))


def new_write(call: RecordCall, resource: Resource, body: dict[str, Any]) -> Write:
    """Return the write that creates a record from a checked body; Conflict when its key is taken."""
    kind = resource.kind
    values = dict(body)
    effective = call.effective_day(values.pop("effective_on", None) or _first_day(call, kind, values))
    key = values.pop(kind.key, None) or new_id(kind.prefix or kind.entity)
    if find_row(call.session, kind, key) is not None:
        raise Conflict(
            f"编号 {key} 的{kind.zh}已存在；请改为修改该记录。",
            f"There is a {kind.entity.replace('_', ' ')} {key} already; change it instead.",
        )
    private = resource.private(call, key, values) if resource.private else {}
    values = resource.complete(call, {name: value for name, value in values.items() if value is not None})
    after = {kind.key: key, **_blank(kind), **values, "state": "open"}
    _check_scope(call, resource, after)
    resource.check(call, None, after, effective)
    return Write(kind, key, "create", effective, {**values, "state": "open"}, private)


def _first_day(call: RecordCall, kind: RecordKind, values: Values) -> date | None:
    """Return the day since which a new record holds when nobody named one: the day it says of itself, if past."""
    own = values.get(kind.effective_from) if kind.effective_from else None
    if isinstance(own, date) and own <= call.clock.today():
        return own
    return BEGINNING if kind.is_lasting else None


def change_record(call: RecordCall, resource: Resource, record: Record, body: dict[str, Any]) -> Record:
    """Change fields of a record that was locked and read: null clears, left out stays, equal values do nothing."""
    made = change_write(call, resource, record, body)
    if made is None:
        return record
    call.write([made])
    return record_of_row(resource.kind, find_row(call.session, resource.kind, made.key))


def change_write(call: RecordCall, resource: Resource, record: Record, body: dict[str, Any]) -> Write | None:
    """Return the write that changes fields of a record, or None when nothing would change."""
    kind = resource.kind
    values = dict(body)
    effective = call.effective_day(values.pop("effective_on", None))
    key = record[kind.key]
    private = resource.private(call, key, values) if resource.private else {}
    before = folded_before(call, kind, key, effective)
    changes = differing(values, before.values)
    if not changes and not private:
        return None
    after = {**record, **changes}
    _check_scope(call, resource, after)
    call.written = frozenset(changes)
    resource.check(call, record, after, effective)
    return Write(kind, key, "change", effective, changes, private)


def close_record(
    call: RecordCall,
    resource: Resource,
    record: Record,
    *,
    reason: str,
    effective_on: date | None,
    details: Values | None = None,
) -> Record:
    """Close an open record with a reason and its kind's closing fields; Conflict when it is closed on that day."""
    kind, key = resource.kind, record[resource.kind.key]
    effective = call.effective_day(effective_on)
    if folded_before(call, kind, key, effective).values.get("state") == "closed":
        raise Conflict("该记录已经关闭。", "The record is closed already.")
    changes = {"state": "closed", "closed_on": effective, "closed_reason": reason, **(details or {})}
    resource.check_closing(call, record, {**record, **changes}, effective)
    call.write([Write(kind, key, "close", effective, changes)])
    return record_of_row(kind, find_row(call.session, kind, key))


def reopen_record(call: RecordCall, resource: Resource, record: Record, *, effective_on: date | None) -> Record:
    """Open a closed record again; Conflict when it is open on that day already."""
    kind, key = resource.kind, record[resource.kind.key]
    effective = call.effective_day(effective_on)
    if folded_before(call, kind, key, effective).values.get("state") == "open":
        raise Conflict("该记录未关闭，无需重新启用。", "The record is open already.")
    call.written = frozenset(each.name for each in STATE_FIELDS)
    resource.check(call, record, {**record, "state": "open"}, effective)
    changes = {"state": "open", "closed_on": None, "closed_reason": None}
    call.write([Write(kind, key, "reopen", effective, changes)])
    return record_of_row(kind, find_row(call.session, kind, key))


def folded_before(call: RecordCall, kind: RecordKind, key: str, effective: date) -> Folded:
    """Return the record as it stands on a day; InvalidInput when the day lies before the record's first."""
    folded = fold(list_of_record(call.session, call.ledger, kind.entity, key), on=effective)
    if folded is None:
        raise InvalidInput(
            f"生效日期 {effective} 早于该记录的建立日期。",
            f"The day of effect {effective} lies before the record's first day.",
        )
    return folded


def _blank(kind: RecordKind) -> dict[str, Any]:
    return {each.name: None for each in kind.all_fields}


def _check_scope(call: RecordCall, resource: Resource, after: Values) -> None:
    conditions = resource.visible(call.session, call.principal.scope)
    if not all(condition.matches(after) for condition in conditions):
        raise InvalidInput(
            "该记录不在您的管辖范围内，请核对区划、园区或关联对象。",
            "The record would lie outside your scope; check its division, zone or what it links to.",
        )


def history_of(call: RecordCall, resource: Resource, key: str) -> list[HistoryLine]:
    """Return every entry of a record with the values before and after it, in the order of writing."""
    get_record(call, resource, key)
    lines: list[HistoryLine] = []
    entries = list_of_record(call.session, call.ledger, resource.kind.entity, key)
    for count, entry in enumerate(entries):
        earlier = fold(entries[:count], on=entry.effective_on)
        before: Values = earlier.values if earlier else {}
        lines.append(
            HistoryLine(
                seq=entry.seq,
                recorded_at=entry.recorded_at.isoformat().replace("+00:00", "Z"),
                actor=entry.actor,
                unit=entry.unit,
                operation=entry.operation,
                effective_on=entry.effective_on,
                changes=[
                    ValueChange(field=name, before=before.get(name), after=value)
                    for name, value in entry.changes.items()
                ],
                hash=entry.hash,
            )
        )
    return lines
