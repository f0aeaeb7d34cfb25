"""Contact points: a recorded decision that one is mature, proposals for the next, the change. Today is 2026-07-01."""

import random

import pytest

from heli_registry.rotations.domain import Candidate, Thresholds, proposals
from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B

DECIDED = {"outcome": "mature", "decided_on": "2026-06-20", "decided_by": "unt-a", "evidence": "党支部三星，覆盖稳定"}


@pytest.fixture
def leader(county):
    """A leader with a contact point at enterprise 1; enterprises 2 to 5 have none."""
    county.made("/v1/people", id="per-1", unit="unt-a", name="王小明")
    facts = {
        1: {"staff": 300}, 2: {"staff": 20}, 3: {"staff": 10, "full_members": 3}, 4: {"staff": 120},
        5: {"staff": 60, "division": TOWN_B, "full_members": 4},
    }  # fmt: skip
    for number, body in facts.items():
        given = {"division": TOWN_A, "registered_on": "2020-01-01", **body}
        county.made("/v1/enterprises", uscc=code(number), name=f"企业{number}", **given)
    county.made(
        "/v1/assignments", id="asg-1", person="per-1", role="contact_leader", enterprise=code(1), unit="unt-a",
        visits_per_year=6, effective_on="2025-01-01",
    )  # fmt: skip
    return county


def rotate(county, body, key="asg-1", **more):
    return county.act(f"/v1/assignments/{key}/rotate", body, **more)


def test_without_a_decision_nothing_is_proposed_and_nothing_rotates(leader):
    assert leader.get("/v1/rotation-proposals").json()["items"] == []
    refused = rotate(leader, {"enterprise": code(3)})

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:heli:problem:conflict")
    assert leader.get("/v1/assignments/asg-1").json()["state"] == "open"


def test_a_mature_point_is_proposed_the_enterprises_that_need_a_leader_most(leader):
    leader.made("/v1/maturity-decisions", assignment="asg-1", **DECIDED)

    (found,) = leader.get("/v1/rotation-proposals").json()["items"]

    assert (found["assignment"], found["enterprise"], found["matured_on"]) == ("asg-1", code(1), "2026-06-20")
    assert [(each["enterprise"], each["reason"], each["near"]) for each in found["proposals"]] == [
        (code(3), "due", True), (code(5), "due", False), (code(4), "large", True),
    ]  # fmt: skip
    reminder = leader.get("/v1/findings", params={"rule": "S-4"}).json()["items"]
    assert [(each["record"], each["problem"], each["since"]) for each in reminder] == [
        ("asg-1", "contact-point-matured", "2026-06-20")
    ]


def test_rotating_closes_the_old_point_and_opens_the_next_in_one_step(leader):
    leader.made("/v1/maturity-decisions", assignment="asg-1", **DECIDED)

    made = rotate(leader, {"enterprise": code(3), "effective_on": "2026-06-25", "reason": "经研究"}).json()

    old = leader.get("/v1/assignments/asg-1").json()
    assert (old["state"], old["closed_on"], old["closed_reason"]) == ("closed", "2026-06-25", "联系点成熟更换：经研究")
    assert {name: made[name] for name in ("person", "role", "unit", "visits_per_year", "enterprise", "state")} == {
        "person": "per-1", "role": "contact_leader", "unit": "unt-a", "visits_per_year": 6, "enterprise": code(3),
        "state": "open",
    }  # fmt: skip
    before = leader.get("/v1/assignments", params={"on": "2026-06-24", "role": "contact_leader"}).json()["items"]
    assert [each["id"] for each in before if each["state"] == "open"] == ["asg-1"]
    assert leader.get("/v1/rotation-proposals").json()["items"] == []
    assert rotate(leader, {"enterprise": code(4)}).status_code == 409  # a point that was left cannot be left again


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"enterprise": code(8)}, 422),
        ({"enterprise": code(3), "organization": "org-1"}, 422),
        ({"enterprise": code(3), "effective_on": "2026-07-02"}, 422),
        ({"enterprise": "x"}, 422),
    ],
)
def test_a_change_to_nowhere_leaves_everything_as_it_was(leader, body, status):
    leader.made("/v1/maturity-decisions", assignment="asg-1", **DECIDED)

    assert rotate(leader, body).status_code == status
    assert leader.get("/v1/assignments/asg-1").json()["state"] == "open"
    assert leader.get("/v1/assignments").json()["total"] == 1


def test_a_clerk_rotates_within_the_own_township_only(leader):
    leader.made("/v1/maturity-decisions", assignment="asg-1", **DECIDED)

    assert rotate(leader, {"enterprise": code(5)}, by="clerk_a").status_code == 422
    proposals_seen = leader.get("/v1/rotation-proposals", by="clerk_a").json()["items"][0]["proposals"]
    assert code(5) not in [each["enterprise"] for each in proposals_seen]
    assert rotate(leader, {"enterprise": code(3)}, by="clerk_a").status_code == 201


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"decided_on": "2026-07-02"}, "/decided_on"),
        ({"assignment": "asg-2"}, "/assignment"),
        ({"decided_by": "x"}, "/decided_by"),
    ],
)
def test_a_decision_about_nothing_or_to_come_is_refused(leader, change, pointer):
    leader.made("/v1/assignments", id="asg-2", person="per-1", role="instructor", enterprise=code(1))
    answer = leader.post("/v1/maturity-decisions", {"assignment": "asg-1", **DECIDED, **change})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_one_enterprise_is_not_offered_first_to_two_leaders(leader):
    leader.made("/v1/people", id="per-2", unit="unt-a", name="王小红")
    leader.made("/v1/assignments", id="asg-2", person="per-2", role="contact_leader", enterprise=code(2))
    for key in ("asg-1", "asg-2"):
        leader.made("/v1/maturity-decisions", assignment=key, **DECIDED)

    first, second = leader.get("/v1/rotation-proposals").json()["items"]

    assert (first["proposals"][0]["enterprise"], second["proposals"][0]["enterprise"]) == (code(3), code(5))


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_proposals_is_that_of_a_naive_sort(seed):
    chance = random.Random(seed)
    some = [
        Candidate(
            f"{number:03}", f"企业{number}", chance.choice("ab"), chance.choice([None, 10, 60, 150]),
            chance.choice([None, 0, 1, 3]), chance.choice([None, 0, 1]),
        )
        for number in range(30)
    ]  # fmt: skip

    def naive(each):
        full, staff = each.full_members or 0, each.staff or 0
        if full >= 3:
            rank = 0
        elif full + (each.probationary_members or 0) > 0:
            rank = 1
        else:
            rank = 2 if staff >= 100 else 3 if staff >= 50 else 4
        return rank, each.division != "a", -staff, each.uscc

    found = proposals(some, division="a", thresholds=Thresholds(3, 100, 50))

    assert [each.candidate for each in found] == sorted(some, key=naive)
