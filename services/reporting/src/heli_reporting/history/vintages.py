# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Vintages: the facts of a day as they were known at an earlier seq, built when asked for and kept for a while.

Only what later entries touch is built; everything else is read from the head. So a vintage goes with one head.
"""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from threading import Lock
from typing import Any

from heli_reporting.history import building, duties, refreshing, versions
from heli_reporting.history.schema import FACT_INPUTS, version_table

Cursor = Any
Head = tuple[str | None, int]
Key = tuple[Head, date, int]

NAMED = ("division", "zone", "unit")
_PARTS = (
    "affected", "affected_organizations", "facts", "lacking_stretches", "lacking_runs", "organization_facts", "paths",
    *NAMED,
)  # fmt: skip
_KEPT = 8


@dataclass(frozen=True, slots=True)
class Tables:
    """Which relations answer a query: facts, what gaps are told by, organisations, paths, and kinds that give names.

    Behind gaps are the `stretches` of those who lack something, and the runs in which they do.

    `touched` names for each relation of facts, where that is known, the table of the keys whose rows may differ from
    the head's, and the table of those rows.
    """

    facts: str
    stretches: str
    runs: str
    organization_facts: str
    paths: str
    names: dict[str, str]
    touched: dict[str, tuple[str, str]] = field(default_factory=dict)


HEAD = Tables(
    facts="facts",
    stretches="lacking_stretches",
    runs="lacking_runs",
    organization_facts="organization_facts",
    paths="paths",
    names={kind: version_table(kind) for kind in NAMED},
)


def head_of(cursor: Cursor) -> Head:
    """Return the epoch and seq of registry that the facts of this transaction hold."""
    rows = cursor.execute("SELECT epoch, refreshed FROM sources WHERE source = 'registry'").fetchall()
    return rows[0] if rows else (None, 0)


def _table(part: str, number: int) -> str:
    return f"vintages.{part}_{number}"


def _tables(number: int) -> Tables:
    """Return the relations of a vintage: what was built, and the head without what it takes the place of."""

    def over(head: str, key: str, affected: str, part: str) -> str:
        kept = f"SELECT * FROM {head} ANTI JOIN {_table(affected, number)} USING ({key})"
        return f"({kept} UNION ALL SELECT * FROM {_table(part, number)})"

    return Tables(
        facts=over("facts", "first_seq", "affected", "facts"),
        stretches=over("lacking_stretches", "uscc", "affected", "lacking_stretches"),
        runs=over("lacking_runs", "uscc", "affected", "lacking_runs"),
        organization_facts=over("organization_facts", "first_seq", "affected_organizations", "organization_facts"),
        paths=_table("paths", number),
        names={kind: _table(kind, number) for kind in NAMED},
        touched={
            "facts": (_table("affected", number), _table("facts", number)),
            "organization_facts": (
                _table("affected_organizations", number),
                _table("organization_facts", number),
            ),
        },
    )


class Vintages:
    """A few vintages beside the store, the least recently used given up first; safe for threads."""

    def __init__(self, connection: Any) -> None:
        """Keep vintages in a memory database attached to this connection."""
        connection.execute("ATTACH ':memory:' AS vintages")
        self._connection = connection
        self._lock = Lock()
        self._numbers = count(1)
        self._held: OrderedDict[Key, int] = OrderedDict()
        self._readers: dict[Key, int] = {}

    @contextmanager
    def tables(self, head: Head, on: date, seq: int, definitions: dict[str, str]) -> Iterator[tuple[Tables, Head]]:
        """Yield the relations of a day as known at a seq of registry, and the head they go with.

        That head is newer than the one asked for when a refresh came in between. The tables stay until the block ends.
        """
        with self._lock:
            key = (head, on, seq)
            if key not in self._held:
                key, number = self._build(on, seq, definitions)
                self._held[key] = number
            number = self._held[key]
            self._held.move_to_end(key)
            self._readers[key] = self._readers.get(key, 0) + 1
            self._give_up()
        try:
            yield _tables(number), key[0]
        finally:
            with self._lock:
                self._readers[key] -= 1

    def _give_up(self) -> None:
        idle = [key for key in self._held if not self._readers.get(key)]
        for key in idle[: max(0, len(self._held) - _KEPT)]:
            number = self._held.pop(key)
            self._readers.pop(key, None)
            with self._connection.cursor() as cursor:
                for part in _PARTS:
                    cursor.execute(f"DROP TABLE {_table(part, number)}")

    def _build(self, on: date, seq: int, definitions: dict[str, str]) -> tuple[Key, int]:
        number = next(self._numbers)
        with self._connection.cursor() as cursor:
            cursor.begin()
            head = head_of(cursor)
            _make(cursor, number, definitions, on=on, seq=seq)
            cursor.commit()
        return (head, on, seq), number


def _make(cursor: Cursor, number: int, definitions: dict[str, str], *, on: date, seq: int) -> None:
    """Fill the tables of one vintage."""
    refreshing.touch(cursor, f"SELECT entity, key FROM entries WHERE source = 'registry' AND seq > {seq:d}")
    kinds = (*FACT_INPUTS.values(), *NAMED)
    paths = _table("paths", number)
    inputs = building.Inputs({kind: known_versions(cursor, kind, seq) for kind in kinds}, paths)
    for kind in NAMED:
        cursor.execute(f"CREATE TABLE {_table(kind, number)} AS FROM {inputs.versions[kind]}")
    versions.write_paths(cursor, _table("division", number), paths)
    refreshing.start_affected(cursor)
    refreshing.add_affected(cursor, building.HEAD)
    refreshing.add_affected(cursor, inputs)
    refreshing.add_moved(cursor, building.HEAD, "paths", paths)
    for part, kind, key in refreshing.AFFECTED:
        numbers = building.numbers_of(building.HEAD, kind, f"SELECT {key} FROM {part}")
        numbered = f"SELECT {part}.*, first_seq FROM {part} LEFT JOIN {numbers} AS n ON {part}.{key} = n.key"
        cursor.execute(f"CREATE TABLE {_table(part, number)} AS {numbered}")
    built = building.organization_intervals(cursor, definitions, inputs, "affected_organizations")
    cursor.execute(f"CREATE TABLE {_table('organization_facts', number)} AS {built}")
    built = building.enterprise_day(cursor, definitions, inputs, "affected", on)
    cursor.execute(f"CREATE TABLE {_table('facts', number)} AS {built} ORDER BY {building.ORDER}")
    _make_lacking(cursor, number, definitions, inputs)


def _make_lacking(cursor: Cursor, number: int, definitions: dict[str, str], inputs: building.Inputs) -> None:
    """Keep the stretches of the enterprises that lack what they should have, so that gaps know since when."""
    facts, stretches = (_table(part, number) for part in ("facts", "lacking_stretches"))
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE lacking AS SELECT uscc FROM {facts} WHERE {duties.any_gap()}")
    built = building.enterprise_intervals(cursor, definitions, inputs, "lacking")
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE lacking_facts AS {built}")
    cursor.execute(f"CREATE TABLE {stretches} AS {duties.stretches_of('lacking_facts')}")
    cursor.execute(f"CREATE TABLE {_table('lacking_runs', number)} AS {duties.runs_of(stretches)}")


def known_versions(cursor: Cursor, entity: str, seq: int) -> str:
    """Make a temporary view of a kind's versions as known at a seq, and return its name; it reads `touched`.

    Only records with later entries are folded again; all others are what they are at the head.
    """
    folded = versions.fold(entity, versions.entries_of(entity, keys=f"touched_{entity}", until=True))
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE touched_{entity} AS SELECT key FROM touched WHERE entity = ?", [entity]
    )
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE folded_{entity} AS {folded}", [seq])
    cursor.execute(
        f"CREATE OR REPLACE TEMP VIEW known_{entity} AS FROM {version_table(entity)}"
        f" WHERE key NOT IN (SELECT key FROM touched_{entity}) UNION ALL FROM folded_{entity}"
    )
    return f"known_{entity}"
