"""Rectification orders: issued, answered by the unit, accepted or returned by the issuer, re-opened when it recurs."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from heli_assessment.access import Units, Values, Visibility, check_own_unit, check_unit_known, writes_for_all
from heli_assessment.activities.models import ACTIVITY
from heli_assessment.attachments.referring import check_attachments
from heli_assessment.deadlines import DAYS_LEFT, OVERDUE, Record, overdue_question, with_deadline
from heli_assessment.filters import year_filter
from heli_assessment.inspections.domain import WAITING, WORDS, Step, stage_after
from heli_assessment.inspections.models import RECTIFICATION_ORDER
from heli_assessment.inspections.repository import open_orders_about, waiting_orders
from heli_shared.kernel.errors import Conflict, FieldProblem, Forbidden, InvalidInput
from heli_shared.kernel.workdays import working_day_after
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import Condition, find_row, record_of_row
from heli_shared.records.reading import Record as Shown
from heli_shared.records.service import Resource, create_record
from heli_shared.records.writing import Write
from heli_shared.statistics.parameters import parameter


@dataclass(frozen=True, slots=True)
class Said:
    """What is said at a step: its words, files, and the new deadline of an order that goes back."""

    text: str
    attachments: tuple[str, ...] = ()
    due_on: date | None = None


def orders_resource(units: Units) -> Resource:
    """Return orders, seen by the unit that is to mend something and by the one that says so."""
    table = RECTIFICATION_ORDER.table
    overdue = overdue_question(
        lambda today: table.c.stage.in_(sorted(WAITING)) & (table.c.due_on < today),
        lambda record, today: is_waiting(record) and str(record["due_on"]) < today.isoformat(),
    )
    return Resource(
        RECTIFICATION_ORDER,
        partial(_visible, units),
        check=partial(_check, units),
        shown=partial(_with_deadlines, units),
        filters={**equality_filters(RECTIFICATION_ORDER), "year": year_filter(RECTIFICATION_ORDER, "issued_on")},
        questions={OVERDUE.name: overdue},
        derived=(DAYS_LEFT, OVERDUE),
    )


def orders_waiting(call: RecordCall, *, before: date) -> list[Any]:
    """Return the orders, of every unit, whose answer was due before a day, as rows by day and key."""
    return waiting_orders(call.session, before=before)


def orders_against(call: RecordCall, orders: Resource, enterprise: str) -> list[Shown]:
    """Return the orders about an enterprise that are not accepted or cancelled, of those the caller may see."""
    visible = orders.visible(call.session, call.principal.scope)
    rows = open_orders_about(call.session, enterprise, visible)
    return orders.shown(call, [record_of_row(RECTIFICATION_ORDER, row) for row in rows])


def is_waiting(order: Record) -> bool:
    """Say whether the unit has still to answer an order."""
    return order["stage"] in WAITING


def issue(call: RecordCall, orders: Resource, units: Units, body: dict[str, Any]) -> Shown:
    """Issue an order from the caller's own unit; its day falls so many working days ahead unless it is named."""
    today = call.clock.today()
    issuer = body.get("issuer") or call.principal.unit
    if issuer is None:
        missing = FieldProblem("/issuer", "请指明签发单位", "names the unit that issues it")
        raise InvalidInput("督办单须有签发单位。", "An order is issued by a unit.", errors=[missing])
    if not writes_for_all(call) and issuer != call.principal.unit:
        raise Forbidden("您只能以本单位名义签发。", "You may issue orders of your own unit only.")
    issued_on = body.get("issued_on") or today
    enterprise = body.get("enterprise") or _inspected(call, body.get("activity"))
    days = int(parameter("rectification.answer_days").on(today))
    whole = {
        **body, **({"enterprise": enterprise} if enterprise else {}), "issuer": issuer, "issued_on": issued_on,
        "stage": "issued", "rounds": 0,
        "due_on": body.get("due_on") or working_day_after(issued_on, days, units.is_working),
        "effective_on": min(issued_on, today),
    }  # fmt: skip
    return create_record(call, orders, whole)


