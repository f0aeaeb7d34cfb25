"""Fixtures of assessment's tests: the service on a fresh database of each engine, beside a fake registry."""

from collections.abc import Iterator

import pytest

from assessment.world import World
from heli_assessment.migrating import migrate_assessment
from heli_shared.kernel.clock import FixedClock
from heli_shared.testing.databases import Databases, SqliteDatabases


@pytest.fixture
def world(databases: Databases, clock: FixedClock) -> Iterator[World]:
    """A service on each database, with a small county in the registry."""
    made = World(clock, databases.migrated("assessment", migrate_assessment))
    made.county()
    yield made
    made.close()


@pytest.fixture
def small_world(sqlite_databases: SqliteDatabases, clock: FixedClock) -> Iterator[World]:
    """The same on SQLite only, for what no database decides."""
    made = World(clock, sqlite_databases.migrated("assessment", migrate_assessment))
    made.county()
    yield made
    made.close()
