"""Who has handed in for a period: a period closes when every unit is in as it stands now, or waived by name."""

from datetime import date

import pytest

from registry.codes import code
from registry.conftest import COUNTY, TOWN_B, Registry
from registry.periods.test_periods import IMPOSSIBLE, enterprise, explained, hand_in, offices, opened

__all__ = ["offices"]

WAIVER = {"unit": "unt-b", "person": "per-1", "reason": "机构撤并交接中，数字由县级核定"}


def shut(registry: Registry, period: str):
    return registry.act(f"/v1/periods/{period}/close", {"person": "per-1"})


def states(registry: Registry, period: str, **more):
    found = registry.get(f"/v1/periods/{period}/submissions", **more).json()
    assert found["total"] == len(found["items"])
    assert found["waiting"] == sum(each["state"] in ("missing", "changed") for each in found["items"])
    return {each["unit"]: each["state"] for each in found["items"]}


def waive(registry: Registry, period: str, **more):
    return registry.post(f"/v1/periods/{period}/waivers", {**WAIVER, **more})


@pytest.fixture
def period(offices: Registry) -> str:
    return opened(offices, "2025H2")


def test_a_period_waits_for_every_unit_below_the_one_it_is_of(offices, period):
    assert states(offices, period) == {"unt-a": "missing", "unt-b": "missing"}

    refused = shut(offices, period).json()

    assert (refused["status"], refused["total"]) == (409, 2)
    assert refused["waiting"][0] == {"unit": "unt-a", "unit_name": "城关镇党委", "state": "missing"}
    assert "城关镇党委、河西乡党委" in refused["detail"]
    assert hand_in(offices, period, "unt-a", by="clerk_a").status_code == 201
    assert states(offices, period) == {"unt-a": "handed_in", "unt-b": "missing"}
    assert shut(offices, period).json()["total"] == 1
    assert hand_in(offices, period, "unt-b").status_code == 201
    assert shut(offices, period).status_code == 200


def test_what_was_handed_in_names_a_person_and_keeps_its_figures(offices, period):
    made = hand_in(offices, period, "unt-a", by="clerk_a").json()

    assert {name: made[name] for name in ("period", "unit", "form", "person", "principal", "reason", "state")} == {
        "period": period, "unit": "unt-a", "form": "handed_in", "person": "per-1", "principal": "prn-clerk_a",
        "reason": None, "state": "open",
    }  # fmt: skip
    (unit,) = offices.get(f"/v1/periods/{period}/submissions", by="clerk_a").json()["items"]
    assert unit["submission"] == {
        "id": made["id"], "form": "handed_in", "person": "per-1", "principal": "prn-clerk_a", "on": "2026-07-01",
        "known_at": made["known_at"], "reason": None,
    }  # fmt: skip
    assert (unit["changes"], unit["unexplained"]) == ([], 0)
    again = hand_in(offices, period, "unt-a")
    assert (again.status_code, again.json()["detail"]) == (409, "该机构已报送，数字没有变化。")


def test_figures_that_changed_since_have_to_be_handed_in_again(offices, period):
    first = hand_in(offices, period, "unt-a").json()
    hand_in(offices, period, "unt-b")
    enterprise(offices, 60, registered_on="2025-05-01")

    units = {each["unit"]: each for each in offices.get(f"/v1/periods/{period}/submissions").json()["items"]}
    assert {unit: each["state"] for unit, each in units.items()} == {"unt-a": "changed", "unt-b": "handed_in"}
    changes = {each["figure"]: (each["handed_in"], each["now"]) for each in units["unt-a"]["changes"]}
    assert changes["enterprises"] == (10, 11)
    assert changes["staff"] == (200, 220)
    assert shut(offices, period).json()["waiting"] == [{"unit": "unt-a", "unit_name": "城关镇党委", "state": "changed"}]

    assert hand_in(offices, period, "unt-a").status_code == 201
    replaced = offices.get(f"/v1/period-submissions/{first['id']}").json()
    assert (replaced["state"], replaced["closed_reason"]) == ("closed", "另行报送")
    assert shut(offices, period).status_code == 200


def test_a_change_after_the_day_that_is_counted_changes_nothing_handed_in(offices, period):
    hand_in(offices, period, "unt-a")
    enterprise(offices, 60, registered_on="2026-05-01")
    assert states(offices, period)["unt-a"] == "handed_in"


def test_a_unit_explains_before_it_hands_in_and_is_not_asked_for_others(offices, period):
    enterprise(offices, 40, full_members=30)
    refused = hand_in(offices, period, "unt-a", by="clerk_a").json()
    assert (refused["status"], refused["total"], refused["unexplained"][0]["record"]) == (409, 1, code(40))
    assert "不能报送" in refused["detail"]
    assert hand_in(offices, period, "unt-b").status_code == 201
    shown = {each["unit"]: each for each in offices.get(f"/v1/periods/{period}/submissions").json()["items"]}
    assert {unit: each["unexplained"] for unit, each in shown.items()} == {"unt-a": 1, "unt-b": 0}

    explained(offices, period, **IMPOSSIBLE, record=code(40))

    assert hand_in(offices, period, "unt-a", by="clerk_a").status_code == 201


