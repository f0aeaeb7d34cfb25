"""A reporting period from opening to closing: no impossible cell, no jump goes unexplained. Today is 2026-07-01."""

from typing import Any

import pytest

from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B, Registry

JUMP = {"unit": "unt-a", "figure": "enterprises", "compared_with": "2025H2"}
IMPOSSIBLE = {"check": "enterprise.members-over-staff"}


def enterprise(registry: Registry, number: int, division: str = TOWN_A, **body: Any):
    given = {"name": f"企业{number}", "registered_on": "2020-01-01", "staff": 20, "full_members": 1, **body}
    return registry.made("/v1/enterprises", uscc=code(number), division=division, **given)


@pytest.fixture
def offices(county: Registry) -> Registry:
    county.made("/v1/units", id="unt-county", name="县工委", kind="commission", division=COUNTY)
    county.patch("/v1/units/unt-a", {"parent": "unt-county", "effective_on": "2020-01-01"})
    county.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B, parent="unt-county")
    county.made("/v1/people", id="per-1", unit="unt-county", name="王小明")
    for number in range(1, 11):
        enterprise(county, number)
    enterprise(county, 20, TOWN_B)
    return county


def opened(registry: Registry, code_: str, **body: Any) -> str:
    return str(registry.made("/v1/periods", code=code_, unit="unt-county", **body)["id"])


def hand_in(registry: Registry, period: str, unit: str, **more: Any):
    return registry.post(f"/v1/periods/{period}/submissions", {"unit": unit, "person": "per-1"}, **more)


def close(registry: Registry, period: str):
    """Close a period in which every unit that can has handed in."""
    for unit in registry.get(f"/v1/periods/{period}/submissions").json()["items"]:
        if unit["state"] != "handed_in":
            hand_in(registry, period, unit["unit"])
    return registry.act(f"/v1/periods/{period}/close", {"person": "per-1"})


def questions(registry: Registry, period: str, **more: Any) -> list[tuple]:
    found = registry.get(f"/v1/periods/{period}/questions", **more).json()
    return [
        (each["kind"], each["record"] or each["unit"], each["check"] or each["figure"], each["state"])
        for each in found["items"]
    ]


def explained(registry: Registry, period: str, **about: str):
    body = {"period": period, "text": "新投产园区，企业数增加", "person": "per-1", **about}
    return registry.post("/v1/explanations", body)


@pytest.fixture
def grown(offices: Registry) -> tuple[Registry, str]:
    """The half-year before is closed; since then town A went from ten enterprises to sixteen."""
    assert close(offices, opened(offices, "2025H2")).status_code == 200
    for number in range(11, 17):
        enterprise(offices, number, registered_on="2026-03-01")
    return offices, opened(offices, "2026H1")


def test_a_period_is_opened_with_the_days_of_its_code(offices):
    made = offices.made("/v1/periods", code="2026H1", unit="unt-county", closes_on="2026-07-15")
    names = ("code", "unit", "starts_on", "ends_on", "counted_on", "closes_on", "state")
    assert {name: made[name] for name in names} == {
        "code": "2026H1", "unit": "unt-county", "starts_on": "2026-01-01", "ends_on": "2026-06-30",
        "counted_on": "2026-06-30", "closes_on": "2026-07-15", "state": "open",
    }  # fmt: skip
    assert offices.get("/v1/periods?code=2026H1").json()["total"] == 1
    again = offices.post("/v1/periods", {"code": "2026H1", "unit": "unt-county"})
    assert again.status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {"code": "2026H3", "unit": "unt-county"},
        {"code": "2026H1", "unit": "unt-county", "counted_on": "2025-12-31"},
        {"code": "2026H1", "unit": "unt-county", "closes_on": "2026-06-29"},
        {"code": "2026H1", "unit": "unt-county", "colour": "red"},
    ],
)
def test_a_period_that_makes_no_sense_is_refused(offices, body):
    assert offices.post("/v1/periods", body).status_code == 422


def test_a_period_of_an_unknown_unit_is_not_found(offices):
    assert offices.post("/v1/periods", {"code": "2026H1", "unit": "unt-0"}).status_code == 404


def test_closing_pins_the_figures_of_the_day_counted(offices):
    period = opened(offices, "2025H2")
    enterprise(offices, 30, registered_on="2026-01-01")
    assert close(offices, period).json()["state"] == "closed"
    closing = offices.get(f"/v1/period-closings?period={period}").json()["items"]
    assert [(each["number"], each["counted_on"], each["person"], each["state"]) for each in closing] == [
        (1, "2025-12-31", "per-1", "open")
    ]
    cells = offices.get(f"/v1/period-cells?period={period}&figure=enterprises").json()["items"]
    assert {(each["unit"], each["value"]) for each in cells} == {("unt-county", 11), ("unt-a", 10), ("unt-b", 1)}
    assert offices.get(f"/v1/periods/{period}").json()["closed_reason"] == "报送完成（第1次）"


