"""Fixtures of the tests on cycles: a world with an office, on each database and on SQLite alone."""

import pytest

from assessment.cycles.office import staff
from assessment.world import World


@pytest.fixture
def office(world: World) -> World:
    """The world with reviewing units and people."""
    staff(world)
    return world


@pytest.fixture
def small_office(small_world: World) -> World:
    """The same on SQLite only, for what no database decides."""
    staff(small_world)
    return small_world
