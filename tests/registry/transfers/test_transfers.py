"""Transfers of affiliation: proposed by one side, confirmed by both, moved in one step. Today is 2026-07-01."""

from datetime import date

import pytest

from registry.conftest import TOWN_B


def test_the_proposing_side_counts_as_confirmed_and_the_deadline_is_counted_in_working_days(transfers):
    made = transfers.propose(members=3, document="城组〔2026〕1号")

    assert (made.status_code, made.headers["location"]) == (201, "/v1/transfers/trf-1")
    assert made.json() == {
        "id": "trf-1", "organization": "org-1", "from_superior": "unt-a", "from_affiliation": "aff-1",
        "to_superior": "unt-b", "to_affiliation": None, "kind": "territory", "reason": "企业迁入河西乡",
        "document": "城组〔2026〕1号", "members": 3, "proposed_on": "2026-07-01", "effective_on_wanted": None,
        "due_on": "2026-07-15", "stage": "from_confirmed", "from_confirmed_on": "2026-07-01",
        "from_confirmed_unit": "unt-a", "from_confirmed_reason": None, "to_confirmed_on": None,
        "to_confirmed_unit": None, "to_confirmed_reason": None, "moved_on": None, "state": "open", "closed_on": None,
        "closed_reason": None, "version": made.json()["version"], "days_left": 10, "overdue": False,
    }  # fmt: skip
    assert transfers.get().json() == made.json()
    assert transfers.superiors() == [("unt-a", "旧文")]


def test_the_last_confirmation_moves_the_organization_and_keeps_the_document(transfers):
    transfers.propose(document="城组〔2026〕1号")
    transfers.stand_at(date(2026, 7, 6))

    done = transfers.step("confirm", "clerk_b").json()

    assert (done["stage"], done["state"], done["moved_on"], done["closed_on"]) == (
        "done", "closed", "2026-07-06", "2026-07-06",
    )  # fmt: skip
    assert (done["to_confirmed_on"], done["to_confirmed_unit"], done["days_left"], done["overdue"]) == (
        "2026-07-06", "unt-b", None, False,
    )  # fmt: skip
    new = transfers.registry.get(f"/v1/affiliations/{done['to_affiliation']}").json()
    assert {name: new[name] for name in ("organization", "superior", "kind", "document", "state")} == {
        "organization": "org-1", "superior": "unt-b", "kind": "territory", "document": "城组〔2026〕1号",
        "state": "open",
    }  # fmt: skip
    old = transfers.registry.get("/v1/affiliations/aff-1").json()
    assert (old["state"], old["closed_on"], old["closed_reason"]) == (
        "closed", "2026-07-06", "转接至 unt-b：企业迁入河西乡",
    )  # fmt: skip
    assert transfers.superiors(on="2026-07-05") == [("unt-a", "旧文")]
    assert transfers.superiors(on="2026-07-06") == [("unt-b", "城组〔2026〕1号")]
    assert transfers.superiors() == [("unt-b", "城组〔2026〕1号")]


def test_an_agreed_day_in_the_past_is_the_day_of_the_move(transfers):
    assert transfers.propose(effective_on_wanted="2026-06-15").status_code == 201
    done = transfers.step("confirm", "clerk_b").json()

    assert (done["moved_on"], done["closed_on"]) == ("2026-06-15", "2026-07-01")
    assert transfers.superiors(on="2026-06-14") == [("unt-a", "旧文")]
    assert transfers.superiors(on="2026-06-15") == [("unt-b", None)]


def test_the_receiving_side_may_propose_and_the_giving_side_confirm(transfers):
    assert transfers.propose("clerk_b").json()["stage"] == "to_confirmed"
    done = transfers.step("confirm", "clerk_a", reason="同意转出").json()

    assert (done["stage"], done["from_confirmed_unit"], done["from_confirmed_reason"]) == ("done", "unt-a", "同意转出")


def test_what_is_nobodys_moves_on_the_word_of_the_receiving_side_alone(transfers):
    done = transfers.propose("clerk_b", organization="org-2").json()

    assert (done["stage"], done["from_superior"], done["from_confirmed_on"]) == ("done", None, None)
    assert transfers.superiors("org-2") == [("unt-b", None)]
    assert transfers.propose("clerk_a", id="trf-2", organization="org-2", to_superior="unt-b").status_code == 403


