"""The county in which one enterprise was recorded twice, with a liaison on one record and the cover on the other."""

from docs.site import Site
from docs.worlds import county
from registry.codes import code


def fill(site: Site) -> None:
    """Make the county, the double of 甲山纺织, and a namesake of 戊川商贸 that is another enterprise."""
    county.fill(site)
    site.patch(f"/v1/enterprises/{code(1)}", {"address": "合力县城关镇解放路１号"})
    site.made(
        "/v1/enterprises", uscc=code(21), name="甲山纺织有限责任公司", division=county.TOWN_A, address="解放路1号",
        registered_on="2011-03-01", staff=118,
    )  # fmt: skip
    site.made("/v1/people", id="per-a", unit="unt-a", name="王小明")
    site.made("/v1/assignments", id="asg-a", person="per-a", role="liaison", enterprise=code(21))
    site.made("/v1/enterprises", uscc=code(22), name="合力县戊川商贸有限公司", division=county.TOWN_A)
