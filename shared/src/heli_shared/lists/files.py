"""Any file a clerk may send, as sheets of rows: by what the file is, never by what its name says."""

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from heli_shared.kernel.errors import InvalidInput, NotFound, TooLarge, Unsupported
from heli_shared.lists.delimited import iterate_text_rows
from heli_shared.lists.documents import iterate_objects
from heli_shared.lists.limits import Limits
from heli_shared.lists.workbooks import check_archive, iterate_sheets

Row = tuple[int, list[Any] | None]
Sheet = tuple[str, Iterator[Row]]
_FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"GIF8", b"{\\rtf")


def open_sheets(path: Path, limits: Limits) -> Generator[Sheet, None, None]:
    """Yield the name and the rows of each sheet: XLSX, XLS, JSON or delimited text; anything else is refused."""
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
        yield "", iterate_objects(path)
    else:
        yield "", iterate_text_rows(path)


def _workbook(path: Path, limits: Limits) -> Generator[Sheet, None, None]:
    with closing(iterate_sheets(path, limits)) as sheets:
        yield from sheets