def test_a_day_that_has_not_come_cannot_be_closed(offices):
    refused = close(offices, opened(offices, "2026"))
    assert (refused.status_code, refused.json()["detail"]) == (409, "统计日 2026-12-31 尚未到来，不能关闭。")


def test_an_impossible_cell_keeps_the_period_open(offices):
    enterprise(offices, 40, full_members=30)
    period = opened(offices, "2026H1")
    refused = close(offices, period).json()
    assert (refused["status"], refused["total"]) == (409, 1)
    assert refused["unexplained"] == [
        {
            "check": "enterprise.members-over-staff", "record": code(40), "unit": "unt-a", "figure": None,
            "compared_with": None, "state": "open", "zh": "党员数多于从业人员数",
            "en": "More Party members than staff",
        }
    ]  # fmt: skip
    assert explained(offices, period, **IMPOSSIBLE, record=code(40)).status_code == 201
    assert questions(offices, period) == [("impossible", code(40), "enterprise.members-over-staff", "explained")]
    assert close(offices, period).status_code == 200


def test_correcting_the_data_answers_the_question_too(offices):
    enterprise(offices, 40, full_members=30)
    period = opened(offices, "2026H1")
    offices.patch(f"/v1/enterprises/{code(40)}", {"full_members": 3, "effective_on": "2020-01-01"})
    assert questions(offices, period) == []
    assert close(offices, period).status_code == 200


def test_a_jump_keeps_the_period_open_until_a_named_person_explains_it(grown):
    registry, period = grown
    jumps = [(kind, unit, figure, state) for kind, unit, figure, state in questions(registry, period)]
    assert ("jump", "unt-a", "enterprises", "open") in jumps
    assert ("jump", "unt-county", "enterprises", "open") in jumps
    assert not [each for each in jumps if each[1] == "unt-b"]
    assert close(registry, period).status_code == 409
    items = registry.get(f"/v1/periods/{period}/questions").json()["items"]
    jump = next(each for each in items if (each["unit"], each["figure"]) == ("unt-a", "enterprises"))
    assert (jump["value"], jump["previous"], jump["compared_with"]) == ("16", "10", "2025H2")
    assert jump["threshold"] == {
        "percent": 10, "least": 5, "since": "2020-01-01", "basis": "示例默认值：企业数变动超过10%须说明",
    }  # fmt: skip
    assert jump["zh"] == "实体运营非公企业数由2025H2的10变为16，变动超过10%。"
    for each in items:
        about = {name: each[name] for name in ("unit", "figure", "compared_with")}
        assert explained(registry, period, **about).status_code == 201
    assert close(registry, period).status_code == 200
    cells = registry.get(f"/v1/period-cells?period={period}&figure=enterprises&unit=unt-a").json()["items"]
    told = registry.get(f"/v1/explanations/{cells[0]['explanations'][0]}").json()
    assert (cells[0]["value"], told["text"], told["person"], told["principal"]) == (
        16, "新投产园区，企业数增加", "per-1", "prn-admin",
    )  # fmt: skip


def test_an_explanation_of_other_values_than_todays_is_stale(grown):
    registry, period = grown
    first = explained(registry, period, **JUMP).json()
    assert ("jump", "unt-a", "enterprises", "explained") in questions(registry, period)
    assert explained(registry, period, **JUMP).status_code == 409
    enterprise(registry, 17, registered_on="2026-04-01")
    assert ("jump", "unt-a", "enterprises", "stale") in questions(registry, period)
    second = explained(registry, period, **JUMP).json()
    assert (second["value"], second["previous"]) == ("17", "10")
    replaced = registry.get(f"/v1/explanations/{first['id']}").json()
    assert (replaced["state"], replaced["closed_reason"]) == ("closed", "数值已变动，另作说明")
    assert ("jump", "unt-a", "enterprises", "explained") in questions(registry, period)


def test_an_explanation_is_withdrawn_with_a_reason(grown):
    registry, period = grown
    first = explained(registry, period, **JUMP).json()
    path = f"/v1/explanations/{first['id']}/close"
    assert registry.post(path, {"reason": "说明有误，重写"}).status_code == 428
    assert registry.act(path, {"reason": "说明有误，重写"}).json()["state"] == "closed"
    assert ("jump", "unt-a", "enterprises", "open") in questions(registry, period)


