"""Where departments disagree: who sees it, until when it is to be settled, what it changes, and how it ends."""

from datetime import UTC, datetime

import pytest

from registry.codes import code
from registry.conftest import TOWN_B
from registry.stewardship.conftest import MARKET, OFFICE, SOCIAL, TAX


@pytest.fixture
def disputed(world):
    """Staff by market supervision 12, tax 9, social security 14: market supervision answers for the field."""
    world.steward()
    world.enterprise(staff=10, full_members=3)
    world.said(MARKET, 12, "2026-06-01", document="年报")
    world.said(TAX, 9, "2026-06-10")
    world.said(SOCIAL, 14, "2026-06-20")
    return world


def test_a_disagreement_is_listed_with_what_everybody_says_and_a_deadline(disputed):
    found = disputed.dispute()

    assert {name: value for name, value in found.items() if name not in {"id", "effect", "version"}} == {
        "enterprise": code(1),
        "enterprise_name": "企业1",
        "field": "staff",
        "field_zh": "从业人员",
        "owner": MARKET,
        "owner_name": "市场监管局",
        "state": "open",
        "opened_on": "2026-07-01",
        "due_on": "2026-07-15",
        "days_left": 10,
        "overdue": False,
        "in_force": {"value": 12, "unit": MARKET, "unit_name": "市场监管局", "how": "precedence"},
        "values": [
            {"unit": MARKET, "unit_name": "市场监管局", "value": 12, "observed_on": "2026-06-01", "document": "年报",
             "in_force": True},
            {"unit": TAX, "unit_name": "税务局", "value": 9, "observed_on": "2026-06-10", "document": None,
             "in_force": False},
            {"unit": SOCIAL, "unit_name": "人社局", "value": 14, "observed_on": "2026-06-20", "document": None,
             "in_force": False},
        ],
        "settlement": None,
        "closed_reason": None,
    }  # fmt: skip
    assert disputed.registry.get(f"/v1/disputes/{found['id']}").json() == found


def test_one_voice_or_the_same_in_other_signs_is_no_dispute(world):
    world.steward("address")
    world.steward("annual_revenue")
    world.enterprise()
    world.said(MARKET, "合力路 12号", field="address")
    world.said(TAX, "合力路12号", field="address")
    world.said(MARKET, "1200.50", field="annual_revenue")
    world.said(TAX, "1200.5", field="annual_revenue")

    assert world.disputes() == []


def test_when_all_say_the_same_again_the_dispute_is_withdrawn_and_opens_anew_with_the_next_difference(disputed):
    key = disputed.dispute()["id"]
    disputed.said(TAX, 12)
    disputed.said(SOCIAL, 12)
    ended = disputed.dispute()
    assert (ended["id"], ended["state"], ended["effect"]) == (key, "withdrawn", [])
    assert ended["closed_reason"] == "各方数据已一致 all say the same now"
    assert disputed.disputes(state="open") == []

    disputed.said(TAX, 11)
    again = disputed.dispute(state="open")
    assert (again["id"], again["closed_reason"]) == (key, None)
    history = disputed.registry.get(f"/v1/disputes/{key}/history").json()["items"]
    assert [line["operation"] for line in history] == ["create", "change", "change", "close", "reopen"]


def test_an_old_observation_that_comes_late_opens_no_dispute(world):
    world.steward()
    world.enterprise()
    world.said(MARKET, 12, "2026-06-01")
    world.said(TAX, 12, "2026-06-01")
    world.said(TAX, 3, "2026-01-01")

    assert world.disputes() == []


def test_a_dispute_is_overdue_after_its_deadline_and_not_on_it(disputed):
    clock = disputed.registry.clock

    def day(number):
        clock.instant = datetime(2026, 7, number, 2, 30, tzinfo=UTC)
        return disputed.dispute()

    assert [(day(15)["days_left"], day(15)["overdue"]), (day(16)["days_left"], day(16)["overdue"])] == [
        (0, False), (-1, True),
    ]  # fmt: skip
    assert [len(disputed.disputes(overdue=flag)) for flag in (True, False)] == [1, 0]
    assert [len(disputed.disputes(state=state)) for state in ("open", "lapsed", "settled")] == [1, 1, 0]


def test_the_steward_may_have_days_of_its_own_and_holidays_do_not_count(world):
    world.steward(answer_days=2)
    world.registry.made("/v1/calendar-days", day="2026-07-02", is_working=False, name="县庆")
    world.enterprise()
    world.said(MARKET, 12)
    world.said(TAX, 9)

    assert world.dispute()["due_on"] == "2026-07-06"


