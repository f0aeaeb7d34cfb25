"""Use cases of transfers: propose, confirm, refuse, withdraw; the last confirmation moves the organisation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.access import either
from heli_registry.transfers import repository
from heli_registry.transfers.domain import SIDES, Side, confirmed_sides, needed_sides, pending_sides, stage_of
from heli_registry.transfers.models import TRANSFER
from heli_registry.transfers.moving import (
    blank_transfer,
    check_new_affiliation,
    check_open_ends,
    check_unmoved,
    ended,
    holds_since,
    moving_writes,
    present_superior,
)
from heli_registry.transfers.speaking import own_sides, sides_spoken_for, stands_behind, stranger
from heli_registry.workdays.service import Calendar, deadline_after
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.kernel.ids import new_id
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import among, equality_filters
from heli_shared.records.kinds import Field
from heli_shared.records.reading import Condition, Record, find_row, record_of_row
from heli_shared.records.service import Question, Resource
from heli_shared.records.writing import Write
from heli_shared.statistics.parameters import parameter


def visible_transfers(session: Session, scope: Scope) -> list[Condition]:
    """Show transfers to both sides: a superior is an organisation or a unit that lies in the scope."""
    if scope.everything:
        return []
    organizations, units = repository.organizations_in(session, scope), repository.units_in(session, scope)
    first, second = (
        either(among(TRANSFER, name, organizations, session), among(TRANSFER, name, units, session))
        for name in ("from_superior", "to_superior")
    )
    return [either(first, second)]


def _overdue(call: RecordCall, wanted: bool) -> Condition:  # noqa: FBT001 - the value of a query
    table, today = TRANSFER.table, call.clock.today()
    late = (table.c.state == "open") & (table.c.due_on < today)
    return Condition(late if wanted else ~late, lambda record: _is_overdue(record, today) == wanted)


def _is_overdue(transfer: Mapping[str, Any], today: date) -> bool:
    return bool(transfer["state"] == "open" and transfer["due_on"] < today.isoformat())


def _with_days_left(call: RecordCall, records: list[Record]) -> list[Record]:
    """Add how many working days are left today, and whether the deadline has passed."""
    today, calendar = call.clock.today(), Calendar(call.session)
    return [
        {
            **each,
            "days_left": calendar.days_left(today, date.fromisoformat(each["due_on"]))
            if each["state"] == "open"
            else None,
            "overdue": _is_overdue(each, today),
        }
        for each in records
    ]


_OVERDUE = Field("overdue", "boolean", "是否逾期", "under way after its deadline, as of today", required=True)
TRANSFERS = Resource(
    TRANSFER,
    visible_transfers,
    shown=_with_days_left,
    filters=equality_filters(TRANSFER),
    questions={"overdue": Question(_OVERDUE, _overdue)},
    derived=(
        Field("days_left", "integer", "剩余工作日", "working days left today, negative when overdue; null once ended"),
        _OVERDUE,
    ),
)


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says to a transfer: for which side (their own when not named), and why."""

    side: Side | None
    reason: str | None


def propose(call: RecordCall, given: Mapping[str, Any], *, side: Side | None) -> Record:
    """Propose a transfer; the proposing side counts as confirmed, and where nobody else has to, it is done at once."""
    session, today, values = call.session, call.clock.today(), dict(given)
    key = values.pop("id", None) or new_id("trf")
    repository.lock_organizations(session, values["organization"], values["to_superior"])
    repository.lock_unit(session, values["to_superior"])
    rows = repository.affiliations_of(session, values["organization"])
    superiors = [values["to_superior"], *(row.superior for row in rows if row.state == "open")]
    if not call.principal.scope.everything and not any(stands_behind(call, each) for each in superiors):
        raise stranger()
    leaving = present_superior(rows, values.get("from_superior"))
    transfer: Record = {"id": key, **blank_transfer(), **values, "proposed_on": today, "state": "open"}
    transfer["from_superior"] = leaving.superior if leaving else None
    transfer["from_affiliation"] = leaving.id if leaving else None
    _check_proposal(call, transfer, rows)
    days = int(parameter("transfer.confirm_days").on(today))
    transfer["due_on"] = deadline_after(session, today, days)
    spoken = _spoken(call, transfer, Word(side, transfer["reason"]))
    transfer |= _confirmation(call, spoken, None)
    transfer["stage"] = stage_of(spoken)
    new = {name: value for name, value in transfer.items() if value is not None and name != "id"}
    writes = [Write(TRANSFER, key, "create", today, new)]
    if not pending_sides(transfer):
        writes += _finishing(call, transfer, {})
    call.write(writes)
    return record_of_row(TRANSFER, find_row(session, TRANSFER, key))


