"""Reading a list: the first sheet with the needed columns, its rows as cells, in bounded time and memory."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from heli_assessment.imports.domain import ListKind
from heli_shared.kernel.errors import InvalidInput, TooLarge
from heli_shared.lists.cells import is_blank, text_of
from heli_shared.lists.files import open_sheets
from heli_shared.lists.headers import EXAMPLE_MARK, MARKS, REMARKS, ColumnMap, folded_header
from heli_shared.lists.layouts import Layout, kept_cells, layout_of
from heli_shared.lists.limits import LIMITS

BOUNDS = replace(LIMITS, file_bytes=20_000_000, rows=20_000, inflated_bytes=200_000_000, inflation_ratio=100,
                 zip_entries=1_000, worker_memory_bytes=1_000_000_000, worker_seconds=30)  # fmt: skip
"""A plan or a year of records of one office is small: so much, and no more, is read."""
_HEADER_ROWS = 10


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list as it was read: its columns, its layout, and its rows with their numbers, blank ones left out."""

    columns: ColumnMap
    layout: Layout
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)


def read_list(path: Path, kind: ListKind) -> ReadList:
    """Return the list in a file; InvalidInput names the columns that are missing, TooLarge what is beyond bounds."""
    first: list[Any] = []
    with closing(open_sheets(path, BOUNDS)) as sheets:
        for name, rows in sheets:
            head = [(number, cells or []) for number, cells in islice(rows, _HEADER_ROWS)]
            for place, (_, cells) in enumerate(head):
                columns = _columns(kind, cells)
                if columns is not None:
                    layout = layout_of(columns, sheet=name, above=[row for _, row in head[:place]], header=cells)
                    rest = [*head[place + 1 :], *((number, cells or []) for number, cells in islice(rows, BOUNDS.rows))]
                    if len(rest) > BOUNDS.rows:
                        raise TooLarge(
                            f"超过{BOUNDS.rows}行，请拆分文件。", f"More than {BOUNDS.rows} rows; split the file."
                        )
                    return ReadList(columns, layout, [row for row in rest if _is_filled(row[1], columns)])
            first = first or next((cells for _, cells in head if any(not is_blank(cell) for cell in cells)), [])
    raise _missing(kind, first)


def cell_of(cells: Sequence[Any], place: int) -> Any:
    """Return a cell; a row may be shorter than the header."""
    return cells[place] if place < len(cells) else None


def _columns(kind: ListKind, header: Sequence[Any]) -> ColumnMap | None:
    """Return the columns of a header row, or None when one that is needed is not there."""
    known = {folded_header(label): each.field for each in kind.columns for label in (*each.labels, each.field)}
    places: dict[str, int] = {}
    labels: dict[str, str] = {}
    own: dict[str, int] = {}
    unknown: list[str] = []
    for place, cell in enumerate(header):
        label = " ".join(text_of(cell).split())
        found = known.get(folded_header(label))
        if label in (REMARKS, MARKS):
            own.setdefault(label, place)
        elif found is not None and found not in places:
            places[found], labels[found] = place, label
        elif label:
            unknown.append(label[:100])
    if not all(each.field in places for each in kind.needed):
        return None
    return ColumnMap(places, labels, {}, tuple(unknown), len(header), remarks=own.get(REMARKS), marks=own.get(MARKS))


def _is_filled(cells: Sequence[Any], columns: ColumnMap) -> bool:
    """Say whether a row holds anything of its own: not blank, and not a template's example."""
    if columns.marks is not None and text_of(cell_of(cells, columns.marks)).strip() == EXAMPLE_MARK:
        return False
    return any(not is_blank(cell) for cell in cells)


def _missing(kind: ListKind, seen: Sequence[Any]) -> InvalidInput:
    wanted = "、".join(each.labels[0] for each in kind.needed)
    shown = "、".join(label[:40] for cell in seen[:40] if (label := text_of(cell).strip())) or "（空）"
    return InvalidInput(
        f"没有找到必需的列：{wanted}。文件第一行是：{shown}。请检查表头，或下载模板填写。",
        f"The required columns are missing: {', '.join(each.field for each in kind.needed)}. "
        f"The first row reads: {shown}. Check the header, or fill in the template.",
        data={"columns": [text_of(cell)[:100] for cell in seen[:100]]},
    )


def kept_row(cells: Sequence[Any], columns: ColumnMap) -> list[Any]:
    """Return a row's cells as they are kept to be given back."""
    return kept_cells([cell_of(cells, place) for place in range(max(columns.width, len(cells)))])
