"""Letters: made for the whole tree at once, signed, checked at half-year, revoked; and where one is missing."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from heli_assessment.access import Units, Values, Visibility, check_own_unit, check_unit_known, writes_for_all
from heli_assessment.attachments.referring import check_attachments
from heli_assessment.letters.documents import LetterTask, LetterText
from heli_assessment.letters.domain import Held, answering_units, missing_letters
from heli_assessment.letters.models import LETTER
from heli_assessment.letters.repository import late_letters, letters_of, tasks_ever_of
from heli_assessment.plans.models import PLAN
from heli_assessment.tasks.models import TASK
from heli_shared.kernel.errors import Conflict, FieldProblem, Forbidden, InvalidInput
from heli_shared.kernel.workdays import working_day_after
from heli_shared.ledger.appending import read_head
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import Moment, Record, find_as_of, find_row, record_of_row
from heli_shared.records.service import Resource, new_write, not_found
from heli_shared.records.writing import Write
from heli_shared.statistics.parameters import parameter


@dataclass(frozen=True, slots=True)
class Signing:
    """When a letter was signed, by whom, and the scan that shows it."""

    signed_on: date | None
    signer: str | None
    scan: str | None


def letters_resource(units: Units) -> Resource:
    """Return letters, seen within the units that somebody may see."""
    return Resource(LETTER, Visibility(LETTER, units), check=partial(_check, units), filters=equality_filters(LETTER))


def generate_letters(
    call: RecordCall, letters: Resource, units: Units, *, plan: str, sign_by: date | None, only: list[str] | None
) -> tuple[list[Record], int]:
    """Make the letters of a plan that are not there yet, for the units in the caller's scope; also how many were."""
    if not writes_for_all(call):
        raise Forbidden("责任书由县、乡镇经办下达。", "Letters are made by county and township clerks.")
    row = _plan(call, plan)
    wanted = _wanted(call, units, only)
    there = {each.unit for each in letters_of(call.session, plan)}
    today = call.clock.today()
    last = sign_by or working_day_after(today, int(parameter("letter.sign_days").on(today)), units.is_working)
    known_at = read_head(call.session, call.ledger).seq
    writes = [
        new_write(
            call,
            letters,
            {
                "plan": plan, "year": row.year, "issuer": each.issuer, "unit": each.unit, "issued_on": today,
                "sign_by": last, "tasks_known_at": known_at, "is_signed": False,
            },
        )
        for each in wanted
        if each.unit not in there
    ]  # fmt: skip
    call.write(writes)
    made = [record_of_row(LETTER, find_row(call.session, LETTER, each.key)) for each in writes]
    return made, len(wanted) - len(made)


def _wanted(call: RecordCall, units: Units, only: list[str] | None) -> list[Any]:
    inside = units.units_in(call.principal.scope)
    answering = [each for each in answering_units(units.units()) if each.unit in inside]
    if only is None:
        return answering
    known = {each.unit for each in answering}
    problems = [
        FieldProblem(f"/units/{place}", "没有这个机构，或它没有上级", "is no unit here that answers to another")
        for place, unit in enumerate(only)
        if unit not in known
    ]
    if problems:
        raise InvalidInput("机构有误。", "The units are not valid.", errors=problems[:100])
    return [each for each in answering if each.unit in set(only)]


def sign(call: RecordCall, units: Units, letter: Record, signing: Signing) -> Record:
    """Take note that a letter was signed; Conflict when it was before."""
    check_own_unit(call, letter, letter)
    if letter["is_signed"] or letter["state"] != "open":
        raise Conflict("责任书已签订或已撤销。", "The letter is signed already, or revoked.")
    today = call.clock.today()
    signed_on = signing.signed_on or today
    if not date.fromisoformat(letter["issued_on"]) <= signed_on <= today:
        zh, en = f"应在 {letter['issued_on']} 至今天之间", f"must lie between {letter['issued_on']} and today"
        raise InvalidInput("签订日期有误。", "The day is not valid.", errors=[FieldProblem("/signed_on", zh, en)])
    changes = {"is_signed": True, "signed_on": signed_on, "signer": signing.signer, "scan": signing.scan}
    check_attachments(units, call, letter, {**letter, **changes}, "scan")
    return _changed(call, letter, {name: value for name, value in changes.items() if value is not None}, signed_on)


