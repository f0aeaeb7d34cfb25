"""The desk at which lists are imported, for tests on the real ones."""

import pytest

from registry.imports.conftest import Desk


@pytest.fixture
def desk(registry) -> Desk:
    return Desk(registry)
