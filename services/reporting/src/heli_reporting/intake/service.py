"""Reading the sources: the bulk once, then the feed until caught up, one flight at a time."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import structlog

from heli_reporting.history.domain import Refreshed, SourceHead
from heli_reporting.history.store import Store
from heli_reporting.intake.domain import Freshness, Reading, SyncReport, Taken, status_of
from heli_reporting.intake.repository import Readings
from heli_shared.contracts.errors import Gone as PeerGone
from heli_shared.contracts.errors import PeerError
from heli_shared.contracts.feed import Bulk, Cursor, LedgerEntry, LedgerSource
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import Conflict, Gone, TooMany

_PAGE = 5_000
_CHUNK = 20_000
_MAX_WAITING = 16
_NOTHING = Refreshed(entries=0, enterprises=0, organizations=0, rebuilt=False)

log = structlog.get_logger()


class Intake:
    """Follows the sources into the store; safe to share between threads.

    `version` grows with every reading, so that whoever keeps answers knows when to drop them.
    """

    def __init__(
        self,
        store: Store,
        sources: Mapping[str, LedgerSource],
        readings: Readings,
        *,
        clock: Clock,
        stale_seconds: float,
        workspace: Path,
        is_down: Callable[[str], bool] = lambda _source: False,
        on_reading: Callable[[], None] = lambda: None,
    ) -> None:
        """Follow `sources` by name, with `workspace` for files on their way.

        `is_down` may know sooner than the next reading that a source does not answer; `on_reading` is called after
        each reading that brought something or changed how a source stands.
        """
        self._store = store
        self._sources = dict(sources)
        self._keeper = readings
        self._clock = clock
        self._stale_seconds = stale_seconds
        self._workspace = workspace
        self._is_down = is_down
        self._on_reading = on_reading
        self._readings: dict[str, Reading] = {}
        self._turn = threading.Lock()
        self._started = 0
        self._waiting = 0
        self._last: tuple[int, SyncReport] | None = None
        self.version = 0

    def freshness(self) -> list[Freshness]:
        """Return how far and how fresh the copy of each source is, read before the answer that it describes."""
        readings, now = {name: self._reading(name) for name in self._sources}, self._clock.now()
        heads = self._store.heads()
        return [self._freshness_of(readings[name], heads.get(name), now) for name in self._sources]

    def _reading(self, name: str) -> Reading:
        found = self._readings.get(name)
        return found or self._readings.setdefault(name, self._keeper.load(name))

    def _freshness_of(self, reading: Reading, head: SourceHead | None, now: datetime) -> Freshness:
        if head is None or head.epoch is None or (head.seq == 0 and head.appended > 0):
            # The copy was deleted since it was last read, and is not back yet: what the archive remembers is void.
            reading = replace(reading, fetched_at=None)
        fetched = reading.fetched_at
        return Freshness(
            source=reading.source,
            status=status_of(
                reading, now=now, stale_seconds=self._stale_seconds, is_down=self._is_down(reading.source)
            ),
            epoch=head.epoch if head else None,
            known_at=head.seq if head else 0,
            fetched_at=fetched,
            age_seconds=None if fetched is None else max(0, int((now - fetched).total_seconds())),
            error=reading.error,
        )

    def sync(self) -> SyncReport:
        """Read all sources now and return what came; callers who wait for the same reading share it."""
        arrived = self._started
        if self._waiting >= _MAX_WAITING:
            raise TooMany("正在同步，请稍后再试。", "A sync is under way already; try again shortly.", retry_after=5)
        self._waiting += 1
        try:
            with self._turn:
                # A flight that took off after this call arrived has seen all that the caller wants seen.
                if self._last is not None and self._last[0] > arrived:
                    return self._last[1]
                self._started += 1
                report = self._fly()
                self._last = (self._started, report)
                return report
        finally:
            self._waiting -= 1

    def _fly(self) -> SyncReport:
        began, started = time.perf_counter(), self._clock.now()
        before = self._stand()
        with ThreadPoolExecutor(max_workers=len(self._sources), thread_name_prefix="intake") as pool:
            taken = tuple(pool.map(self._read, self._sources))
        refreshed = _NOTHING
        try:
            refreshed = self._refresh()
        except duckdb.Error as error:
            taken = tuple(replace(each, error=_store_failed(error)) for each in taken)
        # Only now do answers include what was read: a reading noted earlier would call old answers fresh.
        for each in taken:
            self._note(each, started)
        self.version += 1
        if self._stand() != before:
            self._on_reading()
        seconds = time.perf_counter() - began
        return SyncReport(taken, refreshed.enterprises, refreshed.organizations, refreshed.rebuilt, seconds)

    def _stand(self) -> list[tuple[object, ...]]:
        return [(each.source, each.status, each.epoch, each.known_at) for each in self.freshness()]

    def _refresh(self) -> Refreshed:
        if all(head.seq == head.appended for head in self._store.heads().values()):
            return _NOTHING
        return self._store.refresh()

    def _note(self, taken: Taken, started: datetime) -> None:
        before = self._reading(taken.source)
        fetched = started if taken.error is None else before.fetched_at
        after = replace(before, fetched_at=fetched, attempted_at=started, error=taken.error)
        self._keeper.save(after)
        self._readings[taken.source] = after
        if taken.entries or taken.error:
            log.info("source_read", source=taken.source, mode=taken.mode, entries=taken.entries, error=taken.error)

    def _read(self, name: str) -> Taken:
        try:
            return self._follow(name)
        except PeerError as error:
            return Taken(name, "none", 0, f"{type(error).__name__}: {error.reason}")
        except (Conflict, Gone) as error:
            return Taken(name, "none", 0, f"the ledger does not fit together: {error}")
        except duckdb.Error as error:
            return Taken(name, "none", 0, _store_failed(error))

    def _follow(self, name: str) -> Taken:
        source, head = self._sources[name], self._store.heads()[name]
        if head.epoch is None:
            return self._copy(name, source)
        try:
            return Taken(name, "feed", self._read_feed(name, source, Cursor(head.epoch, head.appended)), None)
        except (PeerGone, Gone, Conflict) as error:
            log.warning("source_restarted", source=name, reason=str(error))
            return self._copy(name, source)

    def _copy(self, name: str, source: LedgerSource) -> Taken:
        """Take the whole ledger, then what came meanwhile; an old copy goes only when the new one lies beside it."""
        with spooled(source, self._workspace) as bulk:
            if self._store.heads()[name].epoch is None:
                entries = self._store.append(name, bulk.batches, epoch=bulk.epoch, known_at=bulk.known_at)
            else:
                entries = self._store.replace(name, bulk.batches, epoch=bulk.epoch, known_at=bulk.known_at).entries
        return Taken(name, "bulk", entries + self._read_feed(name, source, Cursor(bulk.epoch, bulk.known_at)), None)

    def _read_feed(self, name: str, source: LedgerSource, cursor: Cursor) -> int:
        """Read up to where the feed stood at the first page, so that busy writers cannot keep us here for ever."""
        taken, goal, held = 0, None, list[LedgerEntry]()
        while True:
            page = source.changes(cursor, limit=_PAGE)
            goal = Cursor.parsed(page.head).seq if goal is None else goal
            held += page.items
            cursor = page.next_cursor
            is_done = page.is_last or cursor.seq >= goal
            if held and (is_done or len(held) >= _CHUNK):
                items = [entry.model_dump(mode="json") for entry in held]
                taken += self._store.append(name, items, epoch=page.epoch, known_at=cursor.seq)
                held = []
            if is_done:
                return taken


def _store_failed(error: duckdb.Error) -> str:
    log.error("store_failed", error=type(error).__name__, exc_info=error)
    return f"the store failed: {type(error).__name__}"


@contextmanager
def spooled(source: LedgerSource, workspace: Path) -> Iterator[Bulk]:
    """Fetch the whole ledger into a temporary file first, then open it: a network that fails leaves no half copy."""
    import pyarrow as pa

    with tempfile.TemporaryDirectory(prefix="intake-", dir=workspace) as folder:
        path = Path(folder) / "ledger.arrow"
        with source.export("ledger") as bulk, path.open("wb") as sink:
            writer = None
            for batch in bulk.batches:
                writer = writer or pa.ipc.new_stream(sink, batch.schema)
                writer.write_batch(batch)
            if writer is not None:
                writer.close()
        yield Bulk(bulk.known_at, bulk.epoch, _stored_batches(path))


def _stored_batches(path: Path) -> Iterator[Any]:
    import pyarrow as pa

    if path.stat().st_size:
        with path.open("rb") as file, pa.ipc.open_stream(file) as reader:
            yield from reader