def check_half_year(call: RecordCall, letter: Record, *, result: str, note: str | None, on: date | None) -> Record:
    """Take the half-year check of a signed letter; a later one takes the place of an earlier one."""
    check_own_unit(call, letter, letter)
    if not letter["is_signed"] or letter["state"] != "open":
        raise Conflict("责任书尚未签订，不能自查。", "The letter is not signed; it cannot be checked.")
    today = call.clock.today()
    day = on or today
    if not str(letter["signed_on"]) <= day.isoformat() <= today.isoformat():
        early = FieldProblem("/checked_on", "应在签订之后、不晚于今天", "lies after the signing and not after today")
        raise InvalidInput("自查日期有误。", "The day of the check is not valid.", errors=[early])
    if result != "on_track" and not note:
        missing = FieldProblem("/note", "进度滞后须说明原因和措施", "why it is behind, and what is done about it")
        raise InvalidInput("自查说明必填。", "A note is needed.", errors=[missing])
    return _changed(call, letter, {"checked_on": day, "check_result": result, "check_note": note}, day)


def letters_late(call: RecordCall, on: date) -> list[Any]:
    """Return the letters, of every unit, that are unsigned after their day or signed and unchecked, as rows."""
    return late_letters(call.session, on)


def missing_of(call: RecordCall, units: Units, plan: str) -> list[dict[str, Any]]:
    """Return the units in the caller's scope without a signed letter of a plan, from the top down."""
    _plan(call, plan)
    known = units.units()
    inside = units.units_in(call.principal.scope)
    held = [Held(each.unit, each.is_signed, each.sign_by) for each in letters_of(call.session, plan)]
    answering = [each for each in answering_units(known) if each.unit in inside]
    return [
        {
            "unit": each.unit,
            "name": known[each.unit].name,
            "issuer": each.issuer,
            "missing": why,
            "sign_by": None if sign_by is None else sign_by.isoformat(),
        }
        for each, why, sign_by in missing_letters(answering, held, call.clock.today())
    ]


def text_of(call: RecordCall, units: Units, letter: Record) -> LetterText:
    """Return what a letter says: the tasks as they were known when it was made, whatever became of them since."""
    plan = record_of_row(PLAN, _plan(call, letter["plan"]))
    moment = Moment(known_at=letter["tasks_known_at"])
    found = [
        task
        for key in tasks_ever_of(call.session, letter["plan"])
        if (task := find_as_of(call.session, call.ledger, TASK, key, moment)) is not None
        and task["unit"] == letter["unit"]
        and task["state"] == "open"
    ]
    ordered = sorted(found, key=lambda task: (_order(task["number"]), task["due_on"], task["id"]))
    return LetterText(
        id=letter["id"],
        year=letter["year"],
        issuer=_name(units, letter["issuer"]),
        unit=_name(units, letter["unit"]),
        plan=plan["title"],
        document=plan["document"] or "",
        issued_on=letter["issued_on"],
        sign_by=letter["sign_by"],
        tasks=tuple(_line(place, task) for place, task in enumerate(ordered, start=1)),
    )


def _line(place: int, task: Record) -> LetterTask:
    amount = f"{task['target']}{task['measure_word'] or ''}" if task["target"] else "–"
    return LetterTask(task["number"] or str(place), task["title"], amount, task["due_on"])


def _order(number: str | None) -> tuple[int, ...]:
    parts = (number or "").split(".")
    return tuple(int(part) if part.isdigit() else 0 for part in parts)


def _name(units: Units, key: str) -> str:
    found = units.unit(key)
    return key if found is None else found.name


def _plan(call: RecordCall, plan: str) -> Any:
    row = find_row(call.session, PLAN, plan)
    if row is None:
        raise not_found(PLAN, plan)
    return row


def _changed(call: RecordCall, letter: Record, changes: dict[str, Any], on: date) -> Record:
    call.write([Write(LETTER, letter["id"], "change", on, changes)])
    return record_of_row(LETTER, find_row(call.session, LETTER, letter["id"]))


def _check(units: Units, call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    check_unit_known(units, before, after)
    check_unit_known(units, before, after, "issuer")
    if str(after["sign_by"]) < call.clock.today().isoformat() and before is None:
        late = FieldProblem("/sign_by", "签订期限已过", "lies before today")
        raise InvalidInput("签订期限有误。", "The day to sign by is not valid.", errors=[late])
