"""What the steps of a period look at before they write: the record under lock, the day, the named person."""

from datetime import date

from heli_registry.people.models import PERSON
from heli_shared.kernel.errors import Conflict, FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Record, find_row, record_of_row
from heli_shared.records.service import not_found


def locked(call: RecordCall, kind: RecordKind, key: str) -> Record:
    """Return a record locked against other writers; NotFound when there is none."""
    row = find_row(call.session, kind, key, lock=True)
    if row is None:
        raise not_found(kind, key)
    return record_of_row(kind, row)


def wrong(pointer: str, zh: str, en: str) -> InvalidInput:
    """Return the refusal of one field."""
    return InvalidInput(f"{zh}。", f"{pointer[1:]}: {en}.", errors=[FieldProblem(pointer, zh, en)])


def check_person(call: RecordCall, person: str) -> None:
    """Refuse a named person who is not on record."""
    row = find_row(call.session, PERSON, person)
    if row is None or row.state != "open":
        raise wrong("/person", "没有这个人员，请先登记", "there is no such person; create it first")


def check_open(period: Record) -> None:
    """Refuse a step in a period that is closed."""
    if period["state"] == "closed":
        raise Conflict("报送期已关闭；如需改动请先重新开放。", "The period is closed; open it again first.")


def check_has_come(call: RecordCall, period: Record, zh: str, en: str) -> None:
    """Refuse what cannot be done before the day that is counted; `zh` and `en` say what."""
    if date.fromisoformat(period["counted_on"]) > call.clock.today():
        raise Conflict(
            f"统计日 {period['counted_on']} 尚未到来，{zh}。",
            f"The day that is counted, {period['counted_on']}, has not come yet: {en}.",
        )
