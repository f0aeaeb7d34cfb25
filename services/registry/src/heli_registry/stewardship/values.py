"""Values as a field holds them: what a claim may say, and how it is said to people."""

from datetime import date
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from heli_registry.stewardship.models import CLAIMABLE
from heli_shared.kernel.errors import FieldProblem
from heli_shared.ledger.entries import json_value
from heli_shared.records.models import input_type

_NOT_AHEAD = frozenset({"registered_on", "refreshed_on"})
_WANTED = {
    "text": ("应为文字", "must be text"),
    "integer": ("应为整数", "must be a whole number"),
    "decimal": ('应为文字形式的数，如 "21000000.00"', 'must be a decimal as text such as "21000000.00"'),
    "boolean": ("应为 true 或 false", "must be true or false"),
    "date": ("应为日期，如 2026-06-30", "must be a day such as 2026-06-30"),
    "texts": ("应为文字的列表", "must be a list of texts"),
}


@cache
def _adapter(field: str) -> TypeAdapter[Any]:
    return TypeAdapter(input_type(CLAIMABLE[field]))


def checked_value(field: str, value: Any, today: date) -> tuple[Any, FieldProblem | None]:
    """Return a value as the ledger keeps it, or why the field cannot hold it; null says nothing."""
    if value is None:
        return None, None
    declared = CLAIMABLE[field]
    try:
        found = _adapter(field).validate_python(value)
    except ValidationError:
        zh, en = _WANTED[declared.type]
        if declared.choices:
            zh, en = f"可填：{'、'.join(declared.choices)}", f"must be one of {', '.join(declared.choices)}"
        elif declared.type == "integer":
            zh, en = (f"{zh}，{declared.minimum} 至 {declared.maximum}",
                      f"{en} from {declared.minimum} to {declared.maximum}")  # fmt: skip
        return None, FieldProblem("/value", f"{declared.zh}{zh}", f"{field} {en}")
    if field in _NOT_AHEAD and found > today:
        return None, FieldProblem("/value", "日期晚于今天", "lies after today")
    return json_value(found), None


def label_of(field: str) -> str:
    """Return what a field is called in Chinese."""
    return CLAIMABLE[field].zh
