# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Refreshing: bring versions and facts up to the entries held, anew or only where new entries touch them."""

from typing import Any

from heli_reporting.history import building, duties, versions
from heli_reporting.history.domain import Refreshed
from heli_reporting.history.schema import KINDS, version_table

Cursor = Any

_MANY = 5_000
_MANY_OF = 0.2
"""From so many touched records, and such a share of all, making everything anew is faster."""

AFFECTED = (("affected", "enterprise", "uscc"), ("affected_organizations", "party_organization", "id"))
"""The temporary tables of whom touched records affect: the name, the kind of record and the column of its keys."""


def rebuild(cursor: Cursor, definitions: dict[str, str]) -> Refreshed:
    """Make versions and facts anew from all entries; the caller holds the transaction."""
    for entity in KINDS:
        versions.rebuild(cursor, entity)
    versions.write_paths(cursor, version_table("division"), "paths")
    made = building.enterprise_intervals(cursor, definitions, building.HEAD, None)
    cursor.execute(f"CREATE OR REPLACE TABLE facts AS {made} ORDER BY {building.ORDER}")
    cursor.execute(f"CREATE OR REPLACE TABLE lacking_stretches AS {duties.stretches_of('facts')}")
    cursor.execute(f"CREATE OR REPLACE TABLE lacking_runs AS {duties.runs_of('lacking_stretches')}")
    made = building.organization_intervals(cursor, definitions, building.HEAD, None)
    cursor.execute(f"CREATE OR REPLACE TABLE organization_facts AS {made} ORDER BY id, valid_from")
    taken = _pending(cursor)
    _mark_refreshed(cursor)
    return Refreshed(taken, _count(cursor, "facts", "uscc"), _count(cursor, "organization_facts", "id"), rebuilt=True)


def refresh(cursor: Cursor, definitions: dict[str, str]) -> Refreshed:
    """Make anew what the entries since the last refresh touch; the caller holds the transaction."""
    pending = _pending(cursor)
    if pending == 0:
        return Refreshed(0, 0, 0, rebuilt=False)
    touch(cursor, "SELECT entity, key FROM entries JOIN sources USING (source) WHERE seq > refreshed")
    if _is_much(cursor):
        return rebuild(cursor, definitions)
    start_affected(cursor)
    add_affected(cursor, building.HEAD)
    for entity in _touched_kinds(cursor):
        versions.renew(cursor, entity, _keys_of(cursor, entity))
    add_affected(cursor, building.HEAD)
    _renew_paths(cursor)
    _renew_facts(cursor, definitions)
    _mark_refreshed(cursor)
    return Refreshed(
        pending, _count(cursor, "affected", "uscc"), _count(cursor, "affected_organizations", "id"), rebuilt=False
    )


def touch(cursor: Cursor, touched: str) -> None:
    """Keep in the temporary table `touched` which records (entity, key) a SELECT names."""
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT entity, key FROM ({touched})")


def start_affected(cursor: Cursor) -> None:
    """Begin with no enterprise and no organisation affected by the touched records."""
    cursor.execute("CREATE OR REPLACE TEMP TABLE affected (uscc VARCHAR)")
    cursor.execute("CREATE OR REPLACE TEMP TABLE affected_organizations (id VARCHAR)")


def add_affected(cursor: Cursor, inputs: building.Inputs) -> None:
    """Add whom the touched records affect by these versions: themselves, and through what links to them.

    Called with the versions before and after, it finds both whom a link left and whom it reached.
    """
    v = inputs.versions
    touched = {kind: f"(SELECT key FROM touched WHERE entity = '{kind}')" for kind in v}
    cursor.execute(f"""
CREATE OR REPLACE TEMP TABLE affected AS SELECT DISTINCT uscc FROM (
  FROM affected UNION ALL SELECT key AS uscc FROM touched WHERE entity = 'enterprise'
  UNION ALL SELECT enterprise FROM {v["cover"]} WHERE key IN {touched["cover"]}
  UNION ALL SELECT enterprise FROM {v["cover"]} WHERE organization IN {touched["party_organization"]}
  UNION ALL SELECT enterprise FROM {v["mass_organization"]} WHERE key IN {touched["mass_organization"]}
  UNION ALL SELECT enterprise FROM {v["assignment"]} WHERE key IN {touched["assignment"]}
) WHERE uscc IS NOT NULL""")
    cursor.execute(f"""
CREATE OR REPLACE TEMP TABLE affected_organizations AS SELECT DISTINCT id FROM (
  FROM affected_organizations UNION ALL SELECT key AS id FROM touched WHERE entity = 'party_organization'
  UNION ALL SELECT organization FROM {v["cover"]} WHERE key IN {touched["cover"]}
  UNION ALL SELECT organization FROM {v["cover"]} WHERE enterprise IN {touched["enterprise"]}
  UNION ALL SELECT organization FROM {v["affiliation"]} WHERE key IN {touched["affiliation"]}
) WHERE id IS NOT NULL""")


