"""A store in memory for the tests of the history."""

from collections.abc import Iterator

import pytest

from heli_reporting.history.store import MEMORY, Store


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store.open(MEMORY, threads=1)
    yield opened
    opened.close()
