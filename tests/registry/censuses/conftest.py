"""A county with a census: towns, units, and enterprises written straight into the ledger in bulk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from heli_registry.database import LEDGER
from heli_registry.enterprises.models import ENTERPRISE
from heli_shared.db.engine import make_engine, transaction
from heli_shared.ledger.entries import Author
from heli_shared.records.bulk import BulkWrite, write_bulk
from registry.conftest import COUNTY, TOWN_A, Registry

CUT_OFF = "2026-06-30"
SOUND: dict[str, Any] = {
    "ownership": "private", "operation_state": "operating", "has_premises": True, "has_stable_staff": True,
    "has_activity": True, "staff": 20, "address": "工业路1号", "industry": "C3499", "annual_revenue": "5000000",
    "full_members": 1, "probationary_members": 0, "members_elsewhere": 0, "investors": 2, "members_investors": 0,
    "legal_representative_is_secretary": False, "refreshed_on": "2026-06-01", "responsible_unit": "unt-a",
}  # fmt: skip
"""An enterprise of which nothing must be asked."""


@dataclass
class Census:
    """A running registry with one census of the county."""

    registry: Registry
    id: str = "cen-1"

    def get(self, answer: str, **more: Any) -> Any:
        response = self.registry.get(f"/v1/censuses/{self.id}/{answer}", **more)
        assert response.status_code == 200, response.text
        return response.json()

    def dropped(self, **more: Any) -> dict[str, int]:
        """Return how many rows fell at each step that left somebody out, and how many stayed."""
        found = self.get("funnel", **more)
        return {each["step"]: each["dropped"] for each in found["steps"] if each["dropped"]} | {"base": found["base"]}

    def steps(self, **more: Any) -> dict[str, str]:
        """Return the step at which each enterprise fell."""
        page = self.get("funnel/rows", params={"limit": 1000}, **more)
        assert page["next"] is None
        return {each["enterprise"]: each["step"] for each in page["items"]}

    def close(self) -> None:
        response = self.registry.act(f"/v1/censuses/{self.id}/close", {"reason": "普查完成"})
        assert response.status_code == 200, response.text

    def write(self, writes: Sequence[BulkWrite], *, unit: str | None = "unt-a") -> None:
        """Write enterprises in one go, in the name of a unit."""
        engine = make_engine(self.registry.settings.database_url)
        now = self.registry.clock.now()
        with transaction(engine, writes=True) as session:
            write_bulk(session, LEDGER, ENTERPRISE, [writes], author=Author("prn-list", unit), recorded_at=now)
        engine.dispose()

    def add(self, uscc: str, *, on: str = "2020-01-01", unit: str | None = "unt-a", **values: Any) -> str:
        self.write([created(uscc, on=on, **values)], unit=unit)
        return uscc


def created(uscc: str, *, on: str = "2020-01-01", **values: Any) -> BulkWrite:
    """Return the write that makes a sound enterprise; None takes a fact away."""
    given = {"name": f"企业{uscc[-6:]}", "division": TOWN_A, "state": "open", **SOUND, **values}
    return BulkWrite(uscc, "create", on, {name: value for name, value in given.items() if value is not None})


@pytest.fixture
def census(county: Registry) -> Census:
    county.made("/v1/censuses", id="cen-1", name="2026年普查", cut_off_on=CUT_OFF, division=COUNTY)
    return Census(county)


@pytest.fixture
def day() -> date:
    return date.fromisoformat(CUT_OFF)
