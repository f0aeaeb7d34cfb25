"""The registry's units and divisions, followed by its feed: fresh within seconds, held for minutes while it is down."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import structlog

from heli_assessment.intake.domain import Unit, folded, units_in_scope
from heli_shared.contracts.errors import Gone, PeerError
from heli_shared.contracts.feed import Cursor, LedgerSource
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import Unavailable

ENTITIES = ("unit", "division")
FRESH_SECONDS = 3.0
HELD_SECONDS = 600.0
_PAGE = 1_000

log = structlog.get_logger()

_Key = tuple[str, str]
_Line = tuple[date, int, Mapping[str, Any]]


class Directory:
    """Knows which units there are and where they lie; safe to share between threads."""

    def __init__(self, registry: LedgerSource, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Follow the ledger of `registry`, which is read for the first time when somebody asks."""
        self._registry = registry
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._lines: dict[_Key, list[_Line]] = defaultdict(list)
        self._units: dict[str, Unit] = {}
        self._parents: dict[str, str | None] = {}
        self._cursor: Cursor | None = None
        self._read_at = float("-inf")

    def has_unit(self, unit: str) -> bool:
        """Say whether there is a unit of this id; one that was made this moment is seen."""
        self._refresh(FRESH_SECONDS)
        if unit not in self._units:
            self._refresh(0.0)
        return unit in self._units

    def units_in(self, scope: Scope) -> frozenset[str]:
        """Return the ids of the units that lie in a scope."""
        self._refresh(FRESH_SECONDS)
        return units_in_scope(self._units.values(), self._parents, scope)

    def _refresh(self, fresh_seconds: float) -> None:
        with self._lock:
            if self._monotonic() - self._read_at < fresh_seconds:
                return
            try:
                self._follow()
            except (PeerError, FileNotFoundError) as error:
                # The secret's file is missing until the registry has started once: then there is nobody to ask yet.
                log.warning("units_not_refreshed", error=type(error).__name__)
                if self._cursor is None or self._monotonic() - self._read_at > HELD_SECONDS:
                    raise registry_down() from error

    def _follow(self) -> None:
        if self._cursor is None:
            self._copy()
        try:
            self._catch_up()
        except Gone:
            self._copy()
        self._read_at = self._monotonic()

    def _copy(self) -> None:
        self._lines = defaultdict(list)
        with self._registry.export("ledger") as bulk:
            for batch in bulk.batches:
                self._take_batch(batch)
            self._cursor = Cursor(bulk.epoch, bulk.known_at)
        self._fold()

    def _take_batch(self, batch: Any) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        wanted = batch.filter(pc.is_in(batch.column("entity"), value_set=pa.array(ENTITIES)))
        names = ("entity", "key", "effective_on", "seq", "changes")
        for entity, key, day, seq, changes in zip(*(wanted.column(n).to_pylist() for n in names), strict=True):
            self._lines[entity, key].append((day, seq, json.loads(changes)))

    def _catch_up(self) -> None:
        taken = False
        while self._cursor is not None:
            page = self._registry.changes(self._cursor, limit=_PAGE)
            for entry in page.items:
                if entry.entity in ENTITIES:
                    self._lines[entry.entity, entry.key].append((entry.effective_on, entry.seq, entry.changes))
                    taken = True
            self._cursor = page.next_cursor
            if page.is_last:
                break
        if taken:
            self._fold()

    def _fold(self) -> None:
        units: dict[str, Unit] = {}
        parents: dict[str, str | None] = {}
        for (entity, key), lines in self._lines.items():
            values = folded(lines)
            if entity == "division":
                parents[key] = values.get("parent")
            else:
                units[key] = Unit(
                    id=key,
                    name=str(values.get("name") or key),
                    kind=str(values.get("kind") or ""),
                    division=values.get("division"),
                    zone=values.get("zone"),
                    is_open=values.get("state") == "open",
                )
        self._units, self._parents = units, parents


def registry_down() -> Unavailable:
    """Return the refusal of what cannot be done without the registry."""
    return Unavailable(
        "登记服务暂时没有应答，请稍后重试；没有保存任何内容。",
        "The registry does not answer; try again shortly. Nothing was stored.",
        retry_after=5,
    )
