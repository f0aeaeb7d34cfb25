# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Structures: the rows of a day, placed where the structure of a later day puts them (docs/rules/trees.md)."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from threading import Lock
from typing import Any, Self

from heli_reporting.history import branches, versions
from heli_reporting.history.domain import KnownAt, Query
from heli_reporting.history.runs import runs
from heli_reporting.history.vintages import Head, Tables, head_of
from heli_shared.statistics.dimensions import TREES, Dimension
from heli_shared.statistics.successions import Successions, changes_of
from heli_shared.statistics.tables import PATH_LEVELS

Cursor = Any
Written = tuple[date, int, str | None]

_KEPT = 32
_MOVED = "moved_"


@dataclass(frozen=True, slots=True)
class Subject:
    """Facts whose rows have places: their key, the record kind they are of, and the node that each column names.

    `stands` is by tree the SQL of where a row stands in it.
    """

    key: str
    entity: str
    places: Mapping[str, str]
    stands: Mapping[str, str]


_SUBJECTS = {
    "facts": Subject(
        "uscc",
        "enterprise",
        {"division": "division", "zone": "zone", "responsible_unit": "unit", "sector": "sector"},
        {"sector": "coalesce({sector}, f.industry)", "affiliation": "f.covering_organization"},
    ),
    "organization_facts": Subject(
        "id", "party_organization", {"division": "division", "zone": "zone"}, {"affiliation": "f.id"}
    ),
}


@dataclass(frozen=True, slots=True)
class Placing:
    """How the rows of some days are placed: known at which seq, by the structure of which day, in which trees.

    `structure_of` None is the structure of each day itself.
    """

    seq: int
    days: tuple[date, ...]
    structure_of: date | None
    trees: tuple[str, ...]

    @classmethod
    def of(cls, query: Query, dimensions: Sequence[Dimension], known: KnownAt, days: Sequence[date] = ()) -> Self:
        """Return what a query and its dimensions ask for; the query's own day unless others are given."""
        named = {*query.filters, *(dimension.id for dimension in dimensions)}
        asked = tuple(sorted(set(days))) or (query.on,)
        return cls(known.registry or 0, asked, query.structure_of, tuple(tree for tree in TREES if tree in named))

    @property
    def changes_anything(self) -> bool:
        """Say whether rows get other places, or further ones."""
        return self.structure_of is not None or bool(self.trees)

    @property
    def structure_days(self) -> tuple[date, ...]:
        """Return the days whose trees are read."""
        return self.days if self.structure_of is None else (self.structure_of,)


class Structures:
    """Where rows stand in trees and by other structures, found when asked for and kept for a while."""

    def __init__(self) -> None:
        """Begin with nothing found."""
        self._held: OrderedDict[tuple[Head, Placing], dict[str, Any]] = OrderedDict()
        self._lock = Lock()

    def tables(self, cursor: Cursor, tables: Tables, placing: Placing, *, state: int = 0) -> Tables:
        """Return the relations with each row placed as asked for; the cursor alone can read them, one set a state.

        `tables` are those of the days as known at the seq. Rows are stretches of days as before; where a place changes
        within one it is cut. Only on the days asked for do they tell what holds.
        """
        if not placing.changes_anything:
            return tables
        found = {f"{name}_{state}": rows for name, rows in self._found(cursor, tables, placing).items()}
        for name, rows in found.items():
            cursor.register(name, rows)
        facts = {part: _placed(tables, part, placing, found, state) for part in _SUBJECTS}
        names = {tree: f"{branches.NODES}{tree}_{state}" for tree in placing.trees}
        return replace(
            tables,
            facts=facts["facts"],
            organization_facts=facts["organization_facts"],
            names={**tables.names, **names},
            touched={},
        )

    def _found(self, cursor: Cursor, tables: Tables, placing: Placing) -> dict[str, Any]:
        """Return the Arrow tables behind a placing by the names under which relations read them."""
        key = (head_of(cursor), placing)
        with self._lock:
            if key not in self._held:
                found = {} if placing.structure_of is None else _moved(cursor, tables, placing, placing.structure_of)
                seq = None if placing.seq == key[0][1] else placing.seq
                for tree in placing.trees:
                    found |= branches.read(cursor, tables.facts, tree, placing.structure_days, seq=seq)
                self._held[key] = found
            self._held.move_to_end(key)
            while len(self._held) > _KEPT:
                self._held.popitem(last=False)
            return self._held[key]


def _placed(tables: Tables, part: str, placing: Placing, found: Mapping[str, Any], state: int) -> str:
    """Return the relation of facts with their places replaced, and their paths and branches added."""
    subject = _SUBJECTS[part]
    columns = {name: f"f.{name}" for name in subject.places}
    begin, end, joins, added = "f.valid_from", "f.valid_to", "", ""

    def cut(alias: str) -> str:
        """Return the condition under which a stretch of another relation meets the row, and cut the row by it."""
        nonlocal begin, end
        met = f"{alias}.valid_from < {end} AND {alias}.valid_to > {begin}"
        begin, end = f"greatest({begin}, {alias}.valid_from)", f"least({end}, {alias}.valid_to)"
        return met

    if f"{_MOVED}{part}_{state}" in found:
        columns = {name: f"coalesce(m.{name}, f.{name})" for name in subject.places}
        joins = f" LEFT JOIN {_MOVED}{part}_{state} AS m ON m.key = f.{subject.key} AND {cut('m')}"
    replaced = [f"{column} AS {name}" for name, column in columns.items()]
    if placing.structure_of is not None:
        day = f"DATE '{placing.structure_of.isoformat()}'"
        replaced += [f"p.{level} AS {level}" for level in PATH_LEVELS]
        joins += (
            f" LEFT JOIN {tables.paths} AS p ON p.key = {columns['division']}"
            f" AND p.valid_from <= {day} AND p.valid_to > {day}"
        )
    for tree, place in subject.stands.items():
        if tree in placing.trees:
            joins += (
                f" LEFT JOIN {branches.BRANCHES}{tree}_{state} AS {tree}_tree"
                f" ON {tree}_tree.place = {place.format(**columns)}"
            )
            if len(placing.structure_days) > 1:
                joins += f" AND {cut(f'{tree}_tree')}"
            added += "".join(f", {tree}_tree.{column}" for column in branches.columns(tree))
    replaced += [f"{begin} AS valid_from", f"{end} AS valid_to"]
    facts = _within(getattr(tables, part), placing.days)
    return f"(SELECT f.* REPLACE ({', '.join(replaced)}){added} FROM {facts} AS f{joins})"