def test_an_organization_as_superior_is_spoken_for_by_the_clerks_of_its_territory(transfers):
    assert transfers.propose(to_superior="org-top").status_code == 201
    assert transfers.step("confirm", "clerk_b").json()["stage"] == "done"
    assert transfers.superiors() == [("org-top", None)]


def test_within_one_township_its_clerk_is_both_sides(transfers):
    transfers.registry.made(
        "/v1/party-organizations", id="org-lead", name="城关镇综合党委", kind="committee", setup_form="other",
        division="990121101000", effective_on="2020-01-01",
    )  # fmt: skip
    assert transfers.propose(to_superior="org-lead").json()["stage"] == "done"
    assert transfers.superiors() == [("org-lead", None)]


def test_the_county_confirms_for_a_side_with_a_reason_and_names_the_side(transfers):
    assert transfers.propose("county").json()["stage"] == "proposed"
    unnamed = transfers.step("confirm", "county", reason="县委决定")
    assert (unnamed.status_code, unnamed.json()["errors"][0]["pointer"]) == (422, "/side")
    bare = transfers.step("confirm", "county", side="from")
    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/reason")

    assert transfers.step("confirm", "county", side="to", reason="县委决定").json()["stage"] == "to_confirmed"
    assert transfers.step("confirm", "county", side="to", reason="县委决定").status_code == 409
    done = transfers.step("confirm", "county", side="from", reason="原单位无人").json()

    assert (done["stage"], done["from_confirmed_reason"], done["to_confirmed_reason"]) == (
        "done", "原单位无人", "县委决定",
    )  # fmt: skip


def test_the_county_may_confirm_for_a_side_while_it_proposes(transfers):
    made = transfers.propose("county", side="to").json()

    assert (made["stage"], made["to_confirmed_on"], made["to_confirmed_unit"]) == ("to_confirmed", "2026-07-01", None)


def test_a_clerk_cannot_speak_for_the_other_side(transfers):
    transfers.propose()

    assert transfers.step("confirm", "clerk_a", side="to", reason="代为确认").status_code == 403
    assert transfers.get().json()["stage"] == "from_confirmed"


def test_the_sides_and_the_county_see_a_transfer_and_nobody_else(transfers):
    transfers.propose()

    seen = {by: transfers.get(by=by).status_code for by in ("clerk_a", "clerk_b", "county", "admin", "clerk_c")}
    assert seen == {"clerk_a": 200, "clerk_b": 200, "county": 200, "admin": 200, "clerk_c": 404}
    assert (transfers.listed("clerk_b"), transfers.listed("clerk_c")) == (["trf-1"], [])
    for name, body in (("confirm", {}), ("refuse", {"reason": "否"}), ("withdraw", {"reason": "否"})):
        assert transfers.step(name, "clerk_c", **body).status_code == 404
    assert transfers.propose("clerk_c", id="trf-2", organization="org-1").status_code == 403
    assert transfers.propose("clerk_c", id="trf-2", organization="org-none").status_code == 403


def test_a_unit_in_the_same_place_sees_a_transfer_and_cannot_speak(transfers):
    transfers.registry.made("/v1/units", id="unt-b2", name="河西乡工会", kind="department", division=TOWN_B)
    transfers.registry.enrol("union_b", "township_clerk", unit="unt-b2")
    transfers.propose()

    assert transfers.get(by="union_b").status_code == 200
    assert transfers.step("confirm", "union_b").status_code == 403


def test_an_organization_that_took_a_units_key_does_not_speak_for_the_unit(transfers):
    registry = transfers.registry
    body = {"id": "unt-b", "name": "冒名", "kind": "branch", "setup_form": "sole", "division": "990121103000"}
    assert registry.post("/v1/party-organizations", body, by="clerk_c").status_code == 201

    assert transfers.propose("clerk_c").status_code == 403
    transfers.propose()
    assert transfers.get(by="clerk_c").status_code == 404


