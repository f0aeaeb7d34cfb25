"""Base lists and what must still be asked as files for clerks: CSV and XLSX, the same bytes from the same survey."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from typing import Any, Literal

from heli_registry.base_list.clearing import label_of
from heli_registry.base_list.domain import Missing
from heli_registry.base_list.service import Seen, described, with_records
from heli_registry.base_list.surveying import Row
from heli_registry.imports.kinds import DAY, KINDS, ImportField, choice_words, column_names
from heli_shared.records.calls import RecordCall
from heli_shared.records.encoding import inert
from heli_shared.records.reading import Record

FileFormat = Literal["csv", "xlsx"]
MEDIA_TYPES: dict[FileFormat, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LIST = "enterprises"
_FUNNEL_HEADER = (
    "统一社会信用代码",
    "企业名称",
    "区划代码",
    "园区楼宇",
    "责任单位",
    "去向",
    "原因",
    "依据",
    "判定事实",
)
_ASKED_OF_ORGANIZATION = "党组织待补项（请在党组织名录中补填）"
_YES_NO = {True: "是", False: "否"}
_WIDTHS = {"uscc": 22, "name": 34, "address": 34}
_WIDTH = 14

Cell = str | int | None


def funnel_file(call: RecordCall, seen: Seen, rows: Sequence[Row], format_: FileFormat) -> bytes:
    """Return rows of the funnel with the reason and the facts that decided."""
    cells = ([*_funnel_cells(each)] for each in described(call, seen, rows))
    if format_ == "csv":
        return _csv(_FUNNEL_HEADER, cells)
    return _xlsx(seen, "底册筛查", _FUNNEL_HEADER, ((line, ()) for line in cells))


def _funnel_cells(row: dict[str, Any]) -> Iterator[Cell]:
    for name in ("enterprise", "name", "division", "zone", "responsible_unit"):
        yield row[name]
    facts = "；".join(f"{name}={_fact(value)}" for name, value in row["facts"].items())
    yield from (row["step"], row["zh"], row["basis"], facts)


def _fact(value: Any) -> str:
    if isinstance(value, bool):
        return _YES_NO[value]
    return "不明" if value is None else str(value)


def gap_file(call: RecordCall, seen: Seen, rows: Sequence[Row], format_: FileFormat) -> bytes:
    """Return what must still be asked as a list that is imported again once it is filled in.

    Its columns are those of the list of enterprises; what is known stands there, what is asked for is empty and, in a
    workbook, coloured. The day of effect is the cut-off day, so that the answers hold for the census.
    """
    fields = _asked_fields(seen)
    header = [_header(each) for each in fields] + [_ASKED_OF_ORGANIZATION]
    lines = (_gap_line(seen, row, record, fields) for row, record in with_records(call, seen, rows))
    if format_ == "csv":
        return _csv(header, (cells for cells, _ in lines))
    widths = [_WIDTHS.get(each.name, _WIDTH) for each in fields]
    return _xlsx(seen, "待补信息", header, lines, widths)


def _asked_fields(seen: Seen) -> list[ImportField]:
    asked = [name for item in seen.survey.items for name in (*item.fields, *item.due)]
    names = dict.fromkeys(["uscc", "name", *asked, "refreshed_on", DAY])
    return [KINDS[_LIST].field(name) for name in names]


def _header(each: ImportField) -> str:
    label = column_names()[_LIST][each.name][0]
    return f"{label}（元）" if each.type == "yuan" else label


def _gap_line(seen: Seen, row: Row, record: Record, fields: Sequence[ImportField]) -> tuple[list[Cell], Sequence[int]]:
    missing = row.clarity.missing if row.clarity else ()
    asked = {each.field for each in missing if each.record_kind == "enterprise"}
    known = {**record, DAY: seen.survey.day.isoformat()}
    cells = [None if each.name in asked else _shown(each, known.get(each.name)) for each in fields]
    coloured = [place for place, each in enumerate(fields) if each.name in asked]
    return [*cells, _of_organization(missing)], coloured


def _of_organization(missing: Iterable[Missing]) -> str | None:
    return "、".join(label_of(each) for each in missing if each.record_kind == "party_organization") or None


def _shown(each: ImportField, value: Any) -> Cell:
    """Return a value as the import reads it."""
    if isinstance(value, bool):
        return _YES_NO[value]
    if each.type == "choice" and each.choices and value is not None:
        return choice_words()[each.choices][value][0]
    return value if isinstance(value, int) or value is None else str(value)


def _csv(header: Sequence[str], lines: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")  # spreadsheets take a file without it for another encoding
    writer.writerow(header)
    for line in lines:
        writer.writerow([inert(cell) for cell in line])
    return text.getvalue().encode()


def _xlsx(
    seen: Seen,
    title: str,
    header: Sequence[str],
    lines: Iterable[tuple[Sequence[Cell], Sequence[int]]],
    widths: Sequence[int] = (),
) -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False}) as book:
        # The day of the census, not of the download: the same survey gives the same bytes.
        book.set_properties({"title": title, "created": datetime.combine(seen.survey.day, time())})
        bold, asked, text = book.add_format({"bold": True}), book.add_format({"bg_color": "#FFF2CC"}), "@"
        plain = book.add_format({"num_format": text})
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 2)
        for place, label in enumerate(header):
            sheet.set_column(place, place, widths[place] if place < len(widths) else _WIDTH)
            sheet.write_string(0, place, label, bold)
        for number, (cells, coloured) in enumerate(lines, start=1):
            for place, cell in enumerate(cells):
                if place in coloured:
                    sheet.write_blank(number, place, None, asked)
                elif isinstance(cell, int):
                    sheet.write_number(number, place, cell)
                elif cell is not None:
                    sheet.write_string(number, place, cell, plain)
    return file.getvalue()
