"""A unit is merged or split while transfers name it: what is under way follows, what is done says what was."""

from datetime import date

import pytest

from registry.transfers.test_transfers_race import at_once

SPLIT_OFF = {"key": "unt-new", "name": "河西乡第二党委"}


def merged(transfers, source, into, day="2026-07-01", **more):
    body = {"into": into, "reason": "机构合并", "effective_on": day, **more}
    return transfers.registry.act(f"/v1/units/{source}/merge", body)


def split(transfers, source, *parts):
    return transfers.registry.act(f"/v1/units/{source}/split", {"parts": parts, "reason": "分设"})


def sides(transfers, key="trf-1"):
    found = transfers.get(key).json()
    return found["from_superior"], found["to_superior"], found["stage"]


def test_a_transfer_goes_on_to_the_unit_that_took_over_its_receiver(transfers):
    transfers.propose()
    answer = merged(transfers, "unt-b", "unt-c")

    assert answer.status_code == 200, answer.text
    moves = [each for each in answer.json()["moves"] if each["kind"] == "transfers"]
    assert moves == [{"kind": "transfers", "field": "to_superior", "successor": "unt-c", "records": 1}]
    assert sides(transfers) == ("unt-a", "unt-c", "from_confirmed")
    assert transfers.step("confirm", "clerk_c").json()["stage"] == "done"
    assert transfers.superiors() == [("unt-c", None)]


def test_a_transfer_goes_on_with_the_unit_that_took_over_the_organizations_of_its_giver(transfers):
    transfers.propose("clerk_b")
    assert merged(transfers, "unt-a", "unt-c").status_code == 200

    assert sides(transfers) == ("unt-c", "unt-b", "to_confirmed")
    assert transfers.superiors() == [("unt-c", "旧文")]
    done = transfers.step("confirm", "clerk_c").json()
    assert (done["stage"], done["from_affiliation"]) == ("done", "aff-1")
    assert transfers.superiors() == [("unt-b", None)]


def test_a_word_that_was_given_stays_given(transfers):
    transfers.propose()
    merged(transfers, "unt-a", "unt-c")

    found = transfers.get().json()

    assert (found["from_superior"], found["from_confirmed_on"], found["from_confirmed_unit"]) == (
        "unt-c", "2026-07-01", "unt-a",
    )  # fmt: skip
    assert transfers.step("confirm", "clerk_b").json()["stage"] == "done"


@pytest.mark.parametrize("ways", [("unt-a", "unt-b"), ("unt-b", "unt-a")])
def test_a_merge_of_both_sides_is_refused_until_the_transfer_has_ended(transfers, ways):
    transfers.propose()
    before = transfers.get().json()

    refused = merged(transfers, *ways)
    told = merged(transfers, *ways, dry_run=True)

    assert (refused.status_code, told.status_code) == (409, 409)
    assert refused.json()["records"] == [{"kind": "transfers", "field": "to_superior", "key": "trf-1"}]
    assert transfers.get().json() == before
    assert transfers.step("withdraw", "clerk_a", reason="机构合并").status_code == 200
    assert merged(transfers, *ways).status_code == 200


def test_a_split_asks_where_a_transfer_goes_and_the_giver_follows_the_organization(transfers):
    transfers.propose()
    nobody = split(transfers, "unt-b", {"key": "unt-c"}, SPLIT_OFF)
    named = split(
        transfers, "unt-b", {"key": "unt-c", "takes_rest": True}, {**SPLIT_OFF, "takes": {"transfers": ["trf-1"]}}
    )
    assert nobody.status_code == 409
    assert {"kind": "transfers", "field": "to_superior", "key": "trf-1"} in nobody.json()["records"]
    assert named.status_code == 200, named.text

    parts = {"key": "unt-c", "takes_rest": True}, {"key": "unt-x", "name": "新", "takes": {"affiliations": ["aff-1"]}}
    assert split(transfers, "unt-a", *parts).status_code == 200

    assert sides(transfers) == ("unt-x", "unt-new", "from_confirmed")
    assert transfers.superiors() == [("unt-x", "旧文")]


def test_what_has_ended_says_what_was_also_after_a_merge_dated_back(transfers):
    transfers.propose()
    transfers.step("confirm", "clerk_b")
    before = transfers.get().json()

    assert merged(transfers, "unt-b", "unt-c", "2026-06-01").status_code == 200

    assert transfers.get().json() == before
    assert transfers.superiors() == [("unt-c", None)]


def test_a_merge_dated_back_before_the_proposal_is_followed_from_the_proposal_on(transfers):
    transfers.propose("clerk_b")
    assert merged(transfers, "unt-a", "unt-c", "2026-06-01").status_code == 200

    assert sides(transfers) == ("unt-c", "unt-b", "to_confirmed")
    assert transfers.step("confirm", "clerk_c").json()["stage"] == "done"
    assert transfers.superiors(on="2026-06-30") == [("unt-c", "旧文")]
    assert transfers.superiors() == [("unt-b", None)]


def test_a_proposal_and_a_merge_at_once_leave_no_transfer_to_a_unit_that_is_gone(transfers):
    etag = transfers.registry.get("/v1/units/unt-b").headers["etag"]
    body = {"into": "unt-c", "reason": "机构合并"}

    proposed, done = at_once(
        transfers.propose,
        lambda: transfers.registry.call("POST", "/v1/units/unt-b/merge", json=body, headers={"If-Match": etag}),
    )

    assert done.status_code in (200, 409)  # refused and asked to try again when the proposal came in between
    if done.status_code == 409:
        assert merged(transfers, "unt-b", "unt-c").status_code == 200
    if proposed.status_code == 201:
        assert sides(transfers)[1] == "unt-c"
    else:
        assert (proposed.status_code, transfers.listed()) == (409, [])
    transfers.stand_at(date(2026, 7, 2))
    assert transfers.registry.get("/v1/units/unt-b").json()["state"] == "closed"
