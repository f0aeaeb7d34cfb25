"""Rows straight from the database into Arrow, all from one snapshot.

PostgreSQL is read by its ADBC driver. SQLite is read by Python's own module on purpose: ADBC's driver carries a second
copy of SQLite, and two copies in one process drop one another's file locks, which corrupts the database.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from heli_shared.ledger.appending import Head
from heli_shared.ledger.tables import LedgerTables

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH_ROWS = 65_536


class ArrowSnapshot:
    """One read-only transaction of a connection: everything asked of it is of the same moment."""

    def __init__(self, connection: Any) -> None:
        """Read through an open DBAPI connection; use `arrow_snapshot`."""
        self._connection = connection

    def head(self, ledger: LedgerTables) -> Head:
        """Return the ledger's head as the snapshot sees it."""
        with closing(self._connection.cursor()) as cursor:
            cursor.execute(f"SELECT epoch, seq, hash FROM {ledger.head.name}")  # noqa: S608 - an own name
            epoch, seq, last_hash = cursor.fetchone()
        return Head(epoch, seq, last_hash)

    def batches(
        self, table: sa.Table, schema: "pa.Schema", *, order: str, up_to: int | None = None
    ) -> "Iterator[pa.RecordBatch]":
        """Yield a table's rows in the schema's columns and types, ordered by a column, at most up to a value of it."""
        columns = ", ".join(f'"{name}"' for name in schema.names)
        limit = "" if up_to is None else f" WHERE {order} <= {int(up_to)}"
        statement = f"SELECT {columns} FROM {table.name}{limit} ORDER BY {order}"  # noqa: S608 - own names and a number
        with closing(self._connection.cursor()) as cursor:
            cursor.execute(statement)
            if isinstance(self._connection, sqlite3.Connection):
                while rows := cursor.fetchmany(_BATCH_ROWS):
                    yield _batch_of_rows(rows, schema)
                return
            for batch in cursor.fetch_record_batch():
                yield _typed(batch, schema)


def _typed(batch: "pa.RecordBatch", schema: "pa.Schema") -> "pa.RecordBatch":
    import pyarrow as pa

    columns = [
        _listed(column.to_pylist(), field)
        if pa.types.is_list(field.type)
        else column
        if column.type == field.type
        else column.cast(field.type)
        for column, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _listed(texts: Sequence[str | None], field: "pa.Field") -> "pa.Array":
    """Return lists from the JSON texts that both databases hold them as."""
    import pyarrow as pa

    return pa.array([None if text is None else orjson.loads(text) for text in texts], field.type)


def _batch_of_rows(rows: Sequence[tuple[Any, ...]], schema: "pa.Schema") -> "pa.RecordBatch":
    """Return SQLite's rows as a batch; there, days and instants are text and answers are numbers."""
    import pyarrow as pa

    arrays = []
    for values, field in zip(zip(*rows, strict=True), schema, strict=True):
        if pa.types.is_list(field.type):
            arrays.append(_listed(values, field))
            continue
        is_number = pa.types.is_integer(field.type) or pa.types.is_boolean(field.type)
        array = pa.array(values, pa.int64() if is_number else pa.string())
        arrays.append(array if array.type == field.type else array.cast(field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


@contextmanager
def arrow_snapshot(url: sa.URL) -> Iterator[ArrowSnapshot]:
    """Open a snapshot of the database at a URL."""
    if url.get_backend_name() == "sqlite":
        # The copy is read by whichever worker thread sends it, one at a time.
        address = f"file:{url.database}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)) as connection:
            connection.execute("BEGIN")
            yield ArrowSnapshot(connection)
        return
    from adbc_driver_postgresql import dbapi as postgres

    server = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with postgres.connect(server) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield ArrowSnapshot(connection)
