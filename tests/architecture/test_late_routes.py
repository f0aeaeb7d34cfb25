"""What a start does not pay for: routes that nobody asked for yet, and libraries that a copy does not use."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from starlette.routing import Match

from heli_shared.web.routes import HeliRoute

THREADS = 8


def read_thing(key: str) -> dict[str, str]:
    """Return a thing."""
    return {"key": key}


def route_at(path):
    return HeliRoute(path, read_thing, methods=["GET"])


def ran(program: str, *words: str) -> str:
    return subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=True).stdout


def test_a_service_is_made_without_putting_its_routes_together(tmp_path):
    program = (
        "import sys; from pathlib import Path; from heli_registry.main import make_app;"
        " from heli_registry.settings import Settings; app = make_app(Settings(data=Path(sys.argv[1])));"
        " made = [each.path for each in app.routes if 'dependant' in vars(each)]; print(len(app.routes), made)"
    )
    count, _, made = ran(program, str(tmp_path)).strip().partition(" ")

    assert int(count) > 300
    assert made == "[]"


def test_a_route_is_put_together_once_however_many_ask_first():
    route, gate = route_at("/v1/things/{key}"), Barrier(THREADS)

    def ask(_):
        gate.wait(60)
        return route.dependant, route.operation_id

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(ask, range(THREADS)))

    assert {id(dependant) for dependant, _ in found} == {id(route.dependant)}
    assert {name for _, name in found} == {"read_thing"}


def test_what_a_route_does_not_have_is_told_as_of_any_object():
    with pytest.raises(AttributeError):
        route_at("/v1/things/{key}").no_such  # noqa: B018 - the look is what is tried


@pytest.mark.parametrize(
    ("path", "asked", "is_met"),
    [
        ("/v1/things", "/v1/things", True),
        ("/v1/things", "/v1/things/1", False),
        ("/v1/things", "/v1/thingsome", False),
        ("/v1/things/{key}", "/v1/things/1", True),
        ("/v1/things/{key}", "/v1/things", False),
        ("/v1/things/{key}", "/v1/things/1/more", False),
    ],
)
def test_a_path_is_met_by_its_own_route_alone(path, asked, is_met):
    match, _ = route_at(path).matches({"type": "http", "method": "GET", "path": asked})

    assert (match is Match.FULL) == is_met
    assert is_met or match is Match.NONE


@pytest.mark.postgres
def test_a_copy_out_of_postgresql_loads_no_pandas(postgres_server):
    program = """
import sys
import pyarrow as pa
import sqlalchemy as sa
from heli_shared.records.arrow import arrow_snapshot
table, schema = sa.Table("pg_database", sa.MetaData()), pa.schema([("datname", pa.string())])
with arrow_snapshot(sa.make_url(sys.argv[1])) as snapshot:
    print(sum(batch.num_rows for batch in snapshot.batches(table, schema, order="datname")), "pandas" in sys.modules)
"""
    rows, has_pandas = ran(program, postgres_server).split()

    assert int(rows) > 1
    assert has_pandas == "False"
