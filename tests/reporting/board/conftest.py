"""A county that is served, and visits to its board whose console has to stay silent."""

import pytest

from reporting.board.browsing import Visit, make_county
from reporting.serving import serving


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    world = make_county(tmp_path_factory.mktemp("county"))
    with serving(world.app) as served:
        world.address = served.address
        yield world
    world.shut()


@pytest.fixture
def visit(browser, county):
    visits = []

    def begin(**context):
        visits.append(Visit(browser, county, **context))
        return visits[-1]

    yield begin
    for each in visits:
        each.context.close()
        assert each.complaints == [], "the console stays silent: no error, no violation of the policy"
        assert [url for url in each.asked if not url.startswith(f"{county.address}/")] == []
