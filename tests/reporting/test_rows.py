"""From a number to exactly its rows."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heli_shared.kernel.pages import encode_cursor
from reporting.world import PARK, TOWN_A, TOWN_B, World

SHARES = [
    "organization_coverage",
    "sole_setup_rate",
    "work_coverage_strict",
    "work_coverage_broad",
    "due_established_rate",
    "staff50_with_member_rate",
    "staff100_with_organization_rate",
]


def rows(world: World, who=None, **params):
    answer = world.get("/v1/statistics/rows", who, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_rows_name_the_enterprise_its_place_and_why_it_is_left_out(world: World):
    page = rows(world, measure="organization_coverage", part="excluded")

    assert page["total"] == 1
    row = page["items"][0]
    assert (row["uscc"], row["name"], row["reason"]) == ("91990101MA0000009X", "示例企业9", "state_owned")
    assert row["division"] == {"code": TOWN_A, "name": "甲镇"}
    assert page["passport"]["definitions"][0]["measure"] == "organization_coverage"


OUTSIDE = {
    str({"divisions": (TOWN_B,)}): [{"division": TOWN_A}],
    str({"zones": (PARK,)}): [{"division": TOWN_A}],
    str({}): [{"division": TOWN_A}, {"zone": PARK}],
}
"""The filters that name what a scope does not see."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    measure=st.sampled_from(SHARES),
    filters=st.sampled_from([{}, {"division": TOWN_A}, {"zone": PARK}, {"organization_cover": ["none", "joint"]}]),
    on=st.sampled_from(["2026-07-01", "2026-01-01", "2019-12-31"]),
    scope=st.sampled_from([{"everything": True}, {"divisions": (TOWN_B,)}, {"zones": (PARK,)}, {}]),
)
def test_rows_are_as_many_as_the_number_says(world: World, measure, filters, on, scope):
    who = world.person("prn-any", **scope)
    if filters in OUTSIDE.get(str(scope), []):
        for path in ("/v1/statistics", "/v1/statistics/rows"):
            assert world.get(path, who, measure=measure, on=on, **filters).status_code == 404
        return
    cell = world.statistics(who, measure=measure, on=on, **filters)["total"][measure]

    totals = {
        part: rows(world, who, measure=measure, part=part, on=on, **filters)["total"]
        for part in ("numerator", "denominator", "gap", "excluded")
    }
    assert totals["numerator"] == cell["numerator"]
    assert totals["denominator"] == cell["denominator"]
    assert totals["gap"] == cell["denominator"] - cell["numerator"]


def test_pages_walk_through_all_rows_once(world: World):
    found, cursor = [], {}
    for _ in itertools.count():
        answer = world.get("/v1/statistics/rows", measure="enterprise_count", limit=3, **cursor)
        page = answer.json()
        assert page["total"] == 8
        found += [row["uscc"] for row in page["items"]]
        if page["next"] is None:
            break
        assert 'rel="next"' in answer.headers["Link"]
        cursor = {"cursor": page["next"]}

    assert len(found) == len(set(found)) == 8
    assert found == sorted(found)


@pytest.mark.parametrize("cursor", ["x", "!!", "WyJhIiwgMV0", "WzFd"])
def test_a_foreign_cursor_is_refused(world: World, cursor):
    assert world.get("/v1/statistics/rows", measure="enterprise_count", cursor=cursor).status_code == 400


@pytest.mark.parametrize("path", ["/v1/statistics/rows?measure=enterprise_count", "/v1/gaps", "/v1/worklists"])
@pytest.mark.parametrize("parts", [("x",), ("",), ("2026-02-30",), ("9" * 500,), (-1, "x", "y"), (10**30, "x", "y")])
def test_a_made_up_cursor_never_breaks_a_page(world: World, path, parts):
    separator = "&" if "?" in path else "?"
    answer = world.client.get(f"{path}{separator}cursor={encode_cursor(*parts)}", headers=world.admin)

    assert answer.status_code in {200, 400}