def take_step(call: RecordCall, units: Units, order: Shown, step: Step, said: Said) -> Shown:
    """Take a step of an order that was locked and read; Conflict out of turn, Forbidden for whose turn it is not."""
    target = stage_after(order["stage"], step)
    if target is None:
        raise Conflict(
            f"督办单“{WORDS[order['stage']]}”，不能进行此步。",
            f"The order is {order['stage']}; this step cannot be taken now.",
            data={"stage": order["stage"]},
        )
    _check_turn(call, order, step)
    today = call.clock.today()
    changes: dict[str, Any] = {"stage": target}
    if step == "answer":
        changes |= {
            "answer": said.text, "answered_on": today, "answered_by": call.principal.id,
            "attachments": list(said.attachments) or None, "decision": None, "decided_on": None, "decided_by": None,
        }  # fmt: skip
        check_attachments(units, call, order, {**order, **changes})
    else:
        changes |= {"decision": said.text, "decided_on": today, "decided_by": call.principal.id}
    if step in ("return", "reopen"):
        changes |= {"due_on": _next_day(call, units, said), "rounds": (order["rounds"] or 0) + 1}
    call.write([Write(RECTIFICATION_ORDER, order["id"], "change", today, changes)])
    return record_of_row(RECTIFICATION_ORDER, find_row(call.session, RECTIFICATION_ORDER, order["id"]))


def _inspected(call: RecordCall, activity: str | None) -> str | None:
    """Return the enterprise that an inspection was made at, where it names one."""
    row = None if activity is None else find_row(call.session, ACTIVITY, activity)
    return None if row is None else row.enterprise


def _next_day(call: RecordCall, units: Units, said: Said) -> date:
    today = call.clock.today()
    if said.due_on is None:
        return working_day_after(today, int(parameter("rectification.again_days").on(today)), units.is_working)
    if said.due_on <= today:
        early = FieldProblem("/due_on", "应晚于今天", "must lie after today")
        raise InvalidInput("整改期限有误。", "The deadline is not valid.", errors=[early])
    return said.due_on


def _check_turn(call: RecordCall, order: Record, step: Step) -> None:
    """Refuse an answer for another unit, and a decision by another than the issuer or by who answered."""
    if step == "answer":
        check_own_unit(call, order, order)
        return
    if not writes_for_all(call) and call.principal.unit != order["issuer"]:
        raise Forbidden("只能由签发单位验收、退回或重新督办。", "Only the unit that issued it may decide.")
    if step == "accept" and call.principal.id == order["answered_by"]:
        raise Forbidden("答复人不能验收自己的整改。", "Whoever answered does not accept the own answer.")


def _visible(units: Units, session: Any, scope: Any) -> list[Condition]:
    mended = Visibility(RECTIFICATION_ORDER, units)(session, scope)
    issued = Visibility(RECTIFICATION_ORDER, units, "issuer")(session, scope)
    return [
        Condition(one.clause | two.clause, lambda record, one=one, two=two: one.matches(record) or two.matches(record))  # type: ignore[misc]
        for one, two in zip(mended, issued, strict=True)
    ]


def _with_deadlines(units: Units, call: RecordCall, records: list[Shown]) -> list[Shown]:
    today = call.clock.today()
    return [with_deadline(each, today=today, is_waiting=is_waiting(each), units=units) for each in records]


def _check(units: Units, call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    check_unit_known(units, before, after)
    check_unit_known(units, before, after, "issuer")
    problems = []
    if after["unit"] == after["issuer"]:
        problems.append(FieldProblem("/unit", "不能督办签发单位自己", "must not be the unit that issues it"))
    if str(after["issued_on"]) > call.clock.today().isoformat():
        problems.append(FieldProblem("/issued_on", "日期晚于今天", "lies after today"))
    if str(after["due_on"]) <= str(after["issued_on"]):
        problems.append(FieldProblem("/due_on", "应晚于签发日期", "must lie after the day of issue"))
    if after["activity"] is not None:
        row = find_row(call.session, ACTIVITY, after["activity"])
        if row is None or row.kind != "inspection":
            problems.append(FieldProblem("/activity", "没有这条督查检查记录", "is no inspection that was recorded"))
        elif row.enterprise is not None and row.enterprise != after["enterprise"]:
            problems.append(FieldProblem("/enterprise", "与督查检查的企业不一致", "is not the one that was inspected"))
    if problems:
        raise InvalidInput("督办单内容有误。", "The order is not valid.", errors=problems)
