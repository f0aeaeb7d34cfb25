"""A-4: a transfer that a side has not confirmed in time is a finding, for both sides and the county."""

from datetime import date

import pytest


def found(transfers, by="admin", **asked):
    answer = transfers.registry.get("/v1/findings", params={"rule": "A-4", **asked}, by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_a_transfer_is_flagged_from_the_day_after_its_deadline_with_basis_and_facts(transfers):
    due = transfers.propose().json()["due_on"]
    transfers.stand_at(date.fromisoformat(due))
    on_the_day = found(transfers)
    transfers.stand_at(date(2026, 7, 20))

    (flagged,) = found(transfers)

    assert on_the_day == []
    assert flagged == {
        "rule": "A-4", "problem": "transfer-overdue", "severity": "violation", "record_kind": "transfer",
        "record": "trf-1", "name": "org-1党支部", "zh": "转接应于2026-07-15前确认，转入方逾期未确认。",
        "en": "The transfer was to be confirmed by 2026-07-15; still wanted: to.",
        "basis": flagged["parameter"]["basis"],
        "fact": {"organization": "org-1", "proposed_on": "2026-07-01", "due_on": "2026-07-15", "pending": ["to"]},
        "parameter": {
            "name": "transfer.confirm_days", "value": 10, "unit": "working days", "since": "2012-03-01",
            "basis": flagged["basis"],
        },
        "since": "2026-07-16",
    }  # fmt: skip
    assert found(transfers, record_kind="transfer") == found(transfers, record="trf-1") == [flagged]
    one = transfers.registry.get("/v1/party-organizations/org-1/findings").json()["items"]
    assert flagged in one


@pytest.mark.parametrize(("by", "sees"), [("clerk_a", True), ("clerk_b", True), ("clerk_c", False), ("county", True)])
def test_both_sides_and_the_county_see_it_and_nobody_else(transfers, by, sees):
    transfers.propose()
    transfers.stand_at(date(2026, 7, 20))

    assert [each["record"] for each in found(transfers, by=by)] == (["trf-1"] if sees else [])


@pytest.mark.parametrize(("step", "by"), [("confirm", "clerk_b"), ("refuse", "clerk_b"), ("withdraw", "clerk_a")])
def test_it_goes_with_the_end_of_the_transfer(transfers, step, by):
    transfers.propose()
    transfers.stand_at(date(2026, 7, 20))
    assert found(transfers)

    answer = transfers.step(step, by, **({} if step == "confirm" else {"reason": "企业未迁入"}))

    assert answer.status_code == 200, answer.text
    assert found(transfers) == []


def test_where_the_county_proposes_for_nobody_both_sides_are_wanted(transfers):
    transfers.propose("county")
    transfers.stand_at(date(2026, 7, 20))

    (flagged,) = found(transfers)

    assert flagged["fact"]["pending"] == ["from", "to"]
