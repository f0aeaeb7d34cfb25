"""A small county for assessment's tests: a fake registry, people with roles and tokens, and the service over HTTP."""

import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from heli_assessment.attachments.storage import Shelf
from heli_assessment.main import assemble
from heli_registry.identity.issuer import Issuer, new_key_set
from heli_registry.identity.roles import permissions_of
from heli_shared.contracts.registry.dto import KeySet, PrincipalDto
from heli_shared.contracts.registry.fake import FakeRegistry
from heli_shared.db.engine import make_engine
from heli_shared.kernel.clock import FixedClock

COUNTY, TOWN_A, TOWN_B = "990101000000", "990101001000", "990101002000"
LONG_AGO = date(2020, 1, 1)
EXAMPLE = Path(__file__).resolve().parents[2] / "rulebooks" / "default" / "department.yaml"
FINANCE, TAX, LIAISON_OF = "unt-finance", "unt-tax", "unt-finance"


@dataclass
class World:
    """The registry as the test writes it, and the service that asks it."""

    clock: FixedClock
    database_url: str
    registry: FakeRegistry = field(default_factory=FakeRegistry)

    def __post_init__(self) -> None:
        self.issuer = Issuer(new_key_set(), clock=self.clock)
        self.registry.key_set = KeySet(keys=self.issuer.public_keys()["keys"])
        self.engine = make_engine(self.database_url)
        self.folder = tempfile.TemporaryDirectory(prefix="heli-attachments-")
        self.shelf = Shelf(Path(self.folder.name))
        self.app = assemble(self.engine, self.registry, clock=self.clock, shelf=self.shelf)
        self.client = TestClient(self.app)
        self.headers = {"admin": self.person("prn-admin", "administrator")}

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()
        self.folder.cleanup()

    def person(
        self, key: str, *roles: str, unit: str | None = None, divisions: tuple[str, ...] | None = None
    ) -> dict[str, str]:
        """Make somebody with roles and return the header that says it is them; `divisions` narrow what they see."""
        token = self.issuer.issue(key).token
        scope = {"everything": divisions is None, "divisions": list(divisions or ()), "zones": []}
        self.registry.principals[token] = PrincipalDto.model_validate(
            {
                "id": key,
                "name": key,
                "kind": "person",
                "unit": None if unit is None else {"id": unit, "name": unit, "kind": "department"},
                "roles": list(roles),
                "permissions": sorted(permissions_of(roles)),
                "scope": scope,
            }
        )
        return {"Authorization": f"Bearer {token}"}

    def enrol(self, name: str, *roles: str, **more: Any) -> None:
        """Make somebody who can be named in `by`."""
        self.headers[name] = self.person(f"prn-{name}", *roles, **more)

    def call(self, method: str, path: str, *, by: str = "admin", headers: dict[str, str] | None = None, **more: Any):
        return self.client.request(method, path, headers={**self.headers[by], **(headers or {})}, **more)

    def get(self, path: str, **more: Any):
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any, **more: Any):
        return self.call("POST", path, json=body, **more)

    def patch(self, path: str, body: Any, **more: Any):
        return self.call("PATCH", path, json=body, headers={"If-Match": self.get(path).headers["etag"]}, **more)

    def made(self, path: str, **body: Any) -> dict[str, Any]:
        """Create a record and return it; the test fails where that is refused."""
        response = self.post(path, body)
        assert response.status_code == 201, response.text
        return response.json()

    def upload(self, key: str, text: str | bytes, *, kind: str = "application/yaml", **more: Any):
        content = text.encode() if isinstance(text, str) else text
        return self.call("PUT", f"/v1/rulebooks/{key}", content=content, headers={"Content-Type": kind}, **more)

    def example(self) -> dict[str, Any]:
        """Upload the example rulebook and return what it became."""
        response = self.upload("department", EXAMPLE.read_bytes())
        assert response.status_code in {200, 201}, response.text
        return response.json()

    def publish(self, rulebook: str = "department", version: int | None = None) -> dict[str, Any]:
        """Try the newest (or a given) version of a rulebook on everybody and publish it on that."""
        tried = self.post("/v1/simulations", {"rulebook": rulebook, "version": version, "last_year": False})
        assert tried.status_code in {200, 201}, tried.text
        told = tried.json()
        body = {"version": told["draft_version"], "simulation": told["id"], "digest": told["digest"]}
        answer = self.post(f"/v1/rulebooks/{rulebook}/publications", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def has(self, entity: str, key: str, *, since: date = LONG_AGO, **fields: Any) -> None:
        """Let the registry have a record."""
        self.registry.append(entity, key, effective_on=since, changes={**fields, "state": "open"})

    def county(self) -> None:
        """Fill the registry: two townships, two departments, five enterprises of which finance answers for four."""
        self.has("division", COUNTY, name="合力县", level="county", parent=None)
        self.has("division", TOWN_A, name="城关镇", level="town", parent=COUNTY)
        self.has("division", TOWN_B, name="河西乡", level="town", parent=COUNTY)
        self.has("unit", FINANCE, name="县财政局", kind="department")
        self.has("unit", TAX, name="县税务局", kind="department")
        self.has("unit", "unt-a", name="城关镇党委", kind="township", division=TOWN_A)
        self.has("unit", "unt-b", name="河西乡党委", kind="township", division=TOWN_B)
        for number in range(5):
            unit = FINANCE if number < 4 else None
            self.has(
                "enterprise",
                f"91990101MA000000{number:02d}",
                name=f"企业{number}",
                division=TOWN_A,
                ownership="private",
                full_members=4,
                staff=60,
                responsible_unit=unit,
            )
        self.has("party_organization", "org-1", name="支部", kind="branch", setup_form="joint", division=TOWN_A)
        for number in range(3):
            self.has(
                "cover", f"cov-{number}", organization="org-1", enterprise=f"91990101MA000000{number:02d}", form="joint"
            )
        self.has("person", "per-1", unit=FINANCE)
        for number in range(2):
            enterprise = f"91990101MA000000{number:02d}"
            self.has(
                "assignment", f"asg-{number}", person="per-1", role="instructor", enterprise=enterprise, unit=FINANCE
            )

    def registry_seen_again(self) -> None:
        """Let the service look at the registry's feed anew with its next request."""
        self.app.state.directory.forget()

    def run(self, **body: Any) -> dict[str, Any]:
        """Make a run of the example and return it."""
        response = self.post("/v1/runs", {"rulebook": "department", **body})
        assert response.status_code in {200, 201}, response.text
        return response.json()

    def explained(self, run: dict[str, Any], subject: str = FINANCE) -> dict[str, Any]:
        """Return one subject's explanation."""
        response = self.get(f"/v1/runs/{run['id']}/scores/{subject}")
        assert response.status_code == 200, response.text
        return response.json()
