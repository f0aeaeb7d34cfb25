"""The first start: an administrator told once, clients with secrets in files, nothing made twice."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from heli_registry.identity.bootstrap import ensure_first_principals, issue_offline_token
from heli_registry.identity.hashing import SecretHasher
from heli_registry.identity.issuer import open_issuer
from heli_registry.migrating import migrate_registry
from heli_shared.db.engine import make_engine
from heli_shared.kernel.errors import NotFound
from heli_shared.web.tokens import TokenVerifier

CHEAP = SecretHasher(time_cost=1, memory_kib=8, lanes=1)


@pytest.fixture
def url(databases):
    return databases.migrated("registry", migrate_registry)


@pytest.fixture
def start(url, clock, tmp_path):
    told = []
    engine = make_engine(url)

    def run(**given):
        ensure_first_principals(
            engine, data=tmp_path, hasher=CHEAP, clock=clock, given_secrets=given, announce=told.append
        )
        return told

    yield run
    engine.dispose()


def rows(url):
    engine = make_engine(url)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT login, kind, roles, secret_hash FROM principals ORDER BY login")
        result = {row.login: row for row in found}
    engine.dispose()
    return result


def test_the_first_start_makes_an_administrator_and_the_clients(start, url, tmp_path):
    told = start()
    found = rows(url)
    assert {name: (row.kind, row.roles) for name, row in found.items()} == {
        "admin": ("person", '["administrator"]'),
        "assessment": ("client", '["service"]'),
        "reporting": ("client", '["service"]'),
    }
    assert len(told) == 1
    assert CHEAP.matches(told[0], found["admin"].secret_hash)
    for name in ("assessment", "reporting"):
        path = tmp_path / "secrets" / f"{name}.secret"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert CHEAP.matches(path.read_text(), found[name].secret_hash)
    assert not any(told[0] in path.read_text() for path in (tmp_path / "secrets").iterdir())


def test_every_later_start_changes_nothing(start, url):
    start()
    before = rows(url)
    assert len(start()) == 1
    assert rows(url) == before


def test_starting_many_times_at_once_makes_each_once(start, url):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: start(), range(8)))
    assert sorted(rows(url)) == ["admin", "assessment", "reporting"]


def test_a_clients_secret_may_come_from_outside_and_change(start, url, tmp_path):
    start(reporting="first secret from outside")
    assert CHEAP.matches("first secret from outside", rows(url)["reporting"].secret_hash)
    start(reporting="second secret from outside")
    assert CHEAP.matches("second secret from outside", rows(url)["reporting"].secret_hash)
    assert not (tmp_path / "secrets" / "reporting.secret").exists()


def test_whoever_holds_the_data_folder_gets_a_token_offline(start, url, clock, tmp_path):
    start()
    issued = issue_offline_token(tmp_path, url, clock=clock)
    verifier = TokenVerifier(open_issuer(tmp_path, clock=clock).public_keys(), clock=clock)
    assert verifier.verify(issued.token).subject.startswith("prn-")
    assert issued.expires_in == 3600
    with pytest.raises(NotFound):
        issue_offline_token(tmp_path, url, clock=clock, login="nobody")


def test_a_secret_is_never_matched_by_nothing():
    assert not CHEAP.matches("", None)
    assert not CHEAP.matches("x", None)
    assert not CHEAP.matches("x", CHEAP.hash("y"))
    assert CHEAP.matches("y", CHEAP.hash("y"))
