"""三不管, 多头隶属 and 隶属不符: what is flagged about superiors, and since when. Today is 2026-07-01."""

import pytest

from registry.codes import code
from registry.conftest import COUNTY, TOWN_A
from registry.findings.test_findings import enterprise, flagged


@pytest.fixture
def office(county):
    county.made("/v1/units", id="unt-0", name="县委两新工委", kind="commission", division=COUNTY)
    county.made("/v1/zones", id="zon-1", name="城东工业园", kind="park", division=TOWN_A)
    return county


def organization(county, key="org-1", **body):
    given = {
        "name": f"{key}支部",
        "kind": "branch",
        "setup_form": "sole",
        "division": TOWN_A,
        "elected_on": "2025-01-01",
    }
    return county.made("/v1/party-organizations", id=key, effective_on="2025-01-01", **{**given, **body})


def affiliated(county, superior, on="2025-01-01", organization="org-1", **body):
    given = {"organization": organization, "superior": superior, "effective_on": on, **body}
    return county.made("/v1/affiliations", **given)["id"]


def above(county, **query):
    items = county.get("/v1/findings", params={"record_kind": "party_organization", **query}).json()["items"]
    return [(each["problem"], each["since"]) for each in items if each["rule"].startswith("A-")]


def test_an_organisation_of_nobody_is_flagged_since_its_last_superior_went(office):
    organization(office)
    key = affiliated(office, "unt-a", "2025-02-01")
    assert above(office) == []

    office.act(f"/v1/affiliations/{key}/close", {"reason": "撤销", "effective_on": "2026-03-10"})

    assert above(office) == [("organization-of-nobody", "2026-03-10")]
    assert above(office, rule="A-1") == [("organization-of-nobody", "2026-03-10")]
    one = office.get("/v1/party-organizations/org-1/findings").json()["items"]
    assert [each["problem"] for each in one] == ["organization-of-nobody"]


def test_two_masters_are_flagged_since_the_second_came(office):
    organization(office)
    affiliated(office, "unt-a")
    affiliated(office, "unt-0", "2025-09-01")

    assert above(office) == [("two-masters", "2025-09-01")]


def test_a_superior_that_was_closed_is_flagged_since_it_closed(office):
    organization(office)
    affiliated(office, "unt-0")
    office.act("/v1/units/unt-0/close", {"reason": "机构改革", "effective_on": "2026-05-05"})

    assert above(office) == [("superior-closed", "2026-05-05")]


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        ({}, "territory", []),
        ({}, None, []),
        ({}, "direct", []),
        ({}, "industry", [("affiliation-mismatch", "2025-01-01")]),
        ({"setup_form": "industry"}, "industry", []),
        ({"setup_form": "industry"}, "territory", [("affiliation-mismatch", "2025-01-01")]),
        ({"zone": "zon-1"}, "park", []),
        ({"zone": "zon-1"}, "territory", [("affiliation-mismatch", "2025-01-01")]),
    ],
)
def test_the_kind_of_superior_is_held_against_the_dated_rule(office, body, kind, expected):
    organization(office, **body)
    affiliated(office, "unt-a", kind=kind)

    assert above(office) == expected


def test_a_mismatch_begins_when_the_organisation_moves_into_the_park(office):
    organization(office)
    affiliated(office, "unt-a", kind="territory")
    office.patch("/v1/party-organizations/org-1", {"zone": "zon-1", "effective_on": "2026-04-04"})

    (found,) = office.get("/v1/findings", params={"rule": "A-3"}).json()["items"]

    assert (found["since"], found["fact"]["expected"], found["parameter"]["since"]) == (
        "2026-04-04", "park", "2012-03-01",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"full_members": 1}, [(code(1), "enterprise-of-nobody", "2020-01-01")]),
        ({"probationary_members": 1}, [(code(1), "enterprise-of-nobody", "2020-01-01")]),
        ({"full_members": 0}, []),
        ({"full_members": 1, "responsible_unit": "unt-a"}, []),
        ({"full_members": 1, "ownership": "state_owned"}, []),
    ],
)
def test_members_whom_nobody_looks_after_are_flagged(office, body, expected):
    enterprise(office, 1, **{"responsible_unit": None, **body})

    assert flagged(office, "?record_kind=enterprise&rule=A-1") == expected


def test_the_list_of_nobodys_is_that_of_a_naive_reading(office):
    """Twelve organisations with zero to two superiors each, some closed: the lists by hand."""
    wanted = {}
    for number in range(12):
        key = f"org-{number:02}"
        organization(office, key)
        count, closed = number % 3, number % 2
        links = [affiliated(office, superior, organization=key) for superior in ("unt-a", "unt-0")[:count]]
        if closed and links:
            office.act(f"/v1/affiliations/{links[0]}/close", {"reason": "调整", "effective_on": "2025-06-01"})
        left = count - (1 if closed and links else 0)
        if left != 1:
            wanted[key] = "organization-of-nobody" if left == 0 else "two-masters"

    items = office.get("/v1/findings", params={"limit": 200}).json()["items"]

    assert {each["record"]: each["problem"] for each in items if each["rule"] in ("A-1", "A-2")} == wanted
