"""Steps of a period: open it, explain what has to be explained, close it with its figures pinned, open it again."""

from dataclasses import dataclass
from datetime import date

from heli_registry.periods import repository
from heli_registry.periods.asking import Stand, stand_of
from heli_registry.periods.checking import check_has_come, check_person, locked, wrong
from heli_registry.periods.domain import Question, Span, Target, UnitStand, not_in, parse_span, unexplained
from heli_registry.periods.figures import figures
from heli_registry.periods.models import EXPLANATION, PERIOD, PERIOD_CELL, PERIOD_CLOSING
from heli_registry.periods.questions import MOST_TOLD, unexplained_conflict
from heli_registry.periods.resources import EXPLANATIONS, PERIODS
from heli_registry.periods.submitting import Met, stands_of_units
from heli_registry.units.models import UNIT
from heli_registry.units.service import UNITS
from heli_shared.kernel.errors import Conflict, InvalidInput
from heli_shared.kernel.ids import new_id
from heli_shared.ledger.appending import lock_head
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Record, find_row
from heli_shared.records.service import get_record
from heli_shared.records.writing import Write

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """A period as it is asked for; None leaves the choice to the service."""

    code: str
    unit: str
    counted_on: date | None
    closes_on: date | None


@dataclass(frozen=True, slots=True)
class NewExplanation:
    """An explanation as it is given."""

    target: Target
    text: str
    person: str


def open_period(call: RecordCall, new: NewPeriod) -> Record:
    """Open a period; Conflict when the unit has it already."""
    span = parse_span(new.code)
    if span is None:
        raise wrong(
            "/code", "期次应为 2026、2026H1、2026Q2 或 2026M05 这样的写法", "write 2026, 2026H1, 2026Q2, 2026M05"
        )
    counted_on = new.counted_on or span.last
    _check_days(span, counted_on, new.closes_on)
    get_record(call, UNITS, new.unit)
    if repository.find_period(call.session, span.code, new.unit) is not None:
        raise Conflict(
            f"该机构已有报送期 {span.code}；关闭后可以重新开放。",
            f"The unit has a period {span.code} already; once closed it can be opened again.",
        )
    key = new_id("prd")
    values = {
        "code": span.code, "unit": new.unit, "starts_on": span.first, "ends_on": span.last, "counted_on": counted_on,
        "closes_on": new.closes_on, "state": "open",
    }  # fmt: skip
    call.write([Write(PERIOD, key, "create", call.clock.today(), values)])
    return get_record(call, PERIODS, key)


def _check_days(span: Span, counted_on: date, closes_on: date | None) -> None:
    if counted_on < span.first:
        raise wrong("/counted_on", "统计日不能早于期初", "must not lie before the period")
    if closes_on is not None and closes_on < counted_on:
        raise wrong("/closes_on", "截止日期不能早于统计日", "must not lie before the day that is counted")


def questions_of(call: RecordCall, key: str) -> Stand:
    """Return how a period stands for the caller: figures, what they are held against, and what is to be explained."""
    return stand_of(call, get_record(call, PERIODS, key))


def explain(call: RecordCall, period: str, new: NewExplanation) -> Record:
    """Explain a question of an open period; an explanation of values that have changed since is replaced."""
    record = locked(call, PERIOD, period)
    if record["state"] == "closed":
        raise Conflict("报送期已关闭，不能再作说明。", "The period is closed; nothing more is explained in it.")
    stand = stand_of(call, record)
    question = next((each for each in stand.questions if each.target == new.target), None)
    if question is None:
        raise InvalidInput(
            "这一项现在不需要说明：检查已通过，或变动没有超过规定幅度；待说明事项见 /questions。",
            "This needs no explanation now: the check holds or the change is within bounds; see /questions.",
        )
    if question.state == "explained":
        raise Conflict(
            "这一项已有说明；如需改写请先撤回原说明。", "This is explained already; withdraw that one first."
        )
    check_person(call, new.person)
    key = new_id("exp")
    call.write([*_withdrawals(call, question), _explanation(call, record, question, new, key)])
    return get_record(call, EXPLANATIONS, key)


def _withdrawals(call: RecordCall, question: Question) -> list[Write]:
    if question.given is None:
        return []
    changes = {"state": "closed", "closed_on": call.clock.today(), "closed_reason": "数值已变动，另作说明"}
    return [Write(EXPLANATION, question.given.id, "close", call.clock.today(), changes)]


def _explanation(call: RecordCall, period: Record, question: Question, new: NewExplanation, key: str) -> Write:
    unit = find_row(call.session, UNIT, question.unit)
    target = question.target
    measures = figures()[target.figure].measures if target.figure is not None else ()
    values = {
        "period": period["id"], "period_code": period["code"], "starts_on": period["starts_on"],
        "ends_on": period["ends_on"], "unit": question.unit, "division": None if unit is None else unit.division,
        "zone": None if unit is None else unit.zone, "check": target.check, "record_kind": question.record_kind,
        "record": target.record, "figure": target.figure, "compared_with": target.compared_with,
        "measures": list(measures) or None, "value": question.value, "previous": question.previous, "text": new.text,
        "person": new.person, "principal": call.principal.id, "state": "open",
    }  # fmt: skip
    given = {name: value for name, value in values.items() if value is not None}
    return Write(EXPLANATION, key, "create", call.clock.today(), given)


