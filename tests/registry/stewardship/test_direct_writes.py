"""Nobody changes a stewarded field behind its steward's back: not by PATCH, not by a new record, not by an import."""

import pytest

from registry.codes import code
from registry.conftest import TOWN_A
from registry.imports.conftest import Desk
from registry.stewardship.conftest import MARKET, OFFICE, SOCIAL, TAX


def patch(world, by, **body):
    return world.registry.patch(f"/v1/enterprises/{code(1)}", body, by=by)


@pytest.fixture
def officials(world):
    """County clerks who sit in departments, and one who sits nowhere."""
    for name, unit in (("market_clerk", MARKET), ("tax_clerk", TAX), ("nowhere", None)):
        world.registry.enrol(name, "county_clerk", unit=unit)
    return world


def test_without_claims_a_stewarded_field_is_written_as_ever(officials):
    officials.steward()
    officials.enterprise(staff=10)

    assert patch(officials, "office", staff=11).json()["staff"] == 11
    assert patch(officials, "nowhere", staff=12).json()["staff"] == 12
    assert officials.registry.rows("SELECT count(*) FROM claims") == [(0,)]


def test_what_a_listed_unit_writes_directly_is_its_claim(officials):
    officials.steward()
    officials.enterprise(staff=10)

    assert patch(officials, "tax_clerk", staff=9, effective_on="2026-03-01").json()["staff"] == 9
    claim = officials.registry.get("/v1/claims").json()["items"][0]
    assert (claim["unit"], claim["value"], claim["observed_on"]) == (TAX, "9", "2026-03-01")
    assert officials.said(MARKET, 12)["in_force"]["value"] == 12
    assert officials.dispute()["owner"] == MARKET


def test_a_new_enterprise_of_a_listed_unit_brings_its_claims(officials):
    officials.steward()
    body = {"uscc": code(1), "name": "甲", "division": TOWN_A, "staff": 9, "registered_on": "2021-05-01"}
    made = officials.registry.post("/v1/enterprises", body, by="tax_clerk")

    assert (made.status_code, made.json()["staff"]) == (201, 9)
    claim = officials.registry.get("/v1/claims").json()["items"][0]
    assert (claim["unit"], claim["value"], claim["observed_on"]) == (TAX, "9", "2021-05-01")


def test_a_direct_change_that_would_not_be_in_force_is_refused_and_names_the_steward(officials):
    officials.steward()
    officials.enterprise()
    officials.said(MARKET, 12, "2026-06-01")

    for who in ("tax_clerk", "office", "clerk_a"):
        refused = patch(officials, who, staff=9)
        assert refused.status_code == 422
        assert [each["pointer"] for each in refused.json()["errors"]] == ["/staff"]
        assert "由市场监管局负责，生效值为 12（来自市场监管局）" in refused.json()["errors"][0]["detail"]
    assert "不属于任何机构" in patch(officials, "nowhere", staff=9).json()["errors"][0]["detail"]
    assert patch(officials, "clerk_a", staff=None).status_code == 422
    assert (officials.value(), officials.registry.rows("SELECT count(*) FROM claims")) == (12, [(1,)])


def test_a_direct_change_that_is_in_force_is_kept_as_the_units_claim(officials):
    officials.steward()
    officials.enterprise()
    officials.said(TAX, 9, "2026-06-01")

    assert patch(officials, "market_clerk", staff=12, address="合力路1号").json()["staff"] == 12
    assert patch(officials, "market_clerk", staff=None).status_code == 422
    assert (officials.dispute()["in_force"]["unit"], officials.value("address")) == (MARKET, "合力路1号")


def test_fields_that_nobody_answers_for_stay_everybodys(officials):
    officials.steward()
    officials.enterprise()
    officials.said(MARKET, 12)

    assert patch(officials, "clerk_a", full_members=3, has_activity=True).status_code == 200
    assert patch(officials, "nowhere", staff=12).status_code == 200


def test_of_two_fields_one_corrected_in_the_past_and_one_changed_later_both_stay(officials):
    officials.steward()
    officials.enterprise(staff=10, full_members=3)
    officials.said(MARKET, 12, "2026-06-01")
    patch(officials, "office", full_members=5, effective_on="2026-05-01")
    officials.said(MARKET, 11, "2026-04-01")

    path = f"/v1/enterprises/{code(1)}"
    days = ("2026-03-31", "2026-04-01", "2026-05-01", "2026-06-01")
    shown = [officials.registry.get(path, params={"on": day}).json() for day in days]
    assert [(each["staff"], each["full_members"]) for each in shown] == [(10, 3), (11, 3), (11, 5), (12, 5)]


