"""A pytest plugin of `./dev test`: says at the very end which kinds of tests this machine could not run."""

import os

import pytest

_WORDS = {
    "postgres": (
        "没有 PostgreSQL,以上测试未在 PostgreSQL 上运行;请设置 HELI_TEST_POSTGRES_URL。",
        "PostgreSQL tests were SKIPPED: no server answered. Set HELI_TEST_POSTGRES_URL to run them.",
    ),
    "real_data": (
        "旁边没有真实名录,相关测试未运行。",
        "Tests on the real enterprise lists were skipped: the lists are not beside the project.",
    ),
}


def skipped_of(reporter: pytest.TerminalReporter, marker: str) -> int:
    """Return how many tests with the marker were skipped."""
    return sum(1 for report in reporter.stats.get("skipped", []) if marker in getattr(report, "keywords", {}))


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one loud line for each kind of tests that was skipped."""
    for marker, (zh, en) in _WORDS.items():
        count = skipped_of(terminalreporter, marker)
        if count:
            terminalreporter.section(f"{count} × {marker} SKIPPED", sep="!", yellow=True, bold=True)
            terminalreporter.line(zh, yellow=True, bold=True)
            terminalreporter.line(en, yellow=True, bold=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that requires PostgreSQL (HELI_REQUIRE_POSTGRES) and skipped its tests."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    required = os.environ.get("HELI_REQUIRE_POSTGRES") == "1"
    if required and reporter and skipped_of(reporter, "postgres") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
