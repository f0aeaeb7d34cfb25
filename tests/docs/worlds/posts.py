"""The county with people in posts: a leader with a contact point, an instructor, a retired cadre."""

from docs.site import Site
from docs.worlds import county
from registry.codes import code


def fill(site: Site) -> None:
    """Make the county and its people; names are invented, and pages speak of them by id."""
    county.fill(site)
    for key, name in (("per-wang", "王小明"), ("per-li", "李小红")):
        site.made("/v1/people", id=key, unit="unt-a", name=name)
    site.made(
        "/v1/assignments", id="asg-wang", person="per-wang", role="contact_leader", enterprise=code(1),
        unit="unt-county", effective_on="2025-01-01", visits_per_year=6,
    )  # fmt: skip
