"""After a long list PostgreSQL knows how large its tables are; without, a search of names reads all of them."""

import pytest

from heli_registry.enterprises.models import ENTERPRISE
from heli_shared.db.engine import transaction
from heli_shared.db.loading import refresh_statistics
from registry.codes import code
from registry.conftest import TOWN_A

HEAD = "名称,统一社会信用代码,所属区划\n"


@pytest.mark.parametrize("databases", ["postgres"], indirect=True)
@pytest.mark.parametrize(("rows", "is_known"), [(1_000, True), (999, False)])
def test_a_long_list_tells_the_planner_how_many_rows_there_are(county_desk, rows, is_known):
    engine = county_desk.registry.app.state.calls.engine
    with transaction(engine, writes=True) as session:
        refresh_statistics(session, (ENTERPRISE.table, ENTERPRISE.index.entries))  # both are empty now
    lines = "".join(f"第{number}厂,{code(number)},{TOWN_A}\n" for number in range(rows))

    job = county_desk.run("enterprises", HEAD + lines)

    assert job["rows"]["created"] == rows, county_desk.refusals(job["id"])
    known = dict(
        county_desk.registry.rows(
            "SELECT relname, reltuples FROM pg_class WHERE relname IN ('enterprises', 'enterprises_search')"
        )
    )
    assert {name: count >= rows for name, count in known.items()} == dict.fromkeys(known, is_known)
