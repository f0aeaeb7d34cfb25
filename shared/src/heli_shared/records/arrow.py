"""Rows straight from the database into Arrow by its ADBC driver, all from one snapshot."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from heli_shared.ledger.appending import Head
from heli_shared.ledger.tables import LedgerTables

if TYPE_CHECKING:
    import pyarrow as pa

_MISSING_NUMBER = -(2**63)
_BATCH_ROWS = "65536"


class ArrowSnapshot:
    """One read-only transaction of an ADBC connection: everything asked of it is of the same moment."""

    def __init__(self, connection: Any, *, is_sqlite: bool) -> None:
        """Read through an open connection; use `arrow_snapshot`."""
        self._connection = connection
        self._is_sqlite = is_sqlite

    def head(self, ledger: LedgerTables) -> Head:
        """Return the ledger's head as the snapshot sees it."""
        with self._connection.cursor() as cursor:
            cursor.execute(f"SELECT epoch, seq, hash FROM {ledger.head.name}")  # noqa: S608 - an own name
            epoch, seq, last_hash = cursor.fetchone()
        return Head(epoch, seq, last_hash)

    def batches(self, table: sa.Table, schema: "pa.Schema", *, order: str, up_to: int | None = None) -> Any:
        """Yield a table's rows in the schema's columns and types, ordered by a column, at most up to a value of it."""
        columns = ", ".join(self._column(field) for field in schema)
        limit = "" if up_to is None else f" WHERE {order} <= {int(up_to)}"
        statement = f"SELECT {columns} FROM {table.name}{limit} ORDER BY {order}"  # noqa: S608 - own names and a number
        with self._connection.cursor() as cursor:
            if self._is_sqlite:
                cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": _BATCH_ROWS})
            cursor.execute(statement)
            for batch in cursor.fetch_record_batch():
                yield self._typed(batch, schema)

    def _column(self, field: "pa.Field") -> str:
        """Return a column as it is asked for; SQLite's driver guesses a type from values, so none may be missing."""
        if not self._is_sqlite:
            return f'"{field.name}"'
        return f'coalesce("{field.name}", {_stand_in(field.type)})'

    def _typed(self, batch: "pa.RecordBatch", schema: "pa.Schema") -> "pa.RecordBatch":
        import pyarrow as pa

        columns = []
        for found, field in zip(batch.columns, schema, strict=True):
            column = _without_stand_ins(found, field.type) if self._is_sqlite else found
            columns.append(column if column.type == field.type else column.cast(field.type))
        return pa.RecordBatch.from_arrays(columns, schema=schema)


def _stand_in(type_: "pa.DataType") -> str:
    """Return what stands for a missing value on the way: no column holds the empty text or the least number."""
    import pyarrow as pa

    return str(_MISSING_NUMBER) if pa.types.is_integer(type_) or pa.types.is_boolean(type_) else "''"


def _without_stand_ins(column: "pa.Array", type_: "pa.DataType") -> "pa.Array":
    import pyarrow as pa
    import pyarrow.compute as pc

    is_number = pa.types.is_integer(type_) or pa.types.is_boolean(type_)
    missing = pc.equal(column, pa.scalar(_MISSING_NUMBER if is_number else "", column.type))
    return pc.if_else(missing, pa.scalar(None, column.type), column)


@contextmanager
def arrow_snapshot(url: sa.URL) -> Iterator[ArrowSnapshot]:
    """Open a snapshot of the database at a URL."""
    if url.get_backend_name() == "sqlite":
        from adbc_driver_sqlite import dbapi

        with dbapi.connect(f"file:{url.database}?mode=ro") as connection:
            yield ArrowSnapshot(connection, is_sqlite=True)
        return
    from adbc_driver_postgresql import dbapi as postgres

    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with postgres.connect(address) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield ArrowSnapshot(connection, is_sqlite=False)
