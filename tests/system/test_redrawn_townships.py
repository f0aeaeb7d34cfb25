"""Townships redrawn at random, also dated back: reporting's series by either structure equal the registry's.

Both are held against the naive map that keeps every day.
"""

from datetime import date

import pytest

from docs.site import opened
from registry.conftest import COUNTY, TOWN_A, TOWN_B
from registry.trees.test_random_redrawings import Territory, is_town

SERVICES = ("registry", "assessment", "reporting")
MEASURE = "organization_coverage"
MARCH = date(2026, 3, 31)


class Spoken:
    """A site, spoken to in the words of the registry's tests."""

    def __init__(self, site):
        self.site = site

    def made(self, path, **body):
        return self.site.made(path, **body)

    def get(self, path, **more):
        return self.site.call("GET", path, **more)

    def patch(self, path, body):
        etag = self.get(path).headers["etag"]
        return self.site.call("PATCH", path, json=body, headers={"If-Match": etag})

    def act(self, path, body):
        etag = self.get(path.rsplit("/", 1)[0]).headers["etag"]
        return self.site.call("POST", path, json=body, headers={"If-Match": etag})


def by_town(site, day, structure="then"):
    asked = {"measure": MEASURE, "by": "division:town", "on": str(day), "structure": structure}
    found = site.get("/v1/statistics", service="reporting", params=asked)
    towns = {each["division"]["code"]: each[MEASURE]["denominator"] for each in found["rows"]}
    return {code: number for code, number in towns.items() if code is not None and number}, found["total"][MEASURE][
        "denominator"
    ]


def below(site, town, day):
    asked = {"measure": MEASURE, "division": town, "on": str(day)}
    return site.get("/v1/statistics", service="reporting", params=asked)["total"][MEASURE]["denominator"]


def registered(site, day, structure):
    asked = {"on": str(day), "structure": structure}
    items = site.get("/v1/trees/territory/counts", params=asked)["items"]
    return {each["key"]: each["counted"] for each in items if each["counted"]}


@pytest.mark.parametrize("seed", range(2))
def test_series_of_both_services_hold_over_random_redrawings(tmp_path, sqlite_databases, seed):
    with opened(tmp_path, sqlite_databases, SERVICES) as site:
        site.made("/v1/divisions", code=COUNTY, name="合力县", level="county")
        for town in (TOWN_A, TOWN_B):
            site.made("/v1/divisions", code=town, name=f"乡镇{town}", level="town", parent=COUNTY)
        site.made("/v1/units", id="unt-a", name="城关镇党委", kind="township", division=TOWN_A)
        walk = Territory(Spoken(site), seed)
        walk.begin()
        for steps in (12, 24):
            walk.make_steps(steps)
            site.post("/v1/syncs", service="reporting")

            for day in walk.some_days():
                for structure in ("then", "now"):
                    counted = walk.counts(day, by_now=structure == "now")
                    towns = {key: number for key, number in counted.items() if is_town(key) and key != COUNTY}
                    told = (seed, day, structure, walk.done)
                    assert by_town(site, day, structure) == (towns, counted.get(COUNTY, 0)), told
                    assert registered(site, day, structure) == counted
            assert below(site, TOWN_A, MARCH) == walk.counts(MARCH, by_now=False).get(TOWN_A, 0)
