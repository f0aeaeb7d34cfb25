# ruff: noqa: S608 -- names of columns and tables come from closed lists, values are bound
"""Versions: what each record was on which days, folded from its entries field by field.

The fold takes the entries in the order of (effective_on, seq); the last write to a field wins. A field that an entry
does not name stays; one that it names as null is cleared.

Beside its key a record has a number, `first_seq`: the seq of its first entry. It never changes and is the same however
much is known, and to join by it is far cheaper than by a credit code.
"""

from typing import Any

from heli_reporting.history.schema import SQL_TYPES, columns_of, source_of, version_table
from heli_shared.statistics.paths import DivisionVersion, division_paths
from heli_shared.statistics.tables import TABLES

Cursor = Any

_WINDOW = "(PARTITION BY key ORDER BY effective_on, seq ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"


def _cast(column: str, kind: str) -> str:
    """Return the SQL that types a JSON value; JSON null and what does not fit the type become null."""
    if kind == "list":
        return f"TRY_CAST({column} AS VARCHAR[])"
    text = f"json_extract_string({column}, '$')"
    return text if kind == "text" else f"TRY_CAST({text} AS {SQL_TYPES[kind]})"


def fold(entity: str, entries: str) -> str:
    """Return the SELECT that folds entries (key, effective_on, seq, changes) of one kind into its numbered versions.

    Where the write that counts named a field as null, json_extract gave the text `null`, which is not SQL's NULL: so
    IGNORE NULLS passes over the fields an entry did not name and over nothing else.
    """
    fields = columns_of(entity)
    paths = ", ".join(f"'$.{name}'" for name in fields)
    last = ", ".join(f"last_value(j[{i}] IGNORE NULLS) OVER w AS f{i}" for i in range(1, len(fields) + 1))
    once = ", ".join(f"j[{i}] AS f{i}" for i in range(1, len(fields) + 1))
    typed = ", ".join(f'{_cast(f"f{i}", kind)} AS "{name}"' for i, (name, kind) in enumerate(fields.items(), 1))
    return f"""
WITH counted AS (
  SELECT key, effective_on, seq, json_extract(changes, [{paths}]) AS j,
    count(*) OVER (PARTITION BY key) AS n, min(seq) OVER (PARTITION BY key) AS first_seq
  FROM ({entries})
), folded AS (
  SELECT key, effective_on, lead(effective_on) OVER w AS next_on, max(seq) OVER w AS seq, first_seq, {last}
  FROM counted WHERE n > 1 WINDOW w AS {_WINDOW}
  UNION ALL
  SELECT key, effective_on, NULL, seq, first_seq, {once} FROM counted WHERE n = 1
)
SELECT key, effective_on AS valid_from, coalesce(next_on, DATE '9999-12-31') AS valid_to, {typed}, seq, first_seq
FROM folded WHERE next_on IS DISTINCT FROM effective_on"""


def entries_of(entity: str, *, keys: str | None = None, until: bool = False) -> str:
    """Return the SELECT of a kind's entries; `keys` is a table with column `key`, `until` adds a bound `seq <= ?`."""
    only = f" AND key IN (SELECT key FROM {keys})" if keys else ""
    bound = " AND seq <= ?" if until else ""
    return (
        "SELECT key, effective_on, seq, changes FROM entries"
        f" WHERE source = '{source_of(entity)}' AND entity = '{entity}'{only}{bound}"
    )


def as_known(entity: str, seq: int | None) -> tuple[str, list[int]]:
    """Return the relation of a kind's versions as known at a seq (None: the head), and the values it binds."""
    if seq is None:
        return version_table(entity), []
    return f"({fold(entity, entries_of(entity, until=True))})", [seq]


def rebuild(cursor: Cursor, entity: str) -> None:
    """Make the versions of a kind anew from all entries."""
    table = version_table(entity)
    cursor.execute(f"DELETE FROM {table}")
    cursor.execute(f"INSERT INTO {table} SELECT * FROM ({fold(entity, entries_of(entity))}) ORDER BY key, valid_from")


def renew(cursor: Cursor, entity: str, keys: str) -> None:
    """Make the versions of some records anew; `keys` is a table with column `key`."""
    table = version_table(entity)
    cursor.execute(f"DELETE FROM {table} WHERE key IN (SELECT key FROM {keys})")
    folded = fold(entity, entries_of(entity, keys=keys))
    cursor.execute(f"INSERT INTO {table} SELECT * FROM ({folded}) ORDER BY key, valid_from")


def write_paths(cursor: Cursor, divisions: str, target: str) -> None:
    """Make the table `target` anew with the division paths that follow from a table of division versions."""
    rows = cursor.execute(
        f"SELECT key, valid_from, valid_to, level, parent FROM {divisions} WHERE state IS NOT NULL"
    ).fetchall()
    import pyarrow as pa  # not needed to start

    types = {"date": pa.date32(), "text": pa.string()}
    schema = pa.schema([(name, types[kind]) for name, kind in TABLES["division_paths"].items()])
    paths = division_paths(DivisionVersion(*row) for row in rows)
    cursor.register("path_rows", pa.Table.from_pylist([path._asdict() for path in paths], schema=schema))
    cursor.execute(f"CREATE OR REPLACE TABLE {target} AS SELECT * FROM path_rows")
    cursor.unregister("path_rows")
