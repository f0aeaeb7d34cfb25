"""The columnar copy of any size, without servers: built from a generated ledger, then asked the whole grammar.

Each family of questions stands beside the same aggregation as SQL typed by hand, where there is one to type.
"""

import gc
import resource
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from tests.performance.bench_ledger import BEFORE, REDRAWN_ON, TODAY, TOWN, Ledger
from tests.performance.bench_tools import Line, best, quantile, say, seconds, timed

from heli_reporting.history.domain import KnownAt, Query
from heli_reporting.history.store import Store
from heli_shared.kernel.access import Scope

MEASURES = (
    "organization_coverage", "sole_setup_rate", "work_coverage_strict", "work_coverage_broad", "due_established_rate",
    "staff50_with_member_rate", "staff100_with_organization_rate", "enterprise_count",
)  # fmt: skip
GROUPS: tuple[tuple[str, ...], ...] = (
    (), ("division:town",), ("division:village",), ("industry:section",), ("size",), ("ownership",), ("unit",),
    ("zone",), ("division:town", "size"), ("division:county", "industry:section"),
)  # fmt: skip
FEW: tuple[tuple[str, ...], ...] = ((), ("division:town",), ("unit",))
MONTHS = tuple(date(2024 + n // 12, n % 12 + 1, 28) for n in range(6, 30))
COVERAGE = "organization_coverage"
LIMITS = ((200_000, 50), (1_000_000, 100), (10_000_000, 1_000))

Asked = Callable[[], object]


def measure_store(size: int, *, rounds: int, folder: Path | None = None) -> Iterator[Line]:
    """Build a store of so many enterprises and yield its figures; `folder` is where its file lies for a while."""
    named = f"{size:,} enterprises"
    with tempfile.TemporaryDirectory(prefix="heli-bench-", dir=folder) as made:
        store = Store.open(Path(made) / "reporting.duckdb")
        try:
            ledger = Ledger(size)
            say(f"store: {named}, {ledger.length:,} entries")
            yield seconds(f"store, taking in {ledger.length:,} entries", timed(partial(_append, store, ledger)))
            yield seconds(f"store, building the facts of {named}", timed(store.refresh))
            gc.collect()
            gc.freeze()  # as `heli_shared.web.serving` does before the first question
            yield from _questions(store, ledger, named, rounds=rounds, limit=_limit(size))
            yield from _new_data(store, ledger, named, limit="≤ 300 ms" if size <= 200_000 else "≤ 1.5 s")
        finally:
            store.close()
        megabytes = (Path(made) / "reporting.duckdb").stat().st_size / 1e6
        yield Line(f"store, size of the file, {named}", megabytes, "MB")
        yield Line(f"store, peak memory, {named}", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")


def _limit(size: int) -> str:
    return f"≤ {next(limit for most, limit in LIMITS if size <= most or most == LIMITS[-1][0]):,} ms"


def _append(store: Store, ledger: Ledger) -> None:
    for batch in ledger.batches():
        store.append("registry", batch, epoch="bench")


def _questions(store: Store, ledger: Ledger, named: str, *, rounds: int, limit: str) -> Iterator[Line]:
    """Yield the figures of every family of questions, warm."""
    floor = [best(partial(_by_hand, store, by), times=rounds) for by in GROUPS]
    _check_floor(store)
    today = _times([partial(store.aggregate, MEASURES, by, Query(TODAY)) for by in GROUPS], rounds)
    hand = quantile(floor, 0.5)
    yield seconds(
        f"store, groups, p50, {named}",
        quantile(today, 0.5),
        floor_name="the same aggregation as raw DuckDB SQL",
        floor=hand,
        limit="≤ 2×",
    )
    yield seconds(f"store, groups, p95, {named}", quantile(today, 0.95), limit=limit)
    past = _times([partial(store.aggregate, MEASURES, by, Query(BEFORE)) for by in GROUPS], rounds)
    yield seconds(
        f"store, groups as of {BEFORE}, p50, {named}",
        quantile(past, 0.5),
        floor_name="the same questions for today",
        floor=quantile(today, 0.5),
        limit="≤ 3×",
    )
    typed = {
        "series of 24 months": ("the same days one by one as raw DuckDB SQL", _series_by_hand),
        "change explained": ("both days joined as raw DuckDB SQL", _change_by_hand),
    }
    for family, asked in _families(store, ledger).items():
        taken = _times(asked, rounds)
        if family in typed:
            floor_name, by_hand = typed[family]
            floors = [best(partial(by_hand, store, by), times=rounds) for by in FEW]
            yield seconds(
                f"store, {family}, p50, {named}",
                quantile(taken, 0.5),
                floor_name=floor_name,
                floor=quantile(floors, 0.5),
                limit="≤ 2×",
            )
        yield seconds(f"store, {family}, p95, {named}", quantile(taken, 0.95), limit=limit)


def _families(store: Store, ledger: Ledger) -> dict[str, list[Asked]]:
    """Return the questions of the grammar by what makes them different."""
    town, now = Scope(divisions=(TOWN,)), Query(TODAY)
    earlier = KnownAt(registry=ledger.length - min(2_000, ledger.length // 20))
    before = Query(BEFORE)
    then = replace(before, structure_of=TODAY)
    small = Query(TODAY, filters={"size": ("small",)})
    return {
        "a town's own": [partial(store.aggregate, MEASURES, by, replace(now, scope=town)) for by in GROUPS],
        "filtered": [partial(store.aggregate, MEASURES, by, small) for by in GROUPS],
        "as known before": [partial(store.aggregate, MEASURES, by, Query(BEFORE, earlier)) for by in GROUPS],
        "trees": [partial(store.aggregate, MEASURES, (tree,), now) for tree in ("sector:1", "affiliation:1")],
        "structure of now": [partial(store.aggregate, MEASURES, by, then) for by in FEW],
        "series of 24 months": [partial(store.series, MEASURES, by, now, MONTHS) for by in FEW],
        "series, structure of now": [
            partial(store.series, MEASURES, by, replace(now, structure_of=TODAY), MONTHS) for by in FEW
        ],
        "change explained": [partial(store.change, COVERAGE, by, before, now) for by in FEW],
        "change with corrections": [partial(store.change, COVERAGE, by, Query(BEFORE, earlier), now) for by in FEW],
        "change, structure of now": [
            partial(store.change, COVERAGE, by, then, replace(now, structure_of=TODAY)) for by in FEW
        ],
        "ledger of the denominator": [partial(store.account, COVERAGE, by, now) for by in FEW],
        "rows behind a number": [partial(store.rows, COVERAGE, now, part=part) for part in ("numerator", "gap")],
        "gaps": [partial(store.gaps, now), partial(store.gaps, replace(now, scope=town))],
    }


def _times(asked: Sequence[Asked], rounds: int) -> list[float]:
    """Return the seconds of each question in each round, after one that warms it up."""
    for each in asked:
        each()
    return [timed(each) for _ in range(rounds) for each in asked]


def _new_data(store: Store, ledger: Ledger, named: str, *, limit: str) -> Iterator[Line]:
    """Yield how long the first answer takes after some new entries, the refresh included."""
    for count in (1, 1_000):
        store.append("registry", ledger.more(count), epoch="bench")

        def first() -> None:
            store.refresh()
            store.aggregate(MEASURES, ("division:town",), Query(TODAY))

        yield seconds(f"store, first answer after {count:,} new entries, {named}", timed(first), limit=limit)


COLUMNS = {
    "division:county": "county", "division:town": "town", "division:village": "village", "size": "size_class",
    "industry:section": "industry_section", "unit": "responsible_unit", "zone": "zone", "ownership": "ownership",
}  # fmt: skip
COUNTED = (
    "covered_in_scope", "in_scope", "sole_in_scope", "reached_without_organization", "without_organization",
    "covered_or_reached", "due_established", "due", "staff50_with_member", "staff50", "staff100_with_organization",
    "staff100",
)  # fmt: skip


def _by_hand(store: Store, by: Sequence[str], on: date = TODAY) -> list[tuple[Any, ...]]:
    columns = [COLUMNS[text] for text in by]
    selected = ", ".join([*columns, *(f"count_if({name})" for name in COUNTED)])
    grouped = f" GROUP BY {', '.join(columns)}" if columns else ""
    days = f"valid_from <= DATE '{on}' AND valid_to > DATE '{on}'"
    with store._connection.cursor() as cursor:
        found: list[tuple[Any, ...]] = cursor.execute(
            f"SELECT {selected} FROM facts WHERE {days} AND in_scope{grouped}"  # noqa: S608 - columns of this module
        ).fetchall()
    return found


def _series_by_hand(store: Store, by: Sequence[str]) -> list[list[tuple[Any, ...]]]:
    return [_by_hand(store, by, on) for on in MONTHS]


def _change_by_hand(store: Store, by: Sequence[str]) -> list[tuple[Any, ...]]:
    """Count by line who entered and left the denominator, and who gained and lost the numerator inside of it."""
    lines = [COLUMNS[text] for text in by]
    given = ", ".join(["uscc", "in_scope AS base", "covered_in_scope AS counted", *lines])
    ends = [f"SELECT {given} FROM facts WHERE valid_from <= '{on}' AND valid_to > '{on}'" for on in (BEFORE, TODAY)]  # noqa: S608 - columns and days of this module
    first, last = "coalesce(a.base, FALSE)", "coalesce(b.base, FALSE)"
    counted = ", ".join(
        f"count_if({condition})"
        for condition in (
            f"{last} AND NOT {first}",
            f"{first} AND NOT {last}",
            f"{first} AND {last} AND b.counted AND NOT a.counted",
            f"{first} AND {last} AND a.counted AND NOT b.counted",
        )
    )
    shown = "".join(f"coalesce(b.{column}, a.{column}), " for column in lines)
    grouped = f" GROUP BY {', '.join(str(1 + n) for n in range(len(lines)))}" if lines else ""
    sql = f"SELECT {shown}{counted} FROM ({ends[0]}) AS a FULL JOIN ({ends[1]}) AS b ON a.uscc = b.uscc{grouped}"  # noqa: S608 - as above
    with store._connection.cursor() as cursor:
        found: list[tuple[Any, ...]] = cursor.execute(sql).fetchall()
    return found


def _check_floor(store: Store) -> None:
    """Refuse a floor that counts something else."""
    counted = dict(zip(COUNTED, _by_hand(store, ())[0], strict=True))
    total = store.aggregate(MEASURES, (), Query(TODAY)).total
    told = (total[COVERAGE].numerator, total[COVERAGE].denominator, total["due_established_rate"].numerator)
    if (counted["covered_in_scope"], counted["in_scope"], counted["due_established"]) != told or not told[0]:
        raise RuntimeError(f"the floor counts {counted}, the store {told}: it is no floor")
    gained, lost = _change_by_hand(store, ())[0][2:]
    causes = {each.cause: each.records for each in store.change(COVERAGE, (), Query(BEFORE), Query(TODAY)).total.causes}
    if (gained, lost) != (causes.get("gained", 0), causes.get("lost", 0)) or not gained:
        raise RuntimeError(f"the floor of changes counts {gained} and {lost}, the store {causes}: it is no floor")
    if REDRAWN_ON <= BEFORE:
        raise RuntimeError("the past day must lie before the redraw, or nothing is placed anew")
