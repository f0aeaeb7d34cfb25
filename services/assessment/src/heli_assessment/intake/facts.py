# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""The facts of one day, made from the registry's ledger by the one set of definitions, in an in-memory DuckDB."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from heli_assessment.intake.domain import (
    COUNTY,
    MEMBERS,
    POSTS,
    UNIT_KINDS,
    WANTED,
    Answering,
    Place,
    Post,
    Ratio,
    RegistryFacts,
    Subject,
    Unit,
    Wanted,
)
from heli_assessment.intake.rows import counted, prepare, rows_of
from heli_shared.contracts.feed import Bulk, LedgerSource
from heli_shared.statistics.compile import compiled
from heli_shared.statistics.measures import ENTERPRISES, MEASURES
from heli_shared.statistics.paths import DivisionVersion, division_paths
from heli_shared.statistics.tables import TABLES

Cursor = Any

_SQL_TYPES = {
    "text": "VARCHAR",
    "int": "BIGINT",
    "bool": "BOOLEAN",
    "date": "DATE",
    "decimal": "DECIMAL(20, 2)",
    "list": "VARCHAR[]",
}
_FOR_EVER = date(9999, 12, 31)
_INPUTS = {
    "enterprises": "enterprise",
    "organizations": "party_organization",
    "covers": "cover",
    "affiliations": "affiliation",
    "mass_organizations": "mass_organization",
    "assignments": "assignment",
}
_OWN = {
    "units": ("unit", {"name": "text", "kind": "text", "division": "text", "zone": "text", "state": "text"}),
    "divisions": ("division", {"level": "text", "parent": "text", "state": "text"}),
    "dispatches": (
        "assignment",
        {
            "unit": "text", "role": "text", "state": "text", "person": "text", "enterprise": "text",
            "organization": "text", "visits_per_year": "int",
        },
    ),
    "names": (
        "party_organization",
        {
            "name": "text", "division": "text", "zone": "text", "state": "text", "committee_seats": "int",
            "committee_members": "int", "secretary_is_investor": "bool", "has_full_time_deputy": "bool",
        },
    ),
    "firms": (
        "enterprise",
        {"name": "text", "responsible_unit": "text", "division": "text", "zone": "text", "state": "text"},
    ),
    "masses": (
        "mass_organization",
        {"name": "text", "kind": "text", "enterprise": "text", "chair_is_secretary": "bool", "state": "text"},
    ),
}  # fmt: skip
_UNITS = "SELECT key, coalesce(name, key), key, division, zone FROM units WHERE state = 'open' AND kind"
_POSTED = "WHERE d.state = 'open' AND d.person IS NOT NULL AND d.role = '{}' GROUP BY d.person"
_SUBJECTS = {
    "department": f"{_UNITS} IN {MEMBERS}",
    "township": f"{_UNITS} = 'township'",
    "organization": "SELECT key, coalesce(name, key), NULL, division, zone FROM names WHERE state = 'open'",
    "enterprise": "SELECT key, coalesce(name, key), responsible_unit, division, zone FROM firms WHERE state = 'open'",
    "instructor": (
        f"SELECT d.person, d.person, min(d.unit), NULL, NULL FROM dispatches d {_POSTED.format('instructor')}"
    ),
    "secretary": (
        "SELECT p.person, p.person, p.unit, n.division, n.zone FROM (SELECT d.person, min(d.unit) AS unit, "
        f"min(d.organization) AS organization FROM dispatches d {_POSTED.format('secretary')}) p "
        "LEFT JOIN names n ON n.key = p.organization AND n.state = 'open'"
    ),
}
_OURS = "SELECT responsible_unit, uscc FROM facts WHERE responsible_unit IS NOT NULL"
_LISTS = {
    "townships": "SELECT NULL, key FROM units WHERE kind = 'township' AND state = 'open'",
    "contact_points": (
        "SELECT unit, enterprise FROM dispatches "
        "WHERE state = 'open' AND role = 'contact_leader' AND unit IS NOT NULL AND enterprise IS NOT NULL"
    ),
    "enterprises": _OURS,
    "organizations": (
        f"SELECT o.responsible_unit, c.organization FROM ({_OURS}) o JOIN covers c ON c.enterprise = o.uscc "
        "WHERE c.state = 'open'"
    ),
}
_ENTITIES = sorted({*_INPUTS.values(), *(entity for entity, _ in _OWN.values())})


