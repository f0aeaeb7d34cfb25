# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Vintages: the facts of a day as they were known at an earlier seq, built when asked for and kept for a while."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from threading import Lock
from typing import Any

from heli_reporting.history import building, refreshing, versions
from heli_reporting.history.schema import FACT_INPUTS, version_table

Cursor = Any
Key = tuple[int, date, int]

NAMED = ("division", "zone", "unit")
DUTY_GAPS = (
    "due AND NOT due_established",
    "staff50 AND NOT staff50_with_member",
    "staff100 AND NOT staff100_with_organization",
)
_KEPT = 4


@dataclass(frozen=True, slots=True)
class Tables:
    """Which tables answer a query: facts, stretches behind gaps, organisations, paths, and kinds that give names."""

    facts: str
    runs: str
    organization_facts: str
    paths: str
    names: dict[str, str]


HEAD = Tables("facts", "facts", "organization_facts", "paths", {kind: version_table(kind) for kind in NAMED})


class Vintages:
    """A few vintages beside the store, the least recently used given up first; safe for threads."""

    def __init__(self, connection: Any) -> None:
        """Keep vintages in a memory database attached to this connection."""
        connection.execute("ATTACH ':memory:' AS vintages (COMPRESS true)")
        self._connection = connection
        self._lock = Lock()
        self._numbers = count(1)
        self._epoch = 0
        self._held: OrderedDict[Key, Tables] = OrderedDict()
        self._readers: dict[Key, int] = {}

    @contextmanager
    def tables(self, on: date, seq: int, definitions: dict[str, str]) -> Iterator[Tables]:
        """Yield the tables of a day as known at a seq of registry; they stay until the block ends."""
        with self._lock:
            key = (self._epoch, on, seq)
            held = self._held.get(key)
            if held is None:
                held = self._held[key] = self._build(on, seq, definitions)
            self._held.move_to_end(key)
            self._readers[key] = self._readers.get(key, 0) + 1
            self._give_up()
        try:
            yield held
        finally:
            with self._lock:
                self._readers[key] -= 1

    def clear(self) -> None:
        """Give up all vintages, as another epoch of the ledger began; those being read are not handed out again."""
        with self._lock:
            self._epoch += 1
            for key in self._idle():
                self._drop(key)

    def _idle(self) -> list[Key]:
        return [key for key in self._held if not self._readers.get(key)]

    def _give_up(self) -> None:
        for key in self._idle()[: max(0, len(self._held) - _KEPT)]:
            self._drop(key)

    def _drop(self, key: Key) -> None:
        held = self._held.pop(key)
        self._readers.pop(key, None)
        with self._connection.cursor() as cursor:
            for table in (held.facts, held.runs, held.organization_facts, held.paths, *held.names.values()):
                cursor.execute(f"DROP TABLE {table}")

    def _build(self, on: date, seq: int, definitions: dict[str, str]) -> Tables:
        number = next(self._numbers)
        made = Tables(
            facts=f"vintages.facts_{number}",
            runs=f"vintages.runs_{number}",
            organization_facts=f"vintages.organization_facts_{number}",
            paths=f"vintages.paths_{number}",
            names={kind: f"vintages.{kind}_{number}" for kind in NAMED},
        )
        with self._connection.cursor() as cursor:
            cursor.begin()
            _make(cursor, made, definitions, on=on, seq=seq)
            cursor.commit()
        return made


def _make(cursor: Cursor, made: Tables, definitions: dict[str, str], *, on: date, seq: int) -> None:
    """Fill the tables of one vintage: what later entries do not touch is taken from the head, the rest built."""
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT entity, key FROM entries"
        " WHERE source = 'registry' AND seq > ?",
        [seq],
    )
    kinds = (*FACT_INPUTS.values(), *NAMED)
    inputs = building.Inputs({kind: known_versions(cursor, kind, seq) for kind in kinds}, made.paths)
    for kind in NAMED:
        cursor.execute(f"CREATE TABLE {made.names[kind]} AS FROM {inputs.versions[kind]}")
    versions.write_paths(cursor, made.names["division"], made.paths)
    refreshing.start_affected(cursor)
    refreshing.add_affected(cursor, building.HEAD)
    refreshing.add_affected(cursor, inputs)
    refreshing.add_moved(cursor, building.HEAD, "paths", made.paths)
    _make_organizations(cursor, made, definitions, inputs)
    _make_facts(cursor, made, definitions, inputs, on)
    _make_runs(cursor, made, definitions, inputs)


def _make_organizations(cursor: Cursor, made: Tables, definitions: dict[str, str], inputs: building.Inputs) -> None:
    built = building.organization_intervals(cursor, definitions, inputs, "affected_organizations")
    cursor.execute(
        f"CREATE TABLE {made.organization_facts} AS FROM organization_facts"
        f" WHERE id NOT IN (SELECT id FROM affected_organizations) UNION ALL ({built})"
    )


def _make_facts(cursor: Cursor, made: Tables, definitions: dict[str, str], inputs: building.Inputs, on: date) -> None:
    built = building.enterprise_day(cursor, definitions, inputs, "affected", on)
    cursor.execute(
        f"CREATE TABLE {made.facts} AS SELECT * FROM facts WHERE valid_from <= ? AND valid_to > ?"
        f" AND uscc NOT IN (SELECT uscc FROM affected) UNION ALL ({built}) ORDER BY {building.ORDER}",
        [on, on],
    )


def _make_runs(cursor: Cursor, made: Tables, definitions: dict[str, str], inputs: building.Inputs) -> None:
    """Keep the stretches of the enterprises that lack what they should have, so that gaps know since when."""
    gaps = " OR ".join(f"({gap})" for gap in DUTY_GAPS)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE lacking AS SELECT uscc FROM {made.facts} WHERE {gaps}")
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE lacking_affected AS"
        " SELECT uscc FROM lacking WHERE uscc IN (SELECT uscc FROM affected)"
    )
    built = building.enterprise_intervals(cursor, definitions, inputs, "lacking_affected")
    cursor.execute(
        f"CREATE TABLE {made.runs} AS FROM facts WHERE uscc IN (SELECT uscc FROM lacking)"
        f" AND uscc NOT IN (SELECT uscc FROM affected) UNION ALL ({built})"
    )


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
