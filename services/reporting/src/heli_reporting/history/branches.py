# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Branches: where a row stands in the trees of sectors and of affiliation, as the path from the top on some days."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from heli_reporting.history import versions
from heli_reporting.history.runs import runs
from heli_shared.statistics.dimensions import TREES

Cursor = Any
Parents = Mapping[str, str | None]

BRANCHES, NODES = "branches_", "nodes_"
_INDUSTRY_LENGTHS = range(5, 0, -1)


def columns(tree: str) -> list[str]:
    """Return the columns that a tree adds to facts: the node, its path, and the path's levels."""
    return [f"{tree}_node", f"{tree}_path", *(f"{tree}_{level}" for level in range(1, TREES[tree] + 1))]


def read(cursor: Cursor, facts: str, tree: str, days: Sequence[date], *, seq: int | None) -> dict[str, Any]:
    """Return as Arrow tables the branches of a tree on some days and its nodes' names, as known at a seq (None: head).

    `facts` is the relation whose rows are placed. `branches_…` has for each place, by stretches of those days, the
    columns of `columns`. A place is what facts carry: in the sector tree a sector or an industry code, in the
    affiliation tree an organisation. `nodes_…` names each node, by stretches too.
    """
    import pyarrow as pa  # not needed to start

    read_day, industries = _affiliated, list[str]()
    if tree == "sector":
        read_day, industries = _sectors, _industries(cursor, facts)
    nodes_of = [read_day(cursor, day, seq) for day in days]
    placed = [
        {place: (node, *_path(node, parents)) for place, node in _places(cursor, industries, day, seq, found)}
        for day, (found, parents) in zip(days, nodes_of, strict=True)
    ]
    places = [
        {"place": place, "valid_from": begin, "valid_to": end, **_columns_of(tree, branch)}
        for place in dict.fromkeys(key for of_day in placed for key in of_day)
        for begin, end, branch in runs(days, [of_day.get(place, ()) for of_day in placed])
    ]
    names = [
        {"key": key, "name": name, "valid_from": begin, "valid_to": end}
        for key in dict.fromkeys(key for found, _ in nodes_of for key in found)
        for begin, end, name in runs(days, [found.get(key) for found, _ in nodes_of])
    ]
    text = pa.string()
    held = [("valid_from", pa.date32()), ("valid_to", pa.date32())]
    typed = [(name, pa.list_(text) if name == f"{tree}_path" else text) for name in columns(tree)]
    return {
        BRANCHES + tree: pa.Table.from_pylist(places, schema=pa.schema([("place", text), *held, *typed])),
        NODES + tree: pa.Table.from_pylist(names, schema=pa.schema([("key", text), ("name", text), *held])),
    }


def _columns_of(tree: str, branch: Sequence[str]) -> dict[str, Any]:
    """Return the columns of a branch, given as its node and the path down to it; none where it is not in the tree."""
    if not branch:
        return {}
    node, *path = branch
    levels = {f"{tree}_{level}": key for level, key in enumerate(path[: TREES[tree]], 1)}
    return {f"{tree}_node": node, f"{tree}_path": path, **levels}


def _rows(cursor: Cursor, entity: str, fields: str, day: date, seq: int | None) -> list[tuple[Any, ...]]:
    """Return some fields of the records of a kind on a day, by key."""
    source, bound = versions.as_known(entity, seq)
    rows: list[tuple[Any, ...]] = cursor.execute(
        f"SELECT key, {fields} FROM {source} WHERE valid_from <= ? AND valid_to > ? AND state IS NOT NULL ORDER BY key",
        [*bound, day, day],
    ).fetchall()
    return rows


def _sectors(cursor: Cursor, day: date, seq: int | None) -> tuple[dict[str, str], Parents]:
    rows = _rows(cursor, "sector", "name, parent", day, seq)
    return {key: name for key, name, _ in rows}, {key: parent for key, _, parent in rows}


def _affiliated(cursor: Cursor, day: date, seq: int | None) -> tuple[dict[str, str], Parents]:
    """Return the names of units and organisations, and their superiors; of several affiliations the first by key."""
    units = _rows(cursor, "unit", "name, parent", day, seq)
    organizations = _rows(cursor, "party_organization", "name", day, seq)
    affiliations = _rows(cursor, "affiliation", "organization, superior, state", day, seq)
    superiors = {below: above for _, below, above, state in reversed(affiliations) if state == "open"}
    parents = {key: parent for key, _, parent in units} | {key: superiors.get(key) for key, _ in organizations}
    return {key: name for key, name, *_ in (*units, *organizations)}, parents


def _industries(cursor: Cursor, facts: str) -> list[str]:
    found = cursor.execute(f"SELECT DISTINCT industry FROM {facts} WHERE industry IS NOT NULL").fetchall()
    return [industry for (industry,) in found]


def _places(
    cursor: Cursor, industries: Sequence[str], day: date, seq: int | None, nodes: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield each place with its node: the nodes themselves, and industries with the sector whose code fits longest."""
    for key in nodes:
        yield key, key
    if not industries:
        return
    by_code: dict[str, str] = {}
    for key, codes, state in _rows(cursor, "sector", "industries, state", day, seq):
        if state == "open":
            for code in codes or ():
                by_code.setdefault(code, key)
    for industry in industries:
        fitting = (by_code.get(industry[:length]) for length in _INDUSTRY_LENGTHS if length <= len(industry))
        node = next((each for each in fitting if each is not None), None)
        if node is not None:
            yield industry, node


def _path(node: str, parents: Parents) -> list[str]:
    """Return the nodes from the top down to one; a superior that is not there ends it, a circle where it closes."""
    found: list[str] = []
    here: str | None = node
    while here is not None and here not in found:
        found.append(here)
        above = parents.get(here)
        here = above if above in parents else None
    return found[::-1]
