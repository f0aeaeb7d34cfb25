"""The county with a social security office and a tax office: a liaison of the one, the systems of both."""

from docs.site import Site
from docs.worlds import county


def fill(site: Site) -> None:
    """Make the county, the offices and their accounts; secrets lie in files named after the logins."""
    county.fill(site)
    site.made("/v1/units", id="unt-ss", name="县人社局", kind="department", division=county.COUNTY)
    site.made("/v1/units", id="unt-tax", name="县税务局", kind="department", division=county.COUNTY)
    site.enrol("ss.office", "exchange", kind="client", unit="unt-ss")
    site.enrol("tax.office", "exchange", kind="client", unit="unt-tax")
    site.enrol("ss.liaison", "department_liaison", unit="unt-ss")