def test_a_department_sees_disputes_about_its_own_fields_only_and_a_township_those_of_its_enterprises(world):
    world.steward()
    world.steward("annual_revenue", steward=TAX, precedence=[])
    for number, place in ((1, {}), (2, {"division": TOWN_B})):
        world.enterprise(number, **place)
        world.said(MARKET, 12, enterprise=code(number))
        world.said(SOCIAL, 14, enterprise=code(number))
    world.said(OFFICE, "5.00", by="office", field="annual_revenue")
    world.said(SOCIAL, "6.00", field="annual_revenue")

    def seen(who):
        return sorted((each["enterprise"], each["field"]) for each in world.disputes(by=who))

    staff, revenue = [(code(1), "staff"), (code(2), "staff")], [(code(1), "annual_revenue")]
    assert seen("office") == seen("admin") == sorted(staff + revenue)
    assert seen("market") == staff
    assert seen("tax") == revenue
    assert seen("social") == sorted(staff + revenue)
    assert seen("clerk_a") == sorted([*revenue, staff[0]])
    assert seen("clerk_b") == [staff[1]]
    hidden = world.disputes(field="annual_revenue")[0]["id"]
    for path in ("", "/history"):
        assert world.registry.get(f"/v1/disputes/{hidden}{path}", by="market").status_code == 404
        assert world.registry.get(f"/v1/disputes/{hidden}{path}", by="tax").status_code == 200
    assert world.settle(hidden, value="5.00").status_code == 404


def test_a_department_sees_claims_about_fields_it_has_a_part_in_only(world):
    world.steward(precedence=[])
    world.steward("annual_revenue", steward=TAX, precedence=[])
    world.enterprise()
    claims = {
        "staff": world.said(MARKET, 12)["id"], "beside": world.said(SOCIAL, 14)["id"],
        "revenue": world.said(TAX, "6.00", field="annual_revenue")["id"],
    }  # fmt: skip

    def seen(who):
        listed = {each["id"] for each in world.registry.get("/v1/claims", by=who).json()["items"]}
        single = {key for key in claims.values() if world.registry.get(f"/v1/claims/{key}", by=who).status_code == 200}
        assert listed == single
        return {name for name, key in claims.items() if key in listed}

    assert seen("market") == {"staff", "beside"}
    assert seen("tax") == {"revenue"}
    assert seen("social") == {"staff", "beside"}
    assert seen("office") == seen("clerk_a") == {"staff", "beside", "revenue"}
    assert seen("clerk_b") == set()


def test_pages_of_disputes_follow_one_another_by_urgency(world):
    world.steward()
    for number in range(1, 6):
        world.enterprise(number)
        world.said(MARKET, 12, enterprise=code(number))
        world.said(TAX, 9, enterprise=code(number))
    whole = [each["id"] for each in world.disputes()]
    cursor, walked = None, []
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = world.registry.get("/v1/disputes", params=query).json()
        walked += [each["id"] for each in page["items"]]
        assert page["total"] == 5
        if (cursor := page["next"]) is None:
            break

    assert walked == whole
    assert len(set(walked)) == 5
    assert world.registry.get("/v1/disputes", params={"cursor": "WyJhIiwiYiJd"}).status_code == 400


def test_the_owner_settles_and_the_value_holds_for_everybody(disputed):
    key = disputed.dispute()["id"]
    ended = disputed.settled(key, unit=SOCIAL, evidence="6月社保缴费名册")

    assert ended["state"] == "settled"
    assert ended["settlement"] == {
        "value": 14, "unit": SOCIAL, "unit_name": "人社局", "reason": "实地核对花名册", "evidence": "6月社保缴费名册",
        "settled_on": "2026-07-01",
    }  # fmt: skip
    assert ended["in_force"]["how"] == "settled"
    assert [disputed.value(on=day) for day in ("2026-06-30", "2026-07-01")] == [12, 14]
    last = disputed.registry.get(f"/v1/enterprises/{code(1)}/history").json()["items"][-1]
    assert (last["unit"], last["actor"]) == (SOCIAL, "prn-market")


def test_a_value_that_nobody_had_said_may_be_found_on_the_spot(disputed):
    disputed.settled(disputed.dispute()["id"], value=13)

    assert disputed.value() == 13
    assert disputed.dispute()["settlement"]["unit"] == MARKET


def test_the_settled_value_holds_until_somebody_says_something_new(disputed):
    key = disputed.dispute()["id"]
    disputed.settled(key, unit=SOCIAL)
    disputed.said(TAX, 9, "2026-07-01")
    assert (disputed.value(), disputed.dispute()["state"]) == (14, "settled")

    disputed.registry.clock.instant = datetime(2026, 7, 3, 2, 30, tzinfo=UTC)
    disputed.said(TAX, 8)
    again = disputed.dispute()
    assert (again["id"], again["state"], again["opened_on"], again["settlement"]) == (key, "open", "2026-07-03", None)
    assert [disputed.value(on=day) for day in ("2026-07-02", "2026-07-03")] == [14, 12]


def test_the_county_settles_but_not_where_it_is_a_party_itself_and_no_other_department_does(disputed):
    key = disputed.dispute()["id"]
    assert disputed.settle(key, by="tax", unit=TAX).status_code == 403
    disputed.said(OFFICE, 15, by="office")
    assert disputed.settle(key, by="office", value=15).status_code == 403
    assert disputed.settle(key, by="clerk_a", unit=TAX).status_code == 403
    disputed.said(OFFICE, None, by="office")
    assert disputed.settle(key, by="office", unit=TAX).status_code == 200
    assert disputed.value() == 9


