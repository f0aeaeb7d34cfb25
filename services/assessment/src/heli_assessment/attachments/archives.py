"""Documents that are archives (DOCX, XLSX, PPTX, OFD): inflated within bounds, no outside paths, nothing that runs."""

import re
import zipfile
from typing import IO

from heli_assessment.attachments.domain import ACTIVE, BROKEN, FOREIGN, Reason, Refused

_MOST_ENTRIES = 2_000
_MOST_BYTES = 200_000_000
_MOST_RATIO = 100
_BLOCK = 1 << 20
_MAIN = {
    b"wordprocessingml.document.main+xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"spreadsheetml.sheet.main+xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"presentationml.presentation.main+xml": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ),
}
_RUNS = re.compile(
    r"(vbaproject\.bin|vbadata\.xml|\.(exe|dll|js|jse|vbs|vbe|bat|cmd|ps1|hta|jar|lnk|scr|msi|html?|zip|rar|7z))$",
    re.IGNORECASE,
)
_ACTIVE_XML = re.compile(rb"<!DOCTYPE|<!ENTITY|macroEnabled|relationships/(attachedTemplate|oleObject|frame|control)")
_LONGEST_MATCH = 64
TOO_LARGE = Reason("文件解压后过大，疑似异常文件。", "The file inflates beyond all bounds.")
OUTSIDE = Reason("文件内部的路径指向外面，疑似异常文件。", "The file holds paths that lead outside of it.")


def find_document(stream: IO[bytes], size: int) -> str:
    """Return the type of a document that is an archive; Refused when it is none, not sound, or not harmless."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            _check_names(entries)
            _check_contents(archive, entries, min(_MOST_BYTES, _MOST_RATIO * size + _BLOCK))
            return _type_of(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise Refused(BROKEN) from error


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > _MOST_ENTRIES:
        raise Refused(TOO_LARGE)
    if len({name.lower() for name in names}) != len(names):
        raise Refused(BROKEN)
    for name in names:
        if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/"):
            raise Refused(OUTSIDE)
        if _RUNS.search(name):
            raise Refused(ACTIVE)


def _check_contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], allowed: int) -> None:
    """Inflate every entry: what the archive claims of their sizes is not believed."""
    inflated = 0
    for entry in entries:
        is_xml = entry.filename.lower().endswith((".xml", ".rels"))
        before = b""
        with archive.open(entry) as stream:
            while block := stream.read(_BLOCK):
                inflated += len(block)
                if inflated > allowed:
                    raise Refused(TOO_LARGE)
                if is_xml and _ACTIVE_XML.search(before + block):
                    raise Refused(ACTIVE)
                before = block[-_LONGEST_MATCH:]


def _type_of(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "OFD.xml" in names and b"<ofd:OFD" in archive.read("OFD.xml"):
        return "application/ofd"
    if "[Content_Types].xml" in names:
        types = archive.read("[Content_Types].xml")
        found = [media_type for mark, media_type in _MAIN.items() if mark in types]
        if len(found) == 1:
            return found[0]
    raise Refused(FOREIGN)