def _within(facts: str, days: Sequence[date]) -> str:
    """Return the rows that may hold on one of some days, given in order."""
    first, last = days[0].isoformat(), days[-1].isoformat()
    return f"(SELECT * FROM {facts} WHERE valid_from <= DATE '{last}' AND valid_to > DATE '{first}')"


def _moved(cursor: Cursor, tables: Tables, placing: Placing, structure_of: date) -> dict[str, Any]:
    """Return, as Arrow tables, the new places of the rows whose place has gone, by stretches; none where none has."""
    import pyarrow as pa  # not needed to start

    gone = _successions(cursor, placing.seq, structure_of)
    found = {}
    for part, subject in _SUBJECTS.items():
        places: dict[str, dict[date, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        for column, node in subject.places.items():
            if node in gone:
                for day, key, place in _now(cursor, getattr(tables, part), (subject, column), gone[node], placing):
                    places[key][day][column] = place
        if places:
            named = ("key", *subject.places)
            held = (("valid_from", pa.date32()), ("valid_to", pa.date32()))
            schema = pa.schema([*((name, pa.string()) for name in named), *held])
            listed = [
                {"key": key, "valid_from": begin, "valid_to": end, **moved}
                for key, by_day in places.items()
                for begin, end, moved in runs(placing.days, [by_day.get(day, {}) for day in placing.days])
            ]
            found[_MOVED + part] = pa.Table.from_pylist(listed, schema=schema)
    return found


def _successions(cursor: Cursor, seq: int, structure_of: date) -> dict[str, tuple[list[str], Successions]]:
    """Return by kind of node the nodes that went until a day, as known at a seq, and where they led."""
    folded = versions.fold("succession", versions.entries_of("succession", until=True))
    rows = cursor.execute(
        f"SELECT node, predecessor, successor, coalesce(is_rest, FALSE), valid_from, seq FROM ({folded})"
        " WHERE state = 'open' AND valid_from <= ? ORDER BY seq",
        [seq, structure_of],
    ).fetchall()
    by_node: dict[str, list[tuple[str, str, bool, date, int]]] = defaultdict(list)
    for node, *succession in rows:
        by_node[node].append(tuple(succession))
    changes = {node: changes_of(found) for node, found in by_node.items()}
    return {node: (sorted(found), Successions(found)) for node, found in changes.items()}


def _now(
    cursor: Cursor,
    facts: str,
    column_of: tuple[Subject, str],
    gone: tuple[list[str], Successions],
    placing: Placing,
) -> Iterator[tuple[date, str, str]]:
    """Yield (day, key, new place) of each row that stood on one of the days at a node that went."""
    (subject, column), (nodes, successions) = column_of, gone
    standing = cursor.execute(
        f"SELECT asked.day, {subject.key}, {column} FROM (SELECT unnest(CAST(? AS DATE[])) AS day) AS asked"
        f" JOIN (SELECT * FROM {facts} WHERE list_contains(CAST(? AS VARCHAR[]), {column})) AS stood"
        " ON stood.valid_from <= asked.day AND stood.valid_to > asked.day",
        [list(placing.days), nodes],
    ).fetchall()
    keys = sorted({key for _, key, _ in standing}) if successions.have_splits else []
    written = _written(cursor, subject.entity, column, keys, placing.seq)
    for day, key, place in standing:
        now = successions.place_now(place, day, partial(_value_on, written.get(key, [])))
        if now != place:
            yield day, key, now


def _written(cursor: Cursor, entity: str, field: str, keys: Sequence[str], seq: int) -> dict[str, list[Written]]:
    """Return what entries known at a seq wrote into a field of some records, in the order in which it counts."""
    if not keys:
        return {}
    rows: Iterable[tuple[str, date, int, str | None]] = cursor.execute(
        f"SELECT key, effective_on, seq, json_extract_string(changes, '$.{field}') FROM entries"
        " WHERE source = 'registry' AND entity = ? AND seq <= ? AND key IN (SELECT unnest(CAST(? AS VARCHAR[])))"
        f" AND json_exists(changes, '$.{field}') ORDER BY effective_on, seq",
        [entity, seq, list(keys)],
    ).fetchall()
    found: dict[str, list[Written]] = defaultdict(list)
    for key, effective_on, written_at, value in rows:
        found[key].append((effective_on, written_at, value))
    return found


def _value_on(written: Sequence[Written], day: date, known_at: int) -> str | None:
    """Return what a field held on a day as known at a seq."""
    value = None
    for effective_on, seq, given in written:
        if effective_on <= day and seq <= known_at:
            value = given
    return value