def add_moved(cursor: Cursor, inputs: building.Inputs, before: str, after: str) -> None:
    """Add whoever lies in a division whose path differs between two tables of paths."""
    cursor.execute(f"""
CREATE OR REPLACE TEMP TABLE moved AS SELECT DISTINCT key FROM (
  (FROM {before} EXCEPT FROM {after}) UNION ALL (FROM {after} EXCEPT FROM {before}))""")
    for table, kind, key in AFFECTED:
        cursor.execute(f"""
CREATE OR REPLACE TEMP TABLE {table} AS FROM {table} UNION
SELECT key AS {key} FROM {inputs.versions[kind]} WHERE division IN (SELECT key FROM moved)""")


def _renew_paths(cursor: Cursor) -> None:
    """Make the paths anew when a division was touched, and add whom that moves."""
    if not cursor.execute("SELECT count(*) FROM touched WHERE entity = 'division'").fetchall()[0][0]:
        return
    cursor.execute("CREATE OR REPLACE TEMP TABLE paths_before AS FROM paths")
    versions.write_paths(cursor, version_table("division"), "paths")
    add_moved(cursor, building.HEAD, "paths_before", "paths")


def _renew_facts(cursor: Cursor, definitions: dict[str, str]) -> None:
    if _count(cursor, "affected", "uscc"):
        made = building.enterprise_intervals(cursor, definitions, building.HEAD, "affected")
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE renewed AS {made}")
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE renewed_stretches AS {duties.stretches_of('renewed')}")
        for table, of_some in (
            ("facts", f"FROM renewed ORDER BY {building.ORDER}"),
            ("lacking_stretches", "FROM renewed_stretches"),
            ("lacking_runs", duties.runs_of("renewed_stretches")),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE uscc IN (SELECT uscc FROM affected)")
            cursor.execute(f"INSERT INTO {table} {of_some}")
    if _count(cursor, "affected_organizations", "id"):
        made = building.organization_intervals(cursor, definitions, building.HEAD, "affected_organizations")
        cursor.execute("DELETE FROM organization_facts WHERE id IN (SELECT id FROM affected_organizations)")
        cursor.execute(f"INSERT INTO organization_facts {made} ORDER BY id, valid_from")


def _pending(cursor: Cursor) -> int:
    return int(cursor.execute("SELECT coalesce(sum(appended - refreshed), 0) FROM sources").fetchall()[0][0])


def _is_much(cursor: Cursor) -> bool:
    touched = cursor.execute("SELECT count(*) FROM touched").fetchall()[0][0]
    if touched < _MANY:
        return False
    held = cursor.execute(
        " UNION ALL ".join(f"SELECT count(*) FROM {version_table(kind)}" for kind in KINDS)
    ).fetchall()
    return bool(touched > _MANY_OF * sum(count for (count,) in held))


def _touched_kinds(cursor: Cursor) -> list[str]:
    found = {entity for (entity,) in cursor.execute("SELECT DISTINCT entity FROM touched").fetchall()}
    return [entity for entity in KINDS if entity in found]


def _keys_of(cursor: Cursor, entity: str) -> str:
    cursor.execute("CREATE OR REPLACE TEMP TABLE wanted AS SELECT key FROM touched WHERE entity = ?", [entity])
    return "wanted"


def _count(cursor: Cursor, table: str, key: str) -> int:
    return int(cursor.execute(f"SELECT count(DISTINCT {key}) FROM {table}").fetchall()[0][0])


def _mark_refreshed(cursor: Cursor) -> None:
    cursor.execute("UPDATE sources SET refreshed = appended, refreshed_at = appended_at")
