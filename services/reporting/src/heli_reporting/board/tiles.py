"""What each tile shows, from the store; every number comes from the functions that the statistics answer with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from heli_reporting.board.domain import (
    BASE,
    CARDS,
    GAPS,
    HEAD,
    TOWNSHIPS,
    TREND,
    UNITS,
    Tile,
    latest_cycle,
    month_ends,
    ranked,
    steps,
)
from heli_reporting.gaps.answers import gap_json
from heli_reporting.history.domain import Cell, KnownAt, Query
from heli_reporting.history.store import Store
from heli_reporting.statistics.answers import cell_json, figures_of
from heli_reporting.statistics.domain import Language
from heli_reporting.targets.domain import Target, target_of
from heli_reporting.targets.service import own_targets
from heli_reporting.worklists.domain import below
from heli_reporting.worklists.service import Asked, WorklistService
from heli_reporting.worklists.shown import line_json
from heli_shared.kernel.access import Principal
from heli_shared.statistics.dimensions import get_dimension
from heli_shared.statistics.measures import get_measure
from heli_shared.statistics.reasons import REASONS

Figures = dict[str, Any]
Measures = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Whose board, as of which day, as known when, in which language."""

    principal: Principal
    on: date
    known_at: KnownAt
    language: Language

    @property
    def query(self) -> Query:
        """Return the question behind the numbers, in the caller's scope."""
        return Query(self.on, self.known_at, {}, self.principal.scope)

    @property
    def is_english(self) -> bool:
        """Say whether names come in English."""
        return self.language == "en"

    def named(self, words: tuple[str, str]) -> str:
        """Return the Chinese or the English of a pair."""
        return words[self.is_english]


class Tiles:
    """Makes tiles; safe to share between threads."""

    def __init__(self, store: Store, worklists: WorklistService) -> None:
        """Count in `store`; what is due comes from `worklists`."""
        self._store = store
        self._worklists = worklists
        self._makers: Mapping[Tile, Callable[[View], Figures]] = {
            "cards": self._cards,
            "townships": self._townships,
            "trend": self._trend,
            "ranking": self._ranking,
            "gaps": self._gaps,
            "worklist": self._worklist,
            "funnel": self._funnel,
        }

    def make(self, tile: Tile, view: View) -> Figures:
        """Return the figures of a tile as JSON values."""
        return self._makers[tile](view)

    def _cards(self, view: View) -> Figures:
        # Two subjects share no dimension but need none here: one question counts enterprises and organisations.
        total = self._store.aggregate(CARDS, [], view.query).total
        own = own_targets(self._store, view.principal.scope, on=view.on, known_at=view.known_at)
        cards = []
        for measure in CARDS:
            target = target_of(measure, own, on=view.on)
            cards.append(
                {
                    "measure": measure,
                    "name": _measure_name(measure, view),
                    "cell": cell_json(total[measure]),
                    "target": None if target is None else _target_json(target, total[measure]),
                }
            )
        return {"cards": cards}

    def _townships(self, view: View) -> Figures:
        return self._grouped("division:town", TOWNSHIPS, view)

    def _grouped(self, by: str, measures: Measures, view: View) -> Figures:
        found = self._store.aggregate(measures, [by], view.query)
        return {"measures": _names(measures, view), **figures_of(found, [get_dimension(by)], view.language)}

    def _trend(self, view: View) -> Figures:
        points = []
        for day in month_ends(view.on):
            total = self._store.aggregate(TREND, [], replace(view.query, on=day)).total
            points.append({"on": day.isoformat(), **{measure: cell_json(cell) for measure, cell in total.items()}})
        return {"measures": _names(TREND, view), "points": points}

    def _ranking(self, view: View) -> Figures:
        """Return the announced scores of departments, and the coverage of the enterprises each unit answers for."""
        cycle = latest_cycle(self._store.records("cycle", view.on, known_at=view.known_at), on=view.on)
        shown = None if cycle is None else {name: cycle[name] for name in ("title", "run", "counted_on", "stage")}
        return {
            "cycle": None if shown is None else {**shown, "counted_on": shown["counted_on"].isoformat()},
            "departments": [] if cycle is None else self._departments(cycle, view),
            "units": self._grouped("unit", UNITS, view),
        }

    def _departments(self, cycle: Mapping[str, Any], view: View) -> list[Figures]:
        entries = self._store.records("cycle_entry", view.on, known_at=view.known_at)
        own = (each for each in entries if each["cycle"] == cycle["key"])
        return [
            {
                "rank": each["rank"],
                "unit": {"code": each["subject"], "name": each["name"]},
                "score": each["score"],
                "grade": each["grade"],
                # The run explains each item; assessment answers there, in the reader's own right.
                "explanation": None if cycle["run"] is None else f"/v1/runs/{cycle['run']}/scores/{each['subject']}",
            }
            for each in ranked(own, self._units_seen(view))
        ]

    def _units_seen(self, view: View) -> frozenset[str] | None:
        """Return the units in the caller's part of the county and the own one; None when that is all of them."""
        scope = view.principal.scope
        if scope.everything:
            return None
        divisions = self._store.records("division", view.on, known_at=view.known_at)
        inside = below(scope.divisions, {each["key"]: each["parent"] for each in divisions})
        units = self._store.records("unit", view.on, known_at=view.known_at)
        seen = {each["key"] for each in units if each["division"] in inside or each["zone"] in scope.zones}
        return frozenset(seen | {view.principal.unit or ""})

    def _gaps(self, view: View) -> Figures:
        lists = []
        for measure in GAPS:
            page = self._store.gaps(view.query, measure=measure, limit=HEAD)
            head = [gap_json(each, measure, view.language) for each in page.items]
            name = _measure_name(measure, view)
            lists.append({"measure": measure, "name": name, "total": page.total, "head": head})
        return {"lists": lists}

    def _worklist(self, view: View) -> Figures:
        asked = Asked(view.principal, view.on, view.known_at, view.language)
        found = self._worklists.worklist(asked, strict=False)
        counts: dict[str, Figures] = {}
        for line in found.lines:
            # Only the kinds that occur, in the order of their most urgent line.
            held = counts.setdefault(line.kind, {"kind": line.kind, "name": "", "count": 0})
            held["name"] = line_json(line, found, english=view.is_english)["kind_name"]
            held["count"] += 1
        head = [line_json(each, found, english=view.is_english) for each in found.lines[:HEAD]]
        return {"total": len(found.lines), "counts": list(counts.values()), "head": head}

    def _funnel(self, view: View) -> Figures:
        base = self._store.aggregate([BASE], [], view.query).total[BASE].numerator
        registered, left = steps(self._store.excluded(BASE, view.query), base)
        shown = [{"reason": reason, "name": view.named(REASONS[reason]), "count": count} for reason, count in left]
        return {"registered": registered, "steps": shown, "base": base}


def _measure_name(measure: str, view: View) -> str:
    found = get_measure(measure)
    return view.named((found.zh, found.en))


def _names(measures: Measures, view: View) -> list[dict[str, str]]:
    return [{"measure": measure, "name": _measure_name(measure, view)} for measure in measures]


def _target_json(target: Target, cell: Cell) -> Figures:
    return {
        "value": format(target.value, "f"),
        "since": None if target.since is None else target.since.isoformat(),
        "due_on": None if target.due_on is None else target.due_on.isoformat(),
        "basis": target.basis,
        "missing": target.missing(cell),
    }
