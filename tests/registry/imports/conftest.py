"""Imports as a clerk meets them: a file is sent, the job is waited for, its end and its refusals are read."""

import io
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from heli_registry.database import LEDGER
from heli_registry.identity.models import PRINCIPAL
from heli_registry.settings import Settings
from heli_shared.db.engine import make_engine, transaction
from heli_shared.kernel.clock import SystemClock
from heli_shared.ledger.entries import Author
from heli_shared.records.writing import Write, write

WAIT_SECONDS = 180


@dataclass
class Desk:
    """Sends files to a running registry and waits for how they end."""

    registry: Any

    def send(self, kind: str, content: bytes | str, name: str = "list.csv", *, by: str = "admin", **query: Any) -> str:
        data = content.encode() if isinstance(content, str) else content
        response = self.registry.call(
            "POST", "/v1/imports", by=by, params={"kind": kind, **query}, files={"file": (name, io.BytesIO(data))}
        )
        assert response.status_code == 202, response.text
        assert response.json()["status"] == "queued"
        return response.json()["id"]

    def ended(self, import_id: str, *, by: str = "admin") -> dict[str, Any]:
        limit = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < limit:
            job = self.registry.get(f"/v1/imports/{import_id}", by=by).json()
            if job["status"] not in {"queued", "running"}:
                return job
            time.sleep(0.03)
        raise TimeoutError(import_id)

    def run(self, kind: str, content: bytes | str, name: str = "list.csv", *, by: str = "admin", **query: Any):
        return self.ended(self.send(kind, content, name, by=by, **query), by=by)

    def run_file(self, kind: str, path: Path, **query: Any):
        return self.run(kind, path.read_bytes(), path.name, **query)

    def refusals(self, import_id: str, *, by: str = "admin", language: str = "zh") -> dict[int, str]:
        """Return row number → all its messages."""
        found: dict[int, str] = {}
        cursor = None
        while True:
            params = {"limit": 1000} | ({"cursor": cursor} if cursor else {})
            page = self.registry.get(
                f"/v1/imports/{import_id}/refusals", by=by, params=params, headers={"Accept-Language": language}
            ).json()
            for each in page["items"]:
                found[each["row"]] = "；".join(error["message"] for error in each["errors"])
            cursor = page["next"]
            if cursor is None:
                return found


@pytest.fixture
def desk(registry) -> Desk:
    return Desk(registry)


@pytest.fixture
def county_desk(county) -> Desk:
    return Desk(county)


@pytest.fixture
def enrolled():
    """Return a function that puts an administrator into a registry's database and returns its id."""

    def enrol(settings: Settings) -> str:
        clock = SystemClock()
        engine = make_engine(settings.database_url)
        changes = {"kind": "person", "roles": ["administrator"], "state": "open"}
        new = Write(PRINCIPAL, "prn-admin", "create", clock.today(), changes, {"login": "admin"})
        with transaction(engine, writes=True) as session:
            write(session, LEDGER, [new], author=Author("prn-test", None), clock=clock)
        engine.dispose()
        return "prn-admin"

    return enrol