def test_a_named_person_waives_a_unit_with_a_reason_and_the_closing_says_so(offices, period):
    hand_in(offices, period, "unt-a")
    assert waive(offices, period, reason="").status_code == 422
    assert waive(offices, period, person="per-0").status_code == 422
    assert waive(offices, period).json()["reason"] == WAIVER["reason"]
    assert states(offices, period) == {"unt-a": "handed_in", "unt-b": "waived"}
    assert waive(offices, period).status_code == 409
    assert waive(offices, period, unit="unt-a").status_code == 409
    enterprise(offices, 61, TOWN_B, registered_on="2025-05-01")
    assert states(offices, period)["unt-b"] == "waived"

    assert shut(offices, period).status_code == 200

    (closing,) = offices.get(f"/v1/period-closings?period={period}").json()["items"]
    assert closing["waived"] == ["unt-b"]


def test_a_waived_unit_may_still_hand_in(offices, period):
    waive(offices, period)
    assert hand_in(offices, period, "unt-b").status_code == 201
    assert states(offices, period)["unt-b"] == "handed_in"


def test_what_was_handed_in_is_returned_with_a_reason(offices, period):
    made = hand_in(offices, period, "unt-a", by="clerk_a").json()
    path = f"/v1/period-submissions/{made['id']}/close"
    assert offices.post(path, {"reason": "漏报一家企业"}).status_code == 428
    assert offices.act(path, {"reason": "漏"}).status_code == 422
    returned = offices.act(path, {"reason": "漏报一家企业"}).json()
    assert (returned["state"], returned["closed_reason"]) == ("closed", "漏报一家企业")
    assert offices.act(path, {"reason": "漏报一家企业"}).status_code == 409
    assert states(offices, period)["unt-a"] == "missing"


def test_a_clerk_hands_in_for_the_own_unit_alone(offices, period):
    offices.enrol("clerk_b", "township_clerk", unit="unt-b")
    assert states(offices, period, by="clerk_a") == {"unt-a": "missing"}
    assert hand_in(offices, period, "unt-b", by="clerk_a").status_code == 404
    assert offices.post(f"/v1/periods/{period}/waivers", WAIVER, by="clerk_b").status_code == 403
    waived = waive(offices, period).json()
    made = hand_in(offices, period, "unt-a").json()
    paths = [f"/v1/period-submissions/{each['id']}" for each in (waived, made)]
    reason, answers = {"reason": "数字有误重报"}, []
    for path in paths:
        etag = offices.get(path).headers["etag"]
        answer = offices.post(f"{path}/close", reason, by="clerk_b", headers={"If-Match": etag})
        answers.append(answer.status_code)
    assert answers == [403, 404]
    seen = offices.get("/v1/period-submissions", by="clerk_b").json()["items"]
    assert [each["unit"] for each in seen] == ["unt-b"]


@pytest.mark.parametrize("unit", ["unt-county", "unt-dept", "unt-0"])
def test_only_units_that_report_in_the_period_hand_in(offices, period, unit):
    offices.made("/v1/units", id="unt-dept", name="市监局", kind="department", parent="unt-county")
    assert hand_in(offices, period, unit).status_code == (404 if unit == "unt-0" else 422)


def test_nothing_is_handed_in_before_the_day_that_is_counted_or_into_a_closed_period(offices, period):
    coming = opened(offices, "2026")
    refused = hand_in(offices, coming, "unt-a")
    assert (refused.status_code, refused.json()["detail"]) == (409, "统计日 2026-12-31 尚未到来，不能报送。")
    first = [hand_in(offices, period, unit).json() for unit in ("unt-a", "unt-b")]
    shut(offices, period)
    assert hand_in(offices, period, "unt-a").status_code == 409
    assert waive(offices, period).status_code == 409
    assert offices.act(f"/v1/period-submissions/{first[0]['id']}/close", {"reason": "漏报一家企业"}).status_code == 409


def test_a_reopened_period_waits_for_those_alone_whose_figures_change(offices, period):
    for unit in ("unt-a", "unt-b"):
        hand_in(offices, period, unit)
    shut(offices, period)
    offices.act(f"/v1/periods/{period}/reopen", {"reason": "漏报一家企业"})
    assert states(offices, period) == {"unt-a": "handed_in", "unt-b": "handed_in"}
    enterprise(offices, 61, TOWN_B, registered_on="2025-05-01")
    assert states(offices, period) == {"unt-a": "handed_in", "unt-b": "changed"}


def test_a_unit_that_has_nothing_below_it_closes_its_own_period(offices):
    own = offices.made("/v1/periods", code="2025H2", unit="unt-b")["id"]
    assert states(offices, own) == {}
    assert shut(offices, own).status_code == 200


def test_units_wait_as_they_stood_on_the_day_that_is_counted(offices, period):
    """A township made after the day does not report in it; one that was there and without enterprises does."""
    offices.made("/v1/divisions", code="990121103000", name="北山乡", level="town", parent=COUNTY)
    offices.made("/v1/units", id="unt-c", name="北山乡党委", kind="township", division="990121103000",
                 parent="unt-county", effective_on="2026-02-01")  # fmt: skip
    assert set(states(offices, period)) == {"unt-a", "unt-b"}
    later = opened(offices, "2026H1")
    assert states(offices, later) == {"unt-a": "missing", "unt-b": "missing", "unt-c": "missing"}
    assert hand_in(offices, later, "unt-c").status_code == 201
    assert states(offices, later)["unt-c"] == "handed_in"
    offices.made("/v1/enterprises", uscc=code(70), name="北山企业", division="990121103000", staff=3, full_members=0,
                 registered_on=date(2026, 3, 1).isoformat())  # fmt: skip
    assert states(offices, later)["unt-c"] == "changed"
