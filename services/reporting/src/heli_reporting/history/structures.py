# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Structures: the rows of a day, placed where the structure of a later day puts them (docs/rules/trees.md)."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from threading import Lock
from typing import Any, Self

from heli_reporting.history import asking, branches, versions
from heli_reporting.history.domain import KnownAt, Query
from heli_reporting.history.runs import runs
from heli_reporting.history.vintages import Head, Tables, head_of
from heli_shared.statistics.dimensions import TREES, Dimension
from heli_shared.statistics.successions import Successions, changes_of
from heli_shared.statistics.tables import PATH_LEVELS

Cursor = Any
Written = tuple[date, int, str | None]

_KEPT = 32
_MOVED, _DISPLACED = "moved_", "displaced"


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
        {"sector": "coalesce(f.sector, f.industry)", "affiliation": "f.covering_organization"},
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


@dataclass(frozen=True, slots=True)
class Found:
    """What a placing needs: Arrow tables by the names under which relations read them, and the nodes that were left.

    `left` has by relation of facts and column of place the nodes whose rows have another place.
    """

    rows: Mapping[str, Any]
    left: Mapping[str, Mapping[str, Sequence[str]]]


class Structures:
    """Where rows stand in trees and by other structures, found when asked for and kept for a while."""

    def __init__(self) -> None:
        """Begin with nothing found."""
        self._held: OrderedDict[tuple[Head, Placing], Found] = OrderedDict()
        self._lock = Lock()

    def tables(self, cursor: Cursor, tables: Tables, placing: Placing, *, state: int = 0) -> Tables:
        """Return the relations with each row placed as asked for; the cursor alone can read them, one set a state.

        `tables` are those of the days as known at the seq. Rows are stretches of days as before; where a place changes
        within one it is cut. Only on the days asked for do they tell what holds.
        """
        if not placing.changes_anything:
            return tables
        found = self._found(cursor, tables, placing)
        for name, rows in found.rows.items():
            cursor.register(f"{name}_{state}", rows)
        facts = {part: _placed(tables, part, placing, found, state) for part in _SUBJECTS}
        names = {tree: f"{branches.NODES}{tree}_{state}" for tree in placing.trees}
        return replace(
            tables,
            facts=facts["facts"],
            organization_facts=facts["organization_facts"],
            names={**tables.names, **names},
            touched={},
        )

    def _found(self, cursor: Cursor, tables: Tables, placing: Placing) -> Found:
        """Return what is behind a placing, looked up once for each state of the store."""
        key = (head_of(cursor), placing)
        with self._lock:
            if key not in self._held:
                found, left = dict[str, Any](), dict[str, dict[str, list[str]]]()
                if placing.structure_of is not None:
                    found, left = _moved(cursor, tables, placing, placing.structure_of)
                    found |= _displaced(cursor, tables, placing.days, placing.structure_of, Found(found, left))
                seq = None if placing.seq == key[0][1] else placing.seq
                for tree in placing.trees:
                    found |= branches.read(cursor, tables.facts, tree, placing.structure_days, seq=seq)
                self._held[key] = Found(found, left)
            self._held.move_to_end(key)
            while len(self._held) > _KEPT:
                self._held.popitem(last=False)
            return self._held[key]


def _placed(tables: Tables, part: str, placing: Placing, found: Found, state: int) -> str:
    """Return the relation of facts with their places replaced, and their branches in the trees added."""
    subject = _SUBJECTS[part]
    facts: str = getattr(tables, part)
    if placing.structure_of is not None:
        displaced = f"{_DISPLACED}_{state}" if _DISPLACED in found.rows else None
        moved = _with_places(_within(facts, placing.days), part, found, f"{_MOVED}{part}_{state}")
        facts = _with_paths(moved, displaced)
    if not placing.trees:
        return facts
    begin, end, joins, added = "f.valid_from", "f.valid_to", "", ""
    for tree, place in subject.stands.items():
        if tree in placing.trees:
            branch = f"{tree}_tree"
            joins += f" LEFT JOIN {branches.BRANCHES}{tree}_{state} AS {branch} ON {branch}.place = {place}"
            if len(placing.structure_days) > 1:
                joins += f" AND {branch}.valid_from < {end} AND {branch}.valid_to > {begin}"
                begin, end = f"greatest({begin}, {branch}.valid_from)", f"least({end}, {branch}.valid_to)"
            added += "".join(f", {branch}.{column}" for column in branches.columns(tree))
    cut = f"REPLACE ({begin} AS valid_from, {end} AS valid_to)" if begin != "f.valid_from" else ""
    return f"(SELECT f.* {cut}{added} FROM {_within(facts, placing.days)} AS f{joins})"


def _with_places(facts: str, part: str, found: Found, moved: str) -> str:
    """Return facts with the rows that stand at a node that was left at their new places, which `moved` tells.

    Most rows stay where they were. Those are told by their places alone, so that no row is looked up for nothing.
    """
    if part not in found.left:
        return facts
    subject = _SUBJECTS[part]
    stood = " OR ".join(f"f.{column} IN ({asking.literals(nodes)})" for column, nodes in found.left[part].items())
    replaced = [f"coalesce(m.{name}, f.{name}) AS {name}" for name in subject.places]
    replaced += [f"CASE WHEN m.division IS NULL THEN f.{level} ELSE m.{level} END AS {level}" for level in PATH_LEVELS]
    replaced += ["greatest(f.valid_from, m.valid_from) AS valid_from", "least(f.valid_to, m.valid_to) AS valid_to"]
    return (
        f"(SELECT f.* FROM {facts} AS f WHERE NOT coalesce({stood}, FALSE) UNION ALL"
        f" SELECT f.* REPLACE ({', '.join(replaced)}) FROM {facts} AS f LEFT JOIN {moved} AS m"
        f" ON m.key = f.{subject.key} AND m.valid_from < f.valid_to AND m.valid_to > f.valid_from WHERE {stood})"
    )