@pytest.mark.parametrize(
    ("step", "by", "stage"),
    [
        ("refuse", "clerk_b", "refused"), ("refuse", "county", "refused"),
        ("withdraw", "clerk_a", "withdrawn"), ("withdraw", "county", "withdrawn"),
    ],
)  # fmt: skip
def test_an_ended_transfer_moves_nothing_and_takes_no_step_any_more(transfers, step, by, stage):
    transfers.propose()

    ended = transfers.step(step, by, reason="条件不具备").json()

    assert (ended["stage"], ended["state"], ended["closed_reason"]) == (stage, "closed", "条件不具备")
    assert transfers.superiors() == [("unt-a", "旧文")]
    again = [transfers.step("confirm", "clerk_b"), transfers.step("refuse", "clerk_b", reason="否"),
             transfers.step("withdraw", "clerk_a", reason="否")]  # fmt: skip
    assert [each.status_code for each in again] == [409, 409, 409]
    assert transfers.get().json() == ended
    assert transfers.propose(id="trf-2").status_code == 201


def test_who_has_confirmed_withdraws_and_who_has_not_refuses(transfers):
    transfers.propose()

    assert transfers.step("refuse", "clerk_a", reason="否").status_code == 409
    assert transfers.step("withdraw", "clerk_b", reason="否").status_code == 409
    assert transfers.step("confirm", "clerk_a").status_code == 409
    assert transfers.get().json()["stage"] == "from_confirmed"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"to_superior": "unt-a"}, 422),
        ({"to_superior": "org-1"}, 422),
        ({"to_superior": "unt-none"}, 422),
        ({"effective_on_wanted": "2026-07-02"}, 422),
        ({"effective_on_wanted": "2024-12-31"}, 422),
        ({"members": -1}, 422),
        ({"reason": " "}, 422),
        ({"stage": "done"}, 422),
        ({"from_superior": "unt-c"}, 409),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_and_leaves_nothing(transfers, change, status):
    assert transfers.propose("county", **change).status_code == status
    assert transfers.listed() == []


def test_a_circle_is_refused_and_named_on_the_field_that_was_sent(transfers):
    transfers.registry.made("/v1/affiliations", organization="org-2", superior="org-1")
    refused = transfers.propose("county", to_superior="org-2")

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/to_superior")


def test_a_circle_that_came_meanwhile_stops_the_last_confirmation(transfers):
    transfers.propose(to_superior="org-top")
    transfers.registry.made("/v1/affiliations", organization="org-top", superior="org-1")

    assert transfers.step("confirm", "clerk_b").status_code == 409
    assert transfers.superiors() == [("unt-a", "旧文")]


def test_one_organization_has_one_transfer_under_way(transfers):
    transfers.propose()

    assert transfers.propose("clerk_b", id="trf-2").status_code == 409
    assert transfers.propose("clerk_b", id="trf-1", organization="org-2").status_code == 409
    assert transfers.listed() == ["trf-1"]


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda registry: registry.act("/v1/affiliations/aff-1/close", {"reason": "另行调整"}),
        lambda registry: registry.patch("/v1/affiliations/aff-1", {"superior": "unt-c"}),
        lambda registry: registry.act("/v1/party-organizations/org-1/close", {"reason": "撤销"}),
        lambda registry: registry.act("/v1/units/unt-b/close", {"reason": "撤销"}),
    ],
)
def test_what_was_changed_otherwise_meanwhile_stops_the_last_confirmation(transfers, meanwhile):
    transfers.propose()
    assert meanwhile(transfers.registry).status_code == 200
    before = transfers.registry.get("/v1/affiliations").json()

    assert transfers.step("confirm", "county", side="to", reason="县委决定").status_code == 409
    assert transfers.registry.get("/v1/affiliations").json() == before
    assert transfers.get().json()["stage"] == "from_confirmed"
    assert transfers.step("withdraw", "county", reason="情况变化").json()["stage"] == "withdrawn"


