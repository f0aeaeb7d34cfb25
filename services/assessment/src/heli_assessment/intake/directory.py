"""What assessment follows of the registry by its feed: fresh within seconds, held for minutes while it is down."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import structlog

from heli_assessment.intake.domain import (
    UNIT_KINDS,
    Answering,
    Pairing,
    Post,
    Reach,
    Unit,
    divisions_below,
    folded,
    units_in_scope,
)
from heli_shared.contracts.errors import Gone, PeerError
from heli_shared.contracts.feed import Cursor, LedgerSource
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import Unavailable
from heli_shared.statistics import statutory

ENTITIES = ("unit", "division", "calendar_day", "assignment", "pairing")
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
        self._records: dict[str, dict[str, dict[str, Any]]] = {entity: {} for entity in ENTITIES}
        self._units: dict[str, Unit] = {}
        self._parents: dict[str, str | None] = {}
        self._names: dict[str, list[str]] = {}
        self._cursor: Cursor | None = None
        self._read_at = float("-inf")

    def has_unit(self, unit: str) -> bool:
        """Say whether there is a unit of this id; one that was made this moment is seen."""
        self._refresh(FRESH_SECONDS)
        if unit not in self._units:
            self._refresh(0.0)
        return unit in self._units

    def units_of_kind(self, kind: str) -> list[Unit]:
        """Return the open units of a kind of subject in order of their ids."""
        self._refresh(FRESH_SECONDS)
        kinds = UNIT_KINDS.get(kind, (kind,))
        found = [unit for unit in self._units.values() if unit.kind in kinds and unit.is_open]
        return sorted(found, key=lambda unit: unit.id)

    def forget(self) -> None:
        """Take what was read for old, so that the next question reads the feed first."""
        self._read_at = min(self._read_at, self._monotonic() - FRESH_SECONDS)

    def units_in(self, scope: Scope) -> frozenset[str]:
        """Return the ids of the units that lie in a scope."""
        self._refresh(FRESH_SECONDS)
        return units_in_scope(self._units.values(), self._parents, scope)

    def reach(self, scope: Scope) -> Reach:
        """Return the units, divisions and zones of a scope."""
        return Reach(self.units_in(scope), divisions_below(self._parents, scope), frozenset(scope.zones))

    def answering(self) -> Answering:
        """Return which unit answers for what lies somewhere."""
        self._refresh(FRESH_SECONDS)
        return Answering.of(self._units.values(), self._parents)

    def unit_on(self, unit: str, day: date) -> Unit | None:
        """Return a unit as it stood on a day, or None when there was none of this id."""
        self.has_unit(unit)
        lines = [line for line in self._lines.get(("unit", unit), ()) if line[0] <= day]
        return _unit(unit, folded(lines)) if lines else None

    def posts_on(self, person: str, role: str, day: date) -> list[Post]:
        """Return the posts that somebody held in a role on a day, in order of ids; one made this moment is seen."""
        self._refresh(0.0)
        lines = {
            key: [line for line in self._lines["assignment", key] if line[0] <= day]
            for key, values in self._records["assignment"].items()
            if values.get("person") == person and values.get("role") == role
        }
        held = {key: folded(each) for key, each in sorted(lines.items()) if each}
        return [self._post(key, values) for key, values in held.items() if values.get("state") == "open"]

    def unit(self, unit: str) -> Unit | None:
        """Return a unit, or None when the registry has none of this id."""
        return self._units[unit] if self.has_unit(unit) else None

    def units(self) -> Mapping[str, Unit]:
        """Return every unit by id, the closed ones too."""
        self._refresh(FRESH_SECONDS)
        return self._units

    def units_named(self, name: str) -> list[str]:
        """Return the ids of the open units of this name or short name."""
        self._refresh(FRESH_SECONDS)
        return self._names.get(name, [])

    def posts(self) -> list[Post]:
        """Return the open assignments, in order of ids."""
        return [self._post(key, values) for key, values in self._open("assignment")]

    def pairings(self) -> list[Pairing]:
        """Return the open pairings, in order of ids."""
        return [
            Pairing(
                key, values.get("unit"), values.get("enterprise"), values.get("activities_per_year"),
                values.get("meetings_per_year"), values.get("practical_matters_per_year"), self._since("pairing", key),
            )
            for key, values in self._open("pairing")
        ]  # fmt: skip

    def is_working(self, day: date) -> bool:
        """Say whether a day is a working day: by the office's own calendar, else by the State Council's."""
        self._refresh(FRESH_SECONDS)
        own = self._records["calendar_day"].get(day.isoformat())
        if own is not None and own.get("state") == "open":
            return bool(own["is_working"])
        return statutory.is_working(day)

    def _open(self, entity: str) -> list[tuple[str, dict[str, Any]]]:
        self._refresh(FRESH_SECONDS)
        return sorted(item for item in self._records[entity].items() if item[1].get("state") == "open")

    def _post(self, key: str, values: Mapping[str, Any]) -> Post:
        return Post(
            key, str(values.get("role") or ""), values.get("person"), values.get("unit"), values.get("enterprise"),
            values.get("visits_per_year"), self._since("assignment", key), values.get("organization"),
        )  # fmt: skip

    def _since(self, entity: str, key: str) -> date:
        return min(line[0] for line in self._lines[entity, key])

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
        self._records = {entity: {} for entity in ENTITIES}
        self._fold(self._lines)

    def _take_batch(self, batch: Any) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        wanted = batch.filter(pc.is_in(batch.column("entity"), value_set=pa.array(ENTITIES)))
        names = ("entity", "key", "effective_on", "seq", "changes")
        for entity, key, day, seq, changes in zip(*(wanted.column(n).to_pylist() for n in names), strict=True):
            self._lines[entity, key].append((day, seq, json.loads(changes)))

    def _catch_up(self) -> None:
        touched: set[_Key] = set()
        while self._cursor is not None:
            page = self._registry.changes(self._cursor, limit=_PAGE)
            for entry in page.items:
                if entry.entity in ENTITIES:
                    self._lines[entry.entity, entry.key].append((entry.effective_on, entry.seq, entry.changes))
                    touched.add((entry.entity, entry.key))
            self._cursor = page.next_cursor
            if page.is_last:
                break
        self._fold(touched)

    def _fold(self, touched: Iterable[_Key]) -> None:
        """Fold the records that have new lines; whoever is reading goes on with the mappings as they were."""
        seen = set()
        for entity, key in touched:
            self._records[entity] = self._records[entity] if entity in seen else dict(self._records[entity])
            self._records[entity][key] = folded(self._lines[entity, key])
            seen.add(entity)
        if "division" in seen:
            self._parents = {key: values.get("parent") for key, values in self._records["division"].items()}
        if "unit" in seen:
            self._units = {key: _unit(key, values) for key, values in self._records["unit"].items()}
            self._names = _names(self._records["unit"])


def _unit(key: str, values: Mapping[str, Any]) -> Unit:
    return Unit(
        id=key,
        name=str(values.get("name") or key),
        kind=str(values.get("kind") or ""),
        division=values.get("division"),
        zone=values.get("zone"),
        is_open=values.get("state") == "open",
        parent=values.get("parent"),
    )


def _names(units: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, values in sorted(units.items()):
        if values.get("state") == "open":
            for name in {values.get("name"), values.get("short_name")} - {None}:
                found[str(name)].append(key)
    return found


def registry_down() -> Unavailable:
    """Return the refusal of what cannot be done without the registry."""
    return Unavailable(
        "登记服务暂时没有应答，请稍后重试；没有保存任何内容。",
        "The registry does not answer; try again shortly. Nothing was stored.",
        retry_after=5,
    )
