"""The county with all three services, a village, and a transfer of an organisation under way."""

from docs.site import Site
from docs.worlds import county

SERVICES = ("registry", "assessment", "reporting")


def fill(site: Site) -> None:
    """Make the county; 城关镇 has a village, its office an organisation that is on its way to the park."""
    county.fill(site)
    site.made("/v1/divisions", code="990121101001", name="台上村", level="village", parent=county.TOWN_A)
    site.made("/v1/affiliations", id="aff-jia", organization="org-jia", superior="unt-a", effective_on="2026-01-01")
    site.made("/v1/units", id="unt-park", name="河西工业园党工委", kind="park", zone="zon-park")
    site.made("/v1/transfers", id="trf-jia", organization="org-jia", to_superior="unt-park", reason="企业迁入园区")