def pull_facts(registry: LedgerSource, *, on: date, known_at: int | None, wanted: Wanted = WANTED) -> RegistryFacts:
    """Return the facts of a day as known at a seq (the head when None), from one consistent copy of the ledger.

    `wanted` names the subjects and lists. PeerError when the registry cannot be asked.
    """
    with registry.export("ledger", known_at=known_at) as bulk, _memory() as store:
        _take_entries(store, bulk, on)
        _fold_all(store, on)
        store.execute(f"CREATE TABLE facts AS {compiled('facts')}")
        if wanted.counts or wanted.rows:
            prepare(store, wanted.subjects)
        return RegistryFacts(
            on=on,
            known_at=bulk.known_at,
            epoch=bulk.epoch,
            ratios=_ratios(store),
            sent=_sent(store),
            kind=wanted.subjects,
            subjects=_subjects(store, wanted),
            lists=_lists(store, wanted),
            counts=counted(store, wanted.counts, on=on),
            rows=tuple(rows_of(store, *wanted.rows, on=on)) if wanted.rows else (),
            posts=_posts(store, wanted),
        )


@contextmanager
def _memory() -> Iterator[Cursor]:
    import duckdb

    store = duckdb.connect(":memory:")
    try:
        yield store
    finally:
        store.close()


def _take_entries(store: Cursor, bulk: Bulk, on: date) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    store.execute("CREATE TABLE entries (entity VARCHAR, key VARCHAR, effective_on DATE, seq BIGINT, changes VARCHAR)")
    wanted = pa.array(_ENTITIES)
    for batch in bulk.batches:
        mask = pc.and_(
            pc.is_in(batch.column("entity"), value_set=wanted),
            pc.less_equal(batch.column("effective_on"), pa.scalar(on, pa.date32())),
        )
        store.register("batch", pa.Table.from_batches([batch]).filter(mask))
        store.execute("INSERT INTO entries SELECT entity, key, effective_on, seq, changes FROM batch")
        store.unregister("batch")


def _fold_all(store: Cursor, on: date) -> None:
    for table, entity in _INPUTS.items():
        columns = {n: t for n, t in TABLES[table].items() if n not in {"key", "valid_from", "valid_to"}}
        _fold(store, table, entity=entity, columns=columns, on=on)
    for table, (entity, columns) in _OWN.items():
        _fold(store, table, entity=entity, columns=columns, on=on)
    _write_paths(store)
    store.execute("CREATE TABLE spine AS SELECT key AS uscc, valid_from AS day FROM enterprises")


def _fold(store: Cursor, table: str, *, entity: str, columns: dict[str, str], on: date) -> None:
    """Make a version table of one day: per field the last write by (effective_on, seq).

    A field that an entry does not name is SQL NULL and passed over; one that it clears is the JSON text `null`.
    """
    paths = ", ".join(f"'$.{name}'" for name in columns)
    last = ", ".join(f"arg_max(j[{i}], place) AS f{i}" for i in range(1, len(columns) + 1))
    typed = ", ".join(f'{_cast(f"f{i}", kind)} AS "{name}"' for i, (name, kind) in enumerate(columns.items(), 1))
    store.execute(
        f"""
CREATE TABLE {table} AS
WITH said AS (
  SELECT key, json_extract(changes, [{paths}]) AS j, (effective_on - DATE '0001-01-01') * 10000000000 + seq AS place
  FROM entries WHERE entity = ?
), folded AS (SELECT key, {last} FROM said GROUP BY key)
SELECT key, ?::DATE AS valid_from, ?::DATE AS valid_to, {typed} FROM folded""",
        [entity, on, _FOR_EVER],
    )


def _cast(column: str, kind: str) -> str:
    if kind == "list":
        return f"TRY_CAST({column} AS VARCHAR[])"
    text = f"json_extract_string({column}, '$')"
    return text if kind == "text" else f"TRY_CAST({text} AS {_SQL_TYPES[kind]})"


