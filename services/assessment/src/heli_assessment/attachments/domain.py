"""What a file is by its content, whether it may be kept, and under what name: its own name proves nothing."""

import re
import unicodedata
from dataclasses import dataclass
from typing import IO

_EXTENSIONS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/ofd": "ofd",
}
PNG_SIGN = b"\x89PNG\r\n\x1a\n"
_LONGEST_NAME = 120
_MOST_PIXELS = 100_000_000
_TAIL = 4_096
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_BARE_MARKS = {0x01, *range(0xD0, 0xD8)}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file is not kept, in both languages; `is_foreign` when it is of no type that is."""

    zh: str
    en: str
    is_foreign: bool = False


class Refused(Exception):
    """A file that is not kept, with its reason."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason."""
        super().__init__(reason.en)
        self.reason = reason


FOREIGN = Reason(
    "只接受 PDF、OFD、DOCX、XLSX、PPTX、PNG、JPEG；旧版 DOC、XLS 请另存为新格式。",
    "Only PDF, OFD, DOCX, XLSX, PPTX, PNG and JPEG are kept; save old DOC or XLS in the new format.",
    is_foreign=True,
)
BROKEN = Reason("文件不完整或已损坏，请重新导出后上传。", "The file is incomplete or damaged; export it again.")
HUGE_IMAGE = Reason("图片像素过多，请缩小后上传。", "The image has too many pixels; make it smaller.")
ACTIVE = Reason(
    "文件中含有脚本、宏或外部模板，请去除后上传。", "The file holds scripts, macros or outside templates; remove them."
)


def kept_name(given: str | None, media_type: str) -> str:
    """Return the name under which a file is handed out: no path, no sign that is no text, the content's own ending."""
    plain = unicodedata.normalize("NFC", given or "")
    last = re.split(r"[/\\]", plain)[-1]
    signs = (sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*%')
    stem = "".join(signs).strip(" .").rpartition(".")
    name = (stem[0] if stem[1] else stem[2]).strip(" .")[:_LONGEST_NAME]
    if not name or _RESERVED.match(name):
        name = "附件"
    return f"{name}.{_EXTENSIONS[media_type]}"


def find_type(stream: IO[bytes], size: int) -> str | None:
    """Return the type of a file that is no archive, `zip` for one, or None; Refused when it is not sound."""
    stream.seek(0)
    head = stream.read(16)
    if head.startswith(b"%PDF-"):
        _check_pdf(stream, size)
        return "application/pdf"
    if head.startswith(PNG_SIGN):
        _check_png(stream, size)
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        _check_jpeg(stream, size)
        return "image/jpeg"
    return "zip" if head.startswith(b"PK\x03\x04") else None


def _check_pdf(stream: IO[bytes], size: int) -> None:
    stream.seek(max(0, size - _TAIL))
    if b"%%EOF" not in stream.read():
        raise Refused(BROKEN)
    stream.seek(0)
    before = b""
    while block := stream.read(1 << 20):
        seen = before + block
        if b"/JavaScript" in seen or b"/Launch" in seen:
            raise Refused(ACTIVE)
        before = block[-16:]


def _check_png(stream: IO[bytes], size: int) -> None:
    """Walk from part to part: the first is the header, the last ends the file."""
    place, is_first = len(PNG_SIGN), True
    while True:
        stream.seek(place)
        head = stream.read(8)
        if len(head) < 8:  # noqa: PLR2004 - a length and a name
            raise Refused(BROKEN)
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        if is_first:
            _check_pixels(name == b"IHDR", stream.read(8), 4)
        is_first = False
        place += 12 + length
        if place > size:
            raise Refused(BROKEN)
        if name == b"IEND":
            if place != size:
                raise Refused(BROKEN)
            return


def _check_pixels(is_header: bool, numbers: bytes, width: int) -> None:  # noqa: FBT001 - asked of one part
    if not is_header or len(numbers) < 2 * width:
        raise Refused(BROKEN)
    across, down = int.from_bytes(numbers[:width], "big"), int.from_bytes(numbers[width : 2 * width], "big")
    if not across or not down:
        raise Refused(BROKEN)
    if across * down > _MOST_PIXELS:
        raise Refused(HUGE_IMAGE)


def _check_jpeg(stream: IO[bytes], size: int) -> None:
    """Walk from mark to mark up to the frame, which tells the size of the image; the end must be marked, too."""
    place = 2
    while place < size:
        stream.seek(place)
        mark = stream.read(2)
        if len(mark) < 2 or mark[0] != 0xFF:  # noqa: PLR2004 - every mark is two bytes
            raise Refused(BROKEN)
        if mark[1] in _BARE_MARKS or mark[1] == 0xFF:  # noqa: PLR2004 - a fill byte
            place += 1 if mark[1] == 0xFF else 2  # noqa: PLR2004 - as above
            continue
        length = int.from_bytes(stream.read(2), "big")
        if mark[1] in _FRAMES:
            rest = stream.read(5)
            _check_pixels(length >= 8, rest[1:], 2)  # noqa: PLR2004 - its least length
            break
        place += 2 + max(length, 2)
    else:
        raise Refused(BROKEN)
    stream.seek(max(0, size - (1 << 16)))
    if b"\xff\xd9" not in stream.read():
        raise Refused(BROKEN)
