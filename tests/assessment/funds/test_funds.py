"""Funds over HTTP: nothing beyond budget, standard or dues, two at once included; and the statement adds up."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.world import FINANCE, TAX, TOWN_A
from heli_assessment.funds.domain import deduction_of


@pytest.fixture
def purse(world):
    world.made(
        "/v1/fund-budgets", id="bud-1", title="工作经费", year=2026, unit=FINANCE, source="finance", amount="10000"
    )
    return world


def moved(world, amount="1000", *, expected=201, by="admin", **more):
    body = {
        "kind": "allocation", "budget": "bud-1", "unit": FINANCE, "organization": "org-1", "happened_on": "2026-05-01",
        "amount": amount, **more,
    }  # fmt: skip
    answer = world.post("/v1/fund-movements", {k: v for k, v in body.items() if v is not None}, by=by)
    assert answer.status_code == expected, answer.text
    return answer.json()


def row_of(world, unit=FINANCE):
    return {each["unit"]: each for each in world.get("/v1/funds?year=2026").json()["items"]}[unit]


def test_the_statement_of_a_year_adds_up(purse):
    moved(purse, "3000.50")
    moved(purse, "1000", kind="spending", used_for="training")
    moved(purse, "600", kind="dues_paid", budget=None)
    moved(purse, "500", kind="dues_returned", budget=None)
    moved(purse, "77", kind="dues_paid", budget=None, happened_on="2025-12-31")
    purse.made("/v1/fund-budgets", title="补助", year=2026, unit=TAX, source="superior", amount="5")
    told = purse.get("/v1/funds?year=2026").json()
    assert row_of(purse) == {
        "unit": FINANCE, "budgeted": "10000.00", "allocated": "3000.50", "spent": "1000.00", "dues_paid": "600.00",
        "dues_returned": "500.00", "left": "6999.50", "unspent": "2000.50", "dues_open": "100.00",
    }  # fmt: skip
    assert told["sums"]["budgeted"] == "10005.00"
    assert {each["standard"]: each["value"] for each in told["standards"]} == {
        "per_member": "300", "new_organization": "2000", "brand": "100000", "tax_cap": "0.01",
    }  # fmt: skip
    assert purse.get("/v1/funds?year=2025").json()["sums"]["dues_paid"] == "77.00"
    assert purse.get("/v1/funds").json()["year"] == 2026


def test_no_more_is_allocated_than_budgeted_nor_spent_than_allocated(purse):
    moved(purse, "9000")
    assert "1000" in moved(purse, "1000.01", expected=422)["errors"][0]["detail"]
    moved(purse, "1000")
    moved(purse, "9999", kind="spending")
    assert moved(purse, "2", kind="spending", expected=422)["errors"][0]["pointer"] == "/amount"
    moved(purse, "1", kind="spending", organization="org-2", expected=422)
    assert purse.patch("/v1/fund-budgets/bud-1", {"amount": "9999.99"}).status_code == 422
    assert purse.patch("/v1/fund-budgets/bud-1", {"amount": "10001"}).status_code == 200


def test_two_allocations_at_once_do_not_take_the_same_money(purse):
    def take(number):
        body = {
            "kind": "allocation", "budget": "bud-1", "unit": FINANCE, "organization": f"org-{number}",
            "happened_on": "2026-05-01", "amount": "4000",
        }  # fmt: skip
        return purse.post("/v1/fund-movements", body).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(take, range(4)))
    assert sorted(statuses) == [201, 201, 422, 422]
    assert row_of(purse)["left"] == "2000.00"


def test_standards_hold_by_member_and_year_once_and_by_project(purse):
    per_member = {"standard": "per_member", "members": 4}
    moved(purse, "1000", **per_member)
    assert "200" in moved(purse, "201", expected=422, **per_member)["errors"][0]["detail"]
    moved(purse, "200", **per_member)
    moved(purse, "1200", **{**per_member, "happened_on": "2025-05-01"})  # another year
    moved(purse, "300", **per_member, organization="org-2")
    moved(purse, "2000", standard="new_organization")
    moved(purse, "0.01", standard="new_organization", happened_on="2025-01-01", expected=422)
    purse.patch("/v1/fund-budgets/bud-1", {"amount": "900000"})
    moved(purse, "100000", standard="brand")
    moved(purse, "100000", standard="brand")
    moved(purse, "100000.01", standard="brand", expected=422)


def test_dues_are_returned_in_full_at_most(purse):
    paid = moved(purse, "500", kind="dues_paid", budget=None)
    moved(purse, "1", kind="dues_returned", budget=None, organization="org-2", expected=422)
    moved(purse, "500", kind="dues_returned", budget=None)
    moved(purse, "0.01", kind="dues_returned", budget=None, expected=422)
    path = f"/v1/fund-movements/{paid['id']}"
    etag = purse.get(path).headers["etag"]
    assert purse.post(f"{path}/close", {"reason": "误"}, headers={"If-Match": etag}).status_code == 409


def test_what_was_spent_is_not_taken_back(purse):
    allocated = moved(purse, "3000")
    spent = moved(purse, "10", kind="spending")
    path = f"/v1/fund-movements/{allocated['id']}"
    closing = {"reason": "误拨"}
    etag = purse.get(path).headers["etag"]
    assert purse.post(f"{path}/close", closing, headers={"If-Match": etag}).status_code == 409
    other = f"/v1/fund-movements/{spent['id']}"
    assert purse.post(f"{other}/close", closing, headers={"If-Match": purse.get(other).headers["etag"]}).is_success
    assert purse.post(f"{path}/close", closing, headers={"If-Match": etag}).is_success
    assert row_of(purse)["left"] == "10000.00"
    budget = "/v1/fund-budgets/bud-1"
    assert purse.post(f"{budget}/close", closing, headers={"If-Match": purse.get(budget).headers["etag"]}).is_success


@pytest.mark.parametrize(
    "more",
    [
        {"amount": "0"}, {"amount": "-1"}, {"amount": "1.001"}, {"amount": 5}, {"amount": "5元"}, {"budget": None},
        {"budget": "bud-none"}, {"happened_on": "2026-07-02"}, {"standard": "per_member"},
        {"standard": "per_member", "members": 1, "organization": None}, {"kind": "spending", "standard": "brand"},
        {"kind": "dues_paid", "organization": None, "budget": None}, {"kind": "gift"}, {"unit": "unt-none"},
        {"used_for": "dinner"},
    ],
)  # fmt: skip
def test_movements_that_make_no_sense_are_refused(small_world, more):
    small_world.made(
        "/v1/fund-budgets", id="bud-1", title="经费", year=2026, unit=FINANCE, source="finance", amount="9"
    )
    moved(small_world, **{"amount": "1", **more}, expected=422)
    assert small_world.get("/v1/fund-movements").json()["total"] == 0


def test_a_liaison_records_for_the_own_unit_only(small_world):
    small_world.enrol("tax", "department_liaison", unit=TAX)
    small_world.enrol("town", "township_clerk", unit="unt-a", divisions=(TOWN_A,))
    small_world.made(
        "/v1/fund-budgets", id="bud-1", title="经费", year=2026, unit=FINANCE, source="finance", amount="9"
    )
    moved(small_world, "1", by="tax", expected=403)
    moved(small_world, "1", by="tax", unit=TAX)
    assert small_world.post("/v1/fund-budgets", {}, by="tax").status_code in {403, 422}
    assert small_world.get("/v1/funds?year=2026", by="town").json()["items"] == []


def test_enterprises_may_deduct_one_per_cent_of_their_wages(small_world):
    for enterprise, wages, spent in (("91990101MA0000000A", "1000000", "12000"), ("91990101MA0000000B", "333", "3.33")):
        body = {"enterprise": enterprise, "unit": FINANCE, "year": 2026, "wages": wages, "spent": spent}
        small_world.made("/v1/party-expenses", **body)
    told = small_world.get("/v1/funds?year=2026").json()["deductions"]
    assert [(each["cap"], each["deductible"], each["excess"]) for each in sorted(told, key=lambda e: e["spent"])] == [
        ("10000.00", "10000.00", "2000.00"),
        ("3.33", "3.33", "0.00"),
    ]
    assert small_world.get("/v1/funds?year=1700").status_code == 400


CENTS = st.integers(1, 10**12).map(lambda cents: Decimal(cents) / 100)


@given(wages=CENTS, spent=CENTS)
def test_what_may_be_deducted_and_the_rest_are_what_was_spent(wages, spent):
    found = deduction_of(wages, spent, Decimal("0.01"))
    assert found.deductible + found.excess == spent
    assert 0 <= found.deductible <= found.cap
    assert abs(found.cap * 100 - wages) <= Decimal("0.5")
