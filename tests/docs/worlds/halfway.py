"""The county with all three services and half a year behind it: June brought an organisation and a gap."""

from docs.site import Site
from docs.worlds import county
from registry.codes import code

SERVICES = ("registry", "assessment", "reporting")


def fill(site: Site) -> None:
    """Make the county as it is since March; in June 己原种业 gets a branch, and 丙泽物流 has members enough for one."""
    county.fill(site, set_up_on="2026-03-02")
    site.made(
        "/v1/party-organizations", id="org-ji", name="己原种业党支部", kind="branch", setup_form="sole",
        division=county.TOWN_B, effective_on="2026-06-10",
    )  # fmt: skip
    site.made("/v1/covers", id="cov-ji", organization="org-ji", enterprise=code(6), effective_on="2026-06-10")
    site.patch(f"/v1/enterprises/{code(3)}", {"full_members": 3, "effective_on": "2026-06-15"})
