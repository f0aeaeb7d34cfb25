"""People as the registry serves them: sealed on the way in, masked on the way out, every unmasked read noted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import either
from heli_registry.people import repository
from heli_registry.people.cipher import PersonalCipher
from heli_registry.people.domain import masked_name, masked_phone, normal_phone
from heli_registry.people.models import PERSON
from heli_registry.references import check_references
from heli_registry.units.models import UNIT
from heli_registry.units.service import visible_units
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import Conflict, FieldProblem, Forbidden, InvalidInput
from heli_shared.kernel.ids import new_id
from heli_shared.kernel.pages import Page, decode_cursor, encode_cursor
from heli_shared.kernel.text import trimmed
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import among, equality_filters
from heli_shared.records.reading import Condition, Record, find_row, record_of_row
from heli_shared.records.service import Resource, get_record
from heli_shared.records.writing import Write

ERASED = "个人信息已删除 personal values erased"
_MASKS: Mapping[str, Callable[[str], str]] = {"name": masked_name, "phone": masked_phone}


@dataclass(frozen=True, slots=True)
class Unmasked:
    """A person's values as they are; None where nothing was given or all was erased."""

    person: str
    name: str | None
    phone: str | None


def _own_units(session: Session, scope: Scope) -> Condition:
    chosen = sa.select(UNIT.table.c.id).where(*(each.clause for each in visible_units(session, scope)))
    return among(PERSON, "unit", chosen, session)


def visible_people(session: Session, scope: Scope) -> list[Condition]:
    """Show the people of the scope's units, and those of other units who are assigned to work in the scope."""
    if scope.everything:
        return []
    assigned = among(PERSON, "id", repository.assigned_in_scope(session, scope), session)
    return [either(_own_units(session, scope), assigned)]


