"""The county with a commission, two departments, their liaisons and assessment: the year's work is recorded there."""

from docs.site import Site
from docs.worlds import county
from registry.codes import code

SERVICES = ("registry", "assessment")


def fill(site: Site) -> None:
    """Make the county, who does the work, and a post and a pairing to hold against their plan."""
    county.fill(site)
    site.made("/v1/units", id="unt-commission", name="县委两新工委", kind="commission", division=county.COUNTY)
    for key, name in (("unt-finance", "县财政局"), ("unt-tax", "县税务局")):
        site.made("/v1/units", id=key, name=name, kind="department", division=county.COUNTY, parent="unt-commission")
    site.enrol("cai.liaison", "department_liaison", unit="unt-finance")
    site.enrol("shui.liaison", "department_liaison", unit="unt-tax")
    site.made("/v1/people", id="per-zhi", unit="unt-finance", name="王小明")
    site.made(
        "/v1/assignments", id="asg-zhi", person="per-zhi", role="instructor", enterprise=code(1),
        unit="unt-finance", effective_on="2026-01-05", visits_per_year=4,
    )  # fmt: skip
