"""An organisation under the office of one township that is to come under the other's. Today is 2026-07-01."""

from datetime import UTC, date, datetime

import pytest

from registry.conftest import TOWN_A, TOWN_B, Registry

BODY = {"organization": "org-1", "to_superior": "unt-b", "kind": "territory", "reason": "企业迁入河西乡"}


class Transfers:
    """The registry, spoken to in the words of transfers."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def propose(self, by: str = "clerk_a", **more):
        return self.registry.post("/v1/transfers", {"id": "trf-1", **BODY, **more}, by=by)

    def step(self, name: str, by: str, key: str = "trf-1", **body):
        path = f"/v1/transfers/{key}"
        etag = self.registry.get(path).headers["etag"]
        return self.registry.call("POST", f"{path}/{name}", json=body, by=by, headers={"If-Match": etag})

    def get(self, key: str = "trf-1", **more):
        return self.registry.get(f"/v1/transfers/{key}", **more)

    def listed(self, by: str = "admin", **asked):
        answer = self.registry.get("/v1/transfers", params=asked, by=by)
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["items"]]

    def superiors(self, organization: str = "org-1", **asked):
        """Return the superiors by open affiliations, with the document each rests on."""
        found = self.registry.get("/v1/affiliations", params={"organization": organization, **asked}).json()["items"]
        return [(each["superior"], each["document"]) for each in found if each["state"] == "open"]

    def stand_at(self, day: date) -> None:
        self.registry.clock.instant = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


@pytest.fixture
def transfers(county):
    """Two offices with a clerk each, a county clerk, a stranger; org-1 under unt-a since 2025."""
    county.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B)
    county.made("/v1/divisions", code="990121103000", name="北山乡", level="town", parent="990121000000")
    county.made("/v1/units", id="unt-c", name="北山乡党委", kind="township", division="990121103000")
    county.enrol("clerk_b", "township_clerk", unit="unt-b")
    county.enrol("clerk_c", "township_clerk", unit="unt-c")
    county.enrol("county", "county_clerk")
    for key, town in (("org-1", TOWN_A), ("org-2", TOWN_A), ("org-top", TOWN_B)):
        county.made(
            "/v1/party-organizations", id=key, name=f"{key}党支部", kind="branch", setup_form="sole", division=town,
            effective_on="2020-01-01",
        )  # fmt: skip
    county.made(
        "/v1/affiliations",
        id="aff-1",
        organization="org-1",
        superior="unt-a",
        document="旧文",
        effective_on="2025-01-01",
    )
    return Transfers(county)
