"""What departments say is kept side by side; what is in force follows precedence, on every day."""

from heli_registry.stewardship.models import CLAIMABLE
from registry.codes import code
from registry.conftest import TOWN_B
from registry.stewardship.conftest import MARKET, OFFICE, SOCIAL, TAX


def test_the_steward_comes_first_then_the_order_of_precedence(world):
    world.steward()
    world.enterprise(staff=10)

    assert world.said(SOCIAL, 14, "2026-03-01")["in_force"] == {"value": 14, "unit": SOCIAL, "how": "precedence"}
    assert world.said(TAX, 9, "2026-02-01")["in_force"] == {"value": 9, "unit": TAX, "how": "precedence"}
    assert world.value() == 9
    assert world.said(MARKET, 12, "2026-01-01")["in_force"] == {"value": 12, "unit": MARKET, "how": "precedence"}
    assert world.value() == 12


def test_every_day_shows_what_was_in_force_on_it(world):
    world.steward()
    world.enterprise(staff=10)
    world.said(SOCIAL, 14, "2026-03-01")
    world.said(TAX, 9, "2026-02-01")
    world.said(MARKET, 12, "2026-04-01")

    days = ("2025-12-31", "2026-01-31", "2026-02-01", "2026-03-15", "2026-04-01")
    assert [world.value(on=day) for day in days] == [10, 10, 9, 9, 12]


def test_of_units_that_are_not_listed_the_latest_observation_holds(world):
    world.steward(precedence=[])
    world.enterprise()
    world.said(SOCIAL, 14, "2026-03-01")

    assert world.said(TAX, 9, "2026-02-01")["in_force"] == {"value": 14, "unit": SOCIAL, "how": "latest"}
    assert world.said(TAX, 8, "2026-05-01")["in_force"] == {"value": 8, "unit": TAX, "how": "latest"}
    assert world.said(OFFICE, 7, "2026-04-01", by="office")["in_force"]["value"] == 8


def test_an_earlier_observation_that_comes_late_does_not_overwrite_a_later_one(world):
    world.steward()
    world.enterprise()
    world.said(MARKET, 12, "2026-06-01")
    late = world.said(MARKET, 30, "2026-03-01")

    assert late["in_force"]["value"] == 12
    assert [world.value(on=day) for day in ("2026-02-28", "2026-03-01", "2026-05-31", "2026-06-01")] == [
        None, 30, 30, 12,
    ]  # fmt: skip
    assert world.registry.get(f"/v1/claims/{late['id']}").json()["value"] == "12"


def test_a_confirmation_stands_when_what_came_before_is_corrected(world):
    world.steward()
    world.enterprise()
    world.said(MARKET, 12, "2026-03-01")
    world.said(MARKET, 12, "2026-06-01")
    world.said(MARKET, 7, "2026-03-01")

    assert [world.value(on=day) for day in ("2026-03-01", "2026-05-31", "2026-06-01")] == [7, 7, 12]


def test_saying_the_same_twice_changes_nothing(world):
    world.steward()
    world.enterprise()
    first = world.said(MARKET, 12, "2026-03-01", document="年报")
    head = world.registry.rows("SELECT seq FROM ledger_head")

    assert world.said(MARKET, 12, "2026-03-01", document="年报") == {**first, "unchanged": True}
    assert world.registry.rows("SELECT seq FROM ledger_head") == head


def test_a_unit_that_says_nothing_any_more_leaves_the_field_to_the_next(world):
    world.steward()
    world.enterprise(staff=10)
    world.said(MARKET, 12, "2026-03-01")
    world.said(TAX, 9, "2026-03-01")

    assert world.said(MARKET, None, "2026-04-01")["in_force"] == {"value": 9, "unit": TAX, "how": "precedence"}
    assert world.said(TAX, None, "2026-05-01")["in_force"] == {"value": 10, "unit": None, "how": "held"}
    assert [world.value(on=day) for day in ("2026-02-01", "2026-03-02", "2026-04-02")] == [10, 12, 9]
    assert world.value() == 10
    assert world.registry.get("/v1/claims").json()["items"] == []
    assert len(world.registry.get("/v1/claims", params={"on": "2026-03-15"}).json()["items"]) == 2


