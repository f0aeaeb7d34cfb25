"""A temporary file of writes that were checked and wait to be applied, so that memory does not grow with the file."""

import marshal
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

_LENGTH_BYTES = 8


class Spool:
    """Batches of plain tuples and dicts, written once and read as often as needed; gone when closed."""

    def __init__(self) -> None:
        """Open an unnamed temporary file."""
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()

    def add(self, batch: Sequence[Any]) -> None:
        """Append a batch."""
        # marshal is safe here: the file has no name and nobody but this object ever writes it.
        data = marshal.dumps(list(batch))
        self._file.write(len(data).to_bytes(_LENGTH_BYTES, "big"))
        self._file.write(data)

    def batches(self) -> Iterator[list[Any]]:
        """Yield the batches in the order in which they were added."""
        self._file.flush()
        self._file.seek(0)
        while head := self._file.read(_LENGTH_BYTES):
            yield marshal.loads(self._file.read(int.from_bytes(head, "big")))  # noqa: S302 - our own bytes, see above

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
