"""Fixtures of reporting's tests: a service on fake sources."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from heli_reporting.history.store import Store
from heli_reporting.migrating import migrate_reporting
from heli_shared.kernel.clock import FixedClock
from heli_shared.testing.databases import SqliteDatabases
from reporting.world import World

NOW = datetime(2026, 7, 1, 2, 30, tzinfo=UTC)
STORE, ARCHIVE = "reporting.duckdb", "reporting.sqlite"


@pytest.fixture
def empty_world(tmp_path: Path, sqlite_databases: SqliteDatabases, clock: FixedClock) -> Iterator[World]:
    """Return a service that has never read anything."""
    made = World(clock, tmp_path, sqlite_databases.migrated("reporting", migrate_reporting))
    yield made
    made.shut()


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which a service has read a small county and stopped."""
    folder = tmp_path_factory.mktemp("settled")
    url = f"sqlite:///{folder / ARCHIVE}"
    migrate_reporting(url)
    made = World(FixedClock(NOW), folder, url, folder / STORE)
    made.county()
    made.sync()
    made.shut()
    return folder


@pytest.fixture
def stores() -> type[Store]:
    """Return what kind of store the service has; a module may put in another."""
    return Store


@pytest.fixture
def world(settled: Path, tmp_path: Path, clock: FixedClock, stores: type[Store]) -> Iterator[World]:
    """Return a service that has read a small county."""
    for name in (STORE, ARCHIVE):
        shutil.copyfile(settled / name, tmp_path / name)
    made = World(clock, tmp_path, f"sqlite:///{tmp_path / ARCHIVE}", tmp_path / STORE, stores=stores)
    made.county()
    yield made
    made.shut()
