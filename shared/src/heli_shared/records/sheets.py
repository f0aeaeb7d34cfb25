"""A list as an XLSX workbook: headers and words as people write them, codes as text, and never a formula."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heli_shared.kernel.errors import InvalidInput
from heli_shared.records.kinds import Field, RecordKind

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXACT_DIGITS = 15
_LONGEST_CELL = 32_767


@dataclass(frozen=True, slots=True)
class SheetWords:
    """How a service's spreadsheets name fields (`labels`) and codes (`words`, by field); their own names otherwise.

    `notes` are lines to add to the sheet 说明.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()


def write_workbook(
    path: Path,
    kind: RecordKind,
    records: Iterable[Mapping[str, Any]],
    *,
    words: SheetWords,
    notes: Sequence[tuple[str, str]],
) -> int:
    """Write records (JSON values) row by row, then a sheet 说明 with the notes, and return how many rows those were.

    InvalidInput when there are more than a sheet holds. Memory does not grow with the rows.
    """
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(kind.zh[:31])
        count = _Sheet(book, sheet, kind, words).write(records)
        _write_notes(book, [*notes, ("行数", str(count))])
    return count


class _Sheet:
    """One list being written."""

    def __init__(self, book: "Workbook", sheet: "Worksheet", kind: RecordKind, words: SheetWords) -> None:
        self._sheet = sheet
        self._words = words.words
        self._head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        self._text = book.add_format({"num_format": "@"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        key = Field(kind.key, "text", words.labels.get(kind.key, kind.key))
        self._fields = (key, *kind.all_fields, Field("version", "integer", "版本"))
        self._labels = [words.labels.get(each.name, each.zh) for each in self._fields]

    def write(self, records: Iterable[Mapping[str, Any]]) -> int:
        """Write the header and all records."""
        sheet = self._sheet
        for column, (each, label) in enumerate(zip(self._fields, self._labels, strict=True)):
            shape = self._day if each.type == "date" else self._text if each.type in ("text", "texts") else None
            sheet.set_column(column, column, 22 if column < 2 else max(11, min(2 * len(label) + 2, 30)), shape)  # noqa: PLR2004 - key and name
            sheet.write_string(0, column, label, self._head)
        sheet.freeze_panes(1, 2)
        count = 0
        for count, record in enumerate(records, start=1):
            if count > MOST_ROWS:
                raise InvalidInput(
                    f"超过{MOST_ROWS}行，一张工作表装不下；请加筛选条件，或改用 CSV、Parquet。",
                    f"More than {MOST_ROWS} rows do not fit into a sheet: filter them, or take CSV or Parquet.",
                )
            for column, each in enumerate(self._fields):
                value = record[each.name]
                if value is not None:
                    self._put(count, column, each, value)
        sheet.autofilter(0, 0, count, len(self._fields) - 1)
        return count

    def _put(self, line: int, column: int, each: Field, value: Any) -> None:
        sheet = self._sheet
        match each.type:
            case "integer":
                sheet.write_number(line, column, value)
            case "decimal" if len(value.replace(".", "").lstrip("-0")) <= _EXACT_DIGITS:
                sheet.write_number(line, column, float(value))
            case "boolean":
                sheet.write_string(line, column, "是" if value else "否", self._text)
            case "date" if value >= "1900":
                sheet.write_datetime(line, column, date.fromisoformat(value), self._day)
            case "texts":
                words = [self._words.get(each.name, {}).get(part, part) for part in value]
                sheet.write_string(line, column, "、".join(words)[:_LONGEST_CELL], self._text)
            case _:
                word = self._words.get(each.name, {}).get(value, value)
                sheet.write_string(line, column, str(word)[:_LONGEST_CELL], self._text)


def _write_notes(book: "Workbook", notes: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet("说明")
    head: Format = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "valign": "top"})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 90)
    for line, (name, told) in enumerate(notes):
        sheet.write_string(line, 0, name, head)
        sheet.write_string(line, 1, told, text)
