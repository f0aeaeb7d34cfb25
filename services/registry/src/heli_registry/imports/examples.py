"""The example row of each kind's template: what it shows, and what an import knows it by."""

from functools import cache
from typing import Any

from heli_registry.imports.kinds import KINDS, ImportField, ImportKind, choice_words
from heli_registry.imports.targets import RESOURCES, find_record_field

_USCC = "91990121MA0000001R"
_BY_TYPE = {
    "uscc": _USCC, "capital": "500万元", "industry": "C3499", "division": "990121101000", "zone": "城东工业园",
    "unit": "城关镇党委", "enterprise": _USCC, "organization": "合力县示例机械有限公司党支部",
    "superior": "城关镇党委", "division_code": "990121101000",
}  # fmt: skip
_LEFT_EMPTY = frozenset({"id", "duplicate_of", "province", "region", "effective_on", "parent"})


@cache
def _cells(plural: str) -> dict[str, str]:
    return {each.name: text for each in KINDS[plural].fields if (text := _cell(plural, each))}


def example_cells(kind: ImportKind) -> dict[str, str]:
    """Return field → text of the example row; fields that a clerk rarely fills are not in it."""
    return _cells(kind.plural)


def _cell(plural: str, each: ImportField) -> str:
    if each.name in _LEFT_EMPTY:
        return ""
    declared = find_record_field(plural, each.name)
    example: Any = declared.example if declared is not None else None
    if each.name == RESOURCES[plural].kind.key:
        example = RESOURCES[plural].kind.key_example or None
    if each.choices is not None and (example is not None or each.needed_for_new):
        words = choice_words()[each.choices]
        code = example if isinstance(example, str) else next(iter(words))
        return words[code][0]
    if example is None:
        return _BY_TYPE.get(each.type, "")
    return ("是" if example else "否") if isinstance(example, bool) else str(example)
