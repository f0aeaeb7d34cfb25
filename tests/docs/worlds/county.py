"""The invented 合力县: two townships, an office in each, a park, six enterprises, three Party organisations."""

from docs.site import Site
from registry.codes import code

COUNTY, TOWN_A, TOWN_B = "990121000000", "990121101000", "990121102000"


def fill(site: Site, *, set_up_on: str | None = None) -> None:
    """Make the county; every id is given, so that pages can name it.

    Its organisations are there since `set_up_on`, or since today.
    """
    site.made("/v1/divisions", code=COUNTY, name="合力县", level="county")
    site.made("/v1/divisions", code=TOWN_A, name="城关镇", level="town", parent=COUNTY)
    site.made("/v1/divisions", code=TOWN_B, name="河西乡", level="town", parent=COUNTY)
    site.made("/v1/zones", id="zon-park", name="河西工业园", kind="park", division=TOWN_B)
    site.made("/v1/units", id="unt-county", name="县委社会工作部", kind="department", division=COUNTY)
    site.made("/v1/units", id="unt-a", name="城关镇党委", kind="township", division=TOWN_A, parent="unt-county")
    site.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B, parent="unt-county")
    for number, (name, town, staff, members) in enumerate(ENTERPRISES, 1):
        site.made(
            "/v1/enterprises",
            uscc=code(number),
            name=name,
            division=town,
            staff=staff,
            full_members=members,
            registered_on=f"20{10 + number}-03-01",
            operation_state="operating",
        )
    since = {} if set_up_on is None else {"effective_on": set_up_on}
    for key, name, kind, town, first in ORGANIZATIONS:
        site.made("/v1/party-organizations", id=key, name=name, kind=kind, setup_form="sole", division=town, **since)
        cover = {"id": key.replace("org", "cov"), "organization": key, "enterprise": code(first), "form": "sole"}
        site.made("/v1/covers", **cover, **since)


ENTERPRISES = (
    ("合力县甲山纺织有限公司", TOWN_A, 120, 9),
    ("合力县乙水食品有限公司", TOWN_A, 46, 4),
    ("合力县丙泽物流有限公司", TOWN_A, 18, 0),
    ("合力县丁峰机械有限公司", TOWN_B, 260, 15),
    ("合力县戊川商贸有限公司", TOWN_B, 7, 1),
    ("合力县己原种业有限公司", TOWN_B, 33, 3),
)
ORGANIZATIONS = (
    ("org-jia", "甲山纺织党支部", "branch", TOWN_A, 1),
    ("org-yi", "乙水食品党支部", "branch", TOWN_A, 2),
    ("org-ding", "丁峰机械党支部", "branch", TOWN_B, 4),
)
