"""A change is an exact sum of causes at every node: random histories with back-dating against a naive second look."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from heli_reporting.history.domain import KnownAt, Query
from heli_reporting.history.store import MEMORY, Store
from heli_shared.kernel.access import Scope
from heli_shared.statistics import parameters
from heli_shared.statistics.compile import compiled
from heli_shared.statistics.rule_days import rule_days
from reporting.history.county import COUNTY, DAYS, FIRST_DAY, TOWNS, UNITS, VILLAGES, ZONES, County
from reporting.history.recount import MEASURES, Record, Recount

PLACES = {"division": "division", "zone": "zone", "unit": "responsible_unit"}
OUTSIDE = {
    "work_coverage_strict": "has_organization",
    "due_established_rate": "below_min_full_members",
    "staff50_with_member_rate": "below_staff50",
    "staff100_with_organization_rate": "below_staff100",
    "above_scale_sole_rate": "below_scale",
}
BY = (
    "division:county", "division:town", "division:village", "zone", "unit", "size", "ownership", "organization_cover",
)  # fmt: skip
Part = tuple[str, tuple[str | None, ...], str, str | None, int, int]


class State:
    """One day as known at a seq: which records count where, for one question."""

    def __init__(
        self, found: Recount, measure: str, by: tuple[str, ...], scope: Scope, filters: dict[str, str]
    ) -> None:
        self.found, self.by, self.scope, self.filters = found, by, scope, filters
        self.numerator, denominator = MEASURES[measure]
        self.base = denominator or self.numerator
        self.outside = OUTSIDE.get(measure)

    def row(self, key: str) -> Record | None:
        return self.found.enterprises.get(key)

    def is_base(self, key: str) -> bool:
        row = self.row(key)
        return row is not None and bool(row[self.base])

    def is_counted(self, key: str) -> bool:
        row = self.row(key)
        return row is not None and bool(row[self.base] and row[self.numerator])

    def is_placed(self, key: str) -> bool:
        return self.row(key) is not None and not self.missed(key)

    def missed(self, key: str) -> list[list[str]]:
        """Return for each condition on the place that a record does not meet the kinds of place that it is about."""
        row, found = self.row(key), []
        assert row is not None
        divisions = None if self.scope.everything else self.scope.divisions
        if not self.found.seen([row], divisions, self.scope.zones):
            found.append([*["division"] * bool(divisions), *["zone"] * bool(self.scope.zones)])
        for kind in PLACES.keys() & self.filters:
            wanted = self.filters[kind]
            if wanted not in (row["path"].values() if kind == "division" else [row["record"].get(PLACES[kind])]):
                found.append([kind])
        return found

    def is_picked(self, key: str) -> bool:
        row, ownership = self.row(key), self.filters.get("ownership")
        return row is not None and (ownership is None or row["record"].get("ownership") == ownership)

    def shows(self, key: str) -> bool:
        return self.is_base(key) and self.is_placed(key) and self.is_picked(key)

    def node(self, key: str) -> tuple[str | None, ...]:
        row = self.row(key)
        return tuple(self.found.group(row, each) if row else None for each in self.by)

    def why_out(self, key: str) -> str:
        row = self.row(key)
        return "not_recorded" if row is None else str(row["reason"] or self.outside)

    def totals(self) -> dict[tuple[str | None, ...], Counter[str]]:
        found: dict[tuple[str | None, ...], Counter[str]] = defaultdict(Counter)
        for key in self.found.enterprises:
            if self.shows(key):
                found[self.node(key)].update(n=self.is_counted(key), d=1)
        return found


class Map:
    """How the map was redrawn from one recount to another, one succession after the other."""

    def __init__(self, before: Recount, after: Recount) -> None:
        self.ends = (before, after)
        held = before.kinds["succession"]
        self.ways = [
            (way["node"], way["predecessor"], way["successor"])
            for key, way in after.kinds["succession"].items()
            if way.get("state") == "open" and held.get(key, {}).get("state") != "open"
        ]

    def stayed(self, key: str, kind: str) -> bool:
        was, became = (end.enterprises[key]["record"].get(PLACES[kind]) for end in self.ends)
        return was == became or self.leads(kind, was, became, ())

    def leads(self, kind: str, here: str | None, there: str | None, passed: tuple[str | None, ...]) -> bool:
        onward = [way for node, gone, way in self.ways if node == kind and gone == here and way not in passed]
        return there in onward or any(self.leads(kind, way, there, (*passed, way)) for way in onward)


def naive_parts(before: State, after: State) -> list[Part]:
    """Walk over the records one by one and say what each did."""
    found: list[Part] = []
    redrawn = Map(before.found, after.found)
    for key in sorted({*before.found.enterprises, *after.found.enterprises}):
        was, now = before.shows(key), after.shows(key)
        old, new = before.node(key), after.node(key)
        if was and now and old == new:
            pass
        else:
            if was:
                found.append(
                    (key, old, *_across(key, before, after, "left", redrawn), -int(before.is_counted(key)), -1)
                )
            if now:
                taken = before.is_counted(key) if before.is_base(key) else after.is_counted(key)
                found.append((key, new, *_across(key, after, before, "entered", redrawn), int(taken), 1))
        if now and before.is_base(key) and before.is_counted(key) != after.is_counted(key):
            gained = after.is_counted(key)
            found.append((key, new, "gained" if gained else "lost", None, 1 if gained else -1, 0))
    return found


def _across(key: str, here: State, there: State, word: str, redrawn: Map) -> tuple[str, str | None]:
    if not there.is_base(key):
        return word, there.why_out(key)
    if there.shows(key):
        pairs = zip(here.by, here.node(key), there.node(key), strict=True)
        kinds = [by.partition(":")[0] for by, one, two in pairs if one != two]
        elsewhere = [[kind] for kind in kinds if kind in PLACES]
    else:
        elsewhere = there.missed(key)
    if not elsewhere:
        return "reclassified", None
    stayed = all(kinds and all(redrawn.stayed(key, kind) for kind in kinds) for kinds in elsewhere)
    return ("redrawn" if stayed else "moved"), None


def redraw(county: County, chance: Random, times: int) -> None:
    """Merge and split nodes on random days, one often after the other; some records follow late, some mergers end."""
    nodes = {"division": [*VILLAGES, *TOWNS], "zone": [*ZONES], "unit": [*UNITS]}
    for n in range(times):
        day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        kind = chance.choice(list(nodes))
        made = f"3301020029{n:02d}" if kind == "division" else f"{kind}-{n}"
        fields = {"level": "village", "parent": chance.choice(TOWNS)} if kind == "division" else {}
        county.write(kind, made, "create", day, {"name": made, **fields})
        gone = chance.choice(nodes[kind][-4:])
        parts = chance.sample([made, *(node for node in nodes[kind] if node != gone)], k=chance.choice([1, 1, 2]))
        nodes[kind].append(made)
        today = Recount(county.entries, day, len(county.entries))
        for key, record in today.kinds["enterprise"].items():
            if record.get(PLACES[kind]) == gone:
                follows_on = day + timedelta(days=chance.choice([0, 0, 0, chance.randrange(60)]))
                county.write("enterprise", key, "change", follows_on, {PLACES[kind]: chance.choice(parts)})
        county.write(kind, gone, "close", day, {})
        for part in parts:
            succession = {"node": kind, "predecessor": gone, "successor": part}
            county.write("succession", f"suc-{n}-{part}", "create", day, succession)
        if chance.random() < 0.2:
            withdrawn = day + timedelta(days=chance.randrange(60))
            county.write("succession", f"suc-{n}-{parts[0]}", "close", withdrawn, {})


class Settled(County):
    """A county whose enterprises are open and counted all the time, and do nothing but move."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed, changes=0)
        self.entries = [entry for entry in self.entries if entry["entity"] in ("division", "zone", "unit")]
        fields = list(PLACES.values())
        for n in range(24):
            places = {field: self.draw("enterprise", field) for field in fields}
            begun = {"name": f"甲{n}", "ownership": "private", **places}
            self.write("enterprise", f"91330102{n:010d}", "create", FIRST_DAY - timedelta(days=9), begun)
        for _ in range(16):
            field, key = self.chance.choice(fields), self.chance.choice(self.keys["enterprise"][-24:])
            self.write("enterprise", key, "change", self._day(), {field: self.draw("enterprise", field)})
        for village in self.chance.sample(VILLAGES, k=2):
            self.write("division", village, "change", self._day(), {"parent": self.chance.choice(TOWNS)})


