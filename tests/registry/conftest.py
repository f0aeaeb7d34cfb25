"""The registry as its clients meet it: a real app on a fresh database, spoken to over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from heli_registry.database import LEDGER
from heli_registry.identity.hashing import SecretHasher
from heli_registry.identity.issuer import open_issuer
from heli_registry.identity.models import PRINCIPAL
from heli_registry.main import make_app
from heli_registry.migrating import migrate_registry
from heli_registry.settings import Settings
from heli_shared.db.engine import transaction
from heli_shared.kernel.clock import FixedClock
from heli_shared.ledger.entries import Author
from heli_shared.records.writing import Write, write
from heli_shared.testing.databases import Databases

CHEAP = SecretHasher(time_cost=1, memory_kib=8, lanes=1)
COUNTY, TOWN_A, TOWN_B = "990121000000", "990121101000", "990121102000"


@dataclass
class Registry:
    """A running registry: `call` speaks HTTP as a principal, an administrator unless another is named."""

    app: FastAPI
    client: TestClient
    settings: Settings
    clock: FixedClock
    principals: dict[str, str] = field(default_factory=dict)

    @property
    def engine(self) -> sa.Engine:
        return self.app.state.calls.engine

    def headers(self, name: str = "admin", **more: str) -> dict[str, str]:
        token = open_issuer(self.settings.data, clock=self.clock).issue(self.principals[name]).token
        return {"Authorization": f"Bearer {token}", **more}

    def call(self, method: str, path: str, *, by: str = "admin", headers: dict[str, str] | None = None, **more: Any):
        return self.client.request(method, path, headers={**self.headers(by), **(headers or {})}, **more)

    def get(self, path: str, **more: Any):
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any):
        return self.call("POST", path, json=body, **more)

    def patch(self, path: str, body: Any, *, etag: str | None = None, **more: Any):
        etag = etag or self.get(path).headers["etag"]
        return self.call("PATCH", path, json=body, headers={"If-Match": etag}, **more)

    def act(self, path: str, body: Any, **more: Any):
        """Close or re-open a record under its present ETag."""
        etag = self.get(path.rsplit("/", 1)[0]).headers["etag"]
        return self.call("POST", path, json=body, headers={"If-Match": etag}, **more)

    def made(self, path: str, **body: Any) -> dict[str, Any]:
        """Create a record and return it; the test fails where that is refused."""
        response = self.post(path, body)
        assert response.status_code == 201, response.text
        return response.json()

    def enrol(self, name: str, *roles: str, unit: str | None = None) -> str:
        """Put a principal into the database, as the identity routes would, and return its id."""
        key = f"prn-{name}"
        with transaction(self.engine, writes=True) as session:
            changes = {"kind": "person", "roles": list(roles), "unit": unit, "state": "open"}
            new = Write(PRINCIPAL, key, "create", self.clock.today(), changes, {"login": name})
            write(session, LEDGER, [new], author=Author("prn-test", None), clock=self.clock)
        self.principals[name] = key
        return key

    def rows(self, statement: str) -> list[Any]:
        """Return what a statement finds in the database itself."""
        with transaction(self.engine, writes=False) as session:
            return list(session.execute(sa.text(statement)))


@pytest.fixture
def registry(databases: Databases, clock: FixedClock, tmp_path: Path) -> Iterator[Registry]:
    """Run a registry with an administrator and nothing else in it."""
    settings = Settings(data=tmp_path / "data", registry_database_url=databases.migrated("registry", migrate_registry))
    app = make_app(settings, clock, hasher=CHEAP)
    with TestClient(app) as client:
        running = Registry(app, client, settings, clock)
        running.enrol("admin", "administrator")
        yield running


@pytest.fixture
def county(registry: Registry) -> Registry:
    """A registry with one county of two townships, a clerk of the first among its principals."""
    registry.made("/v1/divisions", code=COUNTY, name="合力县", level="county")
    registry.made("/v1/divisions", code=TOWN_A, name="城关镇", level="town", parent=COUNTY)
    registry.made("/v1/divisions", code=TOWN_B, name="河西乡", level="town", parent=COUNTY)
    registry.made("/v1/units", id="unt-a", name="城关镇党委", kind="township", division=TOWN_A)
    registry.enrol("clerk_a", "township_clerk", unit="unt-a")
    return registry
