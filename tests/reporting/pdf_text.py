"""A small reader of PDF text, for tests that must not trust what set the page."""

import re
import zlib

_STREAM = re.compile(rb"/Length (\d+)")
_OBJECT = re.compile(rb"(\d+) 0 obj\s*")
_INNER = rb"(?:\\.|[^\\()])*"
_STRING = rb"\(" + _INNER + rb"(?:\(" + _INNER + rb"\)" + _INNER + rb")*\)|<[0-9A-Fa-f]*>"
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|(\[(?:" + _STRING + rb"|[-\d.\s])*\]|" + _STRING + rb")\s*T[Jj]", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """Return all text of a PDF in the order in which it is drawn, without any blanks."""
    objects = _objects(pdf)
    pages = [body for body, _ in objects.values() if re.search(rb"/Type/Page\b(?!s)", body)]
    found = []
    for page in pages:
        resources = re.search(rb"/Resources (\d+) 0 R", page)
        assert resources is not None
        fonts = dict(re.findall(rb"/(f\d+) (\d+) 0 R", objects[int(resources[1])][0]))
        maps = {name: _map_of(objects, int(number)) for name, number in fonts.items()}
        content = re.search(rb"/Contents (\d+) 0 R", page)
        assert content is not None
        found.append(_drawn(objects[int(content[1])][1], maps))
    return "".join("".join(found).split())


def _objects(pdf: bytes) -> dict[int, tuple[bytes, bytes]]:
    """Return each object's dictionary and, unpacked, its stream."""
    found, place = {}, 0
    while (match := _OBJECT.search(pdf, place)) is not None:
        place = match.end()
        end = min(each for each in (pdf.find(b"stream", place), pdf.find(b"endobj", place)) if each >= 0)
        head, stream = pdf[place:end], b""
        if pdf.startswith(b"stream", end):
            start = end + len(b"stream\n")
            length = _STREAM.search(head)
            assert length is not None
            stream = pdf[start : start + int(length[1])]
            end = start + len(stream)
            stream = zlib.decompress(stream) if b"FlateDecode" in head else stream
        found[int(match[1])] = (head, stream)
        place = end
    return found


def _map_of(objects: dict[int, tuple[bytes, bytes]], font: int) -> dict[int, str]:
    """Return what each code of a font means, by its ToUnicode map."""
    named = re.search(rb"/ToUnicode (\d+) 0 R", objects[font][0])
    assert named is not None
    cmap, found = objects[int(named[1])][1], {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", part):
            found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    assert b"beginbfrange" not in cmap
    return found


def _drawn(content: bytes, maps: dict[bytes, dict[int, str]]) -> str:
    font: dict[int, str] = {}
    found = []
    for match in _SHOWN.finditer(content):
        if match[1] is not None:
            font = maps[match[1]]
            continue
        raw = b"".join(_bytes_of(each) for each in re.findall(_STRING, match[2], re.DOTALL))
        codes = [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]
        found.append("".join(font[code] for code in codes))
    return "".join(found)


def _bytes_of(string: bytes) -> bytes:
    if string.startswith(b"<"):
        return bytes.fromhex(string[1:-1].decode())
    return re.sub(rb"\\([0-7]{1,3}|.)", _unescaped, string[1:-1], flags=re.DOTALL)


def _unescaped(match: re.Match[bytes]) -> bytes:
    sign = match[1]
    return bytes([int(sign, 8)]) if sign.isdigit() else _ESCAPES.get(sign, sign)
