"""Results over HTTP: by check and by unit, on any day, in the caller's scope. Today is 2026-07-01."""

import pytest

from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B, Registry

GOOD = {
    "division": TOWN_A, "address": "一路1号", "registered_on": "2020-01-01", "ownership": "private",
    "industry": "C3499", "operation_state": "operating", "has_premises": True, "has_stable_staff": True,
    "has_activity": True, "staff": 20, "full_members": 2, "annual_revenue": "1000000", "refreshed_on": "2026-06-20",
    "responsible_unit": "unt-tax",
}  # fmt: skip


@pytest.fixture
def offices(county: Registry) -> Registry:
    county.made("/v1/units", id="unt-county", name="县工委", kind="commission", division=COUNTY)
    county.patch("/v1/units/unt-a", {"parent": "unt-county"})
    county.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B, parent="unt-county")
    county.made("/v1/units", id="unt-tax", name="税务局", kind="department", parent="unt-county", division=COUNTY)
    return county


def enterprise(registry: Registry, number: int, **body):
    return registry.made("/v1/enterprises", uscc=code(number), name=f"企业{number}", **{**GOOD, **body})


def tally(registry: Registry, check: str, query: str = "", **more):
    found = registry.get(f"/v1/quality/results?check={check}{query}", **more)
    assert found.status_code == 200, found.text
    only = found.json()["checks"][0]
    return only["looked_at"], only["failing"], only["share"], only["reason"]


def keys(registry: Registry, query: str = "", **more):
    found = registry.get(f"/v1/quality/results/rows?{query}", **more).json()
    return [(each["record"], [fail["check"] for fail in each["failures"]]) for each in found["items"]]


def test_the_catalogue_is_listed_and_filtered(registry):
    items = registry.get("/v1/quality/checks").json()["items"]
    assert len(items) >= 120
    assert items[0] == {
        "id": "affiliation.superior-unknown",
        "kind": "affiliation",
        "severity": "error",
        "blocks": False,
        "since": "2012-03-01",
        "zh": "上级不存在",
        "en": "The superior does not exist",
        "definition_zh": "上级既不是登记的党组织，也不是登记的机构",
        "definition_en": "The superior is neither an organisation nor a unit on record",
        "basis": "理顺隶属关系",
        "fix_zh": "登记上级，或改填正确的上级",
        "fix_en": "Record the superior or name the right one",
        "fields": ["superior"],
        "parameters": [],
    }
    some = registry.get("/v1/quality/checks?severity=error&kind=cover").json()["items"]
    assert [each["id"] for each in some] == ["cover.enterprise-closed", "cover.organization-closed"]


def test_a_county_in_order_has_enterprises_without_a_fault(offices):
    enterprise(offices, 1)
    found = offices.get("/v1/quality/results?kind=enterprise").json()
    assert found["total"] == {"records": 1, "with_errors": 0, "share_without_errors": "1.0000", "reason": None}
    assert [each["check"] for each in found["checks"] if each["failing"]] == []
    assert offices.get("/v1/quality/results/rows?kind=enterprise").json()["items"] == []


def test_results_are_complete_by_check_and_by_unit(offices):
    enterprise(offices, 1, full_members=30)
    enterprise(offices, 2)
    enterprise(offices, 3, division=TOWN_B, full_members=None)
    found = offices.get("/v1/quality/results?check=enterprise.members-over-staff").json()
    assert found == {
        "on": "2026-07-01",
        "known_at": found["known_at"],
        "view": "territory",
        "total": {"records": 3, "with_errors": 1, "share_without_errors": "0.6667", "reason": None},
        "checks": [
            {
                "check": "enterprise.members-over-staff", "kind": "enterprise", "severity": "error",
                "looked_at": 2, "failing": 1, "share": "0.5000", "reason": None,
            }
        ],
        "units": [
            {
                "unit": "unt-a", "name": "城关镇党委", "records": 2, "with_errors": 1,
                "share_without_errors": "0.5000", "reason": None,
                "checks": {
                    "enterprise.members-over-staff": {
                        "looked_at": 2, "failing": 1, "share": "0.5000", "reason": None,
                    }
                },
            },
            {
                "unit": "unt-b", "name": "河西乡党委", "records": 1, "with_errors": 0,
                "share_without_errors": "1.0000", "reason": None, "checks": {},
            },
        ],
        "filters": {"check": "enterprise.members-over-staff"},
    }  # fmt: skip


def test_a_row_tells_the_facts_and_what_to_do(offices):
    enterprise(offices, 1, full_members=30)
    found = offices.get("/v1/quality/results/rows?severity=error").json()
    assert found["total"] == 1
    row = found["items"][0]
    assert row == {
        "kind": "enterprise",
        "record": code(1),
        "name": "企业1",
        "link": f"/v1/enterprises/{code(1)}",
        "version": row["version"],
        "unit": "unt-a",
        "unit_name": "城关镇党委",
        "failures": [
            {
                "check": "enterprise.members-over-staff",
                "severity": "error",
                "zh": "党员数多于从业人员数",
                "en": "More Party members than staff",
                "fix_zh": "核对花名册，改正从业人员数或党员数；组织关系在此而不在企业工作的不计入",
                "fix_en": "Compare with the roster and correct the staff or the members; who does not work there "
                "is not counted",
                "facts": {"staff": 20, "full_members": 30, "probationary_members": None},
            }
        ],
    }  # fmt: skip
    assert offices.get(row["link"]).headers["etag"] == f'"{row["version"]}"'


def test_nothing_looked_at_gives_no_share(offices):
    assert tally(offices, "enterprise.members-over-staff") == (0, 0, None, "nothing_looked_at")


