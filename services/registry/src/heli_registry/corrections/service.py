"""Use cases of correction requests: file, accept into the record, reject with a reason, withdraw."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import orjson
import sqlalchemy as sa
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from heli_registry.access import keys_in_scope
from heli_registry.corrections.models import CORRECTION_REQUEST
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.workdays.service import Calendar
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import Conflict, FieldProblem, Forbidden, InvalidInput
from heli_shared.kernel.ids import new_id
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import Filter, equality_filters
from heli_shared.records.kinds import RecordKind
from heli_shared.records.models import models_of
from heli_shared.records.reading import Condition, Record, find_row, record_of_row
from heli_shared.records.service import Resource, change_record, get_record, not_found
from heli_shared.records.writing import Write
from heli_shared.statistics.parameters import parameter

_LOCATED: Mapping[str, RecordKind] = {"enterprises": ENTERPRISE, "party-organizations": PARTY_ORGANIZATION}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a department asks for; `proposed` is the value the field should have, None to clear it."""

    kind: str
    key: str
    field: str
    proposed: Any
    reason: str
    evidence: str | None


def visible_requests(session: Session, scope: Scope) -> list[Condition]:
    """Show the requests about enterprises and organisations that the scope shows."""
    if scope.everything:
        return []
    table = CORRECTION_REQUEST.table
    chosen = {plural: keys_in_scope(kind, session, scope) for plural, kind in _LOCATED.items()}
    clauses = [sa.and_(table.c.kind == plural, table.c.key.in_(keys)) for plural, keys in chosen.items()]

    def matches(record: Mapping[str, Any]) -> bool:
        keys = chosen.get(record["kind"])
        if keys is None:
            return False
        found = keys.where(_LOCATED[record["kind"]].table.c[_LOCATED[record["kind"]].key] == record["key"])
        return session.execute(found).first() is not None

    return [Condition(sa.or_(*clauses), matches)]


def overdue_filter(today: Callable[[], date]) -> Filter:
    """Return a filter that keeps pending requests whose day has passed, or with `false` all others."""

    def build(_session: Session, value: str) -> Condition:
        if value not in ("true", "false"):
            found = FieldProblem("parameter overdue", "应为 true 或 false", "is true or false")
            raise InvalidInput("overdue 应为 true 或 false。", "`overdue` is true or false.", errors=[found])
        table, day = CORRECTION_REQUEST.table, today()
        late = sa.and_(table.c.status == "pending", table.c.due_on < day)

        def is_late(record: Mapping[str, Any]) -> bool:
            return bool(record["status"] == "pending" and str(record["due_on"]) < day.isoformat())

        if value == "true":
            return Condition(late, is_late)
        return Condition(sa.not_(late), lambda record: not is_late(record))

    return build


def corrections_resource(today: Callable[[], date]) -> Resource:
    """Return correction requests as they are served; `today` tells which are overdue."""
    filters = {**equality_filters(CORRECTION_REQUEST), "overdue": overdue_filter(today)}
    return Resource(CORRECTION_REQUEST, visible_requests, filters=filters)


def file_request(call: RecordCall, resources: Mapping[str, Resource], asked: Asked) -> Record:
    """File a request about a record that the caller sees; InvalidInput when the value could never be that field's."""
    target = _target(call, resources, asked.kind)
    record = get_record(call, target, asked.key)
    proposed = _checked(target.kind, asked.field, asked.proposed)
    value_now = record[asked.field]
    if value_now == proposed:
        found = FieldProblem("/proposed", "与现值相同", "is the present value")
        raise InvalidInput("建议值与现值相同，无需更正。", "The field has this value already.", errors=[found])
    _refuse_a_second(call, asked, proposed)
    today = call.clock.today()
    days = int(parameter("sharing.verify_days").on(today))
    changes = {
        "kind": asked.kind, "key": asked.key, "field": asked.field, "value_now": _text(value_now),
        "proposed": _text(proposed), "reason": asked.reason, "evidence": asked.evidence,
        "unit": call.principal.unit, "due_on": Calendar(call.session).deadline_after(today, days),
        "status": "pending", "state": "open",
    }  # fmt: skip
    key = new_id(str(CORRECTION_REQUEST.prefix))
    given = {name: value for name, value in changes.items() if value is not None}
    call.write([Write(CORRECTION_REQUEST, key, "create", today, given)])
    return _fresh(call, key)


def _target(call: RecordCall, resources: Mapping[str, Resource], plural: str) -> Resource:
    target = resources.get(plural)
    if target is None or not call.principal.may(f"{plural}:read"):
        found = FieldProblem("/kind", "没有这样的资源，或您无权查看", "no such kind, or you may not see it")
        raise InvalidInput("没有这样的资源。", "There is no such kind.", errors=[found])
    return target


