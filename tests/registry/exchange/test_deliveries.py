"""Deliveries: every answer that carries rows is noted with who took it, what for, and how many rows were sent."""

import pytest
from fastapi.testclient import TestClient

from heli_registry.main import make_app
from heli_registry.settings import Settings
from registry.codes import code
from registry.conftest import CHEAP, TOWN_A, Registry


@pytest.fixture
def shared(county: Registry) -> Registry:
    """A county with three enterprises and the client of a tax office."""
    for number in range(1, 4):
        county.made("/v1/enterprises", uscc=code(number), name=f"企业{number}", division=TOWN_A)
    county.made("/v1/units", id="unt-tax", name="税务局", kind="department")
    county.enrol("tax", "exchange", unit="unt-tax")
    county.enrol("reporting", "service")
    return county


def listed(registry: Registry, query: str = "", **more) -> list[tuple]:
    found = registry.get(f"/v1/deliveries{query}", **more).json()["items"]
    return [
        (each["channel"], each["resource"], each["rows"], each["purpose"], each["purpose_source"]) for each in found
    ]


def test_exports_feed_pages_and_digests_are_noted(shared: Registry):
    export = shared.get("/v1/exports/enterprises?format=csv", params={"format": "csv", "purpose": "核对税费"}, by="tax")
    page = shared.get("/v1/changes", by="tax", headers={"Heli-Purpose": "%E6%A0%B8%E5%AF%B9"}).json()
    shared.get("/v1/digests?kind=enterprises", by="tax")
    shared.get(f"/v1/changes?after={page['head']}", by="tax")  # empty pages deliver nothing

    assert listed(shared) == [
        ("digest", "enterprises", 3, None, "none"),
        ("feed", "changes", len(page["items"]), "核对", "stated"),
        ("export", "enterprises", 3, "核对税费", "stated"),
    ]
    (first,) = shared.get("/v1/deliveries?channel=export").json()["items"]
    assert (first["bytes"], first["unit"], first["filters"]) == (len(export.content), "unt-tax", {"format": "csv"})
    assert (first["seq"], first["is_whole"]) == (int(export.headers["heli-known-at"]), True)


def test_a_kept_copy_is_noted_each_time_it_is_sent(shared: Registry):
    for _ in range(3):
        shared.get("/v1/exports/enterprises?format=arrow", by="tax")
    assert [each[2] for each in listed(shared)] == [3, 3, 3]


def test_an_agreement_gives_the_purpose_that_is_not_stated(shared: Registry):
    made = shared.made(
        "/v1/sharing-agreements",
        unit="unt-tax",
        purpose="小微企业优惠核对",
        basis="部门职责",
        resources=["enterprises"],
    )
    shared.get("/v1/exports/enterprises", by="tax")
    shared.get("/v1/exports/divisions", by="tax")
    shared.act(f"/v1/sharing-agreements/{made['id']}/close", {"reason": "到期"})
    shared.get("/v1/exports/enterprises", by="tax")

    assert listed(shared) == [
        ("export", "enterprises", 3, None, "none"),
        ("export", "divisions", 3, None, "none"),
        ("export", "enterprises", 3, "小微企业优惠核对", "agreed"),
    ]


def test_our_own_services_need_no_purpose(shared: Registry):
    shared.get("/v1/exports/ledger", by="reporting")
    assert listed(shared)[0][3:] == ("服务间同步 between Heli's own services", "internal")


def test_a_department_sees_its_own_deliveries_and_the_county_all(shared: Registry):
    shared.made("/v1/units", id="unt-other", name="民政局", kind="department")
    shared.enrol("other", "exchange", unit="unt-other")
    shared.get("/v1/exports/enterprises", by="tax")
    shared.get("/v1/exports/units", by="other")

    assert [each[1] for each in listed(shared, by="other")] == ["units"]
    assert listed(shared, "?unit=unt-tax", by="other") == []
    assert [each[1] for each in listed(shared)] == ["units", "enterprises"]
    assert [each[1] for each in listed(shared, "?unit=unt-tax")] == ["enterprises"]
    page = shared.get("/v1/deliveries?limit=1").json()
    assert (page["total"], page["rows"], len(page["items"])) == (2, 3 + 3, 1)
    assert shared.get("/v1/deliveries", params={"limit": 1, "cursor": page["next"]}).json()["next"] is None


def test_a_county_may_require_a_purpose_of_department_clients(shared: Registry):
    strict = Settings(
        data=shared.settings.data, registry_database_url=shared.settings.registry_database_url, purpose_required=True
    )
    with TestClient(make_app(strict, shared.clock, hasher=CHEAP)) as client:

        def asked(path: str, by: str) -> int:
            return client.get(path, headers=shared.headers(by)).status_code

        assert asked("/v1/exports/enterprises", "tax") == 422
        assert asked("/v1/changes", "tax") == 422
        assert asked("/v1/exports/enterprises?purpose=x", "tax") == 200
        assert asked("/v1/exports/enterprises", "reporting") == 200
        assert asked("/v1/exports/enterprises", "admin") == 200
        shared.made("/v1/sharing-agreements", unit="unt-tax", purpose="核对", basis="职责")
        assert asked("/v1/exports/enterprises", "tax") == 200


@pytest.mark.parametrize("purpose", ["%00", "%FF", "x" * 201, "a%0Ab"])
def test_an_unreadable_purpose_is_refused(shared: Registry, purpose):
    answer = shared.get("/v1/exports/enterprises", by="tax", headers={"Heli-Purpose": purpose})
    assert answer.status_code == 400


def test_an_agreement_that_ends_before_it_begins_is_refused(shared: Registry):
    body = {"unit": "unt-tax", "purpose": "核对", "basis": "职责", "agreed_on": "2026-05-01", "ends_on": "2026-04-01"}
    assert shared.post("/v1/sharing-agreements", body).status_code == 422
