"""`./dev bench`: measure the figures of the project beside their floors, in one run, and print one table.

    ./dev bench                     a small run, about a minute
    ./dev bench --size 200000       a county
    ./dev bench --only scoring      one part: start, registry, search, statistics, scoring, workbook, store
    ./dev bench --only workbook --rows 400000     a workbook of 30 columns: rate and memory
    ./dev bench --only store --sizes 200000 1000000 10000000     the columnar copy as it grows
    ./dev bench --write             keep the table as docs/reference/benchmarks.md (of the store alone: growth.md)

Floors are measured in the same run on the same machine: the ratios are what counts. Servers run as real processes.
"""

import argparse
import os
import platform
import shlex
import socket
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import fastapi
from tests.performance.bench_registry import (
    keys_of,
    measure_bulk,
    measure_digests,
    measure_feed,
    measure_import,
    measure_requests,
)
from tests.performance.bench_scoring import measure_scoring
from tests.performance.bench_search import measure_search
from tests.performance.bench_statistics import measure_statistics
from tests.performance.bench_store import measure_store
from tests.performance.bench_tools import ROOT, Line, say, seconds, table
from tests.performance.bench_workbook import measure_workbook
from tests.performance.bench_world import divisions_csv, enterprise_rows, heli

REFERENCE = ROOT / "docs" / "reference"
PAGE = REFERENCE / "benchmarks.md", "Benchmarks 性能实测"
STORE_PAGE = REFERENCE / "growth.md", "The columnar copy as it grows 列存规模实测"
PARTS = ("start", "registry", "search", "statistics", "scoring", "workbook", "store")
LOCAL_POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"


def main(words: list[str]) -> int:
    """Measure what was asked for and print it."""
    given = arguments(words)
    lines: list[Line] = []
    try:
        for line in measured(given):
            say(f"  {line.what}: {' '.join(line.cells()[1:4])}")
            lines.append(line)
    finally:
        sys.stdout.write(table(lines))
    if given.write:
        written, title = STORE_PAGE if given.only == ["store"] else PAGE
        written.write_text(page(title, lines, words), encoding="utf-8")
        say(f"wrote {written.relative_to(ROOT)}")
    return 0


def arguments(words: list[str]) -> argparse.Namespace:
    """Return what the caller chose."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=20_000, help="enterprises (default 20,000)")
    parser.add_argument(
        "--sizes", type=int, nargs="+", help="enterprises of the store, one after the other (default: --size)"
    )
    parser.add_argument("--names", type=int, default=30_000, help="names to search among (default 30,000)")
    parser.add_argument("--rows", type=int, default=20_000, help="rows of the workbook of 30 columns (default 20,000)")
    parser.add_argument("--subjects", type=int, default=50_000, help="subjects to score (default 50,000)")
    parser.add_argument("--duration", type=float, default=3.0, help="seconds per measurement of requests")
    parser.add_argument(
        "--rounds", type=int, default=10, choices=range(1, 24), metavar="1…23", help="rounds of statistics"
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part (may be repeated)")
    parser.add_argument(
        "--postgres", default=os.environ.get("HELI_TEST_POSTGRES_URL", ""), help="server to measure on, too"
    )
    parser.add_argument("--sqlite-only", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/reference/")
    return parser.parse_args(words)


def measured(given: argparse.Namespace) -> Iterator[Line]:
    """Yield every line as it is measured."""
    parts = set(given.only or PARTS)
    if "scoring" in parts:
        yield from measure_scoring(given.subjects)
    if "workbook" in parts:
        yield from measure_workbook(given.rows)
    if "store" in parts:
        for size in given.sizes or [given.size]:
            yield from measure_store(size, rounds=given.rounds)
    if parts & {"start", "registry", "statistics"}:
        yield from on_database(given, parts, server_url=None, name="SQLite")
    server_url = "" if given.sqlite_only else given.postgres or local_postgres()
    if "registry" in parts and server_url:
        yield from on_database(given, {"registry"}, server_url=server_url, name="PostgreSQL")
    elif "registry" in parts:
        say("PostgreSQL: left out, no server answered")
    if "search" in parts:
        yield from searched(given.names, server_url=None, name="SQLite")
        if server_url:
            yield from searched(given.names, server_url=server_url, name="PostgreSQL")


def searched(count: int, *, server_url: str | None, name: str) -> Iterator[Line]:
    """Yield the lines of searching so many names in one kind of database."""
    with tempfile.TemporaryDirectory(prefix="heli-bench-") as folder, heli(Path(folder), database=server_url) as world:
        world.load("divisions", divisions_csv())
        yield from measure_search(world, count, database=name)


def on_database(given: argparse.Namespace, parts: set[str], *, server_url: str | None, name: str) -> Iterator[Line]:
    """Yield the lines of a Heli that keeps its rows in one kind of database."""
    rows = enterprise_rows(given.size)
    with tempfile.TemporaryDirectory(prefix="heli-bench-") as folder:
        data = Path(folder)
        with heli(data, database=server_url) as world:
            if "start" in parts:
                yield seconds("start of the three services, first (migrations, keys)", world.started_in)
            world.load("divisions", divisions_csv())
            yield from measure_import(world, rows, database=name)
            if "registry" in parts:
                keys = keys_of(min(given.size, 1_000))
                yield from measure_requests(world, keys, duration=given.duration, database=name)
                for kind in ("ledger", "enterprises"):
                    yield from measure_bulk(world, kind, database=name)
                yield from measure_digests(world, "enterprises", database=name)
                yield from measure_feed(world, 100_000, database=name)
            if "statistics" in parts:
                yield seconds(f"first pull into reporting, {given.size:,} enterprises", world.sync())
                past = date(date.today().year - 1, 6, 30).isoformat()  # noqa: DTZ011 - any past day will do
                key = str(rows[0][0])
                yield from measure_statistics(world, size=given.size, past=past, rounds=given.rounds, key=key)
        if "start" in parts and server_url is None:
            with heli(data) as world:
                yield seconds("start of the three services, again", world.started_in, limit="≤ 5 s")


def local_postgres() -> str:
    """Return the address of a server on this machine, or nothing."""
    try:
        with socket.create_connection(("127.0.0.1", 5432), timeout=1):
            return LOCAL_POSTGRES
    except OSError:
        return ""


def page(title: str, lines: list[Line], words: list[str]) -> str:
    """Return the table as a page of the documentation that says how it was measured."""
    command = shlex.join(["./dev", "bench", *words])
    return (
        f"# {title}\n\n"
        f"Measured on {datetime.now(UTC).date()} by `{command}`: {os.cpu_count()} shared cores, "
        f"load {os.getloadavg()[2]:.0f} over the last quarter of an hour, Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}, FastAPI {fastapi.__version__}.\n"
        "Each figure stands beside its floor, measured in the same run: read the ratios. "
        "“To reach” is the aim the project set itself; a line above it is work to do.\n\n"
        f"{table(lines)}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
