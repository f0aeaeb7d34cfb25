"""Findings about people in roles, unions, pairings and closed enterprises, over HTTP. Today is 2026-07-01."""

import pytest

from registry.codes import code
from registry.conftest import TOWN_B
from registry.findings.test_findings import enterprise, flagged, organization


@pytest.fixture
def people(county):
    for number in (1, 2):
        county.made("/v1/people", id=f"per-{number}", unit="unt-a", name=f"王小{number}")
    for number in range(1, 6):
        enterprise(county, number)
    return county


def assigned(county, number, on="2025-01-01", person="per-1", role="instructor", **body):
    given = {"unit": "unt-a", "term_ends_on": "2027-01-01", **body}
    return county.made(
        "/v1/assignments", person=person, role=role, enterprise=code(number), effective_on=on, **given
    )["id"]  # fmt: skip


def test_an_instructor_of_too_many_enterprises_is_flagged_from_the_day_it_became_too_many(people):
    for number, day in enumerate(("2025-01-01", "2025-02-01", "2025-03-01"), start=1):
        assigned(people, number, day)
    assert flagged(people, "?rule=S-5") == []

    fourth = assigned(people, 4, "2025-04-01")

    (found,) = people.get("/v1/findings", params={"rule": "S-5"}).json()["items"]
    assert (found["record_kind"], found["record"], found["problem"], found["fact"], found["since"]) == (
        "person", "per-1", "instructor-over-load", {"enterprises": 4}, "2025-04-01",
    )  # fmt: skip
    assert (found["parameter"]["value"], found["parameter"]["since"]) == (3, "2012-03-01")
    people.act(f"/v1/assignments/{fourth}/close", {"reason": "调整", "effective_on": "2026-06-01"})
    assert flagged(people, "?rule=S-5") == []


def test_a_load_that_was_lifted_and_came_back_counts_from_its_return(people):
    keys = [assigned(people, number) for number in (1, 2, 3, 4)]
    people.act(f"/v1/assignments/{keys[3]}/close", {"reason": "调整", "effective_on": "2025-06-01"})
    people.act(f"/v1/assignments/{keys[3]}/reopen", {"effective_on": "2025-09-01"})

    assert flagged(people, "?record_kind=person") == [("per-1", "instructor-over-load", "2025-09-01")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"term_ends_on": "2026-06-30"}, [("term-over", "2026-07-01")]),
        ({"term_ends_on": "2026-07-01"}, []),
        ({"term_ends_on": None}, [("term-unknown", "2025-01-01")]),
        ({"unit": None}, [("instructor-without-unit", "2025-01-01")]),
        ({"role": "liaison", "unit": None, "term_ends_on": None}, []),
    ],
)
def test_terms_and_units_of_assignments(people, body, expected):
    key = assigned(people, 1, **body)

    assert flagged(people, "?record_kind=assignment") == [(key, problem, since) for problem, since in expected]


def test_a_leader_of_too_many_contact_points_is_flagged(people):
    for number, day in ((1, "2025-01-01"), (2, "2025-02-01"), (3, "2025-05-01")):
        assigned(people, number, day, role="contact_leader")

    assert flagged(people, "?rule=S-4") == [("per-1", "contact-points-too-many", "2025-05-01")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"members": 24, "committee_members": 0}, []),
        ({"members": 25, "committee_members": 0}, ["union-committee-missing"]),
        ({"members": 25}, []),
        ({"members": 200, "committee_members": 5, "chair_is_full_time": False}, ["union-chair-not-full-time"]),
        ({"chair_is_relative": True}, ["union-chair-is-relative"]),
        ({"chair_is_secretary": True, "chair_is_investor": False}, []),
        ({"chair_is_secretary": True, "chair_is_investor": True}, ["union-chair-is-investor"]),
    ],
)
def test_unions_have_a_committee_and_a_chair_who_may_be_one(people, body, expected):
    people.made(
        "/v1/mass-organizations", id="mas-1", kind="union", name="工会", enterprise=code(1),
        established_on="2024-01-01", **body,
    )  # fmt: skip

    assert flagged(people, "?record_kind=mass_organization") == [
        ("mas-1", problem, "2024-01-01") for problem in expected
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"secretary_is_investor": False, "secretary_chairs_union": True}, []),
        ({"secretary_is_investor": True, "secretary_chairs_union": True}, ["union-chair-is-investor"]),
        ({"secretary_is_investor": True, "full_members": 30, "has_full_time_deputy": True}, []),
        ({"secretary_is_investor": True, "full_members": 29, "has_full_time_deputy": False}, []),
        (
            {"secretary_is_investor": True, "full_members": 30, "has_full_time_deputy": False},
            ["full-time-deputy-missing"],
        ),
    ],
)
def test_the_secretarys_other_posts(county, body, expected):
    organization(county, "org-1", **body)

    assert [problem for _, problem, _ in flagged(county, "?rule=R-15")] == expected


def test_an_organisation_whose_enterprises_all_closed_is_flagged_since_the_last_one_closed(county):
    organization(county, "org-1")
    for number in (1, 2):
        enterprise(county, number)
        county.made("/v1/covers", organization="org-1", enterprise=code(number), effective_on="2025-07-01")
    county.act(f"/v1/enterprises/{code(1)}/close", {"reason": "注销", "effective_on": "2026-01-10"})
    assert flagged(county, "?rule=R-16") == []

    county.act(f"/v1/enterprises/{code(2)}/close", {"reason": "停产", "effective_on": "2026-03-05"})

    assert flagged(county, "?rule=R-16") == [("org-1", "organization-of-closed-enterprises", "2026-03-05")]
    county.act(f"/v1/enterprises/{code(2)}/reopen", {"effective_on": "2026-04-01"})
    assert flagged(county, "?rule=R-16") == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"agreed_on": "2025-01-01", "ends_on": "2026-06-30"}, [("pairing-over", "2026-07-01")]),
        ({"agreed_on": "2025-01-01", "ends_on": "2026-07-01"}, []),
        ({"effective_on": "2026-05-01"}, [("pairing-without-agreement", "2026-05-01")]),
    ],
)
def test_pairings_rest_on_an_agreement_that_runs(people, body, expected):
    key = people.made("/v1/pairings", unit="unt-a", enterprise=code(1), **body)["id"]

    assert flagged(people, "?record_kind=pairing") == [(key, problem, since) for problem, since in expected]


def test_findings_of_one_record_are_asked_for_by_its_key(people):
    key, other = assigned(people, 1, unit=None), assigned(people, 2, unit=None)

    assert [each[0] for each in flagged(people)] == sorted([key, other])
    assert [each[0] for each in flagged(people, f"?record_kind=assignment&record={key}")] == [key]


def test_a_township_sees_findings_about_its_own_posts_only(people):
    people.made("/v1/enterprises", uscc=code(9), name="别处企业", division=TOWN_B, registered_on="2020-01-01")
    mine, _ = assigned(people, 1, unit=None), assigned(people, 9, unit=None)

    assert flagged(people, "?record_kind=assignment", by="clerk_a") == [(mine, "instructor-without-unit", "2025-01-01")]
