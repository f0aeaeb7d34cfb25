"""A small county for reporting's tests: two fake sources, some people with tokens, and the service on top."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from heli_registry.identity.issuer import Issuer, new_key_set
from heli_reporting.history.schema import ASSESSMENT_KINDS
from heli_reporting.history.store import MEMORY, Store
from heli_reporting.main import Parts, assemble
from heli_reporting.settings import Settings
from heli_shared.contracts.assessment.fake import FakeAssessment
from heli_shared.contracts.registry.dto import KeySet, PrincipalDto
from heli_shared.contracts.registry.fake import FakeRegistry
from heli_shared.db.engine import make_engine
from heli_shared.kernel.clock import FixedClock

COUNTY = "990101000000"
TOWN_A, TOWN_B = "990101001000", "990101002000"
VILLAGE_A = "990101001001"
PARK = "zon-park"
LONG_AGO = date(2020, 1, 1)
READS = ["statistics:read", "gaps:read", "worklists:read"]


@dataclass
class World:
    """The sources as the test writes them, and the service that reads them."""

    clock: FixedClock
    folder: Path
    database_url: str
    store_path: Path = MEMORY
    registry: FakeRegistry = field(default_factory=FakeRegistry)
    assessment: FakeAssessment = field(default_factory=FakeAssessment)
    stale_seconds: float = 3600.0
    stores: type[Store] = Store

    def __post_init__(self) -> None:
        self.issuer = Issuer(new_key_set(), clock=self.clock)
        self.registry.key_set = KeySet(keys=self.issuer.public_keys()["keys"])
        self.store = self.stores.open(self.store_path, threads=1)
        self.app = self.assembled()
        self.client = TestClient(self.app, raise_server_exceptions=True)
        self.admin = self.person("prn-admin", [*READS, "syncs:write"], everything=True)

    def assembled(self) -> FastAPI:
        settings = Settings(data=self.folder, reporting_sync_seconds=0, reporting_stale_seconds=self.stale_seconds)
        self.archive = make_engine(self.database_url)
        return assemble(Parts(self.registry, self.assessment, self.store, self.archive, self.clock), settings)

    def shut(self) -> None:
        """Let go of the files."""
        self.store.close()
        self.archive.dispose()

    def restart(self) -> None:
        """Start the service anew on the same store and archive, with nothing remembered."""
        self.app = self.assembled()
        self.client = TestClient(self.app)

    def at_the_registry_later(self, seconds: float) -> None:
        """Let what the service remembers about callers grow older."""
        principals = self.app.state.calls.principals
        later = principals._monotonic() + seconds
        principals._monotonic = lambda: later

    def person(
        self,
        key: str,
        permissions: list[str] | None = None,
        *,
        everything: bool = False,
        divisions: tuple[str, ...] = (),
        zones: tuple[str, ...] = (),
        unit: str | None = None,
    ) -> dict[str, str]:
        """Make somebody and return the header that says it is them."""
        token = self.issuer.issue(key).token
        self.registry.principals[token] = PrincipalDto.model_validate(
            {
                "id": key,
                "name": key,
                "kind": "person",
                "unit": None if unit is None else {"id": unit, "name": unit, "kind": "township"},
                "roles": [],
                "permissions": READS if permissions is None else permissions,
                "scope": {"everything": everything, "divisions": list(divisions), "zones": list(zones)},
            }
        )
        return {"Authorization": f"Bearer {token}"}

    def get(self, path: str, who: dict[str, str] | None = None, **params: Any) -> Any:
        return self.client.get(path, params=params or None, headers=who or self.admin)

    def statistics(self, who: dict[str, str] | None = None, **params: Any) -> dict[str, Any]:
        answer = self.get("/v1/statistics", who, **params)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def sync(self) -> dict[str, Any]:
        answer = self.client.post("/v1/syncs", headers=self.admin)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def record(self, entity: str, key: str, on: date = LONG_AGO, **fields: Any) -> None:
        source = self.assessment if entity in ASSESSMENT_KINDS else self.registry
        source.append(entity, key, effective_on=on, changes=fields | {"state": "open"})

    def change(self, entity: str, key: str, on: date, **fields: Any) -> None:
        self.registry.append(entity, key, effective_on=on, changes=fields, operation="change")

    def close(self, entity: str, key: str, on: date) -> None:
        changes = {"state": "closed", "closed_reason": "test", "closed_on": on.isoformat()}
        self.registry.append(entity, key, effective_on=on, changes=changes, operation="close")

    def enterprise(self, number: int, division: str = TOWN_A, on: date = LONG_AGO, **fields: Any) -> str:
        key = uscc(number)
        given = {"name": f"示例企业{number}", "division": division, "ownership": "private", "industry": "C1311"}
        given["refreshed_on"] = "2026-06-15"
        self.record("enterprise", key, on, **{**given, "staff": 20, "full_members": 0, **fields})
        return key

    def branch(
        self, key: str, enterprises: list[str], division: str = TOWN_A, on: date = LONG_AGO, **fields: Any
    ) -> None:
        form = "sole" if len(enterprises) == 1 else "joint"
        kind = "branch" if len(enterprises) == 1 else "joint_branch"
        given = {
            "name": f"{key}支部",
            "kind": kind,
            "setup_form": form,
            "division": division,
            "elected_on": "2025-01-10",
        }
        self.record("party_organization", key, on, **{**given, "full_members": 5, **fields})
        for uscc_ in enterprises:
            self.record("cover", f"cov-{key}-{uscc_}", on, organization=key, enterprise=uscc_, form=form)

    def places(self) -> None:
        for code, name, level, parent in (
            ("990000000000", "示例省", "province", None),
            ("990100000000", "示例市", "city", "990000000000"),
            (COUNTY, "示例县", "county", "990100000000"),
            (TOWN_A, "甲镇", "town", COUNTY),
            (TOWN_B, "乙镇", "town", COUNTY),
            (VILLAGE_A, "甲村", "village", TOWN_A),
        ):
            self.record("division", code, name=name, level=level, parent=parent)
        self.record("zone", PARK, name="示例园区", kind="park", division=TOWN_B)
        self.record("unit", "unt-county", name="县工委", kind="commission", parent=None, division=COUNTY)
        self.record("unit", "unt-a", name="甲镇党委", kind="township", parent="unt-county", division=TOWN_A)
        self.record("unit", "unt-b", name="乙镇党委", kind="township", parent="unt-county", division=TOWN_B)
        self.record("unit", "unt-park", name="园区工委", kind="park", parent="unt-county", division=TOWN_B, zone=PARK)
        self.record("unit", "unt-tax", name="税务局", kind="department", parent="unt-county", division=COUNTY)

    def county(self) -> None:
        """Eight enterprises: five in town A (one covered alone, two jointly), three in town B (one in the park)."""
        self.places()
        a = [self.enterprise(number) for number in range(1, 5)]
        a.append(self.enterprise(5, VILLAGE_A, staff=60, full_members=4))
        b = [self.enterprise(number, TOWN_B, full_members=3 if number == 6 else 0) for number in (6, 7)]
        self.enterprise(8, TOWN_B, zone=PARK, staff=120)
        self.enterprise(9, TOWN_A, ownership="state_owned")
        self.branch("pty-sole", [a[0]])
        self.branch("pty-joint", [a[1], a[2]], elected_on="2020-03-01")
        self.branch("pty-b", [b[1]], TOWN_B)

    def merge_town_a(self, on: date, *others: int) -> None:
        """Merge town A into town B with all that `county` put there, and with these other enterprises."""
        for number in (1, 2, 3, 4, 9, *others):
            self.change("enterprise", uscc(number), on, division=TOWN_B)
        for key in ("pty-sole", "pty-joint"):
            self.change("party_organization", key, on, division=TOWN_B)
        self.change("division", VILLAGE_A, on, parent=TOWN_B)
        self.close("division", TOWN_A, on)
        fields = {"node": "division", "predecessor": TOWN_A, "successor": TOWN_B, "form": "merge", "is_rest": False}
        self.record("succession", "suc-a-b", on, **fields)


def uscc(number: int) -> str:
    """Return a code of the enterprise class for a number."""
    return f"91990101MA{number:07d}X"
