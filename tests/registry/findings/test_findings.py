"""Findings over HTTP: what is flagged in the caller's scope, on what grounds, and since when. Today is 2026-07-01."""

import pytest

from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B, Registry


def organization(registry: Registry, key: str, **body):
    given = {"name": f"{key}党支部", "kind": "branch", "setup_form": "sole", "division": TOWN_A, "full_members": 5}
    given |= {"elected_on": "2025-06-01", "effective_on": "2025-06-01"}
    made = registry.made("/v1/party-organizations", id=key, **{**given, **body})
    link = {"organization": key, "superior": "unt-a", "effective_on": made_on(given | body)}
    registry.made("/v1/affiliations", **link)
    return made


def made_on(body):
    return body["effective_on"]


def enterprise(registry: Registry, number: int, **body):
    given = {"name": f"企业{number}", "division": TOWN_A, "registered_on": "2020-01-01", "responsible_unit": "unt-a"}
    return registry.made("/v1/enterprises", uscc=code(number), **{**given, **body})


def flagged(registry: Registry, query: str = "", **more):
    found = registry.get(f"/v1/findings{query}", **more).json()
    return [(each["record"], each["problem"], each["since"]) for each in found["items"]]


def test_a_county_in_order_has_no_findings(county):
    organization(county, "org-1")
    enterprise(county, 1, full_members=2)
    found = county.get("/v1/findings")
    assert (found.status_code, found.json()) == (200, {"items": [], "next": None, "total": 0})


def test_a_finding_is_complete(county):
    organization(county, "org-1", elected_on="2023-05-31", effective_on="2023-06-01")
    assert county.get("/v1/party-organizations/org-1/findings").json() == {
        "items": [
            {
                "rule": "R-9",
                "problem": "election-overdue",
                "severity": "violation",
                "record_kind": "party_organization",
                "record": "org-1",
                "name": "org-1党支部",
                "zh": "任期已于2026-05-31届满，逾期未换届。",
                "en": "Its term ended on 2026-05-31 without an election.",
                "basis": "关于党的基层组织任期的意见（2018-07-12）：总支部委员会、支部委员会每届任期3年",
                "fact": {"elected_on": "2023-05-31", "term_years": 3, "due_on": "2026-05-31"},
                "parameter": {
                    "name": "term.branch",
                    "value": 3,
                    "unit": "years",
                    "since": "2018-07-12",
                    "basis": "关于党的基层组织任期的意见（2018-07-12）：总支部委员会、支部委员会每届任期3年",
                },
                "since": "2026-06-01",
            }
        ],
        "next": None,
        "total": 1,
    }


def test_since_is_the_first_day_of_the_last_unbroken_run(county):
    organization(county, "org-1")
    path = "/v1/party-organizations/org-1"
    for full_members, day in ((2, "2025-08-01"), (4, "2025-10-01"), (1, "2026-02-01"), (2, "2026-04-01")):
        county.patch(path, {"full_members": full_members, "effective_on": day})
    assert flagged(county) == [("org-1", "branch-below-number", "2026-02-01")]
    # A correction of the past moves it.
    county.patch(path, {"full_members": 3, "effective_on": "2026-03-01"})
    assert flagged(county) == [("org-1", "branch-below-number", "2026-04-01")]


def test_an_enterprise_is_flagged_since_it_lost_its_organisation(county):
    enterprise(county, 1, full_members=3)
    assert flagged(county) == [(code(1), "not-established", "2020-01-01")]
    organization(county, "org-1")
    cover = {"id": "cov-1", "organization": "org-1", "enterprise": code(1), "effective_on": "2025-07-01"}
    county.made("/v1/covers", **cover)
    assert flagged(county) == []
    county.act("/v1/covers/cov-1/close", {"reason": "撤销", "effective_on": "2026-03-15"})
    assert flagged(county) == [(code(1), "not-established", "2026-03-15")]


def test_a_cover_by_a_closed_organisation_covers_nothing(county):
    enterprise(county, 1, full_members=3)
    organization(county, "org-1")
    county.made("/v1/covers", organization="org-1", enterprise=code(1), effective_on="2025-07-01")
    county.act("/v1/party-organizations/org-1/close", {"reason": "撤销", "effective_on": "2026-05-01"})
    assert flagged(county) == [(code(1), "not-established", "2026-05-01")]


@pytest.mark.parametrize(
    "facts",
    [
        {"ownership": "state_owned"},
        {"is_branch_office": True},
        {"operation_state": "suspended"},
        {"has_premises": False},
        {"full_members": 2},
        {"full_members": None},
    ],
)
def test_who_is_not_counted_is_not_flagged(county, facts):
    enterprise(county, 1, **{"full_members": 3, **facts})
    assert flagged(county) == []


def test_a_joint_branch_that_covers_six_is_flagged_since_the_sixth(county):
    organization(county, "org-1", kind="joint_branch", setup_form="joint")
    for number in range(1, 7):
        enterprise(county, number)
        day = f"2026-0{number}-01"
        county.made("/v1/covers", organization="org-1", enterprise=code(number), effective_on=day)
    assert flagged(county) == [("org-1", "joint-branch-too-wide", "2026-06-01")]
    found = county.get("/v1/party-organizations/org-1/findings").json()["items"][0]
    assert (found["fact"], found["parameter"]["value"]) == ({"covered_enterprises": 6}, 5)
    county.act(f"/v1/enterprises/{code(3)}/close", {"reason": "注销", "effective_on": "2026-06-20"})
    assert flagged(county) == []


