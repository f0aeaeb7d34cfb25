"""The feed and the bulk copy of a service over HTTP."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import httpx

from heli_shared.contracts.errors import Malformed, Unreachable
from heli_shared.contracts.feed import LEDGER_COLUMNS, START, Bulk, ChangePage, Cursor
from heli_shared.contracts.peer import Peer

if TYPE_CHECKING:
    import pyarrow as pa
    from _typeshed import WriteableBuffer

_BUFFER = 1024 * 1024
_BULK_WAIT = 50.0
"""Seconds more than usual that a silent bulk copy may take to go on: a big one is prepared before it flows."""


class HttpLedger:
    """A LedgerSource that is a service at the other end of HTTP."""

    def __init__(self, peer: Peer) -> None:
        """Ask `peer`, which carries the token."""
        self._peer = peer

    def close(self) -> None:
        """Close the connections to the service; nothing can be asked afterwards."""
        self._peer.close()

    def changes(self, after: Cursor = START, *, limit: int = 1000, wait: float = 0.0) -> ChangePage:
        """Return entries after a cursor; Gone for a foreign cursor, Malformed when they are not the next ones."""
        params: dict[str, str | int] = {"after": str(after), "limit": limit, "wait": f"{wait:g}"}
        page = self._peer.get("/v1/changes", ChangePage, params=params, wait=wait)
        check_page(self._peer.name, page, after)
        return page

    @contextmanager
    def export(self, kind: str, *, on: date | None = None, known_at: int | None = None) -> Iterator[Bulk]:
        """Open a bulk copy as an Arrow stream that is read while it arrives, never held whole."""
        params: dict[str, str | int] = {"format": "arrow"}
        if on is not None:
            params["on"] = on.isoformat()
        if known_at is not None:
            params["known_at"] = known_at
        with self._peer.stream(f"/v1/exports/{kind}", params=params, wait=_BULK_WAIT) as response:
            seq, epoch = response.headers.get("Heli-Known-At", ""), response.headers.get("Heli-Epoch", "")
            if not (seq.isascii() and seq.isdigit() and epoch):
                raise Malformed(self._peer.name, "bulk copy without Heli-Known-At and Heli-Epoch")
            batches = _batches(self._peer.name, response)
            if kind == "ledger":
                batches = _whole_ledger(self._peer.name, batches, int(seq))
            yield Bulk(int(seq), epoch, batches)


def check_page(peer: str, page: ChangePage, after: Cursor) -> None:
    """Refuse a page whose entries do not follow one another and the cursor without a hole."""
    expected = after.seq
    for entry in page.items:
        expected += 1
        if entry.seq != expected:
            raise Malformed(peer, f"feed has a hole: {entry.seq} where {expected} was due")
    try:
        following, head = Cursor.parsed(page.next), Cursor.parsed(page.head)
    except ValueError as error:
        raise Malformed(peer, str(error)) from None
    if following.seq != expected or head.seq < expected or following.epoch != page.epoch:
        raise Malformed(peer, "feed's next does not follow its entries")
    if not page.items and head.seq > after.seq:
        raise Malformed(peer, "feed stops before its head")
    if after.epoch not in {None, page.epoch}:
        raise Malformed(peer, "feed changed its epoch without saying so")


def _batches(peer: str, response: httpx.Response) -> "Iterator[pa.RecordBatch]":
    import pyarrow as pa

    try:
        with pa.ipc.open_stream(io.BufferedReader(_Body(response), _BUFFER)) as reader:
            yield from reader
    except (pa.ArrowInvalid, OSError) as error:
        raise Malformed(peer, f"not an Arrow stream: {error}") from None
    except httpx.HTTPError as error:
        raise Unreachable(peer, f"bulk copy cut off: {type(error).__name__}") from error


def _whole_ledger(peer: str, batches: "Iterator[pa.RecordBatch]", known_at: int) -> "Iterator[pa.RecordBatch]":
    last = 0
    for batch in batches:
        if tuple(batch.schema.names) != LEDGER_COLUMNS:
            raise Malformed(peer, f"ledger copy has columns {batch.schema.names}")
        if batch.num_rows:
            last = batch.column(0)[-1].as_py()
            yield batch
    # A stream that ends at a message boundary looks complete to Arrow, so the last seq has to prove it.
    if last != known_at:
        raise Malformed(peer, f"ledger copy ends at {last}, promised {known_at}")


class _Body(io.RawIOBase):
    """The answer's bytes as a file; chunks are passed on as they arrive, which measured fastest."""

    def __init__(self, response: httpx.Response) -> None:
        # `iter_bytes` and not `iter_raw`: a proxy on the way may have compressed the stream.
        self._chunks = response.iter_bytes()
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        target = memoryview(buffer).cast("B")
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        size = min(len(target), len(self._rest))
        target[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
