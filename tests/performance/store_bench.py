"""Measure the columnar store on a generated county: build, refresh, aggregates beside raw DuckDB SQL on the same file.

`python tests/performance/store_bench.py --enterprises 200000 [--json FILE]`; seeded, entries go in as Arrow.
"""

import argparse
import json
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa

from heli_reporting.history.domain import KnownAt, Query
from heli_reporting.history.entries import SCHEMA
from heli_reporting.history.store import Store
from heli_shared.kernel.access import Scope

START = date(2024, 1, 1)
TODAY = date(2026, 6, 30)
COUNTY = "330102000000"
TOWNS = [f"3301020{n:02d}000" for n in range(1, 13)]
VILLAGES = [f"{town[:9]}{n:03d}" for town in TOWNS for n in range(1, 16)]
INDUSTRIES = [
    "C1311",
    "C2110",
    "F5211",
    "F5137",
    "G5430",
    "H6210",
    "I6510",
    "L7211",
    "M7310",
    "E4710",
    "A0111",
    "O8010",
]
MEASURES = (
    "organization_coverage",
    "sole_setup_rate",
    "work_coverage_strict",
    "work_coverage_broad",
    "due_established_rate",
    "staff50_with_member_rate",
    "staff100_with_organization_rate",
    "enterprise_count",
)
BY: tuple[tuple[str, ...], ...] = (
    (),
    ("division:town",),
    ("division:village",),
    ("industry:section",),
    ("size",),
    ("ownership",),
    ("unit",),
    ("zone",),
    ("division:town", "industry:section"),
)


