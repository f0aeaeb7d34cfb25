"""The three trees on any day, what they count by the structure of then and of now, and whether they agree."""

import pytest

from registry.codes import code
from registry.conftest import COUNTY, TOWN_A, TOWN_B


def counts(county, on, structure="then", tree="territory"):
    found = county.get(f"/v1/trees/{tree}/counts", params={"on": str(on), "structure": structure}).json()
    return {each["key"]: each["enterprises"] for each in found["items"] if each["enterprises"]}, found


def test_a_township_redrawn_mid_year_keeps_both_series_right(county):
    for number, town in ((1, TOWN_A), (2, TOWN_A), (3, TOWN_B)):
        county.made(
            "/v1/enterprises", uscc=code(number), name=f"企业{number}", division=town, registered_on="2020-01-01"
        )
    county.act(f"/v1/divisions/{TOWN_A}/merge", {"into": TOWN_B, "reason": "撤并", "effective_on": "2026-04-01"})

    then = [counts(county, day)[0] for day in ("2026-03-31", "2026-04-01")]
    now = [counts(county, day, "now")[0] for day in ("2026-03-31", "2026-04-01")]

    assert then == [{COUNTY: 3, TOWN_A: 2, TOWN_B: 1}, {COUNTY: 3, TOWN_B: 3}]
    assert now == [{COUNTY: 3, TOWN_B: 3}, {COUNTY: 3, TOWN_B: 3}]


def test_the_sector_tree_goes_by_the_named_sector_or_the_longest_industry_code(county):
    county.made("/v1/sectors", id="sct-it", name="互联网", lead_unit="unt-a", industries=["I", "I64"])
    county.made("/v1/sectors", id="sct-soft", name="软件", parent="sct-it", industries=["I65"])
    county.made("/v1/sectors", id="sct-own", name="其他")
    given = {1: {"industry": "I6420"}, 2: {"industry": "I6510"}, 3: {"industry": "C13"}, 4: {"sector": "sct-own"}}
    for number, body in given.items():
        registered = {"name": f"企业{number}", "division": TOWN_A, "registered_on": "2020-01-01"}
        county.made("/v1/enterprises", uscc=code(number), **registered, **body)

    found, whole = counts(county, "2026-06-30", tree="sector")

    assert found == {"sct-it": 2, "sct-soft": 1, "sct-own": 1}
    assert (whole["enterprises"], whole["unplaced"]) == (4, 1)


def test_the_affiliation_tree_holds_units_and_organisations_on_any_day(county):
    county.made("/v1/units", id="unt-0", name="县委两新工委", kind="commission", division=COUNTY)
    for key in ("org-1", "org-2"):
        body = {"name": f"{key}支部", "kind": "branch", "setup_form": "sole", "division": TOWN_A}
        county.made("/v1/party-organizations", id=key, **body, established_on="2020-01-01")
    county.made("/v1/affiliations", id="aff-1", organization="org-1", superior="unt-a", effective_on="2021-01-01")
    county.made("/v1/affiliations", id="aff-2", organization="org-2", superior="org-1", effective_on="2021-01-01")
    county.act("/v1/affiliations/aff-1/close", {"reason": "转接", "effective_on": "2026-03-01"})
    county.made("/v1/affiliations", id="aff-3", organization="org-1", superior="unt-0", effective_on="2026-03-01")

    def path(day):
        found = county.get("/v1/trees/affiliation/nodes/org-2/path", params={"on": day}).json()
        return [each["key"] for each in found["items"]]

    assert [path(day) for day in ("2020-06-01", "2026-02-28", "2026-03-01")] == [
        ["org-2"], ["unt-a", "org-1", "org-2"], ["unt-0", "org-1", "org-2"],
    ]  # fmt: skip


def test_trees_that_disagree_tell_the_rows_that_one_lacks(county):
    county.made("/v1/sectors", id="sct-1", name="制造业", industries=["C"])
    for number, body in ((1, {"industry": "C13"}), (2, {})):
        registered = {"name": f"企业{number}", "division": TOWN_A, "registered_on": "2020-01-01"}
        county.made("/v1/enterprises", uscc=code(number), **registered, **body)

    found = county.get("/v1/trees/agreement").json()

    assert (found["enterprises"], found["agrees"]) == (2, False)
    assert [(each["tree"], each["placed"], each["enterprises"]) for each in found["trees"]] == [
        ("territory", 2, []), ("sector", 1, [code(2)]), ("affiliation", 0, [code(1), code(2)]),
    ]  # fmt: skip


def test_a_tree_is_shown_below_a_node_to_a_depth_and_within_the_scope(county):
    county.made("/v1/divisions", code="990121101001", name="台上村", level="village", parent=TOWN_A)

    def keys(**query):
        found = county.get("/v1/trees/territory", **query).json()["items"]
        return [(each["key"], each["depth"], each["children"]) for each in found]

    assert keys(params={"depth": 1}) == [(COUNTY, 0, 2), (TOWN_A, 1, 1), (TOWN_B, 1, 0)]
    assert keys(params={"under": TOWN_A}) == [(TOWN_A, 0, 1), ("990121101001", 1, 0)]
    assert keys(by="clerk_a") == [(TOWN_A, 0, 1), ("990121101001", 1, 0)]
    assert county.get("/v1/trees/territory", params={"under": TOWN_B}, by="clerk_a").status_code == 404
    assert county.get(f"/v1/trees/territory/nodes/{TOWN_B}/path", by="clerk_a").status_code == 404


@pytest.mark.parametrize("query", [{"on": "2026-07-02"}, {"on": "x"}, {}, {"on": "2026-06-30", "structure": "soon"}])
def test_bad_questions_are_refused(county, query):
    assert county.get("/v1/trees/territory/counts", params=query).status_code in (400, 422)


def test_a_sector_with_odd_codes_or_in_a_circle_is_refused(county):
    county.made("/v1/sectors", id="sct-1", name="甲")
    county.made("/v1/sectors", id="sct-2", name="乙", parent="sct-1")

    odd = county.post("/v1/sectors", {"name": "丙", "industries": ["13"]})
    circle = county.patch("/v1/sectors/sct-1", {"parent": "sct-2"})

    assert [(answer.status_code, answer.json()["errors"][0]["pointer"]) for answer in (odd, circle)] == [
        (422, "/industries"), (422, "/parent"),
    ]  # fmt: skip
