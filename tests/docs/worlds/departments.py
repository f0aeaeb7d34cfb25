"""The county with three departments; nobody answers for a field yet."""

from docs.site import Site
from docs.worlds import county

DEPARTMENTS = (("unt-market", "市场监管局"), ("unt-tax", "税务局"), ("unt-social", "人社局"))


def fill(site: Site) -> None:
    """Make the county and its departments."""
    county.fill(site)
    for key, name in DEPARTMENTS:
        site.made("/v1/units", id=key, name=name, kind="department", parent="unt-county")
