"""What pydantic found wrong, said to a person in two languages, without echoing what was sent."""

import re
from typing import Any

from heli_shared.kernel.errors import FieldProblem

_SENTENCES = {
    "missing": ("缺少必填内容", "is required"),
    "extra_forbidden": ("没有这个字段，请检查拼写", "is not a field here; check its spelling"),
    "string_type": ("应为文字", "must be text"),
    "string_too_short": ("不能为空", "must not be empty"),
    "string_too_long": ("超过最大长度 {max_length}", "is longer than {max_length} characters"),
    "string_pattern_mismatch": ("格式不符合要求", "does not have the required form"),
    "int_type": ("应为整数", "must be an integer"),
    "int_parsing": ("应为整数", "must be an integer"),
    "int_from_float": ("应为整数", "must be an integer"),
    "bool_type": ("应为 true 或 false", "must be true or false"),
    "bool_parsing": ("应为 true 或 false", "must be true or false"),
    "list_type": ("应为列表", "must be a list"),
    "dict_type": ("应为对象", "must be an object"),
    "model_attributes_type": ("应为对象", "must be an object"),
    "model_type": ("应为对象", "must be an object"),
    "greater_than_equal": ("应不小于 {ge}", "must be at least {ge}"),
    "less_than_equal": ("应不大于 {le}", "must be at most {le}"),
    "literal_error": ("应为以下之一：{expected}", "must be one of {expected}"),
    "date_form": ("应为日期，格式为 2026-06-30", "must be a date such as 2026-06-30"),
    "date_none": ("日历上没有这一天", "is not a day of the calendar"),
    "date_early": ("应不早于 {first}", "must not lie before {first}"),
    "decimal_form": ('应为小数文本，例如 "12.50"', 'must be a decimal as text, such as "12.50"'),
    "json_invalid": ("不是有效的 JSON", "is not valid JSON"),
    "too_long": ("最多 {max_length} 项", "has more than {max_length} items"),
    "none_required": ("不能为空", "must not be null"),
}
_CHOICE = re.compile(r"'([^']*)'")
_FALLBACK = ("内容不符合要求", "is not valid")


def field_problem(error: Any) -> FieldProblem:
    """Return one of pydantic's errors as a field problem; the value that was sent is never repeated."""
    kind, location = str(error["type"]), tuple(error["loc"])
    context = {name: value for name, value in (error.get("ctx") or {}).items() if name != "error"}
    zh, en = _SENTENCES.get(kind, _FALLBACK)
    told = context | {"expected": _listed(context.get("expected", ""))}
    return FieldProblem(_pointer(location), zh.format_map(_Given(told)), en.format_map(_Given(context)))


def _listed(expected: str) -> str:
    """Return pydantic's English list of choices as a Chinese one."""
    return "、".join(_CHOICE.findall(expected)) or expected


class _Given(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def _pointer(location: tuple[Any, ...]) -> str:
    if location[:1] == ("body",):
        return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in location[1:])
    return " ".join(("parameter", *(str(part) for part in location[1:])))
