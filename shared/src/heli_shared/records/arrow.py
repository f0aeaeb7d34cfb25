"""Rows straight from the database into Arrow, all from one snapshot.

PostgreSQL is read by its ADBC driver. SQLite is read by Python's own module on purpose: ADBC's driver carries a second
copy of SQLite, and two copies in one process drop one another's file locks, which corrupts the database.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import orjson
import sqlalchemy as sa

from heli_shared.ledger.appending import Head
from heli_shared.ledger.tables import LedgerTables

if TYPE_CHECKING:
    import pyarrow as pa
    from adbc_driver_manager import AdbcConnection

_BATCH_ROWS = 65_536


class ArrowSnapshot(Protocol):
    """One read-only transaction of a connection: everything asked of it is of the same moment."""

    def head(self, ledger: LedgerTables) -> Head:
        """Return the ledger's head as the snapshot sees it."""

    def batches(
        self, table: sa.Table, schema: "pa.Schema", *, order: str, up_to: int | None = None
    ) -> "Iterator[pa.RecordBatch]":
        """Yield a table's rows in the schema's columns and types, ordered by a column, at most up to a value of it."""


def _head_sql(ledger: LedgerTables) -> str:
    return f"SELECT epoch, seq, hash FROM {ledger.head.name}"  # noqa: S608 - an own name


def _rows_sql(table: sa.Table, schema: "pa.Schema", order: str, up_to: int | None) -> str:
    columns = ", ".join(f'"{name}"' for name in schema.names)
    limit = "" if up_to is None else f" WHERE {order} <= {int(up_to)}"
    return f"SELECT {columns} FROM {table.name}{limit} ORDER BY {order}"  # noqa: S608 - own names and a number


class _SqliteSnapshot:
    """Python's own module; rows become Arrow here."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def head(self, ledger: LedgerTables) -> Head:
        with closing(self._connection.execute(_head_sql(ledger))) as cursor:
            return Head(*cursor.fetchone())

    def batches(
        self, table: sa.Table, schema: "pa.Schema", *, order: str, up_to: int | None = None
    ) -> "Iterator[pa.RecordBatch]":
        with closing(self._connection.execute(_rows_sql(table, schema, order, up_to))) as cursor:
            while rows := cursor.fetchmany(_BATCH_ROWS):
                yield _batch_of_rows(rows, schema)


class _PostgresSnapshot:
    """The driver itself and not its DBAPI, which takes seconds to import: it brings pandas along."""

    def __init__(self, connection: "AdbcConnection") -> None:
        self._connection = connection

    def head(self, ledger: LedgerTables) -> Head:
        with self._read(_head_sql(ledger)) as reader:
            (row,) = reader.read_all().to_pylist()
        return Head(**row)

    def batches(
        self, table: sa.Table, schema: "pa.Schema", *, order: str, up_to: int | None = None
    ) -> "Iterator[pa.RecordBatch]":
        with self._read(_rows_sql(table, schema, order, up_to)) as reader:
            for batch in reader:
                yield _typed(batch, schema)

    @contextmanager
    def _read(self, sql: str) -> "Iterator[pa.RecordBatchReader]":
        import pyarrow as pa
        from adbc_driver_manager import AdbcStatement

        with AdbcStatement(self._connection) as statement:
            statement.set_sql_query(sql)
            stream, _ = statement.execute_query()
            with pa.RecordBatchReader.from_stream(stream) as reader:
                yield reader


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
            yield _SqliteSnapshot(connection)
        return
    import adbc_driver_postgresql
    from adbc_driver_manager import AdbcConnection, AdbcStatement

    server = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with adbc_driver_postgresql.connect(server) as database, AdbcConnection(database) as connection:
        connection.set_autocommit(False)
        with AdbcStatement(connection) as statement:
            statement.set_sql_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            statement.execute_update()
        yield _PostgresSnapshot(connection)
