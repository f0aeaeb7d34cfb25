"""What a column counts, in words: its measure's definition, and what the column makes of it."""

from collections.abc import Iterator

from heli_reporting.forms.domain import Column, Form
from heli_reporting.statistics.domain import Language
from heli_shared.statistics.dimensions import get_dimension, is_unknown

_PARTS = {
    "numerator": ("只取分子", "the numerator alone"),
    "denominator": ("只取分母", "the denominator alone"),
    "gap": ("分母减分子，即应计而未计入的", "denominator − numerator: those that lack it"),
}


def meaning(form: Form, column: Column, language: Language) -> str:
    """Return what a column of a form counts: 定义；only whom, which part, what is added up."""
    english = language == "en"
    measure = column.measure
    told = [measure.definition_en if english else measure.definition_zh]
    told += [each[english] for each in _told(form, column)]
    return ("; " if english else "；").join(told)


def _told(form: Form, column: Column) -> Iterator[tuple[str, str]]:
    """Yield in Chinese and English what the column does to its measure."""
    for name, values in column.filters.items():
        # The lines themselves say where they are; a form narrowed to its lines does not repeat all of them.
        if name != get_dimension(form.by).id:
            yield _narrowed(name, values)
    if not column.is_counted:
        yield _added(form, column)
    elif column.part in _PARTS:
        yield _PARTS[column.part]


def _narrowed(name: str, values: tuple[str, ...]) -> tuple[str, str]:
    dimension = get_dimension(name)
    labels = {code: (zh, en) for code, zh, en in dimension.labels}
    found = [dimension.without if is_unknown(each) else labels.get(each, (each, each)) for each in values]
    zh, en = "、".join(each[0] for each in found), ", ".join(each[1] for each in found)
    return f"只计{dimension.zh}为{zh}的", f"only those whose {dimension.en.lower()} is {en}"


def _added(form: Form, column: Column) -> tuple[str, str]:
    zh, en = form.names()[column.id], form.names(english=True)[column.id]
    if column.fund is not None:
        return f"当年到账经费“{zh}”之和，单位元", f"the year's money, {en}, added up in yuan"
    if column.flow is not None:
        return f"当年上报的“{zh}”之和", f"{en} of the year, added up"
    return f"所计各行的“{zh}”之和（字段 {column.sum}）", f"{en} of these rows added up (field {column.sum})"
