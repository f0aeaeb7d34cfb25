"""The county with all three services, so that it can be counted."""

from docs.site import Site
from docs.worlds import county

SERVICES = ("registry", "assessment", "reporting")


def fill(site: Site) -> None:
    """Make the county; reporting reads it when the page says `./dev heli sync`."""
    county.fill(site)
