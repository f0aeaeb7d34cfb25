"""Kept bulk copies: a kind's whole copy as an Arrow file that is sent again while no entry of the kind was written.

A file's name says what it is (kind, epoch, seq, rows, digest, shape), so that file and description cannot disagree. A
copy is kept while it is first sent: laid down beside under a name of its own, and renamed when it is complete.
"""

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sqlalchemy.orm import Session

from heli_shared.ledger.appending import Head
from heli_shared.ledger.reading import changed_keys
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.deliveries import Counted

if TYPE_CHECKING:
    import pyarrow as pa

_CHUNK = 1_048_576
_SUFFIX = ".arrow"
_PARTS = 6
_MOST_FILES = 64


@dataclass(frozen=True, slots=True)
class KeptCopy:
    """A complete copy of a kind on the shelf."""

    path: Path
    seq: int
    rows: int
    digest: bytes
    size: int

    def chunks(self) -> Iterator[bytes]:
        """Return the copy's bytes; the file is opened now, so that it is there to its end."""
        file = self.path.open("rb")
        return _read(file)


def _read(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def shape_of(schema: "pa.Schema") -> str:
    """Return a name for the columns and types of a copy: another release's columns make another copy."""
    return sha256(str(schema.remove_metadata()).encode()).hexdigest()[:12]


class SnapshotShelf:
    """The kept copies of one database, one for each kind, in a folder."""

    def __init__(self, folder: Path) -> None:
        """Keep copies in a folder, which is made when the first is laid down."""
        self._folder = folder
        self._guard = threading.Lock()
        self._quiet: dict[str, int] = {}

    def find(
        self, session: Session, ledger: LedgerTables, *, name: str, entity: str | None, head: Head, shape: str
    ) -> KeptCopy | None:
        """Return the copy of a kind that still shows it as it is, or None; without an entity, of the whole ledger."""
        for path in sorted(self._folder.glob(f"{name}.{head.epoch}.*{_SUFFIX}"), reverse=True):
            kept = _described(path, shape)
            if kept is not None and is_unmoved(
                session, ledger, entity, since=self._looked_from(path, kept.seq), kept=kept.seq, head=head
            ):
                with self._guard:
                    self._quiet[path.name] = max(head.seq, self._quiet.get(path.name, 0))
                return kept
        return None

    def _looked_from(self, path: Path, seq: int) -> int:
        """Return the seq up to which nothing of the kind was found to have happened since its copy."""
        with self._guard:
            return max(seq, self._quiet.get(path.name, 0))

    def kept(self, chunks: Iterator[bytes], counted: Counted, *, name: str, head: Head, shape: str) -> Iterator[bytes]:
        """Pass a copy on and lay it down on the way; what breaks off is not kept, a full disk stops nothing.

        The last piece is passed on when the copy is on the shelf: who has read an Arrow stream to its end mark goes
        away, and may ask again at once.
        """
        draft = self._folder / f".{name}.{secrets.token_hex(8)}.draft"
        whole, file = sha256(), None
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = draft.open("wb")
        held = b""
        try:
            for chunk in chunks:
                if held:
                    yield held
                held = chunk
                if file is not None:
                    whole.update(chunk)
                    try:
                        file.write(chunk)
                    except OSError:
                        file.close()
                        file = None
            if file is not None:
                with suppress(OSError):
                    file.close()
                    parts = (name, head.epoch, f"{head.seq:018d}", str(counted.rows), whole.hexdigest(), shape)
                    draft.replace(self._folder / f"{'.'.join(parts)}{_SUFFIX}")
                    self._clear(name)
            yield held
        finally:
            if file is not None:
                file.close()
            draft.unlink(missing_ok=True)

    def _clear(self, name: str) -> None:
        """Throw away the older copies of a kind, and the oldest of all beyond a number."""
        own = sorted(self._folder.glob(f"{name}.*{_SUFFIX}"), key=lambda path: path.stat().st_mtime)
        rest = sorted(self._folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime)
        for path in {*own[:-1], *rest[: max(0, len(rest) - _MOST_FILES)]}:
            path.unlink(missing_ok=True)
            with self._guard:
                self._quiet.pop(path.name, None)


def _described(path: Path, shape: str) -> KeptCopy | None:
    parts = path.name.removesuffix(_SUFFIX).split(".")
    if len(parts) != _PARTS or parts[-1] != shape:
        return None
    return KeptCopy(path, int(parts[2]), int(parts[3]), bytes.fromhex(parts[4]), path.stat().st_size)


def is_unmoved(
    session: Session, ledger: LedgerTables, entity: str | None, *, since: int, kept: int, head: Head
) -> bool:
    """Say whether a copy of a seq still shows its kind at the head; up to `since` that is known already."""
    if kept > head.seq:
        return False
    if entity is None:
        return kept == head.seq
    return not changed_keys(session, ledger, entity, after=since, up_to=head.seq, limit=1)


def wanted_tags(headers: Mapping[str, str]) -> list[str]:
    """Return the entity tags that a caller has copies of, without quotes."""
    return [part.strip().removeprefix("W/").strip('"') for part in headers.get("if-none-match", "").split(",")]
