"""Statistics: the queries of the board warm, first after new data and as of a past day, beside SQL typed by hand."""

import shutil
import time
from collections.abc import Sequence
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import duckdb
from tests.performance.bench_tools import Line, best, quantile, say, seconds
from tests.performance.bench_world import World

Question = list[tuple[str, str | int | float | bool | None]]
MEASURES = ("organization_coverage", "work_coverage_broad", "due_established_rate", "enterprise_count")
GROUPS = ((), ("division:town",), ("division:town", "size"), ("industry:section",), ("ownership",), ("size",))


def queries(turn: int = 0, **more: str) -> list[Question]:
    """Return the parameters of every measured query of the grammar.

    Another turn asks the same in another order of measures: reporting keeps answers for some seconds, and a kept answer
    is not what is measured here.
    """
    orders = list(permutations(MEASURES))
    measures: Question = [("measure", measure) for measure in orders[turn % len(orders)]]
    return [[*measures, *(("by", group) for group in groups), *more.items()] for groups in GROUPS]


def ask(world: World, parameters: Question) -> dict[str, Any]:
    """Return one answer of reporting."""
    found = world.client.get(f"{world.reporting}/v1/statistics", params=parameters).raise_for_status().json()
    assert isinstance(found, dict)
    return found


def times_of(world: World, turns: Sequence[Sequence[Question]]) -> list[float]:
    """Return the seconds of each query of each turn."""
    taken = []
    for asked in turns:
        for parameters in asked:
            began = time.perf_counter()
            ask(world, parameters)
            taken.append(time.perf_counter() - began)
    return taken


def measure_statistics(world: World, *, size: int, past: str, rounds: int, key: str) -> list[Line]:
    """Measure the statistics of a loaded county; `key` is an enterprise that may be changed."""
    say(f"statistics: {size:,} enterprises")
    times_of(world, [queries()])
    warm = times_of(world, [queries(turn) for turn in range(1, rounds + 1)])
    times_of(world, [queries(on=past)])
    as_of = times_of(world, [queries(turn, on=past) for turn in range(1, rounds + 1)])
    kept = [times_of(world, [[parameters]] * 2)[1] for parameters in queries(1)]
    hand = quantile(by_hand(world, size, rounds=rounds), 0.5)
    fresh = first_after_new_data(world, key)
    limit = 50 if size <= 200_000 else 100
    named = f"{size:,} enterprises"
    return [
        seconds(
            f"statistics warm, p50, {named}",
            quantile(warm, 0.5),
            floor_name="the same aggregation as raw DuckDB SQL",
            floor=hand,
            limit="≤ 2×",
        ),
        seconds(f"statistics warm, p95, {named}", quantile(warm, 0.95), limit=f"≤ {limit} ms"),
        seconds(f"statistics asked again within seconds, p50, {named}", quantile(kept, 0.5)),
        seconds(
            f"statistics as of {past}, p50, {named}",
            quantile(as_of, 0.5),
            floor_name="the same query for today",
            floor=quantile(warm, 0.5),
            limit="≤ 3×",
        ),
        seconds(f"statistics, first after new data, {named}", fresh, limit="≤ 300 ms"),
    ]


def first_after_new_data(world: World, key: str) -> float:
    """Change one enterprise, let reporting pull it, and return the seconds of the first answer after that."""
    where = f"{world.registry}/v1/enterprises/{key}"
    etag = world.client.get(where).raise_for_status().headers["etag"]
    world.client.patch(where, json={"staff": 77}, headers={"If-Match": etag}).raise_for_status()
    world.sync()
    parameters = queries(7)[1]
    began = time.perf_counter()
    ask(world, parameters)
    return time.perf_counter() - began


def by_hand(world: World, size: int, *, rounds: int) -> list[float]:
    """Return the seconds of the same aggregations typed as SQL on a copy of the store, one for each group."""
    copy = copied_store(world.data)
    answer = ask(world, queries()[0])["total"]
    with duckdb.connect(str(copy), read_only=True) as connection:
        counted = connection.execute(statement_of([])).fetchone() or ()
        told = (
            answer["organization_coverage"]["numerator"],
            answer["enterprise_count"]["value"],
            answer["work_coverage_broad"]["numerator"],
            answer["due_established_rate"]["numerator"],
            answer["due_established_rate"]["denominator"],
        )
        if counted != told or counted[1] > size:
            raise RuntimeError(f"the floor counts {counted}, reporting says {told}: it is no floor")
        return [
            best(partial(run, connection, statement_of([COLUMNS[group] for group in groups])), times=rounds)
            for groups in GROUPS
        ]


def run(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Run a statement and take all its rows."""
    connection.execute(statement).fetchall()


COLUMNS = {
    "division:town": "town",
    "size": "size_class",
    "industry:section": "industry_section",
    "ownership": "ownership",
}


def statement_of(columns: Sequence[str]) -> str:
    """Return the aggregation of the four measures by these columns on the day of today."""
    counted = (
        "count(*) FILTER (covered_in_scope), count(*) FILTER (in_scope), count(*) FILTER (covered_or_reached), "
        "count(*) FILTER (due_established), count(*) FILTER (due)"
    )
    named = "".join(f"{column}, " for column in columns)
    grouped = f" GROUP BY {', '.join(columns)} ORDER BY {', '.join(columns)}" if columns else ""
    today = "valid_from <= current_date AND valid_to > current_date"
    return f"SELECT {named}{counted} FROM facts WHERE {today}{grouped}"  # noqa: S608 - columns of this module


def copied_store(data: Path) -> Path:
    """Copy reporting's store with its write-ahead log, so that it can be read while reporting holds the original."""
    folder = data / "copied-store"
    folder.mkdir(exist_ok=True)
    for file in data.glob("reporting.duckdb*"):
        if file.is_file():
            shutil.copy(file, folder / file.name)
    return folder / "reporting.duckdb"