@pytest.mark.parametrize("seed", range(8))
def test_causes_add_up_at_every_node_and_lead_to_their_rows(seed: int) -> None:
    chance, county = Random(f"changes {seed}"), County(seed + 300)
    redraw(county, chance, 6)
    _ask_at_random(county, chance, 10)


def test_moved_and_redrawn_add_up_where_all_that_happens_is_either() -> None:
    seen = set[str]()
    for seed in range(4):
        chance, county = Random(f"redrawn {seed}"), Settled(seed)
        redraw(county, chance, 16)
        seen |= _ask_at_random(county, chance, 16, ("enterprise_count", "organization_coverage"))

    assert seen == {"moved", "redrawn", "corrected"}


def _ask_at_random(county: County, chance: Random, times: int, measures: Sequence[str] = tuple(MEASURES)) -> set[str]:
    """Hold some answers against the walk, and return the causes that there were."""
    head, seen = len(county.entries), set[str]()
    store = Store.open(MEMORY, threads=1)
    store.append("registry", county.entries, epoch="e")
    store.refresh()
    for _ in range(times):
        first, last = sorted(FIRST_DAY + timedelta(days=chance.randrange(DAYS + 20)) for _ in range(2))
        seqs = sorted(chance.choice([head, head, head - 8, head - 40, head // 2]) for _ in range(2))
        by = tuple(chance.sample(BY, k=chance.randrange(3)))
        by = by if len({each.partition(":")[0] for each in by}) == len(by) else by[:1]
        measure = chance.choice(measures)
        filters = chance.choice(
            [{}, {}, {"division": chance.choice(TOWNS)}, {"ownership": "private"}, {"zone": ZONES[0]},
             {"unit": UNITS[0], "division": TOWNS[0]}]
        )  # fmt: skip
        scope = chance.choice(
            [Scope(everything=True), Scope(divisions=(COUNTY,)), Scope(divisions=(TOWNS[0], VILLAGES[4])),
             Scope(divisions=(TOWNS[1],), zones=ZONES[:1]), Scope()]
        )  # fmt: skip
        known = tuple(KnownAt(registry=seq) for seq in seqs)
        given = {name: (value,) for name, value in filters.items()}
        before, after = Query(first, known[0], given, scope), Query(last, known[1], given, scope)
        told = (measure, by, before, after)

        then, still, now = (
            State(Recount(county.entries, on, seq), measure, by, scope, filters)
            for on, seq in ((first, seqs[0]), (first, seqs[1]), (last, seqs[1]))
        )
        corrected = [
            (key, node, "corrected", cause, n, d)
            for key, node, cause, _, n, d in (naive_parts(then, still) if seqs[0] != seqs[1] else [])
        ]
        expected = corrected + naive_parts(still, now)
        seen |= {cause for _, _, cause, *_ in expected}

        answer = store.change(measure, by, before, after)
        assert _told(answer, by) == _summed(expected, by), told
        _check_sums(answer, then.totals(), now.totals(), by, told)
        _check_rows(store, measure, by, before, after, expected)
    store.close()
    return seen


def _told(answer: Any, by: tuple[str, ...]) -> dict[Any, tuple[int, int, int]]:
    lines = answer.rows if by else [answer.total]
    return {
        (tuple(group.code for group in line.groups), each.cause, each.reason): (
            each.numerator, each.denominator, each.records,
        )
        for line in lines
        for each in line.causes
    }  # fmt: skip


def _summed(parts: list[Part], by: tuple[str, ...]) -> dict[Any, tuple[int, int, int]]:
    sums: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    for _, node, cause, reason, numerator, denominator in parts:
        held = sums[node if by else (), cause, reason]
        held[0] += numerator
        held[1] += denominator
        held[2] += 1
    return {place: (held[0], held[1], held[2]) for place, held in sums.items()}


def _check_sums(answer: Any, then: Any, now: Any, by: tuple[str, ...], told: Any) -> None:
    """At each node and in total: before + causes = after, for the numerator and for the denominator."""
    for line in [*answer.rows, answer.total]:
        codes = tuple(group.code for group in line.groups)
        sides = [each[codes] if line.groups else sum(each.values(), Counter()) for each in (then, now)]
        was, became = sides
        shares = line.before.denominator is not None
        assert (line.before.numerator, line.after.numerator) == (was["n"], became["n"]), (told, codes)
        assert sum(each.numerator for each in line.causes) == became["n"] - was["n"], (told, codes)
        assert sum(each.denominator for each in line.causes) == became["d"] - was["d"], (told, codes)
        if shares:
            assert (line.before.denominator, line.after.denominator) == (was["d"], became["d"]), (told, codes)
    if by:
        lines = {tuple(group.code for group in line.groups) for line in answer.rows}
        assert {node for each in (then, now) for node, count in each.items() if count["d"]} <= lines


def _check_rows(
    store: Store, measure: str, by: tuple[str, ...], before: Query, after: Query, expected: list[Part]
) -> None:
    for cause in sorted({part[2] for part in expected}):
        wanted = [part for part in expected if part[2] == cause]
        listed, start = [], None
        while True:
            page = store.change_rows(measure, by, before, after, only={"cause": cause}, limit=3, start=start)
            assert page.total == len(wanted)
            listed += page.items
            start = page.next
            if start is None:
                break
        got = [
            (each["key"], tuple(group.code for group in each["groups"]), cause, each["reason"], each["numerator"],
             each["denominator"])
            for each in listed
        ]  # fmt: skip
        assert Counter(got) == Counter(wanted)


@pytest.fixture
def ten_staff(monkeypatch: pytest.MonkeyPatch) -> Iterator[date]:
    """From a day on substance asks for ten staff, where nothing had been asked for."""
    since = date(2024, 6, 1)
    group = parameters._group("substance")
    held = group["substance.min_staff"]
    dated = (*held.dated, parameters.DatedValue(since=since, value=10, basis="示例"))
    monkeypatch.setitem(group, "substance.min_staff", replace(held, dated=dated))
    for made in (compiled, rule_days):
        made.cache_clear()
    yield since
    for made in (compiled, rule_days):
        made.cache_clear()


def test_a_new_bound_of_the_scope_is_a_change_of_the_rule_and_fewer_staff_are_not(ten_staff: date) -> None:
    county = County(31, changes=0)
    del county.entries[len([e for e in county.entries if e["entity"] in ("division", "zone", "unit")]) :]
    for uscc, staff in zip(county.usccs, (4, 50, 60), strict=False):
        fields = {"name": uscc, "division": VILLAGES[0], "ownership": "private", "staff": staff}
        county.write("enterprise", uscc, "create", date(2024, 1, 15), fields)
    county.write("enterprise", county.usccs[1], "change", ten_staff, {"staff": 9})
    store = Store.open(MEMORY, threads=1)
    store.append("registry", county.entries, epoch="e")
    store.refresh()
    days = (ten_staff - timedelta(days=10), ten_staff + timedelta(days=10))

    answer = store.change("enterprise_count", [], *(Query(day) for day in days))

    told = {(each.cause, each.reason): each.numerator for each in answer.total.causes}
    assert told == {("rule_changed", "no_staff"): -1, ("left", "no_staff"): -1}
    store.close()
