"""Measure the ways to number a change feed on PostgreSQL: entries per second, and entries a reader missed.

    python tests/performance/feed_order.py --url postgresql://postgres@127.0.0.1:5432/postgres --seconds 5

Each way runs in a schema of its own, dropped afterwards: some connections write transactions of 1–3 entries, a few of
them slow, one in a hundred rolled back, while one reader follows the feed by its last seq. Decision record 1 rests
on this table.
"""

import argparse
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

SLOW_SHARE, ROLLBACK_SHARE = 0.05, 0.01
SLOW_SECONDS, WORK_SECONDS = 0.02, 0.001


@dataclass(frozen=True, slots=True)
class Way:
    """One way to number: what a transaction does before its own work, and how it writes its entries after it."""

    name: str
    first: str | None
    last: str | None
    insert: str


WAYS = (
    Way("plain sequence (naive)", None, None, "INSERT INTO entries (seq) VALUES (nextval('numbers'))"),
    Way(
        "lock for the whole transaction",
        "SELECT seq FROM head FOR UPDATE",
        None,
        "WITH moved AS (UPDATE head SET seq = seq + 1 RETURNING seq) INSERT INTO entries SELECT seq FROM moved",
    ),
    Way(
        "lock as the last act",
        None,
        "SELECT seq FROM head FOR UPDATE",
        "WITH moved AS (UPDATE head SET seq = seq + 1 RETURNING seq) INSERT INTO entries SELECT seq FROM moved",
    ),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one way did: committed entries, what the reader missed of them, and the seconds it took."""

    way: str
    entries: int
    missed: int
    seconds: float


def write_until(stop: threading.Event, connect: Callable[[], psycopg.Connection], way: Way, seed: int) -> None:
    """Write transactions until told to stop."""
    chance = random.Random(seed)
    with connect() as connection:
        while not stop.is_set():
            if way.first:
                connection.execute(way.first.encode())
            seconds = SLOW_SECONDS if chance.random() < SLOW_SHARE else WORK_SECONDS
            entries = chance.randint(1, 3)
            if way.last:
                connection.execute("SELECT pg_sleep(%s)", (seconds,))
                connection.execute(way.last.encode())
            for _ in range(entries):
                connection.execute(way.insert.encode())
            if not way.last:  # the others number first and work afterwards
                connection.execute("SELECT pg_sleep(%s)", (seconds,))
            if chance.random() < ROLLBACK_SHARE:
                connection.rollback()
            else:
                connection.commit()


def read_until(stop: threading.Event, connect: Callable[[], psycopg.Connection], seen: set[int]) -> None:
    """Follow the feed by its last seq until told to stop and nothing is left."""
    cursor = 0
    with connect() as connection:
        connection.autocommit = True
        while True:
            ending = stop.is_set()
            rows = connection.execute("SELECT seq FROM entries WHERE seq > %s ORDER BY seq", (cursor,)).fetchall()
            seen.update(row[0] for row in rows)
            cursor = rows[-1][0] if rows else cursor
            if ending and not rows:
                return
            time.sleep(0.001)


def measure(url: str, way: Way, *, writers: int, seconds: float) -> Finding:
    """Run one way in a schema of its own and return what it did."""
    schema = f"heli_feed_order_{random.getrandbits(40):x}"

    def connect() -> psycopg.Connection:
        return psycopg.connect(url, options=f"-c search_path={schema}")

    with psycopg.connect(url, autocommit=True) as setup:
        setup.execute(f"CREATE SCHEMA {schema}".encode())
        setup.execute(f"SET search_path = {schema}".encode())
        setup.execute("CREATE TABLE entries (seq bigint PRIMARY KEY)")
        setup.execute("CREATE TABLE head (seq bigint NOT NULL)")
        setup.execute("INSERT INTO head VALUES (0)")
        setup.execute("CREATE SEQUENCE numbers")
        try:
            seen: set[int] = set()
            stop_writing, stop_reading = threading.Event(), threading.Event()
            threads = [
                threading.Thread(target=write_until, args=(stop_writing, connect, way, seed)) for seed in range(writers)
            ]
            reader = threading.Thread(target=read_until, args=(stop_reading, connect, seen))
            began = time.perf_counter()
            for thread in (reader, *threads):
                thread.start()
            time.sleep(seconds)
            stop_writing.set()
            for thread in threads:
                thread.join()
            took = time.perf_counter() - began
            stop_reading.set()
            reader.join()
            committed = {row[0] for row in setup.execute("SELECT seq FROM entries").fetchall()}
            return Finding(way.name, len(committed), len(committed - seen), took)
        finally:
            setup.execute(f"DROP SCHEMA {schema} CASCADE".encode())


def main(arguments: list[str]) -> int:
    """Print a Markdown table of all ways; fail when the naive way missed nothing or another missed something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="postgresql://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5.0)
    given = parser.parse_args(arguments)
    findings = [measure(given.url, way, writers=given.writers, seconds=given.seconds) for way in WAYS]
    lines = ["| way | entries | entries/s | missed |", "|---|---:|---:|---:|"]
    lines += [f"| {it.way} | {it.entries} | {it.entries / it.seconds:.0f} | {it.missed} |" for it in findings]
    sys.stdout.write("\n".join(lines) + "\n")
    naive, *others = findings
    return 0 if naive.missed and not any(found.missed for found in others) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