def test_a_check_applies_from_its_first_day(offices):
    enterprise(offices, 1, annual_revenue="9000000000", registered_on="2010-01-01", refreshed_on="2010-01-01")
    assert tally(offices, "enterprise.revenue-implausible") == (1, 1, "1.0000", None)
    assert tally(offices, "enterprise.revenue-implausible", "&on=2019-12-31") == (0, 0, None, "not_in_force")


def test_a_past_day_is_judged_by_what_held_then(offices):
    enterprise(offices, 1, full_members=30)
    offices.patch(f"/v1/enterprises/{code(1)}", {"staff": 40, "effective_on": "2026-05-01"})
    check = "enterprise.members-over-staff"
    assert tally(offices, check) == (1, 0, "0.0000", None)
    assert tally(offices, check, "&on=2026-04-30") == (1, 1, "1.0000", None)
    assert tally(offices, check, "&on=2019-12-31") == (0, 0, None, "nothing_looked_at")


def test_what_was_known_then_can_be_asked_for(offices):
    enterprise(offices, 1, full_members=30)
    seq = offices.get("/v1/quality/results").json()["known_at"]
    offices.patch(f"/v1/enterprises/{code(1)}", {"full_members": 2, "effective_on": "2020-01-01"})
    check = "enterprise.members-over-staff"
    assert tally(offices, check, "&on=2026-05-01") == (1, 0, "0.0000", None)
    assert tally(offices, check, f"&on=2026-05-01&known_at={seq}") == (1, 1, "1.0000", None)


def test_a_record_counts_for_its_territory_or_for_who_is_responsible(offices):
    enterprise(offices, 1, full_members=30)
    enterprise(offices, 2, full_members=30, responsible_unit=None)
    check = "enterprise.members-over-staff"
    assert tally(offices, check, "&unit=unt-a") == (2, 2, "1.0000", None)
    assert tally(offices, check, "&unit=unt-tax&view=responsibility") == (1, 1, "1.0000", None)
    assert tally(offices, check, "&unit=unt-tax") == (0, 0, None, "nothing_looked_at")
    assert tally(offices, check, "&unit=unt-county&view=responsibility") == (1, 1, "1.0000", None)


def test_the_rows_of_a_unit_alone_are_those_that_it_is_counted_for(offices):
    offices.made("/v1/units", id="unt-tax-a", name="税务所", kind="department", parent="unt-tax", division=TOWN_A)
    enterprise(offices, 1, full_members=30)
    enterprise(offices, 2, full_members=30, responsible_unit="unt-tax-a")
    asked = "view=responsibility&severity=error&unit=unt-tax"
    units = offices.get(f"/v1/quality/results?{asked}&alone=true").json()["units"]
    assert [(each["unit"], each["with_errors"]) for each in units] == [("unt-tax", 1)]
    assert [key for key, _ in keys(offices, f"{asked}&alone=true")] == [code(1)]
    assert [key for key, _ in keys(offices, asked)] == [code(1), code(2)]


def test_units_and_divisions_include_those_below(offices):
    enterprise(offices, 1, full_members=30)
    enterprise(offices, 2, full_members=30, division=TOWN_B)
    check = "enterprise.members-over-staff"
    assert tally(offices, check, "&unit=unt-county")[:2] == (2, 2)
    assert tally(offices, check, "&unit=unt-b")[:2] == (1, 1)
    assert tally(offices, check, f"&division={COUNTY[:6]}")[:2] == (2, 2)
    assert tally(offices, check, f"&division={TOWN_B}")[:2] == (1, 1)
    assert keys(offices, f"check={check}&division={TOWN_B}") == [(code(2), [check])]


def test_a_clerk_sees_the_own_part_only(offices):
    enterprise(offices, 1, full_members=30)
    enterprise(offices, 2, full_members=30, division=TOWN_B)
    check = "enterprise.members-over-staff"
    assert tally(offices, check, by="clerk_a")[:2] == (1, 1)
    assert keys(offices, f"check={check}", by="clerk_a") == [(code(1), [check])]
    assert tally(offices, check, "&on=2026-06-30", by="clerk_a")[:2] == (1, 1)
    assert offices.get("/v1/quality/results?unit=unt-b", by="clerk_a").status_code == 404


def test_a_record_without_a_place_lies_where_its_enterprise_does(offices):
    enterprise(offices, 1)
    body = {"name": "工会", "kind": "union", "enterprise": code(1), "members": 50}
    offices.made("/v1/mass-organizations", id="mas-1", **body)
    check = "mass_organization.members-over-staff"
    assert keys(offices, f"check={check}&unit=unt-a") == [("mas-1", [check])]
    assert keys(offices, f"check={check}&unit=unt-b") == []


def test_rows_are_paged_and_their_total_is_the_count(offices):
    for number in range(1, 6):
        enterprise(offices, number, full_members=30, industry=None if number % 2 else "C13")
    walked, path = [], "/v1/quality/results/rows?kind=enterprise&limit=2"
    while path:
        page = offices.get(path).json()
        walked += [each["record"] for each in page["items"]]
        assert page["total"] == 5
        path = page["next"] and f"/v1/quality/results/rows?kind=enterprise&limit=2&cursor={page['next']}"
    assert walked == [code(number) for number in range(1, 6)]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("check=enterprise.smell", 400),
        ("severity=fatal", 400),
        ("kind=castle", 400),
        ("division=12a", 400),
        ("on=2026-07-02", 400),
        ("known_at=999999", 400),
        ("colour=red", 400),
        ("unit=unt-nobody", 404),
    ],
)
def test_what_cannot_be_asked_is_refused(offices, query, status):
    for path in ("/v1/quality/results", "/v1/quality/results/rows"):
        found = offices.get(f"{path}?{query}")
        assert (found.status_code, found.headers["content-type"]) == (status, "application/problem+json")
