"""Fixtures of reporting's tests: a service on fake sources."""

import pytest
from reporting.world import World

from heli_reporting.migrating import migrate_reporting
from heli_shared.kernel.clock import FixedClock
from heli_shared.testing.databases import SqliteDatabases


@pytest.fixture
def empty_world(tmp_path, sqlite_databases: SqliteDatabases, clock: FixedClock) -> World:
    """Return a service that has never read anything."""
    return World(clock, tmp_path, sqlite_databases.migrated("reporting", migrate_reporting))


@pytest.fixture
def world(empty_world: World) -> World:
    """Return a service that has read a small county."""
    empty_world.county()
    empty_world.sync()
    return empty_world
