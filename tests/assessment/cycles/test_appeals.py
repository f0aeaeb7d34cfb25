"""Appeals: filed in time by the own unit, decided by fresh eyes, with their effect on points, grades and ranks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from assessment.cycles.office import FINANCE, TAX, Cycle, pass_until


def filed(world, at, *, by="finance", expected=201, **more):
    body = {"cycle": at.id, "subject": FINANCE, "items": ["common-leadership"], "reason": "会议未计入", **more}
    answer = world.post("/v1/appeals", body, by=by)
    assert answer.status_code == expected, answer.text
    return answer.json()


def decided(world, appeal, outcome, *, points=None, by="leader", expected=200):
    adjustments = [{"item": "common-leadership", "points": points, "reason": "核实"}] if points else []
    body = {"outcome": outcome, "reason": "经复核", "adjustments": adjustments}
    answer = world.post(f"/v1/appeals/{appeal['id']}/decide", body, by=by)
    assert answer.status_code == expected, answer.text
    return answer.json()


def test_an_appeal_that_is_upheld_changes_points_score_and_ranks(office):
    cycle = Cycle(office).announced()
    before = cycle.entry(FINANCE)
    appeal = filed(office, cycle)
    assert (appeal["status"], appeal["due_on"]) == ("pending", "2026-07-15")  # ten working days
    assert cycle.entry(FINANCE)["open_appeal"] == appeal["id"]
    done = decided(office, appeal, "upheld", points="6")
    after = cycle.entry(FINANCE)
    assert (done["status"], done["score_before"], done["score_after"]) == ("upheld", before["score"], after["score"])
    assert Decimal(after["score"]) == Decimal(before["score"]) + 6
    assert (after["open_appeal"], after["rank"], cycle.entry(TAX)["rank"]) == (None, 1, 2)
    item = {each["id"]: each for each in after["items"]}["common-leadership"]
    assert (item["adjusted"], item["adjusted_by"]) == ("6.00", "prn-leader")
    assert decided(office, appeal, "upheld", points="7", expected=409)["outcome"] == "upheld"


def test_one_that_is_rejected_changes_nothing_but_is_answered(office):
    cycle = Cycle(office).announced()
    before = cycle.entry(FINANCE)
    done = decided(office, filed(office, cycle), "rejected")
    after = cycle.entry(FINANCE)
    assert (done["status"], done["decision_reason"], done["decided_by"]) == ("rejected", "经复核", "prn-leader")
    assert {name: after[name] for name in ("score", "grade", "rank", "items")} == {
        name: before[name] for name in ("score", "grade", "rank", "items")
    }


def test_nothing_is_approved_while_an_appeal_is_open(office):
    cycle = Cycle(office).announced()
    appeal = filed(office, cycle)
    pass_until(office, date(2026, 7, 20))
    assert cycle.step("approve", by="leader", expected=409)["appeals"] == [appeal["id"]]
    answer = office.post(f"/v1/appeals/{appeal['id']}/withdraw", {"reason": "已说明"}, by="finance")
    assert (answer.status_code, answer.json()["status"]) == (200, "withdrawn")
    cycle.step("approve", by="leader")


def test_appeals_have_their_time(small_office):
    cycle = Cycle(small_office).decided()
    assert filed(small_office, cycle, expected=409)["stage"] == "decided"
    cycle.step("announce")
    pass_until(small_office, date.fromisoformat(cycle.now["appeal_until"]))
    small_office.enrol("again", "leader", unit="unt-county")
    appeal = filed(small_office, cycle)
    decided(small_office, appeal, "rejected", by="again")
    pass_until(small_office, date.fromisoformat(cycle.now["appeal_until"]) + timedelta(days=1))
    assert filed(small_office, cycle, expected=409)["appeal_until"] == "2026-07-08"


@pytest.mark.parametrize(
    ("more", "by", "status"),
    [
        ({}, "tax", 403),
        ({}, "first", 403),
        ({}, "town", 404),
        ({"subject": "unt-none"}, "finance", 404),
        ({"cycle": "cyc-none"}, "finance", 404),
        ({"items": ["none"]}, "finance", 422),
        ({"reason": ""}, "finance", 422),
        ({"status": "upheld"}, "finance", 422),
    ],
)
def test_appeals_of_others_or_about_nothing_are_refused(small_office, more, by, status):
    cycle = Cycle(small_office).announced()
    filed(small_office, cycle, by=by, expected=status, **more)
    assert small_office.get("/v1/appeals").json()["total"] == 0


def test_a_second_appeal_waits_for_the_first(small_office):
    cycle = Cycle(small_office).announced()
    appeal = filed(small_office, cycle)
    assert filed(small_office, cycle, expected=409)["appeal"] == appeal["id"]


def test_who_reviewed_or_filed_does_not_decide(small_office):
    cycle = Cycle(small_office).announced()
    appeal = filed(small_office, cycle)
    for by in ("first", "second", "finance", "clerk"):
        decided(small_office, appeal, "rejected", by=by, expected=403)
    delegation = {
        "cycle": cycle.id, "delegate": "prn-first", "steps": ["decide"], "until": "2026-07-31", "reason": "出差",
    }  # fmt: skip
    assert small_office.post("/v1/delegations", delegation, by="leader").status_code == 201
    assert "回避" in decided(small_office, appeal, "rejected", by="first", expected=403)["detail"]
    small_office.enrol("chief", "leader", unit=FINANCE)
    decided(small_office, appeal, "rejected", by="chief", expected=403)
    decided(small_office, appeal, "rejected")


def test_a_decision_says_what_changes_or_that_nothing_does(small_office):
    cycle = Cycle(small_office).announced()
    appeal = filed(small_office, cycle)
    decided(small_office, appeal, "upheld", expected=422)
    decided(small_office, appeal, "rejected", points="5", expected=422)
    decided(small_office, appeal, "upheld", points="9", expected=422)
    assert small_office.get(f"/v1/appeals/{appeal['id']}").json()["status"] == "pending"
    assert small_office.get("/v1/appeals?status=pending").json()["total"] == 1
