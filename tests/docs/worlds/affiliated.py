"""The county whose first organisation stands under the office of 城关镇, with a clerk in each township."""

from docs.site import Site
from docs.worlds import county


def fill(site: Site) -> None:
    """Make the county, two clerks, and the superior of org-jia."""
    county.fill(site)
    site.enrol("li.clerk", "township_clerk", unit="unt-a")
    site.enrol("he.clerk", "township_clerk", unit="unt-b")
    site.made(
        "/v1/affiliations", id="aff-jia", organization="org-jia", superior="unt-a", kind="territory",
        document="城组〔2020〕3号", effective_on="2026-06-01",
    )  # fmt: skip
