"""Text tables: CSV and its relatives in the encodings that offices save, read as a stream in bounded memory."""

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from heli_shared.kernel.errors import InvalidInput

Row = tuple[int, list[str]]
_BLOCK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = ",;\t|，"
_LONGEST_RECORD = 2_000  # lines one quoted cell may span before its quote is taken for a stray one


def find_encoding(path: Path) -> str:
    """Return the encoding the whole file decodes in: by its mark, else UTF-8, else GB18030 (which covers GBK)."""
    with path.open("rb") as stream:
        start = stream.read(4)
    marked = [name for mark, name in _BOMS if start.startswith(mark)]
    for name in (*marked, "utf-8", "gb18030"):
        if _decodes(path, name):
            return name
    raise InvalidInput(
        "无法识别文件的文字编码。请在表格软件中另存为 XLSX，或“CSV UTF-8”。",
        "The text encoding is not recognised; save the file as XLSX or as CSV UTF-8.",
    )


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def find_delimiter(line: str) -> str:
    """Return the sign that separates the cells of a header line, counted outside quotes; a comma when in doubt."""
    bare = "".join(line.split('"')[::2])
    best = max(_DELIMITERS, key=bare.count)
    return best if bare.count(best) else ","


def iterate_text_rows(path: Path) -> Iterator[Row]:
    """Yield (row number as a spreadsheet shows it, cells) of a text table; empty lines count but are not rows."""
    with path.open("r", encoding=find_encoding(path), newline="") as stream:
        yield from _records(stream)


def _records(stream: io.TextIOBase) -> Iterator[Row]:
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=lines.delimiter)
    number = 0
    width = 0
    while True:
        lines.taken.clear()
        try:
            row = next(reader, None)
        except csv.Error:  # a cell beyond every bound: its quote was never closed
            row = []
        if row is None:
            return
        if len(lines.taken) > 1 and (not row or (width and len(row) != width)):
            # A stray quote swallowed the following lines: each line is a row of its own again.
            for line in list(lines.taken):
                number += 1
                if cells := next(csv.reader([line], delimiter=lines.delimiter), []):
                    yield number, cells
            reader = csv.reader(lines, delimiter=lines.delimiter)
            continue
        number += 1
        if row:
            width = width or len(row)
            yield number, row


class _Lines:
    """The lines of a stream without NUL characters, and those taken since the last record."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self._stream = stream
        first = self._clean(stream.readline())
        self._first: str | None = first
        self.delimiter = find_delimiter(first)
        self.taken: deque[str] = deque()

    @staticmethod
    def _clean(line: str) -> str:
        return line.replace("\x00", "") if "\x00" in line else line

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self._first is not None:
            line, self._first = self._first, None
        else:
            line = self._clean(self._stream.readline())
        if not line or len(self.taken) >= _LONGEST_RECORD:
            raise StopIteration
        self.taken.append(line)
        return line
