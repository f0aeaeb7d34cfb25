"""The county with two accounts: a clerk of 城关镇 and the system of a tax office."""

from docs.site import Site
from docs.worlds import county


def fill(site: Site) -> None:
    """Make the county, then the accounts; their secrets lie in files named after the logins."""
    county.fill(site)
    site.enrol("li.clerk", "township_clerk", unit="unt-a")
    site.enrol("tax.office", "exchange", kind="client")
