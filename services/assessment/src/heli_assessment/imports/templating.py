"""Templates of lists: the workbook a clerk fills in, with the units that the caller sees in a drop-down."""

import tempfile
from collections import Counter
from pathlib import Path

from heli_assessment.access import Units
from heli_assessment.imports.domain import ListColumn, ListKind
from heli_shared.lists.templates import TemplateColumn, write_columns
from heli_shared.records.calls import RecordCall

_MOST = 5_000
_TYPES = {
    "decimal": "数字，最多四位小数", "integer": "整数", "date": "日期，如 2026-06-30", "choice": "单选",
    "unit": "机构名称、简称或编号", "texts": "文字，多项用顿号隔开", "text": "文字",
}  # fmt: skip


def template_workbook(call: RecordCall, kind: ListKind, units: Units) -> tuple[Path, str]:
    """Return the template as a temporary file, for the caller to delete, and the name it is to bear."""
    names = _names(call, units)
    with tempfile.NamedTemporaryFile(prefix="heli-template-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    write_columns(path, kind.zh, [_column(each, names) for each in kind.columns])
    return path, f"{kind.zh}导入模板.xlsx"


def _column(column: ListColumn, units: list[str]) -> TemplateColumn:
    words = [options[0] for options in column.choices.values()]
    needed = "必填" if column.is_needed else "选填；留空不改动已有内容，填“清空”则清除"
    told = [column.note, _TYPES[column.type], needed, "可填：" + "、".join(words) if words else ""]
    is_date, is_number = column.type == "date", column.type in ("decimal", "integer")
    return TemplateColumn(
        name=column.field,
        label=column.labels[0],
        note="\n".join(part for part in told if part),
        is_needed=column.is_needed,
        example=column.example,
        shape="date" if is_date else "number" if is_number else "text",
        checked="date" if is_date else "integer" if column.type == "integer" else None,
        options=units if column.type == "unit" else words,
    )


def _names(call: RecordCall, units: Units) -> list[str]:
    """Return the names of the open units that the caller sees, with the id where a name is not the only one."""
    inside = units.units_in(call.principal.scope)
    found = [unit for key, unit in sorted(units.units().items()) if unit.is_open and key in inside][:_MOST]
    count = Counter(unit.name for unit in found)
    return [unit.name if count[unit.name] == 1 else unit.id for unit in found]
