"""A cycle over HTTP: every step by whose turn it is, out of turn refused, with deadlines in working days."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest

from assessment.cycles.office import FINANCE, ON, ORGANIZATION, SUBJECTS, TAX, Cycle, pass_days, pass_until


def test_a_cycle_goes_from_draft_to_archive(office):
    cycle = Cycle(office)
    assert cycle.now["stage"] == "draft"
    assert cycle.now["counts"] == {"awaiting": 2}
    cycle.step("publish")
    assert (cycle.now["rulebook_version"], len(cycle.now["rulebook_digest"])) == (1, 64)
    cycle.step("start", days=3)
    assert cycle.now["self_due_on"] == "2026-07-06"  # three working days after Wednesday the 1st, over a weekend
    cycle.submit().score()
    assert cycle.now["stage"] == "review"
    entry = cycle.entry(FINANCE)
    told = office.explained({"id": cycle.now["run"]})
    assert (entry["automatic_score"], entry["grade"]) == (told["score"], told["grade"])
    assert {each["id"]: each["automatic"] for each in entry["items"]} == {e["id"]: e["points"] for e in told["items"]}
    cycle.review()
    assert cycle.standing() == dict.fromkeys(SUBJECTS, "second_reviewed")
    cycle.step("decide", by="leader")
    assert (cycle.now["stage"], cycle.now["counts"]) == ("decided", {"decided": 2})
    assert [cycle.entry(each)["rank"] for each in SUBJECTS] == [1, 1]  # the same score, the same rank
    cycle.step("announce")
    assert (cycle.now["notice_from"], cycle.now["notice_until"]) == ("2026-07-01", "2026-07-08")
    cycle.step("approve", by="leader", expected=409)
    pass_until(office, date(2026, 7, 9))
    cycle.step("approve", by="leader")
    cycle.step("archive")
    assert (cycle.now["stage"], cycle.now["next_steps"]) == ("archived", [])


def test_every_step_tells_who_when_before_after_and_why(office):
    cycle = Cycle(office).open().submit().score()
    cycle.step("return", FINANCE, by="first", reason="会议记录不全")
    lines = office.get(f"{cycle.path}/entries/{FINANCE}/history").json()["items"]
    last = {each["field"]: (each["before"], each["after"]) for each in lines[-1]["changes"]}
    assert (lines[-1]["actor"], lines[-1]["unit"]) == ("prn-first", ORGANIZATION)
    assert last["status"] == ("submitted", "returned")
    assert last["reason"] == (None, "会议记录不全")
    assert last["due_on"][1] == "2026-07-08"
    assert [each["operation"] for each in lines] == ["create", *["change"] * (len(lines) - 1)]


STEPS = (
    "publish", "start", "submit", "extend", "score", "adjust", "first_review", "return", "second_review", "decide",
    "unlock", "announce", "approve", "archive", "withdraw",
)  # fmt: skip


def test_a_step_out_of_turn_is_refused_and_changes_nothing(small_office):
    cycle = Cycle(small_office)
    history = small_office.get(f"{cycle.path}/history").content
    for step in STEPS:
        if step in {"publish", "withdraw"}:
            continue
        answer = cycle.step(step, FINANCE, by="clerk", expected=409, reason="试")
        assert (answer["stage"], answer["allowed"]) == ("draft", ["publish", "withdraw"])
        assert answer["type"].endswith("conflict")
    assert small_office.get(f"{cycle.path}/history").content == history
    cycle.open()
    refused = cycle.step("first_review", FINANCE, by="first", expected=409)
    assert (refused["stage"], "submit" in refused["allowed"]) == ("self_assessment", True)


@pytest.mark.parametrize(
    ("step", "by"),
    [
        ("publish", "finance"), ("publish", "leader"), ("start", "second"), ("withdraw", "town"), ("score", "first"),
    ],
)  # fmt: skip
def test_only_whoever_manages_cycles_moves_the_whole(small_office, step, by):
    cycle = Cycle(small_office)
    if step != "publish":
        cycle.step("publish")
    assert cycle.step(step, by=by, expected=403, reason="试")["actor"] == "manager"


def test_each_review_is_for_its_own_unit_and_a_decision_for_a_leader(small_office):
    cycle = Cycle(small_office).open().submit().score()
    for by in ("second", "finance", "tax", "leader", "admin"):
        cycle.step("first_review", FINANCE, by=by, expected=403)
    cycle.step("first_review", FINANCE, by="first")
    for by in ("first", "finance", "leader"):
        cycle.step("second_review", FINANCE, by=by, expected=403)
    cycle.step("second_review", FINANCE, by="second")
    for by in ("first", "second", "clerk"):
        cycle.step("decide", FINANCE, by=by, expected=403)
    cycle.step("decide", FINANCE, by="leader")


def test_what_is_returned_comes_back_and_is_reviewed_again(office):
    cycle = Cycle(office).open().submit().score()
    cycle.step("return", FINANCE, by="first", expected=422)
    cycle.step("return", FINANCE, by="first", reason="补充材料")
    cycle.step("first_review", FINANCE, by="first", expected=409)
    cycle.step("submit", {"subject": FINANCE, "statement": "已补充"}, by="finance")
    cycle.step("first_review", FINANCE, by="first")
    cycle.step("return", FINANCE, by="second", reason="再核")
    assert (cycle.entry(FINANCE)["status"], cycle.entry(FINANCE)["first_reviewed_by"]) == ("returned", None)
    cycle.step("submit", {"subject": FINANCE, "statement": "已核"}, by="finance")
    cycle.review()


def test_deadlines_bind_and_are_extended_with_a_reason(office):
    for day in ("2026-07-02", "2026-07-03"):
        office.has("calendar_day", day, is_working=False, name="本县放假")
    office.registry_seen_again()
    cycle = Cycle(office)
    cycle.step("publish")
    cycle.step("start", days=1)
    assert cycle.now["self_due_on"] == "2026-07-06"
    refused = cycle.step("score", run=office.run(on=ON)["id"], expected=409)
    assert refused["awaiting"] == ["县财政局", "县税务局"]
    pass_days(office, 6)
    late = cycle.step("submit", {"subject": FINANCE, "statement": "晚"}, by="finance", expected=409)
    assert late["due_on"] == "2026-07-06"
    cycle.step("extend", FINANCE, days=2, expected=422)
    cycle.step("extend", FINANCE, days=2, reason="材料较多")
    cycle.step("submit", {"subject": FINANCE, "statement": "补"}, by="finance")
    cycle.score()  # the tax office never submitted: it is scored as it stands
    entry = cycle.entry(TAX)
    assert (entry["status"], entry["submitted_by"], entry["self_score"]) == ("submitted", None, None)
    assert cycle.entry(FINANCE)["submitted_on"] == "2026-07-07"


def test_what_was_returned_and_not_corrected_in_time_is_reviewed_as_it_stands(small_office):
    cycle = Cycle(small_office).open().submit().score()
    cycle.step("return", FINANCE, by="first", reason="补", days=1)
    cycle.step("first_review", FINANCE, by="first", expected=409)
    pass_days(small_office, 2)
    cycle.step("submit", {"subject": FINANCE, "statement": "晚"}, by="finance", expected=409)
    cycle.step("first_review", FINANCE, by="first")


def test_a_batch_is_taken_as_a_whole_or_not_at_all(office):
    cycle = Cycle(office).open().submit().score()
    cycle.step("first_review", TAX, by="first")
    refused = cycle.step("first_review", FINANCE, TAX, by="first", expected=409)
    assert (refused["subject"], refused["standing"]) == (TAX, "first_reviewed")
    assert cycle.standing() == {FINANCE: "submitted", TAX: "first_reviewed"}
    cycle.step("first_review", FINANCE, FINANCE, by="first", expected=422)
    cycle.step("first_review", "unt-nobody", by="first", expected=404)
    cycle.step("first_review", by="first", expected=422)


def test_the_run_must_be_of_the_cycles_own_rulebook_and_period(small_office):
    cycle = Cycle(small_office).open().submit()
    cycle.step("score", expected=422)
    cycle.step("score", run="run-none", expected=404)
    cycle.step("score", run=small_office.run(on="2026-06-29")["id"], expected=422)
    cycle.step("score", run=small_office.run(on=ON, period_from="2026-02-01")["id"], expected=422)
    assert cycle.now["stage"] == "self_assessment"
    cycle.score()


def test_scoring_anew_needs_a_reason_and_sends_everybody_back_to_the_first_review(office):
    cycle = Cycle(office).open().submit().score()
    version = cycle.entry(FINANCE)["version"]
    change = {"item": "common-leadership", "points": "3", "reason": "少一次会议"}
    cycle.step("first_review", {"subject": FINANCE, "version": version, "adjustments": [change]}, by="first")
    cycle.step("score", run=cycle.now["run"], expected=422)
    cycle.score(reason="补登会议后重新计分")
    entry = cycle.entry(FINANCE)
    assert (entry["status"], entry["first_reviewed_by"]) == ("submitted", None)
    assert (entry["score"], entry["items"][0]["adjusted"]) == (entry["automatic_score"], None)
    cycle.review().step("decide", FINANCE, by="leader")
    cycle.step("score", run=cycle.now["run"], reason="再来", expected=409)


def test_reviewers_put_points_in_place_with_a_reason_and_the_score_follows(office):
    cycle = Cycle(office).open().submit().score()
    before = cycle.entry(FINANCE)
    asked = {"subject": FINANCE, "version": before["version"]}
    high = {"item": "common-leadership", "points": "8.00", "reason": "核实会议记录4次"}
    cycle.step("adjust", {**asked, "adjustments": [high]}, by="first")
    after = cycle.entry(FINANCE)
    item = {each["id"]: each for each in after["items"]}["common-leadership"]
    assert (item["adjusted"], item["points"], item["adjusted_by"], item["reason"]) == (
        "8.00", "8.00", "prn-first", "核实会议记录4次",
    )  # fmt: skip
    automatic = Decimal(item["automatic"] or 0)
    assert Decimal(after["score"]) - Decimal(before["score"]) == Decimal(8) - automatic
    assert after["score"] == str(sum(Decimal(each["points"]) for each in after["items"]))
    assert (after["status"], after["automatic_score"]) == ("submitted", before["automatic_score"])


@pytest.mark.parametrize(
    ("item", "points"), [("common-leadership", "8.01"), ("common-leadership", "-1"), ("common-leadership", "1.234"),
                         ("none", "1"), ("tax-funding", "1"), ("penalty-late", "1")],
)  # fmt: skip
def test_points_beyond_an_items_span_are_refused(small_office, item, points):
    cycle = Cycle(small_office).open().submit().score()
    entry = cycle.entry(FINANCE)
    change = {"item": item, "points": points, "reason": "试"}
    asked = {"subject": FINANCE, "version": entry["version"], "adjustments": [change]}
    refused = cycle.step("adjust", asked, by="first", expected=422)
    assert refused["errors"][0]["pointer"] == f"/points/{item}"
    assert cycle.entry(FINANCE) == entry
    cycle.step("return", FINANCE, by="first", reason="退")
    cycle.step("submit", {"subject": FINANCE, "points": {item: points}}, by="finance", expected=422)


def test_two_reviewers_at_once_are_told_apart_and_nothing_is_lost(office):
    cycle = Cycle(office).open().submit().score()
    office.enrol("other", "department_liaison", unit=ORGANIZATION)
    version = cycle.entry(FINANCE)["version"]

    def adjust(by, item):
        change = {"item": item, "points": "1", "reason": by}
        body = {"step": "adjust", "subjects": [{"subject": FINANCE, "version": version, "adjustments": [change]}]}
        return office.post(f"{cycle.path}/steps", body, by=by)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(adjust, ("first", "other"), ("common-leadership", "common-publicity")))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    winner = "first" if answers[0].status_code == 200 else "other"
    refused = next(answer for answer in answers if answer.status_code == 412).json()
    entry = cycle.entry(FINANCE)
    assert refused["version"] == entry["version"]
    assert [each["adjusted_by"] for each in entry["items"] if each["adjusted"]] == [f"prn-{winner}"]
    without = {"subject": FINANCE, "adjustments": [{"item": "common-joint", "points": "1", "reason": "试"}]}
    cycle.step("adjust", without, by="first", expected=428)


def test_two_first_reviews_at_once_are_one(office):
    cycle = Cycle(office).open().submit().score()
    office.enrol("other", "department_liaison", unit=ORGANIZATION)

    def review(by):
        body = {"step": "first_review", "subjects": [{"subject": FINANCE}]}
        return office.post(f"{cycle.path}/steps", body, by=by)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(review, ("first", "other")))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    refused = next(answer for answer in answers if answer.status_code == 409).json()
    assert refused["standing"] == "first_reviewed"


def test_nobody_judges_the_own_unit_nor_the_own_work(small_office):
    small_office.enrol("both", "department_liaison", unit=FINANCE)
    cycle = Cycle(small_office, first_reviewers=[FINANCE, ORGANIZATION], second_reviewers=[TAX, ORGANIZATION])
    cycle.open().submit().score()
    assert "回避" in cycle.step("first_review", FINANCE, by="both", expected=403)["detail"]
    cycle.step("first_review", TAX, by="both")
    assert "回避" in cycle.step("second_review", TAX, by="tax", expected=403)["detail"]
    cycle.step("first_review", FINANCE, by="first")
    small_office.enrol("again", "department_liaison", unit=ORGANIZATION)
    assert "初审" in cycle.step("second_review", FINANCE, by="first", expected=403)["detail"]
    cycle.step("second_review", FINANCE, by="again")
    small_office.enrol("chief", "leader", unit=FINANCE)
    cycle.step("decide", FINANCE, by="chief", expected=403)


def test_whoever_submitted_for_a_unit_says_why_and_does_not_review_it(small_office):
    small_office.enrol("orgclerk", "county_clerk", unit=ORGANIZATION)
    cycle = Cycle(small_office).open()
    cycle.step("submit", {"subject": FINANCE, "statement": "代"}, by="tax", expected=403)
    cycle.step("submit", {"subject": FINANCE, "statement": "代"}, by="orgclerk", expected=422)
    cycle.step("submit", {"subject": FINANCE, "statement": "代"}, by="orgclerk", reason="单位纸质报送")
    cycle.step("submit", {"subject": TAX, "statement": "代"}, by="town", reason="代", expected=404)
    cycle.step("submit", {"subject": TAX, "statement": "好"}, by="tax")
    cycle.score()
    assert "提交" in cycle.step("first_review", FINANCE, by="orgclerk", expected=403)["detail"]
    cycle.step("first_review", FINANCE, by="first")


def test_a_system_confirms_no_score(small_office):
    cycle = Cycle(small_office).open().submit().score()
    header = small_office.headers["first"]["Authorization"].removeprefix("Bearer ")
    known = small_office.registry.principals[header]
    token = small_office.issuer.issue("prn-robot").token
    small_office.registry.principals[token] = known.model_copy(update={"id": "prn-robot", "kind": "client"})
    small_office.headers["robot"] = {"Authorization": f"Bearer {token}"}
    assert "由人确认" in cycle.step("first_review", FINANCE, by="robot", expected=403)["detail"]


def test_a_withdrawn_cycle_says_why_and_is_over(small_office):
    cycle = Cycle(small_office).open()
    cycle.step("withdraw", expected=422)
    cycle.step("withdraw", reason="办法修订")
    assert (cycle.now["stage"], cycle.now["closed_reason"]) == ("withdrawn", "办法修订")
    cycle.step("start", expected=409)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"rulebook": "none"}, 404),
        ({"version": 9}, 404),
        ({"period_from": "2026-07-01"}, 422),
        ({"counted_on": "2027-01-01"}, 422),
        ({"first_reviewers": []}, 422),
        ({"second_reviewers": ["unt-none"]}, 422),
        ({"subjects": ["unt-none"]}, 422),
        ({"subjects": [FINANCE, FINANCE]}, 422),
        ({"subjects": [{"subject": "x y", "name": "某", "unit": FINANCE}]}, 422),
        ({"stage": "archived"}, 422),
    ],
)
def test_cycles_that_make_no_sense_are_refused(small_office, more, status):
    body = {
        "title": "考核", "rulebook": "department", "period_from": "2026-01-01", "counted_on": ON,
        "first_reviewers": [ORGANIZATION], "second_reviewers": [ORGANIZATION], **more,
    }  # fmt: skip
    assert small_office.post("/v1/cycles", body, by="clerk").status_code == status
    assert small_office.get("/v1/cycles").json()["total"] == 0
    assert small_office.post("/v1/cycles", {**body}, by="finance").status_code in {403, 422}


def test_the_same_key_takes_a_step_once(office):
    cycle = Cycle(office)
    answers = [
        office.post(f"{cycle.path}/steps", {"step": "publish"}, by="clerk", headers={"Idempotency-Key": "k-1"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content


def test_entries_are_seen_within_the_scope_of_the_caller(small_office):
    cycle = Cycle(small_office).open()
    assert small_office.get(f"{cycle.path}/entries", by="town").json()["total"] == 0
    assert small_office.get(f"{cycle.path}/entries/{FINANCE}", by="town").status_code == 404
    assert small_office.get(f"{cycle.path}/entries?status=awaiting", by="finance").json()["total"] == 2