def _check_proposal(call: RecordCall, transfer: Record, rows: list[Any]) -> None:
    check_new_affiliation(call, transfer, call.clock.today())
    check_open_ends(call, transfer)
    day = call.effective_day(transfer["effective_on_wanted"])
    if not holds_since(call, transfer, rows, day):
        found = FieldProblem("/effective_on_wanted", "早于最近一次隶属变动", "lies before the last change of its ends")
        raise InvalidInput("转接日期有误。", "It cannot move on that day.", errors=[found])
    if find_row(call.session, TRANSFER, transfer["id"]) is not None:
        raise Conflict("编号已被占用。", "There is a transfer with this key already.")
    if repository.under_way(call.session, transfer["organization"]) is not None:
        raise Conflict("该组织已有一项转接正在办理。", "A transfer of this organisation is under way already.")


def _spoken(call: RecordCall, transfer: Record, word: Word) -> frozenset[Side]:
    own = own_sides(call, transfer["from_superior"], transfer["to_superior"])
    needed = needed_sides(transfer["from_superior"])
    spoken = sides_spoken_for(call, own, needed, named=word.side, reason=word.reason)
    if not spoken and not call.principal.scope.everything:
        raise stranger()
    return spoken


def _confirmation(call: RecordCall, sides: frozenset[Side], reason: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for side in (each for each in SIDES if each in sides):
        found |= {f"{side}_confirmed_on": call.clock.today(), f"{side}_confirmed_unit": call.principal.unit}
        found[f"{side}_confirmed_reason"] = reason
    return {name: value for name, value in found.items() if value is not None}


def _finishing(call: RecordCall, transfer: Record, changes: Mapping[str, Any]) -> list[Write]:
    """Return the writes that end a transfer by moving the organisation; what happened meanwhile may forbid it."""
    today, wanted = call.clock.today(), transfer["effective_on_wanted"]
    day = date.fromisoformat(wanted) if isinstance(wanted, str) else wanted or today
    check_unmoved(call, transfer, day)
    writes, done = moving_writes(transfer, day=day, today=today)
    return [*writes, Write(TRANSFER, transfer["id"], "close", today, {**changes, **done})]


def confirm(call: RecordCall, transfer: Record, word: Word) -> Record:
    """Confirm a transfer that was locked and read; the last confirmation moves the organisation, all or nothing."""
    _check_under_way(transfer)
    spoken = _spoken(call, transfer, word)
    if not spoken:
        found = FieldProblem("/side", "请指明代哪一方确认", "say for which side you confirm")
        raise InvalidInput("请指明代哪一方确认。", "Say for which side you confirm.", errors=[found])
    new = spoken & pending_sides(transfer)
    if not new:
        raise Conflict("这一方已经确认。", "This side has confirmed already.")
    changes = _confirmation(call, new, word.reason)
    after = {**transfer, **changes}
    if pending_sides(after):
        changes["stage"] = stage_of(confirmed_sides(after))
        writes = [Write(TRANSFER, transfer["id"], "change", call.clock.today(), changes)]
    else:
        writes = _finishing(call, after, changes)
    return _written(call, transfer, writes)


def refuse(call: RecordCall, transfer: Record, reason: str) -> Record:
    """End a transfer because a side that has not confirmed, or the county, does not agree."""
    _check_under_way(transfer)
    if not call.principal.scope.everything and not _mine(call, transfer) & pending_sides(transfer):
        raise Conflict("贵方已经确认，请改为撤回。", "Your side has confirmed already; withdraw it instead.")
    return _end(call, transfer, "refused", reason)


def withdraw(call: RecordCall, transfer: Record, reason: str) -> Record:
    """End a transfer because a side that proposed or confirmed it, or the county, takes that back."""
    _check_under_way(transfer)
    if not call.principal.scope.everything and not _mine(call, transfer) & confirmed_sides(transfer):
        raise Conflict("贵方尚未确认，请改为退回。", "Your side has not confirmed; refuse it instead.")
    return _end(call, transfer, "withdrawn", reason)


def _mine(call: RecordCall, transfer: Record) -> frozenset[Side]:
    own = own_sides(call, transfer["from_superior"], transfer["to_superior"])
    if not own:
        raise stranger()
    return own


def _check_under_way(transfer: Record) -> None:
    if transfer["state"] != "open":
        raise Conflict("该转接已经办结。", "This transfer has ended already.", data={"stage": transfer["stage"]})


def _end(call: RecordCall, transfer: Record, stage: str, reason: str) -> Record:
    today = call.clock.today()
    changes = {"stage": stage, **ended(today, reason)}
    return _written(call, transfer, [Write(TRANSFER, transfer["id"], "close", today, changes)])


def _written(call: RecordCall, transfer: Record, writes: list[Write]) -> Record:
    call.write(writes)
    return record_of_row(TRANSFER, find_row(call.session, TRANSFER, transfer["id"]))
