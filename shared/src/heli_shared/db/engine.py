"""Engines and transactions, set up so that SQLite and PostgreSQL keep the same promises."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # NORMAL may lose acknowledged commits when the power fails
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA cache_size=-65536",
)
_POSTGRES_OPTIONS = (
    "-c statement_timeout=60000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
)


def sqlalchemy_url(url: str) -> sa.URL:
    """Return the URL as SQLAlchemy wants it: PostgreSQL always by psycopg 3."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def make_engine(url: str) -> sa.Engine:
    """Return an engine for a SQLite or PostgreSQL URL; a SQLite file's folder is made when missing."""
    parsed = sqlalchemy_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed)
    return sa.create_engine(
        parsed,
        hide_parameters=True,  # what people typed does not belong into the text of an error
        pool_size=8,
        max_overflow=8,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={"options": _POSTGRES_OPTIONS},
    )


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, hide_parameters=True, pool_size=16, max_overflow=16, pool_timeout=5)

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # Transactions are begun by us: the driver's own habit would begin them too late for snapshot reads.
        connection.isolation_level = None
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma)

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        immediate = connection.get_execution_options().get("heli_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


@contextmanager
def transaction(engine: sa.Engine, *, writes: bool) -> Iterator[Session]:
    """Open a session that is one transaction: committed when the block ends well, rolled back when it raises.

    Reads see one snapshot from beginning to end (REPEATABLE READ on PostgreSQL, WAL snapshot on SQLite);
    writers on SQLite take the write lock at once, so that they never fail half-way for want of it.
    """
    options: dict[str, Any] = {"heli_writes": writes}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "READ COMMITTED" if writes else "REPEATABLE READ"
        options["postgresql_readonly"] = not writes
    with engine.connect().execution_options(**options) as connection, Session(connection) as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def is_writing(session: Session) -> bool:
    """Say whether a session's transaction was opened to write."""
    return bool(session.connection().get_execution_options().get("heli_writes", False))
