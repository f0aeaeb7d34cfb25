"""Settling a dispute: whoever answers for the field, or the county, says what holds; it holds until a claim changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from heli_registry.stewardship import repository
from heli_registry.stewardship.disputes import disputes_of
from heli_registry.stewardship.domain import (
    Pair,
    Step,
    by_rank,
    normal,
    pending,
    positions_on,
    steward_on,
    told,
    value_text,
)
from heli_registry.stewardship.models import DISPUTE
from heli_registry.stewardship.planning import Planner, check_undisturbed, execute
from heli_registry.stewardship.values import checked_value
from heli_shared.kernel.access import Principal
from heli_shared.kernel.errors import Conflict, FieldProblem, Forbidden, InvalidInput
from heli_shared.ledger.appending import read_head
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Record
from heli_shared.records.service import get_record


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is decided: a value, or the unit whose value is taken; why, by what evidence, and from which day."""

    reason: str
    value: Any = None
    unit: str | None = None
    evidence: str | None = None
    effective_on: date | None = None


def settle(call: RecordCall, key: str, decided: Settlement, check_version: Callable[[int], None]) -> Record:
    """Settle an open dispute and bring the enterprise into step, in one transaction; return the dispute."""
    session, ledger, resource = call.session, call.ledger, disputes_of(call.principal)
    seq = read_head(session, ledger).seq
    place = get_record(call, resource, key)
    repository.lock_enterprises(session, [place["enterprise"]])
    record = get_record(call, resource, key)
    check_version(record["version"])
    if record["state"] != "open":
        raise Conflict("该争议已经了结。", "The dispute is over already.")
    pair = repository.load_pairs(session, ledger, {record["enterprise"]: [record["field"]]})[
        record["enterprise"], record["field"]
    ]
    today = call.clock.today()
    _check_may_settle(call.principal, record["owner"], positions=set(positions_on(pair, today)))
    effective = call.effective_day(decided.effective_on)
    if effective < date.fromisoformat(record["opened_on"]):
        why = FieldProblem("/effective_on", "早于争议的发现日期", "lies before the day on which the dispute was opened")
        raise InvalidInput("生效日期有误。", "The day of effect is too early.", errors=[why])
    planner = Planner(session, ledger, today=today)
    step = _step(pair, decided, effective, today, settler=call.principal.unit)
    planner.plan.add(DISPUTE, key, step, standing=list(pair.dispute))
    pending(pair.dispute, step)
    planner.correct(pair, since=effective)
    check_undisturbed(session, ledger, seq, "field_steward")
    execute(session, ledger, planner.plan, author=call.author, clock=call.clock)
    return get_record(call, resource, key)


def _check_may_settle(principal: Principal, owner: str | None, *, positions: set[str]) -> None:
    """Refuse everybody but the owner and the county, and the county where its own unit is a party."""
    if owner is not None and principal.unit == owner:
        return
    if principal.unit in positions:
        raise Forbidden(
            "本单位是争议的一方，应由责任单位或县级办公室认定。",
            "Your unit is a party to this dispute; its owner or the county office settles it.",
        )
    if not principal.may("disputes:settle-any"):
        raise Forbidden(
            "只有责任单位或县级办公室可以认定。",
            "Only the unit that answers for the field or the county office settles it.",
        )


def _step(pair: Pair, decided: Settlement, effective: date, today: date, *, settler: str | None) -> Step:
    value, source = _decided(pair, decided, today, settler)
    changes = {
        "state": "closed",
        "closed_on": effective,
        "closed_reason": decided.reason,
        "outcome": "settled",
        "settled_positions": told(positions_on(pair, today)),
        "settled_value": value_text(value),
        "settled_unit": source,
        "evidence": decided.evidence,
    }
    return Step("close", effective, changes)


def _decided(pair: Pair, decided: Settlement, today: date, settler: str | None) -> tuple[Any, str | None]:
    """Return the value that is to hold and the unit that it comes from: one that says so, else who decides."""
    positions = positions_on(pair, today)
    if (decided.unit is None) == (decided.value is None):
        why = FieldProblem("/value", "value 与 unit 二者填一项", "give either value or unit")
        raise InvalidInput("请给出认定值或采信单位。", "Say which value holds.", errors=[why])
    if decided.unit is not None:
        if decided.unit not in positions:
            why = FieldProblem("/unit", "该单位没有提交数据", "this unit says nothing about the field")
            raise InvalidInput("采信单位有误。", "There is no value of this unit.", errors=[why])
        return positions[decided.unit].value, decided.unit
    value, problem = checked_value(pair.field, decided.value, today)
    if problem is not None:
        raise InvalidInput("认定值有误。", "The value is not possible.", errors=[problem])
    order = by_rank(positions, steward_on(pair.stewards, today))
    return value, next((unit for unit in order if normal(positions[unit].value) == normal(value)), settler)
