"""Delegations, spot checks and public notices of cycles."""

import hashlib
from datetime import date, timedelta

import pytest

from assessment.cycles.office import FINANCE, ON, ORGANIZATION, TAX, Cycle, pass_until


def delegated(world, cycle, *steps, to, by, until="2026-07-31", expected=201):
    body = {"cycle": cycle.id, "delegate": f"prn-{to}", "steps": list(steps), "until": until, "reason": "出差"}
    answer = world.post("/v1/delegations", body, by=by)
    assert answer.status_code == expected, answer.text
    return answer.json()


def test_a_step_is_delegated_and_the_record_names_both(office):
    office.enrol("helper", "department_liaison", unit="unt-a")
    cycle = Cycle(office).open().submit().score()
    cycle.step("first_review", FINANCE, by="helper", expected=403)
    given = delegated(office, cycle, "first_review", to="helper", by="first")
    assert (given["grantor"], given["grantor_unit"]) == ("prn-first", ORGANIZATION)
    cycle.step("return", FINANCE, by="helper", reason="试", expected=403)
    cycle.step("first_review", FINANCE, by="helper")
    line = office.get(f"{cycle.path}/entries/{FINANCE}/history").json()["items"][-1]
    told = {each["field"]: each["after"] for each in line["changes"]}
    assert (line["actor"], told["acted_for"], told["first_reviewed_by"]) == ("prn-helper", "prn-first", "prn-helper")


def test_what_is_not_ones_own_cannot_be_delegated(small_office):
    cycle = Cycle(small_office).open()
    delegated(small_office, cycle, "second_review", to="tax", by="first", expected=403)
    delegated(small_office, cycle, "decide", to="tax", by="first", expected=403)
    delegated(small_office, cycle, "first_review", to="first", by="first", expected=422)
    delegated(small_office, cycle, "first_review", to="tax", by="first", until="2026-06-30", expected=422)
    delegated(small_office, cycle, "submit", to="tax", by="finance")
    delegated(small_office, cycle, "decide", "approve", to="tax", by="leader")


def test_a_delegation_does_not_get_around_a_conflict_of_interest(small_office):
    cycle = Cycle(small_office, first_reviewers=[ORGANIZATION, TAX]).open().submit().score()
    delegated(small_office, cycle, "first_review", to="finance", by="first")
    assert "回避" in cycle.step("first_review", FINANCE, by="finance", expected=403)["detail"]
    small_office.enrol("helper", "department_liaison", unit="unt-a")
    delegated(small_office, cycle, "first_review", to="helper", by="tax")
    assert "回避" in cycle.step("first_review", TAX, by="helper", expected=403)["detail"]
    cycle.step("first_review", FINANCE, by="helper")
    delegated(small_office, cycle, "second_review", to="first", by="second")
    cycle.step("first_review", TAX, by="first")
    assert "初审" in cycle.step("second_review", TAX, by="first", expected=403)["detail"]


def test_a_delegation_ends_by_its_day_or_when_it_is_revoked(small_office):
    small_office.enrol("helper", "department_liaison", unit="unt-a")
    cycle = Cycle(small_office).open().submit().score()
    given = delegated(small_office, cycle, "first_review", to="helper", by="first", until="2026-07-02")
    path = f"/v1/delegations/{given['id']}/revoke"
    assert small_office.post(path, {"reason": "已返岗"}, by="tax").status_code == 403
    pass_until(small_office, date(2026, 7, 3))
    cycle.step("first_review", FINANCE, by="helper", expected=403)
    other = delegated(small_office, cycle, "first_review", to="helper", by="first")
    path = f"/v1/delegations/{other['id']}/revoke"
    assert small_office.post(path, {"reason": "已返岗"}, by="first").status_code == 200
    assert small_office.post(path, {"reason": "已返岗"}, by="first").status_code == 409
    cycle.step("first_review", FINANCE, by="helper", expected=403)


def drawn_again(drawn):
    """Draw a spot check anew from what the API tells, written without the product's code."""
    hashed = [
        (hashlib.sha256(f"{drawn['seed']}\n{drawn['title']}\n{each}".encode()).hexdigest(), each)
        for each in drawn["population"]
    ]
    return [each for _, each in sorted(hashed)[: drawn["size"]]]


