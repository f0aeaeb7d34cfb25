"""A large XLSX cut into small ones of some thousand rows each, so that no reader ever holds a whole sheet.

A sheet of 400,000 rows and 30 columns costs the reader a gigabyte; cut into slices it costs the texts that its cells
share and one slice. Each slice is a workbook of its own with the styles of the whole and the texts that it uses.
"""

import io
import re
import zipfile
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO
from xml.etree import ElementTree as ET

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BLOCK = 1 << 20
_HEAD = 4 << 20
_SLICE = 8 << 20
_TEXT = re.compile(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>.*?</(?:\w+:)?si>)", re.DOTALL)
_TEXTS_ROOT = re.compile(rb"<(?:\w+:)?sst\b[^>]*>")
_SHEET_ROOT = re.compile(rb"<(?:(\w+):)?worksheet\b[^>]*>")
_SHARED = re.compile(rb"""( t=["']s["'][^<>]*>\s*<(?:\w+:)?v>\s*)(\d+)""")
_MARKS = (b' t="s"', b" t='s'")
_FIRST_ROW = re.compile(rb"""<(?:\w+:)?row\b[^<>]*?\br=["']\d+["']""")
_PARTS = {
    "[Content_Types].xml": (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    ),
    "_rels/.rels": (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" '
        'Target="styles.xml"/>'
        '<Relationship Id="r3" Target="sharedStrings.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    ),
}
_WORKBOOK = (
    '<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="{dates}"/>'
    '<sheets><sheet name="slice" sheetId="1" r:id="r1"/></sheets></workbook>'
)


class NotSliceableError(Exception):
    """The workbook is laid out in a way that only a reader of whole sheets understands."""


@dataclass(frozen=True, slots=True)
class _Texts:
    """The shared texts as the XML that they are, and where each of them stands."""

    raw: bytes
    root: bytes
    starts: "array[int]"
    ends: "array[int]"

    def chosen(self, places: Sequence[int]) -> bytes:
        """Return the XML of a part that holds these texts only."""
        name = self.root.split()[0].strip(b"<>")
        return b"".join((self.root, *(self.raw[self.starts[at] : self.ends[at]] for at in places), b"</", name, b">"))


class SlicedWorkbook:
    """An XLSX whose sheets come in slices; what is small is read at once."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Find the parts; NotSliceableError when they are not where they usually are."""
        self._archive = archive
        try:
            book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat refuses bombs, memory is limited
            links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - as above
            self._sheets = _sheet_parts(book, links)
            settings = book.find(f"{_MAIN}workbookPr")
            dates = settings.get("date1904", "0") if settings is not None else "0"
            self._book = _WORKBOOK.format(dates="1" if dates in ("1", "true") else "0")
            self._styles = archive.read("xl/styles.xml")
            self._sizes = [archive.getinfo(part).file_size for _, part in self._sheets]
        except (KeyError, ET.ParseError) as error:
            raise NotSliceableError from error
        self._texts: _Texts | None = None

    @property
    def largest(self) -> int:
        """Return the size in bytes of the largest sheet's XML."""
        return max(self._sizes, default=0)

    def sheets(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield the name of each sheet and its slices as small workbooks, rows in order."""
        for name, part in self._sheets:
            yield name, self._slices(part)

    def _slices(self, part: str) -> Iterator[bytes]:
        with self._archive.open(part) as stream:
            for opening, rows, closing in _pieces(stream):
                numbered, used = _renumbered(rows)
                if not _FIRST_ROW.match(rows.lstrip()):
                    raise NotSliceableError
                yield self._small_book(opening + numbered + closing, used)

    def _small_book(self, sheet: bytes, used: list[int]) -> bytes:
        if self._texts is None:
            self._texts = _read_texts(self._archive)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as small:
            for name, text in _PARTS.items():
                small.writestr(name, text)
            small.writestr("xl/workbook.xml", self._book)
            small.writestr("xl/styles.xml", self._styles)
            small.writestr("xl/worksheets/sheet1.xml", sheet)
            small.writestr("xl/sharedStrings.xml", self._texts.chosen(used))
        return target.getvalue()


def _renumbered(rows: bytes) -> tuple[bytes, list[int]]:
    """Return rows whose texts are numbered in order, and the numbers that these texts have in the whole workbook."""
    parts = _SHARED.split(rows)  # what stands between, the start of a cell, the number of its text, and so on
    numbers = parts[2::3]
    if len(numbers) != sum(map(rows.count, _MARKS)):
        raise NotSliceableError
    used = list(dict.fromkeys(numbers))
    renamed = {number: b"%d" % place for place, number in enumerate(used)}
    parts[2::3] = map(renamed.__getitem__, numbers)
    return b"".join(parts), [int(number) for number in used]


def _read_texts(archive: zipfile.ZipFile) -> _Texts:
    names = [name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"]
    raw = archive.read(names[0]) if names else b'<sst xmlns="%b">' % _MAIN[1:-1].encode()
    root = _TEXTS_ROOT.search(raw)
    if root is None:
        raise NotSliceableError
    starts, ends = array("I"), array("I")
    for found in _TEXT.finditer(raw, root.end()):
        starts.append(found.start())
        ends.append(found.end())
    opening = root[0][:-2] + b">" if root[0].endswith(b"/>") else root[0]
    return _Texts(raw, opening, starts, ends)


def _sheet_parts(book: ET.Element, links: ET.Element) -> list[tuple[str, str]]:
    """Return the name and the part of each sheet of cells, in order."""
    targets = {each.get("Id"): each.get("Target", "") for each in links if each.get("Type", "").endswith("/worksheet")}
    sheets = book.find(f"{_MAIN}sheets")
    if sheets is None:
        raise KeyError("sheets")
    named = [(each.get("name", ""), targets.get(each.get(_RELATION))) for each in sheets]
    return [
        (name, target.lstrip("/") if target.startswith("/") else f"xl/{target}") for name, target in named if target
    ]


def _pieces(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield a sheet's rows some at a time, each with what must stand before and behind to make it a sheet."""
    head = stream.read(_HEAD)
    root = _SHEET_ROOT.search(head)
    if root is None:
        raise NotSliceableError
    prefix = root[1] + b":" if root[1] else b""
    begins = re.search(rb"<" + prefix + rb"sheetData\s*(/?)>", head)
    if begins is None:
        raise NotSliceableError
    if begins[1]:
        return
    opening = root[0] + b"<" + prefix + b"sheetData>"
    ended = b"</" + prefix + b"sheetData>"
    closing = ended + b"</" + prefix + b"worksheet>"
    last = b"</" + prefix + b"row>"
    rest = [head[begins.end() :]]
    size = len(rest[0])
    while True:
        block = stream.read(_BLOCK)
        rest.append(block)
        size += len(block)
        if block and size < _SLICE:
            continue
        rows = b"".join(rest)
        end = rows.find(ended)
        stop = end if end >= 0 else rows.rfind(last) + len(last)
        if (end < 0 and not block) or stop < len(last):
            raise NotSliceableError
        if rows[:stop].strip():
            yield opening, rows[:stop], closing
        if end >= 0:
            return
        rest = [rows[stop:]]
        size = len(rest[0])
