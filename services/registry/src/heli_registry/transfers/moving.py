"""The move itself: what must still hold when both sides have agreed, and the one step that changes the superior."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from heli_registry.affiliations.models import AFFILIATION
from heli_registry.affiliations.service import AFFILIATIONS
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.transfers import repository
from heli_registry.transfers.models import TRANSFER
from heli_registry.units.models import UNIT
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.kernel.ids import new_id
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Record, find_row
from heli_shared.records.writing import Write


def present_superior(rows: list[Any], expected: str | None) -> Any | None:
    """Return the open affiliation that would end, None for nobody's; Conflict when the expected one is not there."""
    found = [row for row in rows if row.state == "open" and expected in (None, row.superior)]
    if expected is not None and not found:
        raise Conflict("该组织目前不隶属于这个上级。", "The organisation does not stand under this superior now.")
    if len(found) > 1:
        problem = FieldProblem(
            "/from_superior", "有多个上级，请指明从哪一个转出", "has several; say which one it leaves"
        )
        raise InvalidInput("该组织有多个上级。", "The organisation has several superiors.", errors=[problem])
    return found[0] if found else None


def check_new_affiliation(call: RecordCall, transfer: Mapping[str, Any], day: date) -> None:
    """Refuse ends that do not exist and a circle, exactly as an affiliation is refused; and a move to where it is."""
    if transfer["to_superior"] == transfer["from_superior"]:
        found = FieldProblem("/to_superior", "与现上级相同", "is the present superior")
        raise InvalidInput("转入上级与现上级相同。", "It stands under this superior already.", errors=[found])
    try:
        AFFILIATIONS.check(call, None, _affiliation(transfer), day)
    except InvalidInput as refusal:
        errors = [
            FieldProblem(each.pointer.replace("/superior", "/to_superior"), each.zh, each.en) for each in refusal.errors
        ]
        raise InvalidInput(refusal.zh, refusal.en, errors=errors) from refusal


def check_open_ends(call: RecordCall, transfer: Mapping[str, Any]) -> None:
    """Refuse the move of an organisation that is closed, and one to a superior that is."""
    organization = find_row(call.session, PARTY_ORGANIZATION, transfer["organization"])
    if organization is None or organization.state != "open":
        raise Conflict("该党组织已撤销，不能转接。", "The organisation is closed and cannot be transferred.")
    kind = _kind_of(call, transfer["to_superior"])
    superior = find_row(call.session, kind, transfer["to_superior"])
    if superior is None or superior.state != "open":
        raise Conflict("转入上级已撤销或停用。", "The superior it would come under is closed.")


def holds_since(call: RecordCall, transfer: Mapping[str, Any], rows: list[Any], day: date) -> bool:
    """Say whether the move can hold since a day: both ends were there, and nothing of it changed afterwards."""
    session, ledger = call.session, call.ledger
    leaving = transfer["from_affiliation"]
    ends = [
        (PARTY_ORGANIZATION, transfer["organization"]),
        (_kind_of(call, transfer["to_superior"]), transfer["to_superior"]),
        *([(AFFILIATION, leaving)] if leaving else []),
    ]
    touched = [row.id for row in rows if leaving in (None, row.id)]
    return all(repository.stood_on(session, ledger, kind, key, day) for kind, key in ends) and not any(
        repository.moved_after(session, ledger, each, day) for each in touched
    )


def _kind_of(call: RecordCall, superior: str) -> Any:
    return UNIT if find_row(call.session, UNIT, superior) is not None else PARTY_ORGANIZATION


def _affiliation(transfer: Mapping[str, Any]) -> dict[str, Any]:
    blank: dict[str, Any] = dict.fromkeys(each.name for each in AFFILIATION.all_fields)
    return {"id": "", **blank, **_new_values(transfer)}


def _new_values(transfer: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: transfer[name] for name in ("organization", "kind", "document") if transfer[name] is not None}
    return {**own, "superior": transfer["to_superior"], "state": "open"}


def check_unmoved(call: RecordCall, transfer: Record, day: date) -> None:
    """Refuse to finish a transfer that what happened meanwhile has made impossible."""
    repository.lock_organizations(call.session, transfer["organization"], transfer["to_superior"])
    rows = repository.affiliations_of(call.session, transfer["organization"])
    still = {row.id: row.superior for row in rows if row.state == "open"}
    leaving = transfer["from_affiliation"]
    is_unmoved = still.get(leaving) == transfer["from_superior"] if leaving else not still
    if not is_unmoved or not holds_since(call, transfer, rows, day):
        raise Conflict(
            "该组织的隶属关系在此期间已另行变动，请退回或撤回后重新提出。",
            "Its affiliation was changed otherwise meanwhile; refuse or withdraw this transfer and propose anew.",
        )
    check_open_ends(call, transfer)
    try:
        check_new_affiliation(call, transfer, day)
    except InvalidInput as refusal:
        raise Conflict(refusal.zh, refusal.en, errors=refusal.errors) from refusal


def moving_writes(transfer: Record, *, day: date, today: date) -> tuple[list[Write], dict[str, Any]]:
    """Return the writes that change the superior since a day, and what the transfer says of itself from then on."""
    made, why = new_id("aff"), f"转接至 {transfer['to_superior']}：{transfer['reason']}"
    closing = {"state": "closed", "closed_on": day, "closed_reason": why[:1_000]}
    leaving = transfer["from_affiliation"]
    writes = [Write(AFFILIATION, leaving, "close", day, closing)] if leaving else []
    writes.append(Write(AFFILIATION, made, "create", day, _new_values(transfer)))
    done = {"stage": "done", "to_affiliation": made, "moved_on": day, **ended(today, "转接完成")}
    return writes, done


def ended(today: date, reason: str) -> dict[str, Any]:
    """Return what every transfer says that is no longer under way."""
    return {"state": "closed", "closed_on": today, "closed_reason": reason}


def blank_transfer() -> dict[str, Any]:
    """Return a transfer of which nothing is known yet."""
    return dict.fromkeys(each.name for each in TRANSFER.all_fields)
