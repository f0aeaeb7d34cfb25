"""Any list a clerk may send, as chunks of rows under known columns; every data row comes out, also the odd ones."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from heli_registry.imports.columns import columns_by_content, find_header, missing_key
from heli_registry.imports.examples import example_cells
from heli_registry.imports.kinds import ImportKind
from heli_shared.kernel.errors import TooLarge
from heli_shared.lists.cells import Problem, is_blank, text_of
from heli_shared.lists.files import Row, Sheet, open_sheets
from heli_shared.lists.headers import EXAMPLE_MARK, ColumnMap
from heli_shared.lists.layouts import Layout, layout_of
from heli_shared.lists.limits import LIMITS, Limits

CHUNK_ROWS = 5_000
_HEADER_ROWS = 10
_SAMPLE_ROWS = 50
_STILL_MARKED = Problem(
    f"本行首列仍标着“{EXAMPLE_MARK}”，但内容已改；如是要导入的数据，请清空首列后再上传。",
    f"The row is still marked {EXAMPLE_MARK} but was written over: empty its first cell if it is to be imported.",
)
_NO_OBJECT = Problem("这一项不是对象（字段名: 值）。", "This item is not an object of fields.")


@dataclass(slots=True)
class Chunk:
    """Some rows of the width of the header, their numbers, and rows that do not fit the header.

    `odd` are the cells of those that do not fit, as they were; `examples` counts a template's own rows, passed by.
    """

    numbers: list[int] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    misfits: list[tuple[int, Problem]] = field(default_factory=list)
    odd: dict[int, list[Any]] = field(default_factory=dict)
    examples: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A file being read: its columns, its layout, and its rows in chunks (to be iterated once)."""

    columns: ColumnMap
    layout: Layout
    chunks: Iterator[Chunk]


def open_table(path: Path, kind: ImportKind, *, limits: Limits = LIMITS, chunk_rows: int = CHUNK_ROWS) -> Table:
    """Return the first sheet of the file that is a list of this kind; one clear refusal when there is none."""
    first: list[Any] = []
    sheets = open_sheets(path, limits)
    for name, rows in sheets:
        head = list(islice(rows, _SAMPLE_ROWS))
        sample = [cells or [] for _, cells in head]
        found = find_header(kind, sample[:_HEADER_ROWS])
        if found is not None:
            index, columns = found
            layout = layout_of(columns, sheet=name, above=sample[:index], header=sample[index])
            filled = _Filled(columns, example_cells(kind))
            data = chain(head[index + 1 :], rows)
            return Table(columns, layout, _open(sheets, _chunks(data, filled, limits, chunk_rows)))
        by_content = columns_by_content(kind, sample)
        if by_content is not None:
            layout = layout_of(by_content, sheet=name, above=[], header=None)
            filled = _Filled(by_content, {})
            return Table(by_content, layout, _open(sheets, _chunks(chain(head, rows), filled, limits, chunk_rows)))
        first = first or next((cells for cells in sample if any(not is_blank(cell) for cell in cells)), [])
    raise missing_key(kind, first)


def _open(sheets: Generator[Sheet, None, None], chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """Yield the chunks and keep the file (or the process that reads it) open for just as long."""
    with closing(sheets):
        yield from chunks


def _chunks(rows: Iterable[Row], filled: "_Filled", limits: Limits, size: int) -> Iterator[Chunk]:
    chunk = Chunk()
    count = 0
    for number, cells in rows:
        fitted = _fitted(cells, filled.columns)
        if fitted is None:
            continue
        if filled.marks is not None and not isinstance(fitted, Problem):
            fitted = filled.without_mark(fitted)
            if fitted is None:
                chunk.examples += 1
                continue
        count += 1
        if isinstance(fitted, Problem):
            chunk.misfits.append((number, fitted))
            chunk.odd[number] = cells or []
        else:
            chunk.numbers.append(number)
            chunk.rows.append(fitted)
        if len(chunk.rows) + len(chunk.misfits) >= size:
            if count > limits.rows:
                raise _too_many_rows(limits)
            yield chunk
            chunk = Chunk()
    if count > limits.rows:
        raise _too_many_rows(limits)
    if chunk.rows or chunk.misfits or chunk.examples:
        yield chunk


class _Filled:
    """Tells rows that a clerk filled in from a template's example row."""

    def __init__(self, columns: ColumnMap, example: Mapping[str, str]) -> None:
        self.columns = columns
        self.marks = columns.marks
        self._example = {place: example.get(name, "") for name, place in columns.places.items()}

    def without_mark(self, cells: list[Any]) -> list[Any] | Problem | None:
        """Return a row, None for the example as the template has it, a problem for an example that was written over."""
        assert self.marks is not None  # noqa: S101 - asked by the caller
        if text_of(cells[self.marks]).strip() != EXAMPLE_MARK:
            return cells
        same = all(text_of(cells[place]).strip() in ("", text) for place, text in self._example.items())
        return None if same else _STILL_MARKED


def _too_many_rows(limits: Limits) -> TooLarge:
    return TooLarge(f"超过{limits.rows}行，请拆分文件。", f"More than {limits.rows} rows; split the file.")


def _fitted(cells: list[Any] | None, columns: ColumnMap) -> list[Any] | Problem | None:
    """Return a row at the header's width where that loses and shifts nothing, None for a blank one, else the reason."""
    width = columns.width
    if cells is None:
        return _NO_OBJECT
    if not cells or (is_blank(cells[0]) and all(is_blank(cell) for cell in cells)):
        return None
    if len(cells) == width:
        return cells
    if not columns.has_header:
        return (cells + [None] * width)[:width]
    if len(cells) > width and all(is_blank(cell) for cell in cells[width:]):
        return cells[:width]
    return Problem(
        f"本行有{len(cells)}个单元格，表头有{width}个；可能有逗号或引号未处理，列已错位。",
        f"The row has {len(cells)} cells, the header {width}: a comma or quote has shifted the columns.",
    )
