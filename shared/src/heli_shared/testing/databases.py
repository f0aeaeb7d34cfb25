"""Databases for tests: a fresh, migrated copy for each, made from a template that was migrated once."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from heli_shared.db.engine import sqlalchemy_url
from heli_shared.ledger.entries import GENESIS

LOCAL_POSTGRES = "postgresql://postgres@127.0.0.1:5432/test"
_CONNECT_SECONDS = 3


def postgres_url() -> str | None:
    """Return the PostgreSQL server for tests: HELI_TEST_POSTGRES_URL, or a local one that answers; None without."""
    given = os.environ.get("HELI_TEST_POSTGRES_URL")
    if given:
        return given
    return LOCAL_POSTGRES if _answers(LOCAL_POSTGRES) else None


def _answers(url: str) -> bool:
    engine = sa.create_engine(sqlalchemy_url(url), connect_args={"connect_timeout": _CONNECT_SECONDS})
    try:
        with engine.connect():
            return True
    except sa.exc.OperationalError:
        return False
    finally:
        engine.dispose()


Migrate = Callable[[str], None]
"""Brings the database at a URL to its newest shape."""


class Databases(Protocol):
    """Makes databases of one engine."""

    def empty(self) -> str:
        """Return the URL of a new database without tables."""
        ...

    def migrated(self, service: str, migrate: Migrate) -> str:
        """Return the URL of a new database in a service's newest shape."""
        ...

    def release(self) -> None:
        """Take back every database lent since the last time."""
        ...


class SqliteDatabases:
    """SQLite files in a folder that the tests' framework clears away."""

    def __init__(self, folder: Path) -> None:
        """Work in a folder."""
        self._folder = folder

    def empty(self) -> str:
        """Return the URL of a new file."""
        return f"sqlite:///{self._folder / f'{uuid.uuid4().hex}.sqlite'}"

    def migrated(self, service: str, migrate: Migrate) -> str:
        """Return the URL of a copy of the service's template file."""
        template = self._folder / f"template-{service}.sqlite"
        if not template.exists():
            migrate(f"sqlite:///{template}")
        copy = self._folder / f"{uuid.uuid4().hex}.sqlite"
        shutil.copyfile(template, copy)
        return f"sqlite:///{copy}"

    def release(self) -> None:
        """Leave the files to the tests' framework."""


class PostgresDatabases:
    """Databases on a PostgreSQL server: emptied and used again from test to test, dropped at the end.

    Making and dropping a database costs seconds of disk work, emptying its tables costs milliseconds.
    """

    def __init__(self, server: str) -> None:
        """Work on a server; the URL's user must be a superuser, to empty the append-only ledger."""
        self._server = sqlalchemy_url(server)
        self._admin = sa.create_engine(self._server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self._names: list[str] = []
        self._free: dict[str, list[str]] = {}
        self._lent: list[tuple[str, str]] = []

    def empty(self) -> str:
        """Return the URL of a new database without tables."""
        return self._url(self._create())

    def migrated(self, service: str, migrate: Migrate) -> str:
        """Return the URL of a database in a service's newest shape, with nothing in it but what migrations put."""
        free = self._free.setdefault(service, [])
        if free:
            name = free.pop()
        else:
            name = self._create()
            migrate(self._url(name))
        self._lent.append((service, name))
        return self._url(name)

    def release(self) -> None:
        """Take back what was lent and empty it."""
        for service, name in self._lent:
            _empty(self._url(name))
            self._free[service].append(name)
        self._lent.clear()

    def drop_all(self) -> None:
        """Drop every database made here."""
        with self._admin.connect() as connection:
            for name in self._names:
                connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        self._admin.dispose()

    def _create(self) -> str:
        name = f"heli_test_{uuid.uuid4().hex}"
        with self._admin.connect() as connection:
            connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
            # Waiting for the disk at each commit proves nothing in these tests; the crash tests make their own.
            connection.execute(sa.text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
        self._names.append(name)
        return name

    def _url(self, name: str) -> str:
        return self._server.set(database=name, drivername="postgresql").render_as_string(hide_password=False)


def _empty(url: str) -> None:
    """Empty every table but Alembic's, and begin the ledger again."""
    engine = sa.create_engine(sqlalchemy_url(url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        connection.execute(sa.text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))  # noqa: S608 - a constant
        names = [name for name in sa.inspect(connection).get_table_names() if name != "alembic_version"]
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        # Most tests write to a few tables: emptying those costs far less than truncating every one and its indexes.
        asked = ", ".join(f'EXISTS (SELECT 1 FROM "{name}")' for name in names)  # noqa: S608 - names of our own tables
        filled = connection.execute(sa.text(f"SELECT {asked}")).one()
        for name, is_filled in zip(names, filled, strict=True):
            if is_filled:
                connection.execute(sa.text(f'DELETE FROM "{name}"'))  # noqa: S608 - as above
        if "ledger_head" in names:
            connection.execute(
                sa.text("INSERT INTO ledger_head (id, epoch, seq, hash) VALUES (1, :epoch, 0, :genesis)"),
                {"epoch": uuid.uuid4().hex[:16], "genesis": GENESIS},
            )
    engine.dispose()


@contextmanager
def postgres_databases(server: str) -> Iterator[PostgresDatabases]:
    """Yield a maker of PostgreSQL databases and drop what it made afterwards."""
    databases = PostgresDatabases(server)
    try:
        yield databases
    finally:
        databases.drop_all()
