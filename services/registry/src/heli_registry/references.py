"""References: a field that names another record must name one that exists, said field by field."""

from collections.abc import Mapping
from typing import Any

from heli_registry.database import METADATA
from heli_registry.pending import pending_links
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import RecordKind, kinds_of
from heli_shared.records.reading import find_row

Values = Mapping[str, Any]


def check_references(call: RecordCall, kind: RecordKind, *, before: Values | None, after: Values) -> None:
    """Refuse a record whose new or changed references point nowhere: every field that declares what it references."""
    missing, kinds = [], kinds_of(METADATA)
    for each in kind.fields:
        target = kinds.get(each.references or "")
        value = after.get(each.name)
        is_new = before is None or before.get(each.name) != value
        if target is not None and value is not None and is_new and not _exists(call, target, value):
            missing.append(_missing(each.name, target))
    if missing:
        raise InvalidInput(
            "引用的记录不存在，请按 errors 核对。", "A referenced record does not exist; see `errors`.", errors=missing
        )


def _exists(call: RecordCall, kind: RecordKind, key: str) -> bool:
    return key in pending_links(call, kind.entity) or find_row(call.session, kind, key) is not None


def _missing(field: str, kind: RecordKind) -> FieldProblem:
    noun = kind.entity.replace("_", " ")
    return FieldProblem(f"/{field}", f"没有这个{kind.zh}，请先登记", f"there is no such {noun}; create it first")
