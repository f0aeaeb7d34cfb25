"""Loading many rows at once by each database's fastest way: COPY on PostgreSQL, one prepared statement on SQLite."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session


def refresh_statistics(session: Session, tables: Sequence[sa.Table]) -> None:
    """Tell PostgreSQL's planner what tables hold after many rows were loaded; SQLite's plans need no such figures.

    Until it is told, a table counts as nearly empty, and queries with a limit read and sort all of it.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE " + ", ".join(f'"{table.name}"' for table in tables))


def load_rows(session: Session, table: sa.Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows whose values are as JSON has them (dates as ISO text); IntegrityError as SQLAlchemy has it."""
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        statement = f'COPY "{table.name}" ({names}) FROM STDIN'
        cursor = connection.connection.cursor()
        try:
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        except connection.dialect.loaded_dbapi.IntegrityError as error:
            raise IntegrityError(statement, None, error) from error
        finally:
            cursor.close()
        return
    marks = ", ".join("?" * len(columns))
    connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', list(rows))  # noqa: S608 - own names
