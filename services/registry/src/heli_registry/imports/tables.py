"""Any list a clerk may send, as chunks of rows under known columns; every data row comes out, also the odd ones."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from heli_registry.imports.cells import Problem, is_blank
from heli_registry.imports.columns import ColumnMap, columns_by_content, find_header, missing_key
from heli_registry.imports.delimited import iterate_text_rows
from heli_registry.imports.documents import iterate_objects
from heli_registry.imports.kinds import ImportKind
from heli_registry.imports.limits import LIMITS, Limits
from heli_registry.imports.workbooks import check_archive, iterate_sheets
from heli_shared.kernel.errors import InvalidInput, NotFound, TooLarge, Unsupported

Row = tuple[int, list[Any] | None]
CHUNK_ROWS = 5_000
_HEADER_ROWS = 10
_SAMPLE_ROWS = 50
_FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"GIF8", b"{\\rtf")
_NO_OBJECT = Problem("这一项不是对象（字段名: 值）。", "This item is not an object of fields.")


@dataclass(slots=True)
class Chunk:
    """Some rows of the width of the header, their numbers, and rows that do not fit the header."""

    numbers: list[int] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    misfits: list[tuple[int, Problem]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    """A file being read: its columns, and its rows in chunks (to be iterated once)."""

    columns: ColumnMap
    chunks: Iterator[Chunk]


def open_table(path: Path, kind: ImportKind, *, limits: Limits = LIMITS, chunk_rows: int = CHUNK_ROWS) -> Table:
    """Return the first sheet of the file that is a list of this kind; one clear refusal when there is none."""
    first: list[Any] = []
    sheets = _sheets(path, limits)
    for rows in sheets:
        head = list(islice(rows, _SAMPLE_ROWS))
        sample = [cells or [] for _, cells in head]
        found = find_header(kind, sample[:_HEADER_ROWS])
        if found is not None:
            index, columns = found
            data = chain(head[index + 1 :], rows)
            return Table(columns, _open(sheets, _chunks(data, columns, limits, chunk_rows)))
        by_content = columns_by_content(kind, sample)
        if by_content is not None:
            return Table(by_content, _open(sheets, _chunks(chain(head, rows), by_content, limits, chunk_rows)))
        first = first or next((cells for cells in sample if any(not is_blank(cell) for cell in cells)), [])
    raise missing_key(kind, first)


def _open(sheets: Generator[Iterator[Row], None, None], chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """Yield the chunks and keep the file (or the process that reads it) open for just as long."""
    with closing(sheets):
        yield from chunks


def _sheets(path: Path, limits: Limits) -> Generator[Iterator[Row], None, None]:
    """Yield the rows of each sheet, by what the file is and not by what its name says."""
    if not path.exists():
        raise NotFound("上传的文件已不在，请重新上传。", "The uploaded file is gone; send it again.")
    if path.stat().st_size > limits.file_bytes:
        raise TooLarge(
            f"文件超过{limits.file_bytes // 1_000_000}MB，请拆分后上传。",
            f"The file is larger than {limits.file_bytes // 1_000_000} MB; split it.",
        )
    with path.open("rb") as stream:
        start = stream.read(64)
    if not start.strip():
        raise InvalidInput("文件是空的。", "The file is empty.")
    if start.startswith(b"PK"):
        check_archive(path, limits)
        yield from _workbook(path, limits)
    elif start.startswith(b"\xd0\xcf\x11\xe0"):
        yield from _workbook(path, limits)
    elif start.startswith(_FOREIGN):
        raise Unsupported(
            "不支持这种文件，请上传 XLSX、XLS、CSV 或 JSON。",
            "This type of file is not supported; send XLSX, XLS, CSV or JSON.",
        )
    elif start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}:
        yield iterate_objects(path)
    else:
        yield iterate_text_rows(path)


def _workbook(path: Path, limits: Limits) -> Generator[Iterator[Row], None, None]:
    with closing(iterate_sheets(path, limits)) as sheets:
        for _, rows in sheets:
            yield rows


def _chunks(rows: Iterable[Row], columns: ColumnMap, limits: Limits, size: int) -> Iterator[Chunk]:
    chunk = Chunk()
    count = 0
    for number, cells in rows:
        fitted = _fitted(cells, columns)
        if fitted is None:
            continue
        count += 1
        if isinstance(fitted, Problem):
            chunk.misfits.append((number, fitted))
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
    if chunk.rows or chunk.misfits:
        yield chunk


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