def _checked(kind: RecordKind, field: str, value: Any) -> Any:
    """Return a value as a change of that field would take it; InvalidInput when it would not."""
    if field not in {each.name for each in kind.fields}:
        found = FieldProblem("/field", f"{kind.zh}没有这个字段", "is no field of this kind")
        raise InvalidInput("没有这样的字段。", "There is no such field.", errors=[found])
    try:
        model = _change_model(kind).model_validate({field: value})
    except ValidationError as error:
        found = FieldProblem("/proposed", "不是该字段可以有的值", "is no value that this field can have")
        raise InvalidInput("建议值有误。", "The proposed value does not fit the field.", errors=[found]) from error
    return model.model_dump(mode="json")[field]


@cache
def _change_model(kind: RecordKind) -> type[BaseModel]:
    return models_of(kind).change


def _refuse_a_second(call: RecordCall, asked: Asked, proposed: Any) -> None:
    table = CORRECTION_REQUEST.table
    same = {"kind": asked.kind, "key": asked.key, "field": asked.field, "status": "pending",
            "proposed": _text(proposed)}  # fmt: skip
    clauses = [table.c[name] == value for name, value in same.items()]
    twin = call.session.execute(sa.select(table.c.id).where(*clauses).limit(1)).scalar_one_or_none()
    if twin is not None:
        raise Conflict(
            "同样的更正申请正在办理。", "The same correction has been asked for already.", data={"request": twin}
        )


def accept(
    call: RecordCall, corrections: Resource, resources: Mapping[str, Resource], key: str, *,
    reason: str | None, effective_on: date | None,
) -> Record:  # fmt: skip
    """Write the proposed value into the record, with the requester's unit as its source, and end the request.

    Conflict when the value was changed by somebody else since the request was filed.
    """
    request = _pending(call, corrections, key)
    target = resources[request["kind"]]
    if not call.principal.may(f"{request['kind']}:write"):
        raise Forbidden(f"您没有修改“{target.kind.zh}”的权限。", f"You may not change {request['kind']}.")
    if find_row(call.session, target.kind, request["key"], lock=True) is None:
        raise not_found(target.kind, request["key"])
    record = get_record(call, target, request["key"])
    proposed, present = orjson.loads(request["proposed"]), record[request["field"]]
    if present not in (proposed, _value_now(request)):
        raise Conflict(
            "该字段在申请之后已被他人修改，请核对后退回或另行申请。",
            "The field was changed by somebody else since; compare, then reject the request or have it filed anew.",
            data={"value": present, "value_then": _value_now(request)},
        )
    source = replace(call, principal=replace(call.principal, unit=request["unit"]))
    body = {request["field"]: proposed, **({"effective_on": effective_on} if effective_on else {})}
    change_record(source, target, record, body)
    return _decide(call, request, "accepted", reason or "已更正")


def reject(call: RecordCall, corrections: Resource, key: str, *, reason: str) -> Record:
    """End a request without a change, saying why."""
    return _decide(call, _pending(call, corrections, key), "rejected", reason)


def withdraw(call: RecordCall, corrections: Resource, key: str, *, reason: str) -> Record:
    """Take a request back; only the unit that filed it may."""
    request = _pending(call, corrections, key)
    if request["unit"] != call.principal.unit:
        raise Forbidden("只能由申请单位撤回。", "Only the unit that asked may withdraw it.")
    return _decide(call, request, "withdrawn", reason)


def _pending(call: RecordCall, corrections: Resource, key: str) -> Record:
    if find_row(call.session, CORRECTION_REQUEST, key, lock=True) is None:
        raise not_found(CORRECTION_REQUEST, key)
    request = get_record(call, corrections, key)
    if request["status"] != "pending":
        raise Conflict("该申请已经办结。", "The request has been decided already.", data={"status": request["status"]})
    return request


def _decide(call: RecordCall, request: Record, status: str, reason: str) -> Record:
    today = call.clock.today()
    changes = {
        "status": status, "decided_by": call.principal.id, "decided_on": today, "decision_reason": reason,
        "state": "closed", "closed_on": today, "closed_reason": reason,
    }  # fmt: skip
    call.write([Write(CORRECTION_REQUEST, request["id"], "close", today, changes)])
    return _fresh(call, request["id"])


def _fresh(call: RecordCall, key: str) -> Record:
    return record_of_row(CORRECTION_REQUEST, find_row(call.session, CORRECTION_REQUEST, key))


def _value_now(request: Record) -> Any:
    return None if request["value_now"] is None else orjson.loads(request["value_now"])


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()
