"""The county that reports: the second half of 2025 is closed, and a park has filled up since."""

from docs.site import Site
from docs.worlds import county
from registry.codes import code


def fill(site: Site) -> None:
    """Make the county, close 2025H2, then let six enterprises come and one slip of the pen be made."""
    county.fill(site)
    site.made("/v1/people", id="per-zhao", unit="unt-county", name="赵小强")
    period = site.made("/v1/periods", code="2025H2", unit="unt-county")
    for unit in site.call("GET", f"/v1/periods/{period['id']}/submissions").json()["items"]:
        body = {"unit": unit["unit"], "person": "per-zhao"}
        site.call("POST", f"/v1/periods/{period['id']}/submissions", json=body)
    site.call(
        "POST", f"/v1/periods/{period['id']}/close", json={"person": "per-zhao"},
        headers={"If-Match": f'"{period["version"]}"'},
    )  # fmt: skip
    for number in range(11, 17):
        site.made(
            "/v1/enterprises", uscc=code(number), name=f"合力县新园{number}号电子有限公司", division=county.TOWN_B,
            registered_on="2026-03-02", staff=8, full_members=0, operation_state="operating",
        )  # fmt: skip
    etag = site.call("GET", f"/v1/enterprises/{code(3)}").headers["etag"]
    site.call(
        "PATCH", f"/v1/enterprises/{code(3)}", json={"full_members": 81, "effective_on": "2026-02-01"},
        headers={"If-Match": etag},
    )  # fmt: skip
