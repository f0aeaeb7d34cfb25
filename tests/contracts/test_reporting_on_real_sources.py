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
VILLAGE = "990101001001"


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

    def merged(self, source: str, into: str, day: str) -> None:
        etag = self.registry.get(f"/v1/divisions/{source}", headers=self.headers).headers["etag"]
        body = {"into": into, "reason": "撤并", "effective_on": day}
        headers = {**self.headers, "If-Match": etag}
        answer = self.registry.post(f"/v1/divisions/{source}/merge", json=body, headers=headers)
        assert answer.status_code == 200, answer.text

    def asked(self, path: str, **params: Any) -> dict[str, Any]:
        answer = self.reporting.get(path, params=params, headers=self.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def carried_out(self, proposal: dict[str, Any], number: int) -> None:
        """Write into registry what a proposal says."""
        codes = [each["uscc"] for each in proposal["enterprises"]]
        if proposal["kind"] == "instructor":
            self.made("/v1/assignments", person=proposal["person"], role="instructor", enterprise=codes[0])
            return
        form = "sole" if proposal["kind"] == "own_branch" else "joint"
        if proposal["kind"] == "take_in":
            organization = proposal["organization"]["id"]
        else:
            seat = self.registry.get(f"/v1/enterprises/{codes[0]}", headers=self.headers).json()
            kind = "branch" if form == "sole" else "joint_branch"
            members = sum(each["full_members"] for each in proposal["enterprises"])
            body = {"name": f"新支部{number}", "kind": kind, "setup_form": form, "division": seat["division"]}
            organization = self.made("/v1/party-organizations", **body, full_members=members)["id"]
        for uscc_ in codes:
            self.made("/v1/covers", organization=organization, enterprise=uscc_, form=form)

    def counted(self, day: str, structure: str) -> dict[str, int]:
        """Return what registry itself counts at each town, in the scope of the statistics."""
        params = {"on": day, "structure": structure}
        answer = self.registry.get("/v1/trees/territory/counts", params=params, headers=self.headers)
        items = answer.json()["items"]
        return {each["key"]: each["counted"] for each in items if each["counted"] and each["key"] in (TOWN_A, TOWN_B)}

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


def test_a_merged_township_keeps_its_past_and_its_successor_counts_from_the_day(three: Three):
    three.made("/v1/divisions", code=COUNTY, name="示例县", level="county", effective_on="2020-01-01")
    for town, name in ((TOWN_A, "甲镇"), (TOWN_B, "乙镇")):
        three.made("/v1/divisions", code=town, name=name, level="town", parent=COUNTY, effective_on="2020-01-01")
    three.made("/v1/divisions", code=VILLAGE, name="台上村", level="village", parent=TOWN_A, effective_on="2020-01-01")
    for number, place in enumerate((TOWN_A, TOWN_A, VILLAGE, TOWN_B)):
        three.made(
            "/v1/enterprises", uscc=code(number), name=f"示例企业{number}", division=place, registered_on="2020-02-01"
        )
    body = {"name": "示例支部", "kind": "branch", "setup_form": "sole", "division": VILLAGE}
    branch = three.made("/v1/party-organizations", **body, established_on="2021-01-01")
    three.made("/v1/covers", organization=branch["id"], enterprise=code(2), form="sole", effective_on="2021-01-01")
    three.sync()

    def towns(day: str) -> dict[str, tuple[int, int]]:
        rows = three.coverage(on=day)["rows"]
        rates = ((row["division"]["code"], row["organization_coverage"]) for row in rows)
        return {town: (rate["numerator"], rate["denominator"]) for town, rate in rates if rate["denominator"]}

    before = towns("2026-04-14")
    three.merged(TOWN_A, TOWN_B, "2026-04-15")
    three.sync()

    assert before == towns("2026-04-14") == {TOWN_A: (1, 3), TOWN_B: (0, 1)}
    assert towns("2026-04-15") == towns("2026-07-01") == {TOWN_B: (1, 4)}
    for day, structure in (("2026-04-14", "then"), ("2026-04-15", "then"), ("2026-04-14", "now")):
        counted = three.counted(day, structure)
        expected = towns("2026-04-15" if structure == "now" else day)
        assert counted == {town: denominator for town, (_, denominator) in expected.items()}


def test_what_was_said_about_an_impossible_cell_travels_with_the_number(three: Three):
    three.made("/v1/divisions", code=COUNTY, name="示例县", level="county", effective_on="2020-01-01")
    three.made("/v1/divisions", code=TOWN_A, name="甲镇", level="town", parent=COUNTY, effective_on="2020-01-01")
    three.made("/v1/units", id="unt-a", name="甲镇党委", kind="township", division=TOWN_A)
    three.made("/v1/people", id="per-1", unit="unt-a", name="王小明")
    given = {"division": TOWN_A, "registered_on": "2020-02-01", "staff": 20}
    three.made("/v1/enterprises", uscc=code(0), name="示例企业0", **given, full_members=30)
    three.made("/v1/enterprises", uscc=code(1), name="示例企业1", **given, full_members=3)
    period = three.made("/v1/periods", code="2026H1", unit="unt-a")
    about = {"check": "enterprise.members-over-staff", "record": code(0)}
    told = three.made("/v1/explanations", period=period["id"], text="劳务派遣党员在册", person="per-1", **about)
    three.sync()

    (found,) = three.coverage(on="2026-06-30")["passport"]["explanations"]

    assert {name: found[name] for name in ("id", "check", "record", "record_kind", "record_name", "measures")} == {
        "id": told["id"], **about, "record_kind": "enterprise", "record_name": "示例企业0",
        "measures": ["organization_coverage"],
    }  # fmt: skip
    assert (found["text"], found["person"], found["value"]) == ("劳务派遣党员在册", "per-1", told["value"])
    assert three.coverage(on="2025-12-31")["passport"]["explanations"] == []


def test_a_plan_written_into_the_real_registry_gains_what_was_predicted(three: Three):
    """Every proposal is accepted by the registry's own rules, and the figures come out as foretold."""
    three.made("/v1/divisions", code=COUNTY, name="示例县", level="county", effective_on="2020-01-01")
    for town, name in ((TOWN_A, "甲镇"), (TOWN_B, "乙镇")):
        three.made("/v1/divisions", code=town, name=name, level="town", parent=COUNTY, effective_on="2020-01-01")
    small = {"staff": 120, "full_members": 1}
    given = [
        (TOWN_A, {"staff": 150, "full_members": 5}),
        (TOWN_A, small), (TOWN_A, {**small, "full_members": 2}), (TOWN_A, {"staff": 20, "full_members": 0}),
        (TOWN_B, small), (TOWN_B, {"staff": 30, "full_members": 2}), (TOWN_B, {"staff": 30, "full_members": 1}),
        (TOWN_B, {"staff": 100, "full_members": 0}), (TOWN_B, {"staff": 10, "full_members": 0}),
    ]  # fmt: skip
    for number, (town, fields) in enumerate(given):
        place = {
            "division": town,
            "registered_on": "2020-02-01",
            "ownership": "private",
            "operation_state": "operating",
        }
        three.made("/v1/enterprises", uscc=code(number), name=f"示例企业{number}", **place, **fields)
    joint = {
        "name": "示例联合支部",
        "kind": "joint_branch",
        "setup_form": "joint",
        "division": TOWN_A,
        "full_members": 4,
    }
    host = three.made("/v1/party-organizations", **joint, established_on="2021-01-01")
    three.made("/v1/covers", organization=host["id"], enterprise=code(3), form="joint", effective_on="2021-01-01")
    unit = three.made("/v1/units", name="县工委", kind="commission", division=COUNTY, effective_on="2020-01-01")
    guide = three.made("/v1/people", name="示例人", unit=unit["id"])
    sent = {"person": guide["id"], "role": "instructor", "effective_on": "2025-01-01"}
    three.made("/v1/assignments", **sent, enterprise=code(8))
    three.sync()
    plan = three.asked("/v1/gaps/simulations", measure="staff100_with_organization_rate", limit="100")
    assert {each["kind"] for each in plan["items"]} == {"own_branch", "take_in", "joint_branch", "instructor"}

    for number, each in enumerate(plan["items"]):
        three.carried_out(each, number)
    three.sync()
    for town, line in {"": plan["simulation"]["total"], **by_town(plan["simulation"])}.items():
        params = {"division": town} if town else {}
        for measure, change in line.items():
            now = three.asked("/v1/statistics", measure=measure, **params)["total"][measure]
            assert now == change["after"], (town, measure)


def by_town(simulation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        line["division"]["code"]: {measure: change for measure, change in line.items() if measure != "division"}
        for line in simulation["townships"]
    }
