"""The county with assessment beside the registry: both ledgers are there."""

from docs.site import Site
from docs.worlds import county

SERVICES = ("registry", "assessment")


def fill(site: Site) -> None:
    """Make the county."""
    county.fill(site)
