"""Registry: import, single reads and lists, the bulk copy and the feed, each beside its floor."""

import csv
import io
import sqlite3
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import httpx
import orjson
import psycopg
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import urllib3
from tests.performance.bench_tools import (
    Line,
    best,
    free_port,
    rate,
    request_bytes,
    requests_per_second,
    say,
    seconds,
    server,
    timed,
)
from tests.performance.bench_world import COLUMNS, World, csv_bytes, enterprise_rows

PAGE = 1_000


def measure_import(world: World, rows: Sequence[tuple[Any, ...]], *, database: str) -> list[Line]:
    """Import a list with all checks and the ledger, beside reading the file and a plain insert of its columns."""
    say(f"import: {len(rows):,} rows of CSV into {database}")
    content = csv_bytes(COLUMNS, list(rows))
    ours = world.load("enterprises", content)
    floor = timed(lambda: plain_insert(content, database_url(world)))
    return [
        rate(
            f"import of {len(rows):,} rows of CSV, {database}",
            len(rows) / ours,
            "rows/s",
            floor_name="read + plain executemany",
            floor=len(rows) / floor,
            limit="≥ 15,000/s, ≤ 4×",
        )
    ]


def database_url(world: World) -> str:
    """Return where registry keeps its rows."""
    return world.environment.get("HELI_REGISTRY_DATABASE_URL", f"sqlite:///{world.data / 'registry.sqlite'}")


def plain_insert(content: bytes, url: str) -> None:
    """Read a CSV and insert its cells into a table of the same database engine, in one transaction."""
    reader = csv.reader(io.StringIO(content.decode()))
    width = len(next(reader))
    columns = ", ".join(f"c{index} TEXT" + (" PRIMARY KEY" if index == 0 else "") for index in range(width))
    if url.startswith("postgresql"):
        marks = ", ".join(["%s"] * width)
        with psycopg.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE plain ({columns})".encode())
            cursor.executemany(f"INSERT INTO plain VALUES ({marks})".encode(), reader)  # noqa: S608 - only marks
        with psycopg.connect(url) as connection:
            connection.execute("DROP TABLE plain")
        return
    file = Path(url.removeprefix("sqlite:///")).with_name("plain.sqlite")
    plain = sqlite3.connect(file)
    try:
        plain.execute("PRAGMA journal_mode=WAL")
        plain.execute("PRAGMA synchronous=FULL")
        plain.execute(f"CREATE TABLE plain ({columns})")
        plain.executemany(f"INSERT INTO plain VALUES ({', '.join('?' * width)})", reader)  # noqa: S608 - only marks
        plain.commit()
    finally:
        plain.close()
        file.unlink()


def measure_requests(world: World, keys: Sequence[str], *, duration: float, database: str) -> list[Line]:
    """Measure one record by its key and a list of fifty, beside a bare endpoint that runs the same SQL."""
    say(f"requests: GET by id and list of 50 on {database}")
    port = free_port()
    token = world.token()
    me = world.client.get(f"{world.registry}/v1/principals/me").raise_for_status().json()["id"]
    command = [sys.executable, "-m", "tests.performance.bench_floor_app", database_url(world), str(port), me]
    bare = f"http://127.0.0.1:{port}"
    lines = []
    with server(command, {"HELI_DATA": str(world.data)}, [port], path="/ready"):
        pairs = (
            (
                "GET by id",
                [request_bytes(f"{world.registry}/v1/enterprises/{key}", token) for key in keys],
                [request_bytes(f"{bare}/enterprises/{key}") for key in keys],
            ),
            (
                "list of 50",
                [request_bytes(f"{world.registry}/v1/enterprises?limit=50", token)],
                [request_bytes(f"{bare}/enterprises")],
            ),
        )
        for what, ours, floors in pairs:
            floor = requests_per_second(bare, floors, duration=duration)
            value = requests_per_second(world.registry, ours, duration=duration)
            lines.append(
                rate(
                    f"{what}, {database}",
                    value,
                    "requests/s",
                    floor_name="bare endpoint, same SQL",
                    floor=floor,
                    limit="≤ 2×",
                )
            )
    return lines


