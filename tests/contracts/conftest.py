"""The sources that keep the contract: fakes and the real services, spoken to over HTTP."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts.transports import AppTransport
from heli_assessment.main import assemble
from heli_assessment.migrating import migrate_assessment
from heli_registry.identity.bootstrap import ensure_first_principals
from heli_registry.identity.hashing import SecretHasher
from heli_registry.identity.issuer import Issuer, new_key_set
from heli_registry.main import make_app
from heli_registry.migrating import migrate_registry
from heli_registry.settings import Settings
from heli_shared.contracts.assessment.client import HttpAssessment
from heli_shared.contracts.assessment.fake import FakeAssessment
from heli_shared.contracts.credentials import ClientCredentials
from heli_shared.contracts.feed import LedgerSource
from heli_shared.contracts.peer import Patience, Peer, open_http
from heli_shared.contracts.registry.client import HttpRegistry, RegistryClient
from heli_shared.contracts.registry.dto import KeySet, PrincipalDto
from heli_shared.contracts.registry.fake import FakeRegistry
from heli_shared.db.engine import make_engine
from heli_shared.kernel.clock import FixedClock
from heli_shared.testing.databases import SqliteDatabases

CHEAP = SecretHasher(time_cost=1, memory_kib=8, lanes=1)
SECRET = "a-secret-of-the-tests"
ADMIN = "prn-admin"
COUNTY, FIRM, SINCE = "990121000000", "91990121MA0000001X", date(2020, 1, 1)
_FIRM = {"uscc": FIRM, "name": "示例公司", "division": COUNTY, "ownership": "private", "responsible_unit": "unt-1"}
_BRANCH = {"id": "org-1", "name": "示例支部", "kind": "branch", "setup_form": "sole", "division": COUNTY}
PLACES: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("division", "divisions", COUNTY, {"code": COUNTY, "name": "示例县", "level": "county"}),
    ("unit", "units", "unt-1", {"id": "unt-1", "name": "县财政局", "kind": "department", "division": COUNTY}),
    ("enterprise", "enterprises", FIRM, _FIRM),
    ("party_organization", "party-organizations", "org-1", _BRANCH),
)


@dataclass(frozen=True)
class Source:
    """A source under the contract, and how the test writes into it."""

    client: LedgerSource
    write: Callable[[int], None]


@dataclass(frozen=True)
class Registry:
    """A registry under the contract, an administrator's token, and that administrator's id."""

    client: RegistryClient
    token: str
    principal: str
    write: Callable[[int], None]
    write_places: Callable[[], None]


def fake_registry(clock: FixedClock) -> Registry:
    issuer = Issuer(new_key_set(), clock=clock)
    fake = FakeRegistry(key_set=KeySet(keys=issuer.public_keys()["keys"]))
    token = issuer.issue(ADMIN).token
    fake.principals[token] = PrincipalDto.model_validate(
        {
            "id": ADMIN,
            "name": "admin",
            "kind": "person",
            "unit": None,
            "roles": ["administrator"],
            "permissions": ["statistics:read"],
            "scope": {"everything": True, "divisions": [], "zones": []},
        }
    )

    def write(count: int) -> None:
        for number in range(count):
            fields = {"name": "示例", "kind": "park", "state": "open"}
            fake.append("zone", f"zon-{number}", effective_on=date(2026, 1, 1), changes=fields)

    def write_places() -> None:
        for entity, _, key, fields in PLACES:
            changes = {name: value for name, value in fields.items() if name not in {"code", "id", "uscc"}}
            fake.append(entity, key, effective_on=SINCE, changes={**changes, "state": "open"})

    return Registry(fake, token, ADMIN, write, write_places)


@pytest.fixture
def real_registry(tmp_path: Path, sqlite_databases: SqliteDatabases, clock: FixedClock) -> Iterator[Registry]:
    """A real registry service with its first principals, asked with the reporting client's own token."""
    url = sqlite_databases.migrated("registry", migrate_registry)
    settings = Settings(data=tmp_path, registry_database_url=url)
    engine = make_engine(url)
    told: list[str] = []
    ensure_first_principals(
        engine,
        data=tmp_path,
        hasher=CHEAP,
        clock=clock,
        given_secrets={"reporting": SECRET, "assessment": SECRET},
        announce=told.append,
    )
    app = make_app(settings, clock, hasher=CHEAP)
    http = open_http("http://registry.test", Patience(), transport=AppTransport(app))
    tokens = ClientCredentials(Peer("registry", http), "reporting", secret=lambda: SECRET)
    client = HttpRegistry(Peer("registry", http, tokens=tokens))
    answer = http.post("/v1/tokens", data={"grant_type": "password", "username": "admin", "password": told[0]})
    token = str(answer.json()["access_token"])
    principal = http.get("/v1/principals/me", headers={"Authorization": f"Bearer {token}"}).json()["id"]

    numbers = itertools.count(101)

    def write(count: int) -> None:
        for _ in range(count):
            body = {"code": f"99{next(numbers):04}000000", "name": "示例县", "level": "county"}
            made = http.post("/v1/divisions", json=body, headers={"Authorization": f"Bearer {token}"})
            assert made.status_code == 201, made.text

    def write_places() -> None:
        for _, plural, _, fields in PLACES:
            body = {"effective_on": SINCE.isoformat(), **fields}
            made = http.post(f"/v1/{plural}", json=body, headers={"Authorization": f"Bearer {token}"})
            assert made.status_code == 201, made.text

    yield Registry(client, token, principal, write, write_places)
    engine.dispose()


@pytest.fixture(params=["fake", "real"])
def registry(request: pytest.FixtureRequest, clock: FixedClock) -> Registry:
    """Each registry in turn."""
    if request.param == "fake":
        return fake_registry(clock)
    found: Registry = request.getfixturevalue("real_registry")
    return found


@pytest.fixture
def real_assessment(real_registry: Registry, sqlite_databases: SqliteDatabases, clock: FixedClock) -> Iterator[Source]:
    """A real assessment service beside a real registry."""
    engine = make_engine(sqlite_databases.migrated("assessment", migrate_assessment))
    app = assemble(engine, real_registry.client, clock=clock)
    http = open_http("http://assessment.test", Patience(), transport=AppTransport(app))
    owner = Peer("registry", real_registry.client._peer._http)  # type: ignore[attr-defined]
    tokens = ClientCredentials(owner, "reporting", secret=lambda: SECRET)
    headers = {"Authorization": f"Bearer {real_registry.token}"}

    def write(count: int) -> None:
        for number in range(count):
            made = http.post("/v1/plans", json={"title": f"计划{number}", "year": 2026}, headers=headers)
            assert made.status_code == 201, made.text

    yield Source(HttpAssessment(Peer("assessment", http, tokens=tokens)), write)
    engine.dispose()


@pytest.fixture(params=["fake registry", "real registry", "fake assessment", "real assessment"])
def source(request: pytest.FixtureRequest, clock: FixedClock) -> Source:
    """Each source in turn, with a few entries in it."""
    made: Any
    if request.param == "fake registry":
        made = fake_registry(clock)
    elif request.param == "fake assessment":
        fake = FakeAssessment()

        def write(count: int) -> None:
            for number in range(count):
                fake.append("plan", f"pln-{number}", effective_on=date(2026, 1, 1), changes={"title": "x"})

        made = Source(fake, write)
    else:
        made = request.getfixturevalue(request.param.replace(" ", "_"))
    found = Source(made.client, made.write)
    found.write(7)
    return found