def test_an_agreed_day_before_a_later_move_stops_the_last_confirmation(transfers):
    transfers.propose(effective_on_wanted="2026-06-15")
    registry = transfers.registry
    registry.act("/v1/affiliations/aff-1/close", {"reason": "调整", "effective_on": "2026-06-20"})
    registry.act("/v1/affiliations/aff-1/reopen", {"effective_on": "2026-06-25"})

    assert transfers.step("confirm", "clerk_b").status_code == 409
    assert transfers.superiors() == [("unt-a", "旧文")]


def test_of_several_superiors_the_one_that_is_left_is_named(transfers):
    transfers.registry.made("/v1/affiliations", id="aff-2", organization="org-1", superior="unt-c")
    unnamed = transfers.propose()
    assert (unnamed.status_code, unnamed.json()["errors"][0]["pointer"]) == (422, "/from_superior")

    transfers.propose(from_superior="unt-a")
    assert transfers.step("confirm", "clerk_b").json()["stage"] == "done"
    assert sorted(transfers.superiors()) == [("unt-b", None), ("unt-c", None)]


def test_a_step_without_the_version_that_was_read_is_refused(transfers):
    transfers.propose()
    path = "/v1/transfers/trf-1/confirm"

    assert transfers.registry.post(path, {}, by="clerk_b").status_code == 428
    stale = transfers.registry.call("POST", path, json={}, by="clerk_b", headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert transfers.superiors() == [("unt-a", "旧文")]


def test_days_left_follow_the_offices_own_calendar(transfers):
    transfers.propose()
    transfers.registry.made("/v1/calendar-days", day="2026-07-13", is_working=False, name="市庆")
    seen = {}
    for day in (date(2026, 7, 10), date(2026, 7, 12), date(2026, 7, 15), date(2026, 7, 16), date(2026, 7, 18)):
        transfers.stand_at(day)
        shown = transfers.get().json()
        seen[day.day] = (shown["days_left"], shown["overdue"], transfers.listed(overdue="true"))

    assert seen == {
        10: (2, False, []), 12: (2, False, []), 15: (0, False, []), 16: (-1, True, ["trf-1"]), 18: (-2, True, ["trf-1"])
    }  # fmt: skip


def test_the_deadline_steps_over_the_national_holidays(transfers):
    transfers.stand_at(date(2026, 9, 28))
    made = transfers.propose().json()

    # 29 and 30 September, 8 to 10 October (Saturday the 10th is worked), 12 to 16 October
    assert (made["due_on"], made["days_left"]) == ("2026-10-16", 10)


def test_lists_are_filtered_by_stage_organization_and_deadline(transfers):
    transfers.propose()
    transfers.propose("clerk_b", id="trf-2", organization="org-2")
    transfers.stand_at(date(2026, 8, 3))

    assert transfers.listed() == ["trf-1", "trf-2"]
    assert transfers.listed(stage="done") == ["trf-2"]
    assert transfers.listed(organization="org-1") == ["trf-1"]
    assert (transfers.listed(overdue="true"), transfers.listed(overdue="false")) == (["trf-1"], ["trf-2"])
    assert transfers.listed(overdue="true", on="2026-08-03") == ["trf-1"]
    assert transfers.registry.get("/v1/transfers", params={"overdue": "soon"}).status_code == 400
    assert transfers.step("confirm", "clerk_b").json()["stage"] == "done"  # late, and still valid
    assert transfers.listed(overdue="true") == []


def test_the_history_tells_every_step_with_the_unit_that_took_it(transfers):
    transfers.propose()
    transfers.step("confirm", "clerk_b")
    lines = transfers.registry.get("/v1/transfers/trf-1/history").json()["items"]

    assert [(line["operation"], line["unit"]) for line in lines] == [("create", "unt-a"), ("close", "unt-b")]


def test_repeating_a_confirmation_under_one_key_has_one_effect(transfers):
    transfers.propose()
    path, etag = "/v1/transfers/trf-1", transfers.get().headers["etag"]
    headers = {"If-Match": etag, "Idempotency-Key": "k-1"}
    first, again = (
        transfers.registry.call("POST", f"{path}/confirm", json={}, by="clerk_b", headers=headers) for _ in range(2)
    )

    assert (first.status_code, again.status_code, first.json()) == (200, 200, again.json())
    assert transfers.superiors() == [("unt-b", None)]