def withdraw(call: RecordCall, key: str, *, reason: str, met: Met) -> Record:
    """Withdraw an explanation of an open period, with a reason."""
    record = locked(call, EXPLANATION, key)
    get_record(call, EXPLANATIONS, key)
    met(record["version"])
    period = locked(call, PERIOD, record["period"])
    if period["state"] == "closed" or record["state"] == "closed":
        raise Conflict("报送期已关闭或说明已撤回。", "The period is closed, or the explanation is withdrawn already.")
    changes = {"state": "closed", "closed_on": call.clock.today(), "closed_reason": reason}
    call.write([Write(EXPLANATION, key, "close", call.clock.today(), changes)])
    return get_record(call, EXPLANATIONS, key)


def close_period(call: RecordCall, key: str, *, person: str, met: Met) -> Record:
    """Close a period and pin its figures; Conflict with the questions when something is unexplained."""
    period = locked(call, PERIOD, key)
    met(period["version"])
    if period["state"] == "closed":
        raise Conflict("报送期已经关闭。", "The period is closed already.")
    check_has_come(call, period, "不能关闭", "it cannot be closed")
    check_person(call, person)
    # Nobody may write between the reading of the figures and their pinning.
    head = lock_head(call.session, call.ledger)
    stand = stand_of(call, period, known_at=head.seq)
    left = unexplained(stand.questions)
    if left:
        raise unexplained_conflict(left, "不能关闭", "before it closes")
    units = stands_of_units(call, stand)
    waiting = not_in(units)
    if waiting:
        raise _waiting(waiting)
    call.write(_closing_writes(call, stand, person, waived=[each.unit for each in units if each.state == "waived"]))
    return get_record(call, PERIODS, key)


def _waiting(units: list[UnitStand]) -> Conflict:
    told = [{"unit": each.unit, "unit_name": each.name, "state": each.state} for each in units[:MOST_TOLD]]
    named = "、".join(each.name or each.unit for each in units[:_MOST_NAMED])
    more = "等" if len(units) > _MOST_NAMED else ""
    return Conflict(
        f"还有{len(units)}个机构没有报送（{named}{more}），不能关闭：请催报，或由具名人员说明原因后豁免。",
        f"{len(units)} units have not handed in their figures as they are now: ask them, or waive them in the name of "
        "a person and with a reason.",
        data={"waiting": told, "total": len(units)},
    )


def _closing_writes(call: RecordCall, stand: Stand, person: str, *, waived: list[str]) -> list[Write]:
    today, period = call.clock.today(), stand.period
    number = len(repository.closings_of(call.session, period["id"])) + 1
    closing = new_id("pcl")
    explained: dict[tuple[str, str], list[str]] = {}
    for each in stand.questions:
        if each.target.figure is not None and each.given is not None:
            explained.setdefault((each.unit, each.target.figure), []).append(each.given.id)
    values = {"period": period["id"], "number": number, "counted_on": period["counted_on"],
              "known_at": stand.known_at, "person": person, "principal": call.principal.id,
              "state": "open"}  # fmt: skip
    values |= {"waived": waived} if waived else {}
    closed = {"state": "closed", "closed_on": today, "closed_reason": f"报送完成（第{number}次）"}
    writes = [
        Write(PERIOD, period["id"], "close", today, closed),
        Write(PERIOD_CLOSING, closing, "create", today, values),
    ]
    for unit, numbers in stand.cells.items():
        for figure, value in numbers.items():
            cell = {"closing": closing, "period": period["id"], "unit": unit, "figure": figure, "value": value,
                    "state": "open"}  # fmt: skip
            because = explained.get((unit, figure))
            cell |= {"explanations": because} if because else {}
            writes.append(Write(PERIOD_CELL, new_id("pce"), "create", today, cell))
    return writes


def reopen_period(call: RecordCall, key: str, *, reason: str, met: Met) -> Record:
    """Open a closed period again with a reason; the figures pinned before stay, marked as replaced."""
    period, today = locked(call, PERIOD, key), call.clock.today()
    met(period["version"])
    if period["state"] == "open":
        raise Conflict("报送期未关闭，无需重新开放。", "The period is open already.")
    opened = {"state": "open", "closed_on": None, "closed_reason": None, "reopened_reason": reason}
    replaced = {"state": "closed", "closed_on": today, "closed_reason": reason}
    standing = [each.id for each in repository.closings_of(call.session, key) if each.state == "open"]
    call.write(
        [
            Write(PERIOD, key, "reopen", today, opened),
            *(Write(PERIOD_CLOSING, closing, "close", today, replaced) for closing in standing),
        ]
    )
    return get_record(call, PERIODS, key)
