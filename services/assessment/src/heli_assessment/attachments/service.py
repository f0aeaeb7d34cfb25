"""Attachments: taken in for a unit, handed out as they were, withdrawn with a reason."""

from datetime import date
from functools import partial
from typing import Any

from heli_assessment.access import Units, Values, Visibility, check_own_unit, check_unit_known
from heli_assessment.attachments import repository
from heli_assessment.attachments.domain import kept_name
from heli_assessment.attachments.models import ATTACHMENT
from heli_assessment.attachments.storage import Kept, Shelf
from heli_shared.kernel.errors import FieldProblem, Gone, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.kinds import Field
from heli_shared.records.reading import Record, record_of_row
from heli_shared.records.service import Resource, close_record, create_record, get_record

NAME = Field(
    "name", "text", "文件名", "as it is handed out; no part of the ledger, it may name a person", max_length=200
)


def attachments_resource(units: Units) -> Resource:
    """Return attachments, seen and sent within the units that somebody may see and write for."""
    return Resource(
        ATTACHMENT,
        Visibility(ATTACHMENT, units),
        check=partial(_check, units),
        check_closing=_check_closing,
        shown=_with_names,
        private=_private,
        filters=equality_filters(ATTACHMENT),
        derived=(NAME,),
    )


def take_attachment(
    call: RecordCall, attachments: Resource, kept: Kept, *, unit: str | None, name: str | None
) -> tuple[Record, bool]:
    """Return the attachment of a content that is kept, and whether it is new: a unit has one content once."""
    owner = unit or call.principal.unit
    if owner is None:
        missing = FieldProblem("parameter unit", "请指明单位", "names the unit it belongs to")
        raise InvalidInput("附件须归入一个单位。", "An attachment belongs to a unit.", errors=[missing])
    twin = repository.open_twin(call.session, owner, kept.digest)
    if twin is not None:
        return get_record(call, attachments, record_of_row(ATTACHMENT, twin)["id"]), False
    body = {
        "unit": owner, "digest": kept.digest, "media_type": kept.media_type, "bytes": kept.size,
        "name": kept_name(name, kept.media_type),
    }  # fmt: skip
    return create_record(call, attachments, body), True


def content_of(call: RecordCall, attachments: Resource, shelf: Shelf, key: str) -> tuple[Record, str]:
    """Return an attachment that may be handed out and its name; Gone when it was withdrawn or is damaged."""
    record = get_record(call, attachments, key)
    if record["state"] != "open":
        raise Gone("附件已撤回。", "The attachment was withdrawn.")
    if not shelf.is_sound(record["digest"]):
        raise Gone(
            "附件内容缺失或与登记的摘要不符，请联系管理员从备份恢复。",
            "The content is missing or no longer what was sent in; have it restored from a backup.",
        )
    name = repository.names_of(call.session, [key])[key]
    return record, name or kept_name(None, record["media_type"])


def withdraw(call: RecordCall, attachments: Resource, record: Record, *, reason: str) -> tuple[Record, bool]:
    """Close an attachment; and say whether nobody holds its content any more, so that it is to be deleted."""
    closed = close_record(call, attachments, record, reason=reason, effective_on=None)
    return closed, not repository.is_held(call.session, record["digest"])


def _check(units: Units, call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    check_own_unit(call, before, after)
    check_unit_known(units, before, after)


def _check_closing(call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    check_own_unit(call, before, after)


def _private(_call: RecordCall, _key: str, values: dict[str, Any]) -> dict[str, Any]:
    return {"name": values.pop("name")}


def _with_names(call: RecordCall, records: list[Record]) -> list[Record]:
    names = repository.names_of(call.session, [each["id"] for each in records])
    return [{**each, "name": names.get(each["id"])} for each in records]