class Ledger:
    """A seeded ledger of a county of some size, column by column."""

    def __init__(self, enterprises: int, seed: int) -> None:
        """Draw the county: enterprises with a later change each, organisations, covers, links."""
        self.chance = Random(seed)
        self.columns: dict[str, list[Any]] = {name: [] for name in SCHEMA.names}
        self.recorded = datetime(2026, 1, 1, tzinfo=UTC)
        self._tree()
        usccs = [f"91330102{n:010d}" for n in range(enterprises)]
        for uscc in usccs:
            self.add("enterprise", uscc, START + timedelta(days=self.chance.randrange(365)), self._enterprise())
        self._organizations(usccs, enterprises // 12)
        for n in range(enterprises // 8):
            kind = self.chance.choice(["union", "youth_league"])
            link = {"kind": kind, "enterprise": self.chance.choice(usccs), "state": "open"}
            self.add("mass_organization", f"mas-{n}", self._day(), link)
        for n in range(enterprises // 10):
            link = {"role": "instructor", "enterprise": self.chance.choice(usccs), "state": "open"}
            self.add("assignment", f"asg-{n}", self._day(), link)
        for uscc in usccs:
            self.add(
                "enterprise", uscc, self._day(), {"staff": self._staff(), "full_members": self._members()}, "change"
            )

    def add(self, entity: str, key: str, on: date, changes: dict[str, Any], operation: str = "create") -> None:
        """Append one entry."""
        seq = len(self.columns["seq"]) + 1
        row = (seq, self.recorded, "prn-1", None, entity, key, operation, on, json.dumps(changes), f"{seq:064x}")
        for name, value in zip(SCHEMA.names, row, strict=True):
            self.columns[name].append(value)

    def table(self, start: int = 0) -> pa.Table:
        """Return the entries after the first `start` as Arrow, in the ledger export's columns."""
        stamped = SCHEMA.set(1, pa.field("recorded_at", pa.timestamp("us", "UTC")))
        return pa.table({name: values[start:] for name, values in self.columns.items()}, schema=stamped)

    def _tree(self) -> None:
        rows = [("330000000000", "province", None), ("330100000000", "city", "330000000000")]
        rows += [(COUNTY, "county", "330100000000"), *((town, "town", COUNTY) for town in TOWNS)]
        rows += [(village, "village", f"{village[:9]}000") for village in VILLAGES]
        for key, level, parent in rows:
            changes = {"name": f"区划{key}", "level": level, "parent": parent, "state": "open"}
            self.add("division", key, START, changes)
        for n in range(20):
            self.add("zone", f"zon-{n}", START, {"name": f"园区{n}", "kind": "park", "state": "open"})
            self.add("unit", f"unt-{n}", START, {"name": f"单位{n}", "kind": "department", "state": "open"})

    def _enterprise(self) -> dict[str, Any]:
        pick = self.chance.choice
        return {
            "name": f"测试企业{self.chance.randrange(10**9)}有限公司",
            "division": pick(VILLAGES),
            "zone": pick([None, None, None, f"zon-{self.chance.randrange(20)}"]),
            "address": "某路某号",
            "registered_on": "2015-03-01",
            "ownership": pick(["private"] * 8 + ["foreign", "collective", "state_owned"]),
            "industry": pick(INDUSTRIES),
            "operation_state": pick(["operating"] * 9 + ["suspended"]),
            "has_premises": pick([True, True, True, None, False]),
            "staff": self._staff(),
            "annual_revenue": f"{self.chance.randrange(10**8)}.00",
            "full_members": self._members(),
            "probationary_members": pick([0, 0, 0, 1]),
            "is_branch_office": pick([False] * 30 + [True]),
            "responsible_unit": f"unt-{self.chance.randrange(20)}",
            "state": "open",
        }

    def _organizations(self, usccs: list[str], count: int) -> None:
        pick = self.chance.choice
        for n in range(count):
            kind = pick(["branch", "branch", "joint_branch", "general_branch", "committee"])
            record = {"name": f"党组织{n}", "kind": kind, "division": pick(VILLAGES), "state": "open"}
            self.add("party_organization", f"org-{n}", self._day(), {**record, "elected_on": "2023-05-01"})
        for n in range(count * 3):
            form = pick(["sole", "joint", "joint", "regional", "industry"])
            link = {"organization": f"org-{self.chance.randrange(count)}", "enterprise": pick(usccs), "form": form}
            self.add("cover", f"cov-{n}", self._day(), {**link, "state": "open"})
            if n % 10 == 0:
                self.add("cover", f"cov-{n}", self._day(), {"state": "closed", "closed_reason": "撤销"}, "close")

    def _day(self) -> date:
        return START + timedelta(days=self.chance.randrange((TODAY - START).days))

    def _staff(self) -> int:
        return int(self.chance.paretovariate(0.9) * 3)

    def _members(self) -> int:
        return self.chance.choice([0] * 12 + [1, 1, 2, 3, 4, 8])


def timed(work: Callable[[], Any], repeat: int = 1) -> list[float]:
    """Return the seconds each of several runs took."""
    taken = []
    for _ in range(repeat):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return taken


def p95(taken: list[float]) -> float:
    """Return the 95th percentile in milliseconds."""
    ordered = sorted(taken)
    return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))] * 1000


def raw(store: Store, by: tuple[str, ...], on: date) -> Callable[[], Any]:
    """Return the same aggregation as SQL typed by hand."""
    columns = {"division:town": "town", "division:village": "village", "industry:section": "industry_section"}
    columns |= {"size": "size_class", "unit": "responsible_unit"}
    grouped = ", ".join(columns.get(text, text) for text in by)
    head, tail = (f"{grouped}, ", f" GROUP BY {grouped}") if by else ("", "")
    sql = (
        f"SELECT {head}count(*) FILTER (WHERE covered_in_scope), count(*) FILTER (WHERE in_scope),"  # noqa: S608
        " count(*) FILTER (WHERE sole_in_scope), count(*) FILTER (WHERE reached_without_organization),"
        " count(*) FILTER (WHERE without_organization), count(*) FILTER (WHERE covered_or_reached),"
        " count(*) FILTER (WHERE due_established), count(*) FILTER (WHERE due),"
        " count(*) FILTER (WHERE staff50_with_member), count(*) FILTER (WHERE staff50),"
        " count(*) FILTER (WHERE staff100_with_organization), count(*) FILTER (WHERE staff100)"
        f" FROM facts WHERE valid_from <= DATE '{on}' AND valid_to > DATE '{on}' AND in_scope{tail}"
    )
    cursor = store._connection.cursor()
    return lambda: cursor.execute(sql).fetchall()