def arrow_rows(url: str, token: str) -> int:
    """Pull an Arrow stream over HTTP and return how many rows it had."""
    pool = urllib3.PoolManager()
    answer = pool.request("GET", url, headers={"Authorization": f"Bearer {token}"}, preload_content=False)
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {answer.data[:300]!r}")
    with pa.ipc.open_stream(answer) as stream:
        count = sum(int(batch.num_rows) for batch in stream)
    answer.release_conn()
    return count


def measure_bulk(world: World, kind: str, *, database: str) -> list[Line]:
    """Pull all of a kind as Arrow, the first time and again, beside DuckDB reading the same rows as Parquet."""
    say(f"bulk pull: {kind} from {database}")
    world.sign_in()
    token = world.token()
    parquet = world.data / f"{kind}.parquet"
    answer = world.client.get(f"{world.registry}/v1/exports/{kind}", params={"format": "parquet"})
    parquet.write_bytes(answer.raise_for_status().content)
    read: list[int] = []

    def read_parquet() -> None:
        found = duckdb.sql(f"SELECT * FROM read_parquet('{parquet}')")  # noqa: S608 - the bench's own file
        read.append(found.to_arrow_table().num_rows)

    floor = best(read_parquet, times=3)
    url = f"{world.registry}/v1/exports/{kind}?format=arrow"
    counts: list[int] = []
    lines = []
    for what, limit in (("live", "≤ 12×"), ("again", "≤ 1.5× from a kept copy")):
        value = timed(lambda: counts.append(arrow_rows(url, token)))
        lines.append(
            rate(
                f"bulk pull of {counts[-1]:,} rows of {kind} as Arrow, {what}, {database}",
                counts[-1] / value,
                "rows/s",
                floor_name="DuckDB reads Parquet",
                floor=read[-1] / floor,
                limit=limit,
            )
        )
    if {*counts} != {*read}:
        raise RuntimeError(f"the Parquet copy has {read[-1]} rows, {counts} came as Arrow")
    return lines


def measure_digests(world: World, kind: str, *, database: str) -> list[Line]:
    """Ask for a kind's digests the first time, again, and a level further down."""
    say(f"digests: {kind} from {database}")
    world.sign_in()
    counts: list[int] = []

    def ask(prefix: str) -> None:
        answer = world.client.get(f"{world.registry}/v1/digests", params={"kind": kind, "prefix": prefix})
        counts.append(int(answer.raise_for_status().json()["count"]))

    first = timed(lambda: ask(""))
    again = best(lambda: ask(""), times=10)
    below = best(lambda: ask("7f"), times=10)
    rows = f"{counts[0]:,} rows of {kind}, {database}"
    return [
        seconds(f"digests of {rows}, built from the rows", first),
        seconds(f"digests of {rows}, again", again, limit="≤ 50 ms"),
        seconds(f"digests of {rows}, one level down", below, limit="≤ 50 ms"),
    ]


def measure_feed(world: World, most: int, *, database: str) -> list[Line]:
    """Follow the feed from the start page by page, beside reading the same entries as lines of JSON from a file."""
    say(f"feed: catch-up of at most {most:,} changes on {database}")
    world.sign_in()
    entries: list[dict[str, Any]] = []
    began = time.perf_counter()
    follow(world.client, world.registry, entries, most=most)
    ours = time.perf_counter() - began
    file = world.data / "changes.ndjson"
    file.write_bytes(b"\n".join(orjson.dumps(entry) for entry in entries))

    def read_lines() -> None:
        with file.open("rb") as stream:
            for line in stream:
                orjson.loads(line)

    floor = best(read_lines, times=3)
    return [
        rate(
            f"feed catch-up, {len(entries):,} changes, {database}",
            len(entries) / ours,
            "changes/s",
            floor_name="lines of JSON from a file",
            floor=len(entries) / floor,
            limit="1 M in 60 s: ≥ 16,700/s",
        )
    ]


def follow(client: httpx.Client, registry: str, entries: list[dict[str, Any]], *, most: int) -> None:
    """Read the feed from its beginning into `entries` until its end, or until there are `most`."""
    after = "0"
    while len(entries) < most:
        answer = client.get(f"{registry}/v1/changes", params={"after": after, "limit": PAGE}).raise_for_status()
        page = orjson.loads(answer.content)
        if not page["items"]:
            return
        entries += page["items"]
        after = page["next"]


def keys_of(count: int) -> list[str]:
    """Return the credit codes of the first rows of the generated list."""
    return [str(row[0]) for row in enterprise_rows(count)]
