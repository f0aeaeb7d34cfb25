"""Fixtures that every test may use: both databases, a clock that stands still, the real lists where they are."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from heli_shared.kernel.clock import FixedClock
from heli_shared.testing.databases import Databases, SqliteDatabases, postgres_databases, postgres_url

NOW = datetime(2026, 7, 1, 2, 30, tzinfo=UTC)
REAL_DATA = Path(__file__).parents[2] / "shared" / "data"
_SKIPPED_POSTGRES: list[str] = []


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """Return the URL of the PostgreSQL server; skip loudly without one, fail where one is required."""
    url = postgres_url()
    if url is None:
        reason = "no PostgreSQL server: set HELI_TEST_POSTGRES_URL or start one on 127.0.0.1:5432"
        if os.environ.get("HELI_REQUIRE_POSTGRES"):
            pytest.fail(reason)
        pytest.skip(reason)
    return url


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_maker(postgres_server: str) -> Iterator[Databases]:
    with postgres_databases(postgres_server) as databases:
        yield databases


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Make databases of each engine in turn: whoever asks for this runs on both."""
    name = "sqlite_databases" if request.param == "sqlite" else "postgres_maker"
    found: Databases = request.getfixturevalue(name)
    yield found
    found.release()


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that stands at the morning of 1 July 2026 in China."""
    return FixedClock(NOW)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real enterprise lists; skip, saying so, where it is not."""
    if not (REAL_DATA / "enterprises").is_dir():
        pytest.skip("the real enterprise lists are not beside the project (../shared/data)")
    return REAL_DATA


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count the PostgreSQL tests that were skipped for want of a server."""
    if report.skipped and "no PostgreSQL server" in str(report.longrepr):
        _SKIPPED_POSTGRES.append(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly when PostgreSQL was left out."""
    if _SKIPPED_POSTGRES:
        terminalreporter.section("POSTGRESQL WAS NOT TESTED", sep="!", red=True, bold=True)
        terminalreporter.write_line(
            f"{len(_SKIPPED_POSTGRES)} tests were skipped because no PostgreSQL server answered. "
            "Set HELI_TEST_POSTGRES_URL or start one on 127.0.0.1:5432."
        )