def aggregates(store: Store, repeat: int) -> dict[str, float]:
    """Measure every grouping today and on a past day, and the raw SQL of each in the same run."""
    today: list[float] = []
    past: list[float] = []
    floor: list[float] = []
    scoped: list[float] = []
    scope = Scope(divisions=(TOWNS[3],))
    for by in BY:
        today += timed(partial(store.aggregate, MEASURES, by, Query(TODAY)), repeat)
        past += timed(partial(store.aggregate, MEASURES, by, Query(date(2025, 3, 31))), repeat)
        scoped += timed(partial(store.aggregate, MEASURES, by, Query(TODAY, scope=scope)), repeat)
        floor += timed(raw(store, by, TODAY), repeat)
    return {
        "aggregate_p50_ms": statistics.median(today) * 1000,
        "aggregate_p95_ms": p95(today),
        "raw_sql_p50_ms": statistics.median(floor) * 1000,
        "raw_sql_p95_ms": p95(floor),
        "past_day_p95_ms": p95(past),
        "scoped_p95_ms": p95(scoped),
    }


def changes(ledger: Ledger, count: int) -> pa.Table:
    """Append everyday changes to the ledger and return them as Arrow."""
    start = len(ledger.columns["seq"])
    keys = [k for k, e in zip(ledger.columns["key"], ledger.columns["entity"], strict=True) if e == "enterprise"]
    for n in range(count):
        key = ledger.chance.choice(keys)
        if n % 4 == 0:
            link = {"organization": "org-1", "enterprise": key, "form": "joint", "state": "open"}
            ledger.add("cover", f"new-{start + n}", TODAY, link)
        else:
            ledger.add("enterprise", key, TODAY, {"full_members": 3}, "change")
    return ledger.table(start)


def measure(enterprises: int, seed: int, folder: Path, repeat: int) -> dict[str, float]:
    """Build a store, ask it, change it, ask it again; return the figures."""
    ledger = Ledger(enterprises, seed)
    store = Store.open(folder / "reporting.duckdb")
    table = ledger.table()
    figures: dict[str, float] = {"entries": table.num_rows}
    figures["append_s"] = timed(lambda: store.append("registry", table, epoch="e"))[0]
    figures["build_s"] = timed(store.refresh)[0]
    store.aggregate(MEASURES, ("division:town",), Query(TODAY))
    figures |= aggregates(store, repeat)
    before = KnownAt(registry=table.num_rows)
    for count in (1, 100, 1_000):
        store.append("registry", changes(ledger, count), epoch="e")
        ask = lambda: (store.refresh(), store.aggregate(MEASURES, ("division:town",), Query(TODAY)))  # noqa: E731
        figures[f"first_after_{count}_ms"] = timed(ask)[0] * 1000
    known = Query(TODAY, before)
    figures["known_at_first_ms"] = timed(lambda: store.aggregate(MEASURES, ("division:town",), known))[0] * 1000
    figures["known_at_warm_p95_ms"] = p95(timed(lambda: store.aggregate(MEASURES, ("division:town",), known), repeat))
    half = Query(TODAY, KnownAt(registry=table.num_rows // 2))
    figures["known_half_first_ms"] = timed(lambda: store.aggregate(MEASURES, ("division:town",), half))[0] * 1000
    figures["gaps_p95_ms"] = p95(timed(lambda: store.gaps(Query(TODAY)), repeat))
    figures["rows_p95_ms"] = p95(timed(lambda: store.rows("organization_coverage", Query(TODAY), part="gap"), repeat))
    figures["rebuild_s"] = timed(store.rebuild)[0]
    store.close()
    figures["file_mb"] = (folder / "reporting.duckdb").stat().st_size / 1e6
    figures["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def main() -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enterprises", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        figures = measure(given.enterprises, given.seed, folder, given.repeat)
    finally:
        shutil.rmtree(folder)
    for name, value in figures.items():
        print(f"{name:24} {value:12.1f}")  # noqa: T201 -- a bench prints
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
