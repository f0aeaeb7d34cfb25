"""The workbook a clerk fills in for a kind of list, as columns with their notes and what may be chosen."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from heli_registry.imports.examples import example_cells
from heli_registry.imports.kinds import DAY, ImportField, ImportKind
from heli_registry.imports.labels import field_labels, value_words
from heli_registry.imports.targets import find_record_field
from heli_shared.lists.templates import TemplateColumn, write_columns

_TYPES = {
    "integer": "整数", "boolean": "是 或 否", "date": "日期，如 2012-05-18", "future_date": "日期，可以在今天之后",
    "yuan": "金额，单位：元", "capital": "金额，请写明单位，如 500万元", "choice": "单选",
    "choices": "多选，用顿号隔开", "texts": "文字，多项用顿号隔开", "uscc": "18位统一社会信用代码，文本格式",
    "industry": "国民经济行业分类代码，如 C3499",
    "division": "区划名称或12位代码", "division_code": "12位区划代码，文本格式", "zone": "园区名称或编号",
    "unit": "机构名称或编号", "enterprise": "企业名称或统一社会信用代码", "organization": "党组织名称或编号",
    "superior": "上级党组织或机构的名称或编号", "person": "人员编号", "hint": "文字，只用来判断所在区划",
}  # fmt: skip
_DATES = frozenset({"date", "future_date"})
_NUMBERS = frozenset({"integer", "yuan"})


def write_template(path: Path, kind: ImportKind, names: Mapping[str, Sequence[str]]) -> None:
    """Write the template of a kind; `names` are field → what may be chosen among the records that the caller sees."""
    write_columns(path, kind.zh, [_column(kind, each, names) for each in kind.fields])


def _column(kind: ImportKind, each: ImportField, names: Mapping[str, Sequence[str]]) -> TemplateColumn:
    is_date = each.type in _DATES
    return TemplateColumn(
        name=each.name,
        label=field_labels(kind.plural)[each.name],
        note=_note(kind, each),
        is_needed=_is_needed(each),
        example=example_cells(kind).get(each.name, ""),
        shape="date" if is_date else "number" if each.type in _NUMBERS else "text",
        checked="date" if is_date else "integer" if each.type == "integer" else None,
        options=_options(kind, each, names),
    )


def _note(kind: ImportKind, each: ImportField) -> str:
    parts = [_meaning(kind, each), _TYPES.get(each.type, "文字")]
    parts.append("必填" if _is_needed(each) else "选填；留空不改动已有内容，填“清空”则清除")
    words = value_words(kind.plural).get(each.name)
    if words:
        parts.append("可填：" + "、".join(words.values()))
    return "\n".join(part for part in parts if part)


def _meaning(kind: ImportKind, each: ImportField) -> str:
    declared = find_record_field(kind.plural, each.name)
    if each.name == DAY:
        return "本行内容从哪一天起有效；不填则为导入当天（新增企业为注册日期）"
    return declared.zh if declared is not None else field_labels(kind.plural)[each.name]


def _options(kind: ImportKind, each: ImportField, names: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if each.type == "boolean":
        return ("是", "否")
    if each.type == "choice":
        return list(value_words(kind.plural)[each.name].values())
    return names.get(each.name, ())


def _is_needed(each: ImportField) -> bool:
    return each.required or each.needed_for_new