HEADER = "统一社会信用代码,企业名称,从业人员,地址\n"


def test_an_import_refuses_the_rows_that_would_bypass_precedence_and_takes_the_rest(officials):
    desk = Desk(officials.registry)
    officials.steward()
    for number in (1, 2, 3):
        officials.enterprise(number, staff=10)
    officials.said(MARKET, 12, enterprise=code(1))
    officials.said(MARKET, 12, enterprise=code(2))
    rows = f"{code(1)},企业1,9,合力路1号\n{code(2)},企业2,12,合力路2号\n{code(3)},企业3,9,合力路3号\n"
    for dry_run in (True, False):
        job = desk.run("enterprises", HEADER + rows, by="office", dry_run=dry_run)
        assert job["rows"] == {"read": 3, "created": 0, "updated": 2, "unchanged": 0, "refused": 1}
        assert "由市场监管局负责，生效值为 12" in desk.refusals(job["id"])[2]

    assert [officials.value(number=number) for number in (1, 2, 3)] == [12, 12, 9]
    assert [officials.value("address", number) for number in (1, 2, 3)] == [None, "合力路2号", "合力路3号"]
    blank = desk.run("enterprises", f"{HEADER}{code(1)},企业1,,合力路1号\n", by="office")
    assert (blank["rows"]["updated"], officials.value("address")) == (1, "合力路1号")


def test_an_import_by_a_listed_unit_is_its_claim_and_opens_disputes(officials):
    desk = Desk(officials.registry)
    officials.steward(precedence=[TAX, SOCIAL])
    officials.enterprise(1, staff=10)
    officials.said(TAX, 9, enterprise=code(1))
    rows = f"{code(1)},企业1,12,\n{code(2)},企业2,15,{TOWN_A}\n"
    job = desk.run("enterprises", HEADER.replace("地址", "行政区划代码") + rows, by="market_clerk")

    assert job["rows"] == {"read": 2, "created": 1, "updated": 1, "unchanged": 0, "refused": 0}
    claims = officials.registry.get("/v1/claims", params={"unit": MARKET}).json()["items"]
    assert {each["enterprise"]: each["value"] for each in claims} == {code(1): "12", code(2): "15"}
    assert (officials.value(), officials.value(number=2)) == (12, 15)
    assert officials.dispute()["enterprise"] == code(1)
    assert OFFICE not in {each["unit"] for each in claims}


def undo(officials, job):
    response = officials.registry.post(f"/v1/imports/{job['id']}/undo", by="market_clerk")
    assert response.status_code == 200, response.text


def test_an_import_that_is_taken_back_takes_its_claims_back_and_the_order_of_precedence_holds(officials):
    desk = Desk(officials.registry)
    officials.steward()
    officials.enterprise(1, staff=10)
    officials.enterprise(2, staff=10)
    officials.said(TAX, 9, "2026-06-01")
    officials.said(MARKET, 11, "2026-06-01", enterprise=code(2), document="年报")
    rows = "".join(f"{code(number)},企业{number},12,\n" for number in (1, 2))
    job = desk.run("enterprises", HEADER + rows, by="market_clerk")
    assert (officials.value(), officials.value(number=2), officials.dispute()["state"]) == (12, 12, "open")
    undo(officials, job)

    assert (officials.value(), officials.value(number=2), officials.dispute()["state"]) == (9, 11, "withdrawn")
    claims = officials.registry.get("/v1/claims", params={"unit": MARKET}).json()["items"]
    kept = [(each["enterprise"], each["value"], each["observed_on"], each["document"]) for each in claims]
    assert kept == [(code(2), "11", "2026-06-01", "年报")]


def test_what_was_claimed_since_an_import_stands_when_it_is_taken_back(officials):
    desk = Desk(officials.registry)
    officials.steward()
    officials.enterprise(1, staff=10)
    job = desk.run("enterprises", f"{HEADER}{code(1)},企业1,20,\n", by="office")
    officials.said(TAX, 20, "2026-06-01")
    before = officials.registry.post(f"/v1/imports/{job['id']}/undo", by="market_clerk")

    assert before.status_code == 409
    assert officials.value() == 20