def test_the_entry_of_the_enterprise_names_the_unit_whose_value_it_is(world):
    world.steward()
    world.enterprise()
    world.said(TAX, 9, by="office")

    last = world.registry.get(f"/v1/enterprises/{code(1)}/history").json()["items"][-1]
    assert (last["unit"], last["actor"], last["changes"]) == (
        TAX, "prn-office", [{"field": "staff", "before": None, "after": 9}],
    )  # fmt: skip


def test_what_cannot_be_meant_is_refused_with_every_reason(world):
    world.steward()
    world.steward("registered_on")
    world.enterprise()

    def reasons(**body):
        response = world.claim(TAX, **{"value": 1, **body})
        assert response.status_code == 422, response.text
        return [each["pointer"] for each in response.json()["errors"]]

    assert reasons(enterprise=code(2)) == ["/enterprise"]
    assert reasons(field="annual_revenue", value="1") == ["/field"]
    assert reasons(value=-1) == ["/value"]
    assert reasons(value="12") == ["/value"]
    assert reasons(value=True) == ["/value"]
    assert reasons(observed_on="2099-01-01") == ["/observed_on"]
    assert reasons(observed_on="2019-12-31") == ["/observed_on"]
    assert reasons(unit=MARKET) == ["/unit"]
    assert reasons(field="registered_on", value="2099-01-01") == ["/value"]
    assert reasons(enterprise=code(2), unit=MARKET, value="x") == ["/enterprise", "/unit", "/value"]
    assert world.registry.rows("SELECT count(*) FROM claims") == [(0,)]


def test_a_township_claims_for_its_own_enterprises_only(world):
    world.steward()
    world.enterprise(1)
    world.enterprise(2, division=TOWN_B)

    assert world.claim("unt-a", 5, by="clerk_a").status_code == 200
    assert world.claim("unt-a", 5, by="clerk_a", enterprise=code(2)).json()["errors"][0]["pointer"] == "/enterprise"


def test_a_batch_takes_what_can_be_taken_and_says_why_not_of_the_rest(world):
    world.steward()
    world.steward("annual_revenue", steward=TAX, precedence=[])
    world.enterprise(1)
    world.enterprise(2)
    rows = [
        {"enterprise": code(1), "field": "staff", "value": 9},
        {"enterprise": code(2), "field": "annual_revenue", "value": "21000000.00", "observed_on": "2025-12-31"},
        {"enterprise": code(3), "field": "staff", "value": 9},
        {"enterprise": code(1), "field": "staff", "value": 8},
        {"enterprise": code(1), "field": "staff", "value": 9},
        {"enterprise": code(2), "field": "tax_number", "value": "9"},
    ]

    def deliver():
        body = {"observed_on": "2026-06-30", "document": "二季度申报", "rows": rows}
        response = world.registry.post("/v1/claims/batch", body, by="tax")
        assert response.status_code == 200, response.text
        return response.json()

    first = deliver()
    refused = {each["row"]: each["errors"][0]["pointer"] for each in first.pop("refused")}
    assert refused == {3: "/enterprise", 4: "", 6: "/field"}
    assert first == {
        "rows": 6, "accepted": 2, "unchanged": 1, "enterprises_changed": 2, "disputes_opened": 0, "disputes_closed": 0,
    }  # fmt: skip
    assert (world.value(), world.value("annual_revenue", 2)) == (9, "21000000.00")
    assert {name: value for name, value in deliver().items() if name in {"accepted", "unchanged"}} == {
        "accepted": 0, "unchanged": 3,
    }  # fmt: skip


