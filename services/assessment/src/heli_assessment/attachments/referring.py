"""What records say of their attachments: each must be there, open, and the caller's to see."""

from heli_assessment.access import Units, Values, Visibility
from heli_assessment.attachments.models import ATTACHMENT
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import find_row, record_of_row


def check_attachments(
    units: Units, call: RecordCall, before: Values | None, after: Values, field: str = "attachments"
) -> None:
    """Refuse newly named attachments that are not there, are closed, or may not be seen by the caller."""
    known = set(_named(before, field))
    visible = Visibility(ATTACHMENT, units)(call.session, call.principal.scope)
    problems = []
    for place, key in enumerate(_named(after, field)):
        row = None if key in known else find_row(call.session, ATTACHMENT, key)
        if key in known:
            continue
        record = None if row is None else record_of_row(ATTACHMENT, row)
        if record is None or record["state"] != "open" or not all(each.matches(record) for each in visible):
            pointer = f"/{field}/{place}" if isinstance(after[field], list) else f"/{field}"
            problems.append(
                FieldProblem(pointer, "没有这个附件，请先上传", "there is no such attachment; upload it first")
            )
    if problems:
        raise InvalidInput("附件有误。", "The attachments are not valid.", errors=problems)


def _named(record: Values | None, field: str) -> list[str]:
    value = None if record is None else record[field]
    return value if isinstance(value, list) else [] if value is None else [value]