def check_person(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse a unit that does not exist, a person of somebody else's unit, and bringing back an erased person."""
    check_references(call, PERSON, before=before, after=after)
    for record in (before, after):
        if record is not None:
            _check_own(call, record)
    if before is not None and _is_erased(call.session, before["id"]):
        raise Conflict(
            "该人员的个人信息已删除，不能再修改或恢复；如需要请重新登记。",
            "This person's values were erased; it cannot be changed or opened again. Register the person anew.",
        )


def check_closing_person(
    call: RecordCall, before: Mapping[str, Any] | None, _after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse to close a person of somebody else's unit."""
    if before is not None:
        _check_own(call, before)


def _check_own(call: RecordCall, record: Mapping[str, Any]) -> None:
    scope = call.principal.scope
    if not scope.everything and not _own_units(call.session, scope).matches(record):
        raise Forbidden(
            "只能由该人员所在机构或其上级修改。", "Only the person's own unit, or one above it, may change this."
        )


def _is_erased(session: Session, key: str) -> bool:
    values = repository.sealed_values(session, [key]).get(key)
    return values is not None and values.erased_at is not None


def people_resource(cipher: PersonalCipher) -> Resource:
    """Return people as they are served with this cipher."""

    def private(call: RecordCall, key: str, values: dict[str, Any]) -> dict[str, Any]:
        del call
        return _sealed(cipher, key, values)

    def shown(call: RecordCall, records: list[Record]) -> list[Record]:
        return _masked(call.session, cipher, records)

    return Resource(
        PERSON,
        visible_people,
        check=check_person,
        check_closing=check_closing_person,
        private=private,
        shown=shown,
        filters=equality_filters(PERSON),
    )


def _sealed(cipher: PersonalCipher, key: str, values: dict[str, Any]) -> dict[str, Any]:
    """Take name and phone out of a body and return the columns that hold them sealed."""
    columns: dict[str, Any] = {}
    if "name" in values:
        name = trimmed(values.pop("name") or "")
        if not name:
            found = FieldProblem("/name", "不能为空", "must not be empty")
            raise InvalidInput("请填写姓名。", "Give a name.", errors=[found])
        columns["sealed_name"] = cipher.seal(name, person=key, field="name")
    if "phone" in values:
        given = values.pop("phone")
        phone = normal_phone(given) if given is not None else None
        columns["sealed_phone"] = cipher.seal(phone, person=key, field="phone") if phone else None
        columns["phone_index"] = cipher.phone_index(phone) if phone else None
    return columns


def _opened(cipher: PersonalCipher, row: Any) -> dict[str, str | None]:
    sealed = {"name": row.sealed_name, "phone": row.sealed_phone}
    return {
        field: None if text is None else cipher.open(text, person=row.id, field=field) for field, text in sealed.items()
    }


def _masked(session: Session, cipher: PersonalCipher, records: list[Record]) -> list[Record]:
    rows = repository.sealed_values(session, [record["id"] for record in records])
    return [{**record, **_masked_values(cipher, rows[record["id"]])} for record in records]


def _masked_values(cipher: PersonalCipher, row: Any) -> dict[str, Any]:
    opened = _opened(cipher, row)
    masked = {field: None if value is None else _MASKS[field](value) for field, value in opened.items()}
    return {**masked, "erased": row.erased_at is not None}


def search_by_phone(call: RecordCall, people: Resource, cipher: PersonalCipher, phone: str) -> list[Record]:
    """Return the people with exactly this number that the caller may see, masked."""
    keys = repository.keys_by_phone_index(call.session, cipher.phone_index(normal_phone(phone)))
    conditions = people.visible(call.session, call.principal.scope)
    records = [record_of_row(PERSON, find_row(call.session, PERSON, key)) for key in keys]
    seen = [record for record in records if all(condition.matches(record) for condition in conditions)]
    return _masked(call.session, cipher, seen)


def read_unmasked(call: RecordCall, people: Resource, cipher: PersonalCipher, *, key: str, purpose: str) -> Unmasked:
    """Return a person's name and phone as they are, and note who read them to what purpose."""
    get_record(call, people, key)
    opened = _opened(cipher, repository.sealed_values(call.session, [key])[key])
    repository.add_unmasked_read(
        call.session,
        new_id("rd"),
        person=key,
        principal=call.principal.id,
        unit=call.principal.unit,
        purpose=purpose,
        read_at=call.clock.now(),
    )
    return Unmasked(key, opened["name"], opened["phone"])


def list_unmasked_reads(
    call: RecordCall, people: Resource, key: str, *, cursor: str | None, limit: int
) -> Page[dict[str, Any]]:
    """Return who read a person's values unmasked, the oldest first."""
    get_record(call, people, key)
    after = decode_cursor(cursor, str)[0] if cursor else None
    rows, total = repository.unmasked_reads(call.session, key, after=after, limit=limit)
    items = [
        {
            "id": row.id,
            "person": row.person,
            "principal": row.principal,
            "unit": row.unit,
            "purpose": row.purpose,
            "read_at": row.read_at.isoformat().replace("+00:00", "Z"),
        }
        for row in rows[:limit]
    ]
    return Page(items, encode_cursor(items[-1]["id"]) if len(rows) > limit else None, total)


def erase_person(call: RecordCall, people: Resource, record: Record) -> Record:
    """Forget a person's values for good and close the record; what the ledger says of it stays as it is."""
    _check_own(call, record)
    if _is_erased(call.session, record["id"]):
        return people.shown(call, [record])[0]
    today = call.effective_day(None)
    is_open = record["state"] == "open"
    changes = {"state": "closed", "closed_on": today, "closed_reason": ERASED} if is_open else {}
    nothing = {"sealed_name": None, "sealed_phone": None, "phone_index": None, "erased_at": call.clock.now()}
    call.write([Write(PERSON, record["id"], "erase", today, changes, nothing)])
    erased = record_of_row(PERSON, find_row(call.session, PERSON, record["id"]))
    return people.shown(call, [erased])[0]