def test_a_settlement_that_decides_nothing_or_the_impossible_is_refused(disputed):
    key = disputed.dispute()["id"]

    def refused(**body):
        response = disputed.settle(key, **body)
        return response.status_code, [each["pointer"] for each in response.json()["errors"]]

    assert refused() == (422, ["/value"])
    assert refused(value=12, unit=MARKET) == (422, ["/value"])
    assert refused(value=-3) == (422, ["/value"])
    assert refused(unit=OFFICE) == (422, ["/unit"])
    assert refused(value=12, effective_on="2026-06-30") == (422, ["/effective_on"])
    assert refused(value=12, effective_on="2026-07-02") == (422, [])
    assert refused(value=12, reason=" ") == (422, ["/reason"])
    assert disputed.dispute()["state"] == "open"


def test_nobody_settles_over_what_was_said_meanwhile_or_twice(disputed):
    key = disputed.dispute()["id"]
    etag = disputed.registry.get(f"/v1/disputes/{key}").headers["etag"]
    disputed.said(TAX, 10)
    path = f"/v1/disputes/{key}/settle"

    assert disputed.settle(key, unit=TAX, etag=etag).status_code == 412
    assert disputed.registry.post(path, {"unit": TAX, "reason": "甲"}, by="market").status_code == 428
    disputed.settled(key, unit=TAX)
    assert disputed.settle(key, unit=MARKET).status_code == 409


def test_the_disputes_of_a_closed_enterprise_rest_until_it_is_open_again(disputed):
    path = f"/v1/enterprises/{code(1)}"
    disputed.registry.act(f"{path}/close", {"reason": "注销"})
    assert (disputed.dispute()["state"], disputed.dispute()["closed_reason"]) == (
        "withdrawn", "企业已关闭 the enterprise is closed",
    )  # fmt: skip
    disputed.registry.act(f"{path}/reopen", {})
    assert disputed.dispute()["state"] == "open"


def test_sources_tell_of_each_field_whose_value_it_is_since_when_and_what_the_others_say(disputed):
    def source(**query):
        found = disputed.registry.get(f"/v1/enterprises/{code(1)}/sources", params={"field": "staff", **query}).json()
        return found["fields"][0]

    now = source()
    assert {name: now[name] for name in ("value", "unit", "unit_name", "since", "rule")} == {
        "value": 12, "unit": MARKET, "unit_name": "市场监管局", "since": "2026-06-01", "rule": "precedence",
    }  # fmt: skip
    assert [(each["unit"], each["value"]) for each in now["claims"]] == [(MARKET, 12), (TAX, 9), (SOCIAL, 14)]
    assert (now["steward"]["precedence"], now["dispute"]["owner"]) == ([MARKET, TAX, SOCIAL], MARKET)

    before = source(on="2026-05-31")
    assert (before["value"], before["unit"], before["since"], before["rule"], before["claims"], before["dispute"]) == (
        10, None, "2020-01-01", "held", [], None,
    )  # fmt: skip
    disputed.settled(disputed.dispute()["id"], unit=SOCIAL)
    assert (source()["value"], source()["rule"], source()["dispute"]) == (14, "settled", None)
    assert [each["unit"] for each in source(on="2026-06-15")["claims"]] == [MARKET, TAX]


def test_sources_as_they_were_known_leave_out_what_came_later(world):
    world.steward()
    world.enterprise(staff=10)
    world.said(TAX, 9, "2026-06-01")
    known_at = world.registry.rows("SELECT seq FROM ledger_head")[0][0]
    world.said(MARKET, 12, "2026-06-01")
    path = f"/v1/enterprises/{code(1)}/sources"

    then = world.registry.get(path, params={"known_at": known_at, "field": "staff"}).json()["fields"][0]
    assert (then["value"], then["unit"], [each["unit"] for each in then["claims"]]) == (9, TAX, [TAX])
    hidden = world.registry.get(path, params={"field": "staff"}, by="clerk_b")
    assert hidden.status_code == 404
    assert world.registry.get(path, params={"field": "colour"}).status_code == 400
    assert {each["field"] for each in world.registry.get(path).json()["fields"]} == {
        "name", "division", "registered_on", "staff",
    }  # fmt: skip


def test_whole_copies_of_what_is_said_are_for_those_who_see_all_of_it(disputed):
    def copy(kind, who):
        response = disputed.registry.get(f"/v1/exports/{kind}", by=who)
        return response.status_code, len(response.text.splitlines()) if response.status_code == 200 else None

    assert [copy("claims", who) for who in ("office", "clerk_a", "market")] == [(200, 3), (200, 3), (403, None)]
    assert [copy("disputes", who) for who in ("office", "clerk_a", "market")] == [(200, 1), (200, 1), (403, None)]
    assert copy("disputes", "clerk_b") == (200, 0)
