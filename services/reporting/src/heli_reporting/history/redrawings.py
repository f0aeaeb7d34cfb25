# ruff: noqa: S608 -- names of columns and tables come from closed lists, keys are written as literals
"""Redrawings: how the map of one state differs from that of another, so that who moved is told from who was redrawn."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from heli_reporting.history import asking, versions
from heli_reporting.history.domain import KnownAt
from heli_reporting.history.schema import version_table
from heli_reporting.history.vintages import Tables
from heli_shared.statistics.tables import PATH_LEVELS

Cursor = Any
Pair = tuple[str, str]

OWN = {"division": "division", "zone": "zone", "unit": "responsible_unit"}
"""The kinds of place that can be redrawn, and the column that holds a row's own node."""


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What was redrawn between two states: by kind of place, each node with each one that took its place.

    Divisions are named, perhaps without pairs, where one of them has another path.
    """

    pairs: Mapping[str, Sequence[Pair]]

    def touches(self, kinds: Iterable[str]) -> bool:
        """Say whether anything of these kinds was redrawn; else whoever stands elsewhere has moved."""
        return any(kind in self.pairs for kind in kinds)

    def stayed(self, kinds: Collection[str]) -> str:
        """Return the SQL that says whether a record did not move itself: its nodes in `a` and `b` are one, or led on.

        Both sides must tell its nodes as `own_division` and so on, where `touches` says so.
        """
        return " AND ".join(self._stayed(kind) for kind in kinds) if self.touches(kinds) else "FALSE"

    def _stayed(self, kind: str) -> str:
        before, after = f"a.own_{kind}", f"b.own_{kind}"
        same = f"{before} IS NOT DISTINCT FROM {after}"
        led = ", ".join(f"({asking.literals(pair)})" for pair in self.pairs.get(kind, ()))
        return f"({same} OR coalesce(({before}, {after}) IN ({led}), FALSE))" if led else f"({same})"


NOTHING = Redrawn({})


@dataclass(frozen=True, slots=True)
class State:
    """The map of a day as it is known: where its paths are read, and how far its ledger is known."""

    on: date
    tables: Tables
    known: KnownAt


@dataclass(frozen=True, slots=True)
class _Succession:
    key: str
    node: str
    gone: str
    successor: str
    valid_from: date
    valid_to: date

    def holds_on(self, on: date) -> bool:
        return self.valid_from <= on < self.valid_to


def between(cursor: Cursor, before: State, after: State) -> Redrawn:
    """Return what was redrawn from one state to another: by what holds in the later one and did not in the earlier."""
    known_later = _successions(cursor, after.known)
    known = known_later if before.known == after.known else _successions(cursor, before.known)
    held = {each.key for each in known if each.holds_on(before.on)}
    pairs = _pairs(each for each in known_later if each.holds_on(after.on) and each.key not in held)
    if "division" not in pairs and _has_other_paths(cursor, before, after):
        pairs["division"] = []
    return Redrawn(pairs)


def _successions(cursor: Cursor, known: KnownAt) -> list[_Succession]:
    """Return the versions of open successions as known; those of the head, if it knows of no later entry."""
    head = version_table("succession")
    last = cursor.execute(f"SELECT coalesce(max(seq), 0) FROM {head}").fetchall()[0][0]
    seq = known.registry or 0
    source, bound = versions.as_known("succession", None if last <= seq else seq)
    rows = cursor.execute(
        f"SELECT key, node, predecessor, successor, valid_from, valid_to FROM {source} WHERE state = 'open'", bound
    ).fetchall()
    return [_Succession(*row) for row in rows]


def _pairs(led: Iterable[_Succession]) -> dict[str, list[Pair]]:
    """Return by kind each node with all that took its place, one after the other; a way back to itself is no way."""
    nexts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in led:
        if each.node in OWN:
            nexts[each.node][each.gone].append(each.successor)
    return {
        node: [(gone, each) for gone in sorted(ways) for each in sorted(_reached(gone, ways)) if each != gone]
        for node, ways in nexts.items()
    }


def _reached(gone: str, ways: Mapping[str, Sequence[str]]) -> set[str]:
    found = set[str]()
    ahead = list(ways[gone])
    while ahead:
        here = ahead.pop()
        if here not in found:
            found.add(here)
            ahead += ways.get(here, ())
    return found


def _has_other_paths(cursor: Cursor, before: State, after: State) -> bool:
    """Say whether a division has another path in one state than in the other, or none."""
    were, are = (
        f"SELECT key, {', '.join(PATH_LEVELS)} FROM {state.tables.paths} WHERE valid_from <= ? AND valid_to > ?"
        for state in (before, after)
    )
    rows = cursor.execute(
        f"WITH were AS ({were}), are AS ({are})"
        " SELECT 1 FROM ((FROM were EXCEPT FROM are) UNION ALL (FROM are EXCEPT FROM were)) LIMIT 1",
        [before.on, before.on, after.on, after.on],
    ).fetchall()
    return bool(rows)
