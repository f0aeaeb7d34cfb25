"""Two hands at one transfer at the same moment: exactly one effect, on both databases."""

import threading

import pytest

from registry.conftest import TOWN_A

ROUNDS = 5


def at_once(*acts):
    """Run acts in threads that start together and return their answers in order."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        gate.wait(timeout=30)
        answers[number] = act()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.fixture
def many(transfers):
    """More organisations under unt-a: org-r0, org-r1, …"""
    for number in range(ROUNDS):
        key = f"org-r{number}"
        transfers.registry.made(
            "/v1/party-organizations", id=key, name=f"{key}党支部", kind="branch", setup_form="sole", division=TOWN_A,
            effective_on="2020-01-01",
        )  # fmt: skip
        transfers.registry.made("/v1/affiliations", organization=key, superior="unt-a", effective_on="2025-01-01")
    return transfers


def confirming(transfers, key, by):
    path = f"/v1/transfers/{key}"
    headers = {"If-Match": transfers.registry.get(path).headers["etag"]}
    return lambda: transfers.registry.call("POST", f"{path}/confirm", json={}, by=by, headers=headers)


def test_one_side_confirming_twice_at_once_moves_the_organization_once(many):
    for number in range(ROUNDS):
        key, organization = f"trf-r{number}", f"org-r{number}"
        many.propose(id=key, organization=organization)

        answers = at_once(*(confirming(many, key, "clerk_b") for _ in range(3)))

        assert sorted(each.status_code for each in answers) == [200, 412, 412]
        assert many.superiors(organization) == [("unt-b", None)]
        assert many.registry.get("/v1/affiliations", params={"organization": organization}).json()["total"] == 2
        assert many.get(key).json()["stage"] == "done"


def test_both_sides_confirming_at_once_are_taken_one_after_the_other(many):
    for number in range(ROUNDS):
        key, organization = f"trf-r{number}", f"org-r{number}"
        many.propose("county", id=key, organization=organization)

        answers = at_once(*(confirming(many, key, by) for by in ("clerk_a", "clerk_b")))

        assert sorted(each.status_code for each in answers) == [200, 412]
        assert many.superiors(organization) == [("unt-a", None)]
        late = "clerk_a" if answers[0].status_code == 412 else "clerk_b"
        assert many.step("confirm", late, key).json()["stage"] == "done"
        assert many.superiors(organization) == [("unt-b", None)]


def test_two_proposals_at_once_leave_one_under_way(many):
    for number in range(ROUNDS):
        organization = f"org-r{number}"
        acts = [
            lambda key=f"trf-{by}-{number}", by=by: many.propose(by, id=key, organization=organization)  # noqa: B023
            for by in ("clerk_a", "clerk_b")
        ]

        assert sorted(each.status_code for each in at_once(*acts)) == [201, 409]
        assert len(many.listed(organization=organization)) == 1


def test_two_organizations_that_go_under_each_other_at_once_make_no_circle(many):
    for number in range(0, ROUNDS - 1, 2):
        first, second = f"org-r{number}", f"org-r{number + 1}"
        acts = [
            lambda key=f"trf-{one}", one=one, other=other: many.propose(id=key, organization=one, to_superior=other)
            for one, other in ((first, second), (second, first))
        ]

        assert sorted(each.status_code for each in at_once(*acts)) == [201, 422]
