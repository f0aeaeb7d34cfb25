"""XLSX and XLS workbooks: sized up before they are opened, then read row by row by a limited process."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Generator, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from heli_shared.kernel.errors import InvalidInput, TooLarge
from heli_shared.lists.limits import Limits

_BLOCK = 1 << 20
UNREADABLE = (
    "工作簿无法读取：文件已损坏、加了密码，或内容过大。请另存为不带密码的 XLSX 或 CSV 后重新上传。",
    "The workbook cannot be read: damaged, protected by a password or too large; save it anew as XLSX or CSV.",
)


def check_archive(path: Path, limits: Limits) -> None:
    """Refuse an XLSX whose archive holds too many entries or inflates beyond the limits, counted by inflating it."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > limits.zip_entries:
                raise _too_large()
            allowed = min(limits.inflated_bytes, limits.inflation_ratio * path.stat().st_size + _BLOCK)
            inflated = 0
            for entry in entries:
                with archive.open(entry) as stream:
                    while block := stream.read(_BLOCK):
                        inflated += len(block)
                        if inflated > allowed:
                            raise _too_large()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise InvalidInput(*UNREADABLE) from error


def _too_large() -> TooLarge:
    return TooLarge(
        "工作簿解压后过大，疑似异常文件。请删除多余的工作表和格式，或另存为 CSV 后重新上传。",
        "The workbook inflates beyond all bounds; remove superfluous sheets and formats or save it as CSV.",
    )


Sheet = tuple[str, Iterator[tuple[int, list[Any]]]]


def iterate_sheets(path: Path, limits: Limits) -> Generator[Sheet, None, None]:
    """Yield (name, rows) of each sheet in order; read a sheet's rows before asking for the next sheet."""
    command = [sys.executable, "-m", "heli_shared.lists.workbook_worker", str(path)]
    command += [str(limits.worker_memory_bytes), str(limits.worker_seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - our own module
        try:
            assert process.stdout is not None  # noqa: S101 - asked for above
            yield from _sheets(process.stdout, limits)
        finally:
            process.kill()


def _sheets(stream: IO[bytes], limits: Limits) -> Iterator[Sheet]:
    lines = _Lines(stream)
    while not lines.at_end():
        head = lines.take_head()
        if head["height"] > limits.rows or head["width"] > limits.columns or _cells(head) > limits.cells:
            raise _too_large()
        rows = _rows(lines, limits)
        yield str(head["sheet"]), rows
        for _ in rows:  # what the caller left unread
            pass


def _cells(head: dict[str, Any]) -> int:
    return int(head["height"]) * int(head["width"])


class _Lines:
    """The worker's lines, one ahead; a worker that ends without its last word has failed."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.present = self._read()

    def _read(self) -> Any:
        line = self._stream.readline()
        if not line.endswith(b"\n"):
            raise InvalidInput(*UNREADABLE)
        return json.loads(line, object_hook=_decoded)

    def at_end(self) -> bool:
        return isinstance(self.present, dict) and "end" in self.present

    def take_head(self) -> dict[str, Any]:
        head: dict[str, Any] = self.present
        self.present = self._read()
        return head

    def advance(self) -> None:
        self.present = self._read()


def _rows(lines: _Lines, limits: Limits) -> Iterator[tuple[int, list[Any]]]:
    number = cells = 0
    while isinstance(lines.present, list):
        for row in lines.present:
            number += 1
            cells += len(row)
            if len(row) > limits.columns or cells > limits.cells:  # a sheet read in slices does not tell beforehand
                raise _too_large()
            yield number, row
        lines.advance()


def _decoded(value: dict[str, Any]) -> Any:
    text = value.get("d")
    if text is None:
        return value
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
