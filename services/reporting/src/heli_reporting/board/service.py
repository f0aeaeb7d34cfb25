"""The board in one call: tiles that are made anew only when their data moved, each with digest, passport and link."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from heli_reporting.board.domain import (
    BASE,
    CARDS,
    GAPS,
    OF_UNIT,
    TILES,
    TOWNSHIPS,
    TREND,
    UNITS,
    Tile,
    permission_of,
)
from heli_reporting.board.tiles import Tiles, View
from heli_reporting.history.domain import KnownAt
from heli_reporting.intake.domain import Freshness
from heli_reporting.intake.service import Intake
from heli_reporting.passports import Origin, check_answerable, known_by, passport_of
from heli_reporting.permalinks.domain import code_of
from heli_reporting.permalinks.service import Permalinks
from heli_reporting.statistics.answers import digest_of
from heli_shared.kernel.clock import Clock
from heli_shared.statistics.measures import get_measure

MOST_KEPT = 1_024
_STRIPES = 32

_COUNTED: dict[Tile, tuple[str, ...]] = {
    "cards": CARDS,
    "townships": TOWNSHIPS,
    "trend": TREND,
    "ranking": UNITS,
    "gaps": GAPS,
    "worklist": (),
    "funnel": (BASE,),
}
"""The measures whose definitions a tile's passport carries."""


@dataclass(frozen=True, slots=True)
class Board:
    """The tiles that were asked for, and how fresh what they were counted from is."""

    tiles: list[dict[str, Any]]
    freshness: Sequence[Freshness]
    known_at: KnownAt


class BoardService:
    """Puts boards together; safe to share between threads.

    A tile is kept until the data it was counted from, the day or the state of a source changes: a wall of screens that
    poll costs one count, and the archive keeps one answer.
    """

    def __init__(self, tiles: Tiles, intake: Intake, permalinks: Permalinks, *, clock: Clock) -> None:
        """Make tiles by `tiles` from what `intake` has brought; `permalinks` keeps each for good."""
        self._tiles = tiles
        self._intake = intake
        self._permalinks = permalinks
        self._clock = clock
        self._kept: OrderedDict[tuple[object, ...], dict[str, Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._stripes = [threading.Lock() for _ in range(_STRIPES)]

    def board(self, view: View, wanted: Sequence[Tile], *, strict: bool) -> Board:
        """Return tiles in the order of the board; Unavailable when there is no copy, or a stale one and `strict`."""
        freshness = self._intake.freshness()
        check_answerable(freshness, strict=strict)
        view = replace(view, known_at=known_by(view.known_at, freshness))
        tiles = [self._tile(tile, view, freshness) for tile in TILES if tile in wanted]
        return Board(tiles, freshness, view.known_at)

    def _tile(self, tile: Tile, view: View, freshness: Sequence[Freshness]) -> dict[str, Any]:
        principal = view.principal
        state = tuple((each.epoch, each.known_at, each.status) for each in freshness)
        # A worklist and a ranking show the own unit's lines wherever it lies, so the unit is part of the question.
        key = (tile, state, view.on, view.known_at, principal.scope, principal.unit, view.language)
        found = self._kept.get(key)
        if found is not None:
            return found
        # New data wakes every screen at once: the first that asks counts, the others wait for what it finds.
        with self._stripes[hash(key) % _STRIPES]:
            found = self._kept.get(key)
            if found is None:
                found = self._made(tile, view, freshness)
                self._keep(key, found)
        return found

    def _keep(self, key: tuple[object, ...], tile: dict[str, Any]) -> None:
        with self._lock:
            self._kept[key] = tile
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)

    def _made(self, tile: Tile, view: View, freshness: Sequence[Freshness]) -> dict[str, Any]:
        figures = self._tiles.make(tile, view)
        scope, now = view.principal.scope, self._clock.now()
        origin = Origin(freshness, view.on, view.known_at, {}, scope, now, view.language)
        measures = [get_measure(measure) for measure in _COUNTED[tile]]
        passport = passport_of(origin, measures) | {"explanations": [], "digest": digest_of({tile: figures})}
        content = {
            "tile": tile,
            "title": view.named(TILES[tile]),
            "figures": figures,
            "readers": {"permission": permission_of(tile), "unit": view.principal.unit if tile in OF_UNIT else None},
            "passport": passport,
        }
        code = code_of(orjson.dumps(content))
        passport["permalink"] = f"/v1/permalinks/{code}"
        self._permalinks.keep(code, orjson.dumps(content), scope=scope, given_at=now)
        return content
