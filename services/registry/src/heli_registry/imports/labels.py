"""How fields and values are called in workbooks and previews: words that an import reads back as they are."""

from collections.abc import Mapping
from functools import cache

from heli_registry.imports.kinds import KINDS, choice_words, column_names
from heli_registry.imports.targets import RESOURCES
from heli_shared.records.sheets import SheetWords

_OF_EVERY_RECORD = {"state": "记录状态", "closed_on": "关闭日期", "closed_reason": "关闭原因", "version": "版本"}
_GOES_IN_AGAIN = (
    ("再导入", "本表可以原样导入：只更新有改动的单元格；留空不改动，填“清空”则清除。"),
    ("不导入的列", "记录状态、关闭日期、关闭原因、版本。"),
)
_STATES = {"open": "在册", "closed": "已关闭"}


@cache
def field_labels(plural: str) -> Mapping[str, str]:
    """Return field → header of a kind's lists: the first name its column goes by, with the unit of money."""
    labels = {each.name: each.zh for each in RESOURCES[plural].kind.all_fields} | _OF_EVERY_RECORD
    if plural in KINDS:
        names = column_names()[plural]
        for each in KINDS[plural].fields:
            labels[each.name] = names[each.name][0] + ("（元）" if each.type == "yuan" else "")
    labels.setdefault(RESOURCES[plural].kind.key, "编号")
    return labels


@cache
def value_words(plural: str) -> Mapping[str, Mapping[str, str]]:
    """Return field → code → the word a clerk writes for it."""
    words: dict[str, Mapping[str, str]] = {"state": _STATES}
    if plural in KINDS:
        for each in KINDS[plural].fields:
            if each.choices is not None:
                words[each.name] = {code: several[0] for code, several in choice_words()[each.choices].items()}
    return words


def sheet_words(plural: str) -> SheetWords:
    """Return how spreadsheets name the fields and codes of a kind, so that lists that are exported go in again."""
    if plural not in RESOURCES:
        return SheetWords()
    notes = _GOES_IN_AGAIN if plural in KINDS else ()
    return SheetWords(field_labels(plural), value_words(plural), notes)
