"""A county with three departments that answer for staff in this order: market supervision, tax, social security."""

from dataclasses import dataclass
from typing import Any

import pytest

from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B, Registry

MARKET, TAX, SOCIAL, OFFICE = "unt-market", "unt-tax", "unt-social", "unt-office"
NAMES = {MARKET: "市场监管局", TAX: "税务局", SOCIAL: "人社局", OFFICE: "非公工委办公室"}


@dataclass
class World:
    """The registry of that county, and what its departments do all day."""

    registry: Registry

    def steward(self, field: str = "staff", steward: str = MARKET, precedence: Any = (TAX, SOCIAL), **more: Any):
        body = {"kind": "enterprise", "field": field, "steward": steward, "precedence": list(precedence)}
        return self.registry.made("/v1/field-stewards", **body, basis="合力县一数一源目录", **more)

    def enterprise(self, number: int = 1, **more: Any) -> str:
        values = {"name": f"企业{number}", "division": TOWN_A, "registered_on": "2020-01-01", **more}
        return self.registry.made("/v1/enterprises", uscc=code(number), **values)["uscc"]

    def claim(self, source: str, value: Any, observed_on: str | None = None, *, by: str | None = None, **more: Any):
        body = {"enterprise": code(1), "field": "staff", "value": value, "observed_on": observed_on, **more}
        who = by or source.removeprefix("unt-")
        if by is not None:
            body["unit"] = source
        return self.registry.call("PUT", "/v1/claims", by=who, json=body)

    def said(self, source: str, value: Any, observed_on: str | None = None, **more: Any) -> dict[str, Any]:
        response = self.claim(source, value, observed_on, **more)
        assert response.status_code == 200, response.text
        return response.json()

    def value(self, field: str = "staff", number: int = 1, **query: Any) -> Any:
        return self.registry.get(f"/v1/enterprises/{code(number)}", params=query).json()[field]

    def disputes(self, *, by: str = "admin", **query: Any) -> list[dict[str, Any]]:
        response = self.registry.get("/v1/disputes", by=by, params=query)
        assert response.status_code == 200, response.text
        return response.json()["items"]

    def dispute(self, **query: Any) -> dict[str, Any]:
        found = self.disputes(**query)
        assert len(found) == 1
        return found[0]

    def settle(self, key: str, *, by: str = "market", etag: str | None = None, **body: Any):
        path = f"/v1/disputes/{key}"
        etag = etag or self.registry.get(path).headers["etag"]
        body = {"reason": "实地核对花名册", **body}
        return self.registry.call("POST", f"{path}/settle", by=by, json=body, headers={"If-Match": etag})

    def settled(self, key: str, **more: Any) -> dict[str, Any]:
        response = self.settle(key, **more)
        assert response.status_code == 200, response.text
        return response.json()


@pytest.fixture
def world(county: Registry) -> World:
    for unit, name in NAMES.items():
        kind = "commission" if unit == OFFICE else "department"
        county.made("/v1/units", id=unit, name=name, kind=kind)
        role = "county_clerk" if unit == OFFICE else "department_liaison"
        county.enrol(unit.removeprefix("unt-"), role, unit=unit)
    county.made("/v1/units", id="unt-b", name="河西乡党委", kind="township", division=TOWN_B)
    county.enrol("clerk_b", "township_clerk", unit="unt-b")
    return World(county)