def _write_paths(store: Cursor) -> None:
    rows = store.execute("SELECT key, valid_from, valid_to, level, parent FROM divisions").fetchall()
    columns = ", ".join(f'"{name}" {_SQL_TYPES[kind]}' for name, kind in TABLES["division_paths"].items())
    store.execute(f"CREATE TABLE division_paths ({columns})")
    paths = division_paths(DivisionVersion(*row) for row in rows)
    if paths:
        marks = ", ".join("?" * len(TABLES["division_paths"]))
        store.executemany(f"INSERT INTO division_paths VALUES ({marks})", [tuple(path) for path in paths])


def _subjects(store: Cursor, wanted: Wanted) -> tuple[Subject, ...]:
    rows = store.execute(f"{_SUBJECTS[wanted.subjects]} ORDER BY 1").fetchall()
    if wanted.subjects in UNIT_KINDS:
        return tuple(Subject(*row) for row in rows)
    answering = _answering(store)
    return tuple(_placed(Subject(*row), answering) for row in rows)


def _placed(subject: Subject, answering: Answering) -> Subject:
    place: Place = answering.placed(subject.place)
    return replace(subject, unit=place.unit)


def _answering(store: Cursor) -> Answering:
    units = store.execute("SELECT key, coalesce(name, key), kind, division, zone, state FROM units").fetchall()
    parents = dict(store.execute("SELECT key, parent FROM divisions").fetchall())
    named = (
        Unit(key, name, kind or "", division, zone, state == "open") for key, name, kind, division, zone, state in units
    )
    return Answering.of(named, parents)


def _posts(store: Cursor, wanted: Wanted) -> dict[str, tuple[Post, ...]]:
    if wanted.subjects not in POSTS:
        return {}
    found: dict[str, list[Post]] = defaultdict(list)
    rows = store.execute(
        "SELECT d.key, d.role, d.person, d.unit, d.enterprise, d.visits_per_year, e.since, d.organization "
        "FROM dispatches d JOIN (SELECT key, min(effective_on) AS since FROM entries WHERE entity = 'assignment' "
        "GROUP BY 1) e ON e.key = d.key "
        "WHERE d.state = 'open' AND d.person IS NOT NULL AND d.role = ? ORDER BY 1",
        [wanted.subjects],
    ).fetchall()
    for row in rows:
        found[row[2]].append(Post(*row))
    return {person: tuple(posts) for person, posts in found.items()}


def _lists(store: Cursor, wanted: Wanted) -> dict[tuple[str, str | None], tuple[str, ...]]:
    found: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for kind in sorted(wanted.lists):
        for unit, key in store.execute(_LISTS[kind]).fetchall():
            found[kind, unit].append(key)
    return {each: tuple(sorted(set(keys))) for each, keys in found.items()}


def _ratios(store: Cursor) -> dict[str | None, dict[str, Ratio]]:
    measures = [measure for measure in MEASURES.values() if measure.subject == ENTERPRISES]
    sums = [f"sum({measure.numerator}::BIGINT)::BIGINT" for measure in measures]
    sums += [f"sum({measure.denominator or measure.numerator}::BIGINT)::BIGINT" for measure in measures]
    counted = ", ".join(sums)
    found: dict[str | None, dict[str, Ratio]] = {}
    rows = store.execute(
        f"SELECT responsible_unit, {counted} FROM facts WHERE responsible_unit IS NOT NULL GROUP BY 1"
    ).fetchall()
    rows += [(COUNTY, *row) for row in store.execute(f"SELECT {counted} FROM facts").fetchall()]
    for unit, *numbers in rows:
        halves = zip(measures, numbers, numbers[len(measures) :], strict=False)
        found[unit] = {m.id: Ratio(n or 0, (d or 0) if m.denominator else None) for m, n, d in halves}
    return found


def _sent(store: Cursor) -> dict[tuple[str, str], int]:
    rows = store.execute(
        "SELECT unit, role, count(*) FROM dispatches WHERE state = 'open' AND unit IS NOT NULL GROUP BY 1, 2"
    ).fetchall()
    return {(unit, role): count for unit, role, count in rows}
