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


class PostgresDatabases:
    """Databases on a PostgreSQL server, dropped at the end."""

    def __init__(self, server: str) -> None:
        """Work on a server; the URL's user may create databases."""
        self._server = sqlalchemy_url(server)
        self._admin = sa.create_engine(self._server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self._templates: dict[str, str] = {}
        self._names: list[str] = []

    def empty(self) -> str:
        """Return the URL of a new database without tables."""
        return self._url(self._create("template0"))

    def migrated(self, service: str, migrate: Migrate) -> str:
        """Return the URL of a copy of the service's template database."""
        if service not in self._templates:
            name = self._create("template0")
            migrate(self._url(name))
            self._templates[service] = name
        return self._url(self._create(self._templates[service]))

    def drop_all(self) -> None:
        """Drop every database made here."""
        with self._admin.connect() as connection:
            for name in self._names:
                connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        self._admin.dispose()

    def _create(self, template: str) -> str:
        name = f"heli_test_{uuid.uuid4().hex}"
        with self._admin.connect() as connection:
            connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        self._names.append(name)
        return name

    def _url(self, name: str) -> str:
        return self._server.set(database=name, drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def postgres_databases(server: str) -> Iterator[PostgresDatabases]:
    """Yield a maker of PostgreSQL databases and drop what it made afterwards."""
    databases = PostgresDatabases(server)
    try:
        yield databases
    finally:
        databases.drop_all()
