"""Fixtures that every test may use: both databases, a clock that stands still, the real lists where they are."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from heli_shared.kernel.clock import FixedClock
from heli_shared.testing.databases import Databases, SqliteDatabases, postgres_databases, postgres_url

# How long a case takes says something about the machine and nothing about the product.
settings.register_profile("heli", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("heli")

NOW = datetime(2026, 7, 1, 2, 30, tzinfo=UTC)
_BROWSER_SWITCHES = ("--no-sandbox", "--disable-background-networking")
REAL_DATA = Path(__file__).parents[2] / "shared" / "data"
_SKIPPED_POSTGRES: list[str] = []
_SKIPPED_BROWSER: list[str] = []


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return a headless Chromium; skip loudly where there is none, fail where one is required."""
    program = os.environ.get("HELI_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        reason = "no browser: install chromium (Debian, Ubuntu) or set HELI_TEST_BROWSER to the program"
        if os.environ.get("HELI_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright  # only here: most runs open no browser

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(_BROWSER_SWITCHES))
        yield opened
        opened.close()


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
    """Count the tests that were skipped for want of a PostgreSQL server or a browser."""
    if report.skipped and "no PostgreSQL server" in str(report.longrepr):
        _SKIPPED_POSTGRES.append(report.nodeid)
    if report.skipped and "no browser" in str(report.longrepr):
        _SKIPPED_BROWSER.append(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly when PostgreSQL or the browser was left out."""
    if _SKIPPED_POSTGRES:
        terminalreporter.section("POSTGRESQL WAS NOT TESTED", sep="!", red=True, bold=True)
        terminalreporter.write_line(
            f"{len(_SKIPPED_POSTGRES)} tests were skipped because no PostgreSQL server answered. "
            "Set HELI_TEST_POSTGRES_URL or start one on 127.0.0.1:5432."
        )
    if _SKIPPED_BROWSER:
        terminalreporter.section("THE BOARD WAS NOT LOOKED AT", sep="!", red=True, bold=True)
        terminalreporter.write_line(
            f"{len(_SKIPPED_BROWSER)} tests were skipped because there is no browser. "
            "Install chromium or set HELI_TEST_BROWSER to the program."
        )