@pytest.mark.parametrize(
    ("about", "status"),
    [
        ({"unit": "unt-b", "figure": "enterprises", "compared_with": "2025H2"}, 422),
        ({"check": "enterprise.members-over-staff", "record": code(1)}, 422),
        ({"check": "enterprise.members-over-staff"}, 422),
        ({**JUMP, "check": "enterprise.members-over-staff"}, 422),
        ({**JUMP, "person": "per-0"}, 422),
        ({**JUMP, "text": "对"}, 422),
    ],
)
def test_what_needs_no_explanation_or_names_nobody_is_refused(grown, about, status):
    registry, period = grown
    assert explained(registry, period, **about).status_code == status


def test_reopening_leaves_the_earlier_figures_visible_and_marked(grown):
    """Approval must not hide history: what was pinned first stays as it was, beside what is pinned later."""
    registry, _ = grown
    before = registry.get("/v1/periods?code=2025H2").json()["items"][0]["id"]
    assert registry.act(f"/v1/periods/{before}/reopen", {}).status_code == 422
    assert registry.act(f"/v1/periods/{before}/reopen", {"reason": "漏报一家企业"}).json()["state"] == "open"
    enterprise(registry, 50, registered_on="2025-05-01")
    assert close(registry, before).status_code == 200
    closings = registry.get(f"/v1/period-closings?period={before}").json()["items"]
    closings.sort(key=lambda each: each["number"])
    assert [(each["number"], each["state"], each["closed_reason"]) for each in closings] == [
        (1, "closed", "漏报一家企业"),
        (2, "open", None),
    ]
    values = {
        each["number"]: registry.get(f"/v1/period-cells?closing={each['id']}&figure=enterprises&unit=unt-a").json()
        for each in closings
    }
    assert {number: found["items"][0]["value"] for number, found in values.items()} == {1: 10, 2: 11}
    then = registry.get(f"/v1/periods/{before}/history").json()["items"]
    assert [each["operation"] for each in then] == ["create", "close", "reopen", "close"]


def test_a_reopened_period_is_compared_with_nothing(grown):
    registry, period = grown
    before = registry.get("/v1/periods?code=2025H2").json()["items"][0]["id"]
    registry.act(f"/v1/periods/{before}/reopen", {"reason": "漏报一家企业"})
    assert questions(registry, period) == []


def test_a_closed_period_takes_no_more_explanations_and_closes_once(grown):
    registry, _ = grown
    before = registry.get("/v1/periods?code=2025H2").json()["items"][0]["id"]
    assert explained(registry, before, **JUMP).status_code == 409
    assert close(registry, before).status_code == 409
    assert registry.post(f"/v1/periods/{before}/close", {"person": "per-1"}).status_code == 428


def test_a_clerk_is_asked_about_the_own_part_and_answers_for_it(grown):
    registry, period = grown
    assert {unit for _, unit, _, _ in questions(registry, period, by="clerk_a")} == {"unt-a"}
    body = {"period": period, "text": "新投产园区，企业数增加", "person": "per-1"}
    assert registry.post("/v1/explanations", {**body, **JUMP}, by="clerk_a").status_code == 201
    others = {**body, **JUMP, "unit": "unt-county"}
    assert registry.post("/v1/explanations", others, by="clerk_a").status_code == 422
    explained(registry, period, **{**JUMP, "unit": "unt-county"})
    seen = registry.get("/v1/explanations", by="clerk_a").json()["items"]
    assert [each["unit"] for each in seen] == ["unt-a"]
    cells = registry.get("/v1/period-cells", by="clerk_a").json()["items"]
    assert {each["unit"] for each in cells} == {"unt-a"}


def test_the_figures_as_they_stand_are_shown_beside_those_pinned(grown):
    registry, period = grown
    items = registry.get(f"/v1/periods/{period}/figures").json()["items"]
    found = {(each["unit"], each["figure"]): (each["value"], each["earlier"]) for each in items}
    assert found[("unt-a", "enterprises")] == (16, {"2025H2": 10})
    assert found[("unt-b", "staff")] == (20, {"2025H2": 20})
    assert found[("unt-county", "members_in_enterprises")] == (17, {"2025H2": 11})


def test_explanations_are_exported(grown):
    registry, period = grown
    explained(registry, period, **JUMP)
    found = registry.get("/v1/exports/explanations?format=csv")
    assert found.status_code == 200
    assert "新投产园区" in found.text