def test_a_sample_can_be_drawn_again_by_anybody(office):
    cycle = Cycle(office).open()
    ids = [f"ent-{number}" for number in range(50)]
    body = {"cycle": cycle.id, "title": "抽查联系点", "size": 5, "population": [*ids, ids[0]]}
    first, second = (office.post("/v1/spot-checks", body, by="clerk").json() for _ in range(2))
    assert first["drawn"] == drawn_again(first)
    assert (len(set(first["drawn"])), len(first["population"])) == (5, 50)
    assert first["drawn"] != second["drawn"], "each draw has a seed of its own"
    assert first["population_digest"] == second["population_digest"]
    assert office.get(f"/v1/spot-checks?cycle={cycle.id}").json()["total"] == 2
    own = office.post("/v1/spot-checks", {"cycle": cycle.id, "title": "抽查单位", "size": 2}, by="clerk").json()
    assert sorted(own["drawn"]) == [FINANCE, TAX]
    assert office.get(f"/v1/spot-checks/{own['id']}").json() == own


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"size": 3}, 422),
        ({"size": 0}, 422),
        ({"group": "none"}, 422),
        ({"cycle": "cyc-none"}, 404),
        ({"seed": "x"}, 422),
    ],
)  # fmt: skip
def test_samples_that_cannot_be_drawn_are_refused(small_office, more, status):
    cycle = Cycle(small_office).open()
    body = {"cycle": cycle.id, "title": "抽查", "size": 1, **more}
    assert small_office.post("/v1/spot-checks", body, by="clerk").status_code == status
    assert small_office.post("/v1/spot-checks", body, by="finance").status_code in {403, 422}


def test_a_draft_has_nothing_to_draw_from(small_office):
    body = {"cycle": Cycle(small_office).id, "title": "抽查", "size": 1}
    assert small_office.post("/v1/spot-checks", body, by="clerk").status_code == 409


def test_everybody_reads_name_unit_and_result_and_nothing_else(office):
    cycle = Cycle(office).decided()
    assert office.client.get(f"/v1/public-notices/{cycle.id}").status_code == 404
    cycle.step("announce")
    told = office.client.get(f"/v1/public-notices/{cycle.id}").json()
    assert set(told) == {"id", "title", "notice_from", "notice_until", "appeal_until", "items"}
    assert told["items"] == [{"name": name, "unit": name, "result": "不合格"} for name in ("县财政局", "县税务局")]
    assert [each["id"] for each in office.client.get("/v1/public-notices").json()["items"]] == [cycle.id]
    pass_until(office, date.fromisoformat(told["notice_until"]))
    assert office.client.get(f"/v1/public-notices/{cycle.id}").status_code == 200
    pass_until(office, date.fromisoformat(told["notice_until"]) + timedelta(days=1))
    assert office.client.get(f"/v1/public-notices/{cycle.id}").status_code == 410
    assert office.client.get("/v1/public-notices").json()["items"] == []
    assert office.client.get("/v1/public-notices/cyc-none").status_code == 404


def test_a_notice_lasts_no_shorter_than_the_rule_says(small_office):
    cycle = Cycle(small_office).decided()
    cycle.step("announce", days=1)
    assert cycle.now["notice_until"] == "2026-07-08"


def test_the_page_of_a_notice_escapes_what_it_shows_and_loads_nothing(small_office):
    subject = {"subject": "org-x", "name": "<img src=http://x>&支部", "unit": FINANCE}
    cycle = Cycle(small_office, subjects=[FINANCE, subject], title="考核<script>")
    cycle.step("publish")
    assert cycle.entry("org-x")["unit"] == FINANCE
    told = small_office.client.get(f"/v1/public-notices/{cycle.id}/page")
    assert told.status_code == 404
    real = Cycle(small_office, title="考核<script>").announced()
    page = small_office.client.get(f"/v1/public-notices/{real.id}/page")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "考核&lt;script&gt;" in page.text
    assert "http" not in page.text.replace("http-equiv", "")
    assert "<td>县财政局</td><td>县财政局</td><td>不合格</td>" in page.text
    assert ON not in page.text
