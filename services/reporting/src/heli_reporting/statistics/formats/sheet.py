"""A workbook for people: headings in their language, the total at the end, the passport on a second sheet."""

import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter

from heli_reporting.history.domain import SOURCES_ZH
from heli_reporting.statistics.domain import Language
from heli_reporting.statistics.formats.flat import Flat

_WORDS = {"zh": ("统计", "说明", "合计"), "en": ("Figures", "Notes", "Total")}
_NOTES = {
    "zh": {"on": "统计截至", "known_at": "依据的台账序号", "computed_at": "计算时间", "stale": "数据是否过时",
           "digest": "数字指纹", "permalink": "固定链接", **SOURCES_ZH},
    "en": {"on": "Counted on", "known_at": "As known at entry", "computed_at": "Computed at", "stale": "Out of date",
           "digest": "Digest", "permalink": "Permalink"},
}  # fmt: skip
_STALE = {
    "zh": ("否", "是，上次读取之后的变化不在内"),
    "en": ("no", "yes: what changed since the last reading is missing"),
}
_WIDTH = 18
_SEALED = ("digest", "permalink")
"""What only an answer that is kept has; a list of rows is not."""


def xlsx_of(flat: Flat, language: Language) -> bytes:
    """Return the workbook; texts are written as texts, so none of them can run as a formula."""
    figures, notes, total = _WORDS[language]
    sink = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sink, options) as book:
        sheet, head = book.add_worksheet(figures), book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        formats = {
            Decimal: book.add_format({"num_format": "0.00%"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        sheet.set_column(0, len(flat.columns) - 1, _WIDTH)
        sheet.freeze_panes(1, 0)
        for column, each in enumerate(flat.columns):
            sheet.write_string(0, column, each.title, head)
        for row, line in enumerate(flat.with_total(total), 1):
            for column, each in enumerate(flat.columns):
                _put(sheet, (row, column), line.get(each.name), formats)
        _note(book.add_worksheet(notes), flat, head, language)
    return sink.getvalue()


def _put(sheet: Any, place: tuple[int, int], value: Any, formats: Mapping[type, Any]) -> None:
    match value:
        case None:
            return
        case Decimal():
            sheet.write_number(*place, float(value), formats[Decimal])
        case int():
            sheet.write_number(*place, value)
        case date():
            sheet.write_datetime(*place, datetime.combine(value, time()), formats[date])
        case _:
            sheet.write_string(*place, value)


def _note(sheet: Any, flat: Flat, head: Any, language: Language) -> None:
    passport, words = flat.passport, _NOTES[language]
    told = [
        (words["on"], passport["on"]),
        (words["known_at"], ", ".join(f"{words.get(name, name)} {seq}" for name, seq in passport["known_at"].items())),
        (words["computed_at"], passport["computed_at"]),
        (words["stale"], _STALE[language][passport["stale"]]),
        *((words[name], passport[name]) for name in _SEALED if name in passport),
        *((name, text) for name, part in flat.told.items() for text in _texts(part)),
    ]
    told += [
        (f"{each['name']} ({each['version']})", f"{each['definition']}。{each['basis']}")
        for each in passport["definitions"]
    ]
    told += [(each["unit_name"], f"{each['period']}: {each['text']}") for each in passport.get("explanations", ())]
    sheet.set_column(0, 0, _WIDTH * 2)
    sheet.set_column(1, 1, _WIDTH * 5)
    for row, (name, text) in enumerate(told):
        sheet.write_string(row, 0, name, head)
        sheet.write_string(row, 1, text)


def _texts(part: Any) -> Iterator[str]:
    """Yield what was told as lines of text: one for each item of a list."""
    match part:
        case list():
            for each in part:
                yield from _texts(each)
        case dict():
            yield "; ".join(f"{name}: {value}" for name, value in part.items())
        case _:
            yield str(part)
