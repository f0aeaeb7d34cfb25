"""Every answer equals a naive recount that shares no code with the product, on random counties."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest

from heli_reporting.history.domain import KnownAt, Part, Query
from heli_reporting.history.store import MEMORY, Store
from heli_reporting.history.sums import Sum
from heli_shared.kernel.access import Scope
from heli_shared.statistics.measures import get_measure
from reporting.history.county import COUNTY, FIRST_DAY, TOWNS, VILLAGES, ZONES, County
from reporting.history.recount import MEASURES, Record, Recount, days_between, gap_since

Case = tuple[County, Store, int]

SEEDS = range(4)
SCOPES = (
    None,
    Scope(everything=True),
    Scope(divisions=(COUNTY,)),
    Scope(divisions=(TOWNS[0], VILLAGES[3])),
    Scope(divisions=(TOWNS[1],), zones=(ZONES[0],)),
    Scope(zones=(ZONES[1],)),
    Scope(),
)
BY = (
    "division:county",
    "division:town",
    "division:village",
    "zone",
    "industry:section",
    "industry:division",
    "industry:class",
    "size",
    "ownership",
    "unit",
    "organization_cover",
)
GAPS = {
    "due_established_rate": ("due", "due_covered"),
    "staff50_with_member_rate": ("staff50", "staff50_member"),
    "staff100_with_organization_rate": ("staff100", "staff100_covered"),
}


def _load(county: County) -> Store:
    store = Store.open(MEMORY, threads=1)
    store.append("registry", county.entries, epoch="e")
    store.refresh()
    return store


@pytest.fixture(scope="module", params=SEEDS)
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    county = County(request.param)
    store = _load(county)
    _affiliate(county, store, Random(f"affiliations {request.param}"))
    yield county, store, request.param
    store.close()


def _affiliate(county: County, store: Store, chance: Random) -> None:
    """Give organisations superiors of several kinds and take them away again, each step taken in by itself."""
    organizations, kinds = county.keys["party_organization"], ["territory", "industry", "park", None]
    for n in range(12):
        for operation in ("create", *chance.sample(["close", "change"], k=chance.randrange(3))):
            given = {"organization": chance.choice(organizations), "kind": chance.choice(kinds)}
            changes = {} if operation == "close" else given
            county.write(
                "affiliation", f"aff-{n:02d}", operation, chance.choice(days_between(FIRST_DAY, 20, 12)), changes
            )
            store.append("registry", county.entries[-1:], epoch="e")
            store.refresh()


def _points(county: County, chance: Random, count: int) -> Iterator[tuple[date, int | None, Scope | None]]:
    """Draw days, seqs (None is the head) and scopes to ask for."""
    days = days_between(FIRST_DAY, 30, 9)
    head = len(county.entries)
    for _ in range(count):
        seq = chance.choice([None, None, head, head - 1, head - 10, head // 2, 40])
        yield chance.choice(days), seq, chance.choice((*SCOPES, None, None))


def _query(on: date, seq: int | None, scope: Scope | None, **filters: tuple[str, ...]) -> Query:
    known = KnownAt(registry=seq)
    if scope is None:
        return Query(on, known, filters)
    return Query(on, known, filters, scope)


def _seen(county: County, on: date, seq: int | None, scope: Scope | None) -> tuple[Recount, list[Record], list[Record]]:
    found = Recount(county.entries, on, len(county.entries) if seq is None else seq)
    divisions = None if scope is None or scope.everything else scope.divisions
    zones = () if scope is None else scope.zones
    rows = found.seen(found.enterprises.values(), divisions, zones)
    organizations = found.seen(found.organizations.values(), divisions, zones)
    return found, rows, organizations


def test_aggregates_equal_the_recount(case: Case) -> None:
    county, store, seed = case
    chance = Random(f"aggregates {seed}")
    for on, seq, scope in _points(county, chance, 10):
        by = chance.choice(
            [*[("division:town",)] * 4, *((one,) for one in BY), ("division:town", "size"), ("unit", "zone")]
        )
        answer = store.aggregate(list(MEASURES), by, _query(on, seq, scope))
        found, rows, _ = _seen(county, on, seq, scope)
        expected: Counter[tuple[Any, ...]] = Counter()
        for row in rows:
            codes = tuple(found.group(row, one) for one in by)
            for measure, (numerator, denominator) in MEASURES.items():
                expected[codes, measure, "n"] += row[numerator]
                expected[codes, measure, "d"] += row[denominator] if denominator else 0
        got: Counter[tuple[Any, ...]] = Counter()
        for line in answer.rows:
            codes = tuple(group.code for group in line.groups)
            for measure, cell in line.cells.items():
                got[codes, measure, "n"] += cell.numerator
                got[codes, measure, "d"] += cell.denominator or 0
        assert +got == +expected, (on, seq, scope, by)
        for measure, (numerator, denominator) in MEASURES.items():
            total = answer.total[measure]
            assert total.numerator == sum(row[numerator] for row in rows)
            assert total.denominator == (sum(row[denominator] for row in rows) if denominator else None)
            assert (total.value is None) == (total.denominator == 0) == (total.reason == "zero_denominator")


def test_rows_are_the_parts_of_the_number(case: Case) -> None:
    county, store, seed = case
    chance = Random(f"rows {seed}")
    for on, seq, scope in _points(county, chance, 6):
        measure = chance.choice(list(MEASURES))
        numerator, denominator = MEASURES[measure]
        _, rows, _ = _seen(county, on, seq, scope)
        base = denominator or numerator
        expected: dict[Part, set[str]] = {
            "numerator": {row["uscc"] for row in rows if row[numerator]},
            "denominator": {row["uscc"] for row in rows if row[base]},
            "gap": {row["uscc"] for row in rows if denominator and row[base] and not row[numerator]},
            "excluded": {row["uscc"] for row in rows if not row[base]},
        }
        reasons = {row["uscc"]: row["reason"] for row in rows}
        query = _query(on, seq, scope)
        for part, wanted in expected.items():
            listed, after, totals = [], None, set()
            while True:
                page = store.rows(measure, query, part=part, limit=3, after=after)
                listed += page.items
                totals.add(page.total)
                after = page.next
                if after is None:
                    break
            assert [item["uscc"] for item in listed] == sorted(wanted)
            assert totals == {len(wanted)}
            for item in listed:
                assert (item["reason"] is not None) == (part == "excluded")
                if part == "excluded" and reasons[item["uscc"]] is not None:
                    assert item["reason"] == reasons[item["uscc"]]
        counted = store.excluded(measure, query)
        assert sum(counted.values()) == len(expected["excluded"])


def test_gaps_equal_the_recount_and_know_since_when(case: Case) -> None:
    county, store, seed = case
    chance = Random(f"gaps {seed}")
    for on, seq, scope in _points(county, chance, 14):
        measure = chance.choice(list(GAPS))
        need, have = GAPS[measure]
        _, rows, _ = _seen(county, on, seq, scope)
        head = len(county.entries) if seq is None else seq
        expected = {
            row["uscc"]: gap_since(county.entries, on, head, row["uscc"], GAPS[measure])
            for row in rows
            if row[need] and not row[have]
        }
        listed, after = [], None
        while True:
            page = store.gaps(_query(on, seq, scope), measure=measure, limit=2, after=after)
            listed += page.items
            assert page.total == len(expected)
            after = page.next
            if after is None:
                break
        assert {gap.uscc: gap.since for gap in listed} == expected, (on, seq, scope)
        assert [(gap.since, gap.uscc) for gap in listed] == sorted((gap.since, gap.uscc) for gap in listed)
        assert all(gap.days_overdue == (on - gap.since).days for gap in listed)


@pytest.mark.parametrize(("table", "key"), [("facts", "uscc"), ("organization_facts", "id")])
def test_stretches_follow_one_another_without_a_hole(case: Case, table: str, key: str) -> None:
    _, store, _ = case
    holes = store._connection.execute(
        f"SELECT * FROM (SELECT *, lead(valid_from) OVER (PARTITION BY {key} ORDER BY valid_from) AS following"  # noqa: S608
        f" FROM {table}) WHERE valid_to <> coalesce(following, DATE '9999-12-31')"
    ).fetchall()
    assert holes == []


def test_organizations_equal_the_recount(case: Case) -> None:
    county, store, seed = case
    chance = Random(f"organizations {seed}")
    for on, seq, scope in _points(county, chance, 6):
        by = chance.choice(
            ["division:town", "division:village", "zone", "kind", "premises", "secretary_kind", "secretary_post"]
            + ["setup_form", "affiliation_kind"] * 2
        )
        found, _, organizations = _seen(county, on, seq, scope)
        standing = [o for o in organizations if o["state"] == "open"]
        counted = ["organization_count", "staffed_organization_count"]
        answer = store.aggregate(counted, [by], _query(on, seq, scope))
        got, staffed = (
            Counter({line.groups[0].code: line.cells[measure].numerator for line in answer.rows}) for measure in counted
        )
        assert +got == Counter(found.group(o, by) for o in standing)
        assert +staffed == Counter(found.group(o, by) for o in standing if o.get("full_time_party_workers"))
        told = ("full_members", "probationary_members", "members_retired", "enterprises")
        sums = store.sums([Sum(name, get_measure("organization_count")) for name in told], by, _query(on, seq, scope))
        by_hand = {code: [0] * len(told) for code in got}
        for each in standing:
            held = by_hand[found.group(each, by)]
            held[:] = [number + (each.get(name) or 0) for number, name in zip(held, told, strict=True)]
        assert {code: sums.get(code, [0] * len(told)) for code in by_hand} == by_hand
        _, rows, _ = _seen(county, on, seq, scope)
        posts = store.sums(
            [Sum("members_management", get_measure("open_enterprise_count"))], "zone", _query(on, seq, scope)
        )
        held_posts: Counter[str | None] = Counter()
        for row in rows:
            held_posts[found.group(row, "zone")] += (row["record"].get("members_management") or 0) * row["open"]
        assert +Counter({code: numbers[0] or 0 for code, numbers in posts.items()}) == +held_posts
        listed = store.organizations(_query(on, seq, scope))
        assert [(o["id"], o["enterprises"], o["election_due_on"], o["town"], o["kind"]) for o in listed] == [
            (o["id"], o["enterprises"], o["election_due_on"], o["path"].get("town"), o.get("kind"))
            for o in sorted(standing, key=lambda o: o["id"])
        ]


def test_filters_equal_the_recount(case: Case) -> None:
    county, store, seed = case
    chance = Random(f"filters {seed}")
    for on, seq, scope in _points(county, chance, 6):
        found, rows, _ = _seen(county, on, seq, scope)
        name, by, values = chance.choice(
            [
                ("division", None, (TOWNS[0],)),
                ("division", None, (VILLAGES[0], TOWNS[2], "unknown")),
                ("zone", "zone", (ZONES[0], "unknown")),
                ("industry", "industry:section", ("C", "unknown")),
                ("industry", "industry:class", ("C1311",)),
                ("industry", "industry:class", ("unknown:class",)),
                ("industry", "industry:division", ("C13", "unknown:division")),
                ("division", "division:village", (VILLAGES[1], "unknown:village")),
                ("division", "division:town", ("unknown:town",)),
                ("size", "size", ("micro", "unknown")),
                ("ownership", "ownership", ("private", "foreign")),
                ("unit", "unit", ("unt-a",)),
                ("organization_cover", "organization_cover", ("sole", "none")),
            ]
        )
        if by is None:
            kept = [r for r in rows if set(r["path"].values()) & set(values) or ("unknown" in values and not r["path"])]
        else:
            asked = {value.partition(":")[0] for value in values}
            kept = [r for r in rows if (found.group(r, by) or "unknown") in asked]
        total = store.aggregate(["organization_coverage"], [], _query(on, seq, scope, **{name: values})).total
        cell = total["organization_coverage"]
        assert (cell.numerator, cell.denominator) == (sum(r["covered"] for r in kept), sum(r["in_scope"] for r in kept))


def test_the_rows_behind_every_line_are_had_by_its_filter(case: Case) -> None:
    county, store, seed = case
    chance = Random(f"lines {seed}")
    for on, seq, scope in _points(county, chance, 6):
        by = chance.choice(BY)
        found, rows, _ = _seen(county, on, seq, scope)
        name, _, level = by.partition(":")
        for line in store.aggregate(["organization_coverage"], [by], _query(on, seq, scope)).rows:
            code = line.groups[0].code
            value = code or (f"unknown:{level}" if level else "unknown")
            query = _query(on, seq, scope, **{name: (value,)})
            listed = [store.rows("organization_coverage", query, part=part).total for part in ("numerator", "gap")]
            held = [row for row in rows if row["in_scope"] and found.group(row, by) == code]
            covered = sum(row["covered"] for row in held)
            assert listed == [covered, len(held) - covered], (on, seq, by, code)


def test_an_empty_town_has_its_line_and_a_ratio_of_nothing_has_a_reason() -> None:
    county = County(1, changes=0)
    store = _load(county)
    answer = store.aggregate(["organization_coverage"], ["division:town"], Query(date(2023, 6, 1)))
    assert [line.groups[0].code for line in answer.rows] == list(TOWNS)
    cells = [line.cells["organization_coverage"] for line in answer.rows]
    assert {(cell.value, cell.reason) for cell in cells} == {(None, "zero_denominator")}
    store.close()