def test_a_batch_speaks_for_the_own_unit_only_but_the_office_speaks_for_any(world):
    world.steward()
    world.enterprise()
    body = {"unit": MARKET, "rows": [{"enterprise": code(1), "field": "staff", "value": 9}]}

    refused = world.registry.post("/v1/claims/batch", body, by="tax").json()
    assert [each["pointer"] for each in refused["refused"][0]["errors"]] == ["/unit"]
    assert world.registry.post("/v1/claims/batch", body, by="office").json()["accepted"] == 1


def test_more_rows_than_allowed_are_refused_as_a_whole(world):
    rows = [{"enterprise": code(1), "field": "staff", "value": 9}] * 10_001

    assert world.registry.post("/v1/claims/batch", {"rows": rows}, by="tax").status_code == 422


def test_values_have_the_type_of_their_field(world):
    cases = {
        "staff": 12, "annual_revenue": "12.50", "name": "企业一", "has_premises": False, "registered_on": "2020-05-01",
        "owner_posts": ["npc_delegate"], "ownership": "private",
    }  # fmt: skip
    world.enterprise()
    for field, value in cases.items():
        world.steward(field)
        assert world.said(MARKET, value, field=field)["in_force"]["value"] == value
        assert world.value(field) == value
    assert cases.keys() <= CLAIMABLE.keys()


def test_fields_that_place_an_enterprise_have_no_steward(world):
    body = {"kind": "enterprise", "steward": MARKET, "basis": "甲"}
    for field in ("division", "zone", "duplicate_of", "owner", "uscc", "state"):
        assert world.registry.post("/v1/field-stewards", {**body, "field": field}).status_code == 422


def test_a_steward_is_refused_where_it_cannot_be_one(world):
    world.steward()
    body = {"kind": "enterprise", "field": "premises", "steward": MARKET, "basis": "甲"}

    def refusal(**more):
        response = world.registry.post("/v1/field-stewards", {**body, **more})
        return response.status_code, [each["pointer"] for each in response.json()["errors"]]

    assert refusal(steward="unt-none") == (422, ["/steward"])
    assert refusal(precedence=["unt-none"]) == (422, ["/precedence"])
    assert refusal(precedence=[TAX, TAX]) == (422, ["/precedence"])
    assert refusal(precedence=[MARKET]) == (422, ["/precedence"])
    assert refusal(field="staff") == (409, [])


def test_another_order_of_precedence_brings_every_value_into_step_from_its_day_on(world):
    key = world.steward()["id"]
    for number in (1, 2):
        world.enterprise(number)
        world.said(TAX, 9, "2026-01-01", enterprise=code(number))
        world.said(SOCIAL, 14, "2026-01-01", enterprise=code(number))
    path = f"/v1/field-stewards/{key}"
    changed = world.registry.patch(path, {"precedence": [SOCIAL, TAX], "effective_on": "2026-03-01"})

    assert changed.status_code == 200, changed.text
    for number in (1, 2):
        days = ("2026-01-01", "2026-02-28", "2026-03-01")
        assert [world.value(number=number, on=day) for day in days] == [9, 9, 14]
    assert [each["owner"] for each in world.disputes()] == [MARKET, MARKET]


def test_a_new_steward_takes_over_open_disputes(world):
    key = world.steward()["id"]
    world.enterprise()
    world.said(TAX, 9, "2026-01-01")
    world.said(SOCIAL, 14, "2026-01-01")
    world.registry.patch(f"/v1/field-stewards/{key}", {"steward": SOCIAL, "precedence": [TAX]})

    assert (world.dispute()["owner"], world.value()) == (SOCIAL, 14)


def test_when_nobody_answers_for_a_field_any_more_the_latest_observation_holds_and_nothing_new_is_taken(world):
    key = world.steward()["id"]
    world.enterprise()
    world.said(TAX, 9, "2026-01-01")
    world.said(SOCIAL, 14, "2026-02-01")
    world.registry.act(f"/v1/field-stewards/{key}/close", {"reason": "调整"})

    assert (world.dispute()["owner"], world.value()) == (None, 14)
    assert world.claim(TAX, 10).json()["errors"][0]["pointer"] == "/field"
