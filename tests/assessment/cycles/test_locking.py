"""While a period is under review its records stand still: refused to everybody, unlocked with a reason for a while."""

import pytest

from assessment.books import FILES
from assessment.cycles.office import FINANCE, TAX, Cycle, pass_days, pass_until


def records(world):
    """Let finance have an activity, a task and a mark of the period."""
    world.made("/v1/plans", id="pln-1", title="2026年实施意见", year=2026)
    world.made("/v1/activities", id="act-1", kind="meeting", unit=FINANCE, held_on="2026-05-01", title="研究")
    world.made("/v1/tasks", id="tsk-1", plan="pln-1", title="任务", unit=FINANCE, due_on="2026-11-30", target="2")
    mark = {"subject": FINANCE, "rulebook": "department", "item": "finance-standards", "value": "2"}
    world.made("/v1/marks", id="mrk-1", effective_on="2026-06-01", **mark)


WRITES = (
    ("/v1/activities", {"kind": "meeting", "unit": FINANCE, "held_on": "2026-06-30", "title": "补"}),
    ("/v1/tasks", {"plan": "pln-1", "title": "新", "unit": FINANCE, "due_on": "2026-12-31"}),
    ("/v1/marks", {"subject": FINANCE, "rulebook": "department", "item": "false-data", "value": "1",
                   "effective_on": "2026-06-15"}),
)  # fmt: skip
CHANGES = (
    ("/v1/activities/act-1", {"title": "改"}),
    ("/v1/activities/act-1", {"held_on": "2026-07-01"}),
    ("/v1/tasks/tsk-1", {"progress": "2"}),
    ("/v1/marks/mrk-1", {"value": "3", "effective_on": "2026-06-20"}),
)


def refused(world):
    """Return how many of all writes are refused because of the lock."""
    answers = [world.post(path, body) for path, body in WRITES]
    answers += [world.patch(path, body) for path, body in CHANGES]
    closing = {"reason": "误", "effective_on": "2026-06-20"}
    etag = world.get("/v1/activities/act-1").headers["etag"]
    answers.append(world.post("/v1/activities/act-1/close", closing, headers={"If-Match": etag}))
    return [answer.json().get("unit") for answer in answers if answer.status_code == 409]


def test_nothing_that_was_scored_changes_while_it_is_reviewed(office):
    records(office)
    cycle = Cycle(office).open().submit().score()
    assert refused(office) == [FINANCE] * 8
    assert office.get("/v1/activities/act-1").json()["title"] == "研究"
    for free in (
        {"kind": "meeting", "unit": FINANCE, "held_on": "2026-07-01", "title": "下期"},
        {"kind": "meeting", "unit": FINANCE, "held_on": "2025-12-31", "title": "上期"},
        {"kind": "meeting", "unit": "unt-a", "held_on": "2026-06-01", "title": "别的单位"},
    ):
        assert office.post("/v1/activities", free).status_code == 201
    cycle.review().step("decide", by="leader")
    assert len(refused(office)) == 8
    cycle.step("announce")
    assert len(refused(office)) == 8


@pytest.mark.parametrize("stage", ["draft", "self_assessment"])
def test_before_the_scores_are_taken_over_everything_can_be_recorded(small_office, stage):
    records(small_office)
    cycle = Cycle(small_office)
    if stage == "self_assessment":
        cycle.open()
    assert refused(small_office) == []


def test_a_lock_is_opened_with_a_reason_for_some_working_days(office):
    records(office)
    cycle = Cycle(office).open().submit().score()
    before = cycle.entry(FINANCE)["automatic_score"]
    cycle.step("unlock", expected=422)
    cycle.step("unlock", reason="漏登会议", days=2)
    assert cycle.now["unlocked_until"] == "2026-07-03"
    office.made("/v1/activities", kind="meeting", unit=FINANCE, held_on="2026-06-15", title="补登")
    assert cycle.entry(FINANCE)["automatic_score"] == before  # the run is pinned: nothing moves by itself
    cycle.score(reason="补登后重新计分")
    assert float(cycle.entry(FINANCE)["automatic_score"]) == float(before) + 2
    assert len(refused(office)) == 8


def test_an_open_lock_falls_shut_again(small_office):
    records(small_office)
    cycle = Cycle(small_office).open().submit().score()
    cycle.step("unlock", reason="漏登", days=1)
    pass_days(small_office, 1)
    assert small_office.post(*WRITES[0]).status_code == 201
    pass_days(small_office, 1)
    assert small_office.post(*WRITES[0]).status_code == 409


def test_after_the_approval_the_past_can_be_corrected_again_and_the_result_stays(office):
    records(office)
    cycle = Cycle(office).approved()
    scores = {each: cycle.entry(each)["score"] for each in (FINANCE, TAX)}
    assert refused(office) == []
    assert {each: cycle.entry(each)["score"] for each in (FINANCE, TAX)} == scores
    pass_until(office, office.clock.today())


def test_marks_of_an_organisation_stand_still_while_its_cycle_is_under_review(small_office):
    small_office.upload("organization", FILES["organization"].read_bytes())
    small_office.publish("organization")
    given = {"subject": "org-1", "name": "支部", "unit": "unt-a"}
    cycle = Cycle(small_office, rulebook="organization", subjects=[given]).open()
    cycle.step("submit", {"subject": "org-1", "statement": "已完成"}, by="town")
    mark = {"subject": "org-1", "rulebook": "organization", "item": "dues", "value": "0", "effective_on": "2026-06-01"}
    assert small_office.post("/v1/marks", mark).status_code == 201
    run = small_office.run(rulebook="organization", on="2026-06-30", version=1)
    cycle.step("score", run=run["id"])
    assert cycle.entry("org-1")["automatic_score"] == small_office.explained(run, "org-1")["score"]
    refused = small_office.post("/v1/marks", mark)
    assert (refused.status_code, refused.json()["unit"]) == (409, "org-1")
