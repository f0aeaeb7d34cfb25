"""Which column of a file is which field: header cells are folded and looked up among the names columns go by."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

from heli_registry.enterprises.credit_codes import cleaned_code, is_valid_code
from heli_registry.imports.kinds import ImportKind, column_names
from heli_shared.kernel.errors import InvalidInput
from heli_shared.lists.cells import text_of
from heli_shared.lists.headers import MARKS, REMARKS, ColumnMap, folded_header
from heli_shared.lists.values import parse_date

_UNIT = re.compile(r"[(\[【〔](?:单位[::]?)?([^)\]】〕]*元[^)\]】〕]*)[)\]】〕]")
_SAMPLE = 50
_MOSTLY = 0.6
_ENTERPRISE_NAME = re.compile(r"(公司|厂|店|社|部|中心|行|所|站|场|院|合伙[)）]?|企业|分公司|支行)$")


@cache
def _fields_by_header(plural: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, labels in column_names()[plural].items():
        for label in (name, *labels):
            found.setdefault(folded_header(label), name)
    return found


def recognised_columns(kind: ImportKind, header: Sequence[Any]) -> ColumnMap:
    """Return which cells of a header row name fields of the kind; the first column of a field counts."""
    known = _fields_by_header(kind.plural)
    places: dict[str, int] = {}
    labels: dict[str, str] = {}
    units: dict[str, str] = {}
    own: dict[str, int] = {}
    unknown: list[str] = []
    for place, cell in enumerate(header):
        label = " ".join(text_of(cell).split())
        if label in (REMARKS, MARKS):
            own.setdefault(label, place)
            continue
        name = known.get(folded_header(label))
        if name is None or name in places:
            if label:
                unknown.append(label[:100])
            continue
        places[name] = place
        labels[name] = label
        unit = _UNIT.search(unicodedata.normalize("NFKC", label))
        if unit:
            units[name] = unit[1]
        elif label.isascii():
            units[name] = "元"  # the API's own names carry the API's unit
    return ColumnMap(places, labels, units, tuple(unknown), len(header), remarks=own.get(REMARKS), marks=own.get(MARKS))


def has_key(kind: ImportKind, columns: ColumnMap) -> bool:
    """Say whether the columns that identify a record of the kind are there."""
    return any(all(name in columns.places for name in group) for group in kind.key_columns)


def find_header(kind: ImportKind, rows: Sequence[Sequence[Any]]) -> tuple[int, ColumnMap] | None:
    """Return the index of the header's last row among the first rows, and its columns.

    A title may stand above it, and it may be of two rows: a group over its columns, or cells merged over both rows.
    """
    best: tuple[int, ColumnMap] | None = None
    for index, row in enumerate(rows):
        for header in (row, *_joined_headers(kind, rows[index - 1], row)) if index else (row,):
            columns = recognised_columns(kind, header)
            if has_key(kind, columns) and (best is None or len(columns.places) > len(best[1].places)):
                best = index, columns
    return best


def _joined_headers(kind: ImportKind, upper: Sequence[Any], lower: Sequence[Any]) -> list[list[str]]:
    """Return two rows as one header, where the lower one holds words alone and so can be no row of data."""
    words = [text_of(cell).strip() for cell in lower]
    known = _fields_by_header(kind.plural)
    if any(not isinstance(cell, str) and cell is not None for cell in lower) or any(map(_is_figure, words)):
        return []
    joined: list[str] = []
    group = ""
    for place in range(max(len(upper), len(lower))):
        above = text_of(upper[place]).strip() if place < len(upper) else ""
        below = words[place] if place < len(words) else ""
        group = above or (group if below else "")
        choices = [below, group + below, below + group, above]
        joined.append(next((each for each in choices if folded_header(each) in known), below or above))
    return [joined]


def _is_figure(word: str) -> bool:
    return (
        bool(word) and any(sign.isdigit() for sign in word) and not any("\u4e00" <= sign <= "\u9fff" for sign in word)
    )


def columns_by_content(kind: ImportKind, rows: Sequence[Sequence[Any]]) -> ColumnMap | None:
    """Return the columns of a list of enterprises without a header, by what stands in them; None if that is not sure.

    Only credit codes, dates and names that end as enterprises' names do are recognised; nothing else is guessed.
    """
    if kind.plural != "enterprises" or not rows:
        return None
    sample = [row for row in rows[:_SAMPLE] if row]
    width = max((len(row) for row in sample), default=0)
    places: dict[str, int] = {}
    tests = {
        "uscc": lambda cell: is_valid_code(cleaned_code(cell)),
        "registered_on": lambda cell: not isinstance(parse_date(cell), tuple),
        "name": lambda cell: bool(_ENTERPRISE_NAME.search(cell)) or "\ufffd" in cell,
    }
    for name, test in tests.items():
        for place in range(width):
            cells = [text_of(row[place]).strip() for row in sample if place < len(row)]
            if place not in places.values() and cells and sum(map(test, cells)) >= _MOSTLY * len(cells):
                places[name] = place
                break
    if "uscc" not in places:
        return None
    labels = {name: f"第{place + 1}列" for name, place in places.items()}
    return ColumnMap(places, labels, {}, (), width, has_header=False)


def missing_key(kind: ImportKind, seen: Sequence[Any]) -> InvalidInput:
    """Return the refusal of a file in which no column identifies the record, naming the columns seen."""
    names = column_names()[kind.plural]
    wanted = " 或 ".join("+".join(names[name][0] for name in group) for group in kind.key_columns)
    wanted_en = " or ".join("+".join(group) for group in kind.key_columns)
    shown = "、".join(label[:40] for cell in seen[:40] if (label := text_of(cell).strip())) or "（空）"
    return InvalidInput(
        f"没有找到必需的列：{wanted}。文件第一行是：{shown}。请检查表头，或确认导入的类别是否为“{kind.zh}”。",
        f"The required column is missing: {wanted_en}. The first row reads: {shown}. Check the header and the kind.",
        data={"columns": [text_of(cell)[:100] for cell in seen[:100]]},
    )
