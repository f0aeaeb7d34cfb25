"""Reporting beside the real registry and assessment, spoken to over HTTP: what is written there is counted here."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from stdnum.cn import uscc

from contracts.conftest import Registry, Source
from heli_reporting.history.store import MEMORY, Store
from heli_reporting.main import Parts, assemble
from heli_reporting.migrating import migrate_reporting
from heli_reporting.settings import Settings
from heli_shared.db.engine import make_engine
from heli_shared.kernel.clock import FixedClock
from heli_shared.testing.databases import SqliteDatabases

COUNTY, TOWN_A, TOWN_B = "990101000000", "990101001000", "990101002000"


@dataclass
class Three:
    """The three services, and an administrator who speaks to all of them."""

    reporting: TestClient
    registry: Any
    headers: dict[str, str]

    def made(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.registry.post(path, json=body, headers=self.headers)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def sync(self) -> dict[str, Any]:
        answer = self.reporting.post("/v1/syncs", headers=self.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def coverage(self, **params: Any) -> dict[str, Any]:
        params = {"measure": "organization_coverage", "by": "division:town", **params}
        answer = self.reporting.get("/v1/statistics", params=params, headers=self.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def three(
    real_registry: Registry,
    real_assessment: Source,
    sqlite_databases: SqliteDatabases,
    tmp_path: Path,
    clock: FixedClock,
) -> Iterator[Three]:
    archive = make_engine(sqlite_databases.migrated("reporting", migrate_reporting))
    store = Store.open(MEMORY, threads=1)
    parts = Parts(real_registry.client, real_assessment.client, store, archive, clock)
    app = assemble(parts, Settings(data=tmp_path, reporting_sync_seconds=0))
    http = real_registry.client._peer._http  # type: ignore[attr-defined]
    yield Three(TestClient(app), http, {"Authorization": f"Bearer {real_registry.token}"})
    store.close()
    archive.dispose()


def code(number: int) -> str:
    base = f"91990101MA{number:07d}"
    return base + uscc.calc_check_digit(base)


def test_what_is_written_in_registry_is_counted_in_reporting(three: Three):
    three.made("/v1/divisions", code=COUNTY, name="示例县", level="county", effective_on="2020-01-01")
    for town, name in ((TOWN_A, "甲镇"), (TOWN_B, "乙镇")):
        three.made("/v1/divisions", code=town, name=name, level="town", parent=COUNTY, effective_on="2020-01-01")
    for number in range(4):
        three.made(
            "/v1/enterprises",
            uscc=code(number),
            name=f"示例企业{number}",
            division=TOWN_A if number < 3 else TOWN_B,
            registered_on="2020-02-01",
            effective_on="2020-02-01",
        )
    branch = three.made(
        "/v1/party-organizations",
        name="示例支部",
        kind="branch",
        setup_form="sole",
        division=TOWN_A,
        full_members=4,
        established_on="2021-01-01",
        effective_on="2021-01-01",
    )
    link = {"organization": branch["id"], "enterprise": code(0), "form": "sole"}
    three.made("/v1/covers", **link, effective_on="2021-01-01")
    report = three.sync()

    assert [each["mode"] for each in report["sources"]] == ["bulk", "bulk"]
    assert [(row["division"]["code"], row["organization_coverage"]) for row in three.coverage()["rows"]] == [
        (TOWN_A, {"value": "0.3333", "numerator": 1, "denominator": 3}),
        (TOWN_B, {"value": "0.0000", "numerator": 0, "denominator": 1}),
    ]
    assert three.coverage(on="2020-12-31")["total"]["organization_coverage"]["numerator"] == 0

    three.made("/v1/covers", **{**link, "enterprise": code(1), "form": "attached"}, effective_on="2022-01-01")
    assert [(each["mode"], each["taken"]) for each in three.sync()["sources"]] == [("feed", 1), ("feed", 0)]
    assert three.coverage()["total"]["organization_coverage"] == {"value": "0.5000", "numerator": 2, "denominator": 4}