def _with_paths(facts: str, displaced: str | None) -> str:
    """Return facts with the divisions of `displaced` at their new paths."""
    if displaced is None:
        return facts
    replaced = [f"CASE WHEN d.key IS NULL THEN f.{level} ELSE d.{level} END AS {level}" for level in PATH_LEVELS]
    placed = f"SELECT f.* REPLACE ({', '.join(replaced)}) FROM {facts} AS f"
    return f"({placed} LEFT JOIN {displaced} AS d ON d.key = f.division)"


def _within(facts: str, days: Sequence[date]) -> str:
    """Return the rows that may hold on one of some days, given in order."""
    first, last = days[0].isoformat(), days[-1].isoformat()
    return f"(SELECT * FROM {facts} WHERE valid_from <= DATE '{last}' AND valid_to > DATE '{first}')"


def _moved(
    cursor: Cursor, tables: Tables, placing: Placing, structure_of: date
) -> tuple[dict[str, Any], dict[str, dict[str, list[str]]]]:
    """Return, as Arrow tables, the new places of the rows whose place has gone, by stretches, and the places left."""
    import pyarrow as pa  # not needed to start

    gone = _successions(cursor, placing.seq, structure_of)
    found, left = dict[str, Any](), dict[str, dict[str, list[str]]]()
    for part, subject in _SUBJECTS.items():
        nodes: dict[str, set[str]] = defaultdict(set)
        places: dict[str, dict[date, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        for column, node in subject.places.items():
            if node in gone:
                facts = getattr(tables, part)
                for day, key, stood, place in _now(cursor, facts, (subject, column), gone[node], placing):
                    places[key][day][column] = place
                    nodes[column].add(stood)
        if places:
            named = ("key", *subject.places, *PATH_LEVELS)
            held = (("valid_from", pa.date32()), ("valid_to", pa.date32()))
            schema = pa.schema([*((name, pa.string()) for name in named), *held])
            paths = _paths(cursor, tables.paths, structure_of)
            listed = [
                {"key": key, "valid_from": begin, "valid_to": end, **moved, **paths.get(moved.get("division", ""), {})}
                for key, by_day in places.items()
                for begin, end, moved in runs(placing.days, [by_day.get(day, {}) for day in placing.days])
            ]
            found[_MOVED + part] = pa.Table.from_pylist(listed, schema=schema)
            left[part] = {column: sorted(stood) for column, stood in nodes.items()}
    return found, left


def _paths(cursor: Cursor, paths: str, on: date) -> dict[str, dict[str, str | None]]:
    """Return the levels of each division's path on a day."""
    rows = cursor.execute(
        f"SELECT key, {', '.join(PATH_LEVELS)} FROM {paths} WHERE valid_from <= ? AND valid_to > ?", [on, on]
    ).fetchall()
    return {key: dict(zip(PATH_LEVELS, levels, strict=True)) for key, *levels in rows}


def _displaced(
    cursor: Cursor, tables: Tables, days: Sequence[date], structure_of: date, found: Found
) -> dict[str, Any]:
    """Return, as an Arrow table, the divisions whose path on one of some days is not that of the structure's day.

    Each has the path of the structure's day, none where it has none there. Only those count at which rows stand after
    what has moved is at its new place; nothing is returned where there are none.
    """
    standing = []
    for name, rows in found.rows.items():
        cursor.register(name, rows)
    for part in _SUBJECTS:
        placed = _with_places(_within(getattr(tables, part), days), part, found, _MOVED + part)
        standing.append(f"SELECT division FROM {placed}")
    levels = ", ".join(PATH_LEVELS)
    displaced = cursor.execute(
        f"""
WITH asked AS (SELECT unnest(CAST(? AS DATE[])) AS day),
meant AS (SELECT key, {levels} FROM {tables.paths} WHERE valid_from <= ? AND valid_to > ?),
were AS (SELECT day, key, {levels} FROM asked JOIN {tables.paths} ON valid_from <= day AND valid_to > day),
are AS (SELECT day, key, {levels} FROM asked CROSS JOIN meant),
differing AS (SELECT key FROM ((FROM were EXCEPT FROM are) UNION ALL (FROM are EXCEPT FROM were)) GROUP BY key)
SELECT key, {levels} FROM differing LEFT JOIN meant USING (key)
WHERE key IN ({" UNION ALL ".join(standing)})""",
        [list(days), structure_of, structure_of],
    ).fetchall()
    for name in found.rows:
        cursor.unregister(name)
    return {_DISPLACED: _arrow_of_paths(displaced)} if displaced else {}


def _arrow_of_paths(rows: Sequence[tuple[str | None, ...]]) -> Any:
    import pyarrow as pa  # not needed to start

    names = ("key", *PATH_LEVELS)
    listed = [dict(zip(names, row, strict=True)) for row in rows]
    return pa.Table.from_pylist(listed, schema=pa.schema([(name, pa.string()) for name in names]))


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
) -> Iterator[tuple[date, str, str, str]]:
    """Yield (day, key, place, new place) of each row that stood on one of the days at a node that went."""
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
            yield day, key, place, now


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