def test_a_project_without_an_organisation_is_flagged_since_it_lost_it(county):
    county.made(
        "/v1/zones", id="zon-1", name="高铁三标", kind="project", division=TOWN_A, planned_months=18, full_members=9,
        effective_on="2026-01-10",
    )  # fmt: skip
    assert flagged(county) == [("zon-1", "project-without-organization", "2026-01-10")]
    organization(county, "org-1", zone="zon-1")
    assert flagged(county) == []
    county.patch("/v1/party-organizations/org-1", {"zone": None, "effective_on": "2026-05-05"})
    assert flagged(county) == [("zon-1", "project-without-organization", "2026-05-05")]


@pytest.fixture
def flawed(county):
    """Findings of three kinds in two townships."""
    organization(county, "org-a", has_secretary=False, elected_on="2020-01-01")
    organization(county, "org-b", has_secretary=False, division=TOWN_B)
    for number, town in ((1, TOWN_A), (2, TOWN_B), (3, TOWN_A)):
        enterprise(county, number, full_members=4, division=town)
    county.made("/v1/zones", id="zon-b", name="标段", kind="project", division=TOWN_B, planned_months=6, full_members=3)
    return county


def test_findings_are_listed_in_order_and_paged(flawed):
    everything = [(record, problem) for record, problem, _ in flagged(flawed)]
    assert everything == [
        (code(1), "not-established"),
        (code(2), "not-established"),
        (code(3), "not-established"),
        ("org-a", "election-overdue"),
        ("org-a", "no-secretary"),
        ("org-b", "no-secretary"),
        ("zon-b", "project-without-organization"),
    ]
    walked, path = [], "/v1/findings?limit=2"
    while path:
        page = flawed.get(path)
        walked += [(each["record"], each["problem"]) for each in page.json()["items"]]
        assert page.json()["total"] == 7
        path = "/v1/findings" + page.headers["link"].split(";")[0].strip("<>") if page.json()["next"] else None
    assert walked == everything


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?rule=R-1", 3),
        ("?rule=R-6", 2),
        ("?rule=R-2", 0),
        ("?record_kind=zone", 1),
        ("?record_kind=party_organization", 3),
        ("?record_kind=party_organization&rule=R-9", 1),
    ],
)
def test_findings_are_filtered_by_rule_and_kind(flawed, query, count):
    found = flawed.get(f"/v1/findings{query}").json()
    assert (found["total"], len(found["items"])) == (count, count)
    assert "&".join(f"{name}={value}" for name, value in sorted(found["filters"].items(), reverse=True)) in {
        query[1:],
        "&".join(reversed(query[1:].split("&"))),
    }


@pytest.mark.parametrize("query", ["?rule=R-99", "?record_kind=unit", "?cursor=x", "?limit=0", "?town=1"])
def test_unknown_filters_are_refused(flawed, query):
    assert flawed.get(f"/v1/findings{query}").status_code == 400


def test_a_township_gets_the_findings_of_its_own_records_only(flawed):
    assert [(record, problem) for record, problem, _ in flagged(flawed, by="clerk_a")] == [
        (code(1), "not-established"),
        (code(3), "not-established"),
        ("org-a", "election-overdue"),
        ("org-a", "no-secretary"),
    ]
    assert flawed.get("/v1/findings", by="clerk_a").json()["total"] == 4
    assert flawed.get("/v1/party-organizations/org-b/findings", by="clerk_a").status_code == 404
    assert flawed.get("/v1/party-organizations/org-none/findings").status_code == 404


def test_without_the_permission_there_are_no_findings(flawed):
    flawed.enrol("exchange", "exchange")
    assert flawed.get("/v1/findings", by="exchange").status_code == 403


def test_a_closed_organisation_has_no_findings(flawed):
    flawed.act("/v1/party-organizations/org-a/close", {"reason": "撤销"})
    assert flawed.get("/v1/party-organizations/org-a/findings").json()["items"] == []


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"full_members": 2}, 409, "R-1"),
        ({"kind": "committee"}, 409, "R-5"),
        ({"kind": "temporary_branch", "elected_on": None, "acts": ["collect_dues"]}, 409, "R-8"),
        ({"elected_on": "2025-06-01", "extension_until": "2029-01-01"}, 409, "R-10"),
        ({"elected_on": "2026-07-02"}, 422, None),
        ({"kind": "temporary_branch", "elected_on": None, "full_members": 1}, 201, None),
        (
            {"kind": "committee", "exception_document": "县组〔2026〕1号", "exception_body": "县委组织部"},
            201,
            None,
        ),
    ],
)
def test_founding_is_refused_by_the_rules_with_rule_and_basis(county, body, status, said):
    given = {"name": "新支部", "kind": "branch", "setup_form": "sole", "division": COUNTY, "full_members": 5}
    answer = county.post("/v1/party-organizations", {**given, **body})
    assert answer.status_code == status
    if said:
        refused = answer.json()
        assert (refused["type"], refused["rule"], bool(refused["basis"])) == ("urn:heli:problem:party-rule", said, True)
        assert county.get("/v1/party-organizations").json()["total"] == 0
