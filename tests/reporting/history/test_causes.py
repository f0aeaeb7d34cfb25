"""What stands in the way of each gap, and since when, beside a count that walks back day by day."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest

from heli_reporting.history import causes
from heli_reporting.history.domain import KnownAt, Query
from heli_reporting.history.store import MEMORY, Store
from heli_shared.statistics.parameters import DatedValue, Parameter
from heli_shared.statistics.reasons import CAUSES
from reporting.history.county import FIRST_DAY, County
from reporting.history.recount import Recount, days_between

RARE = {"election_overdue"}
"""Needs an organisation past its term and no member: test_gaps has a county with one."""
ASKED = date(2012, 3, 1)
"""Since when an enterprise without an organisation is to have an instructor."""
MEASURES = ("due_established_rate", "staff50_with_member_rate", "staff100_with_organization_rate")


class Naive:
    """A county as known at a seq, one day at a time."""

    def __init__(self, county: County, seq: int) -> None:
        entries = county.entries
        self.days = sorted({date.fromisoformat(e["effective_on"]) for e in entries if e["seq"] <= seq}, reverse=True)
        self.on = cache(lambda day: Recount(entries, day, seq))

    def links(self, day: date, kind: str, uscc: str) -> list[dict[str, Any]]:
        return [each for each in self.on(day)._open(kind) if each.get("enterprise") == uscc]

    def organizations(self, day: date, uscc: str) -> list[str]:
        standing = {key for key, each in self.on(day).organizations.items() if each["state"] == "open"}
        return sorted(standing & {each.get("organization") for each in self.links(day, "cover", uscc)})

    def instructors(self, day: date, uscc: str) -> list[dict[str, Any]]:
        return [each for each in self.links(day, "assignment", uscc) if each.get("role") == "instructor"]

    def back(
        self, on: date, uscc: str, holds: Callable[[date, dict[str, Any]], bool]
    ) -> tuple[date | None, date | None]:
        """Return the first day of the unbroken run in which it holds, and the day with a change before that run."""
        since = None
        for day in [on, *(each for each in self.days if each < on)]:
            row = self.on(day).enterprises.get(uscc)
            if row is None or not holds(day, row):
                return since, None if row is None else day
            since = day
        return since, None

    def causes(self, on: date, uscc: str) -> dict[str, date]:
        def members(row: dict[str, Any]) -> int:
            return (row["record"].get("full_members") or 0) + (row["record"].get("probationary_members") or 0)

        def bare(row: dict[str, Any]) -> bool:
            return bool(row["in_scope"] and not row["covered"])

        runs: dict[str, Callable[[date, dict[str, Any]], bool]] = {
            "members_without_organization": lambda _, row: bare(row) and row["due"],
            "members_too_few": lambda _, row: bare(row) and members(row) > 0 and not row["due"],
            "no_member": lambda _, row: row["in_scope"] and members(row) == 0,
            "instructor_missing": lambda day, row: bare(row) and not self.instructors(day, uscc),
            "members_elsewhere": lambda _, row: (row["record"].get("members_elsewhere") or 0) > 0,
        }
        found = {cause: self.back(on, uscc, holds)[0] for cause, holds in runs.items()}
        if found["instructor_missing"]:
            found["instructor_missing"] = max(found["instructor_missing"], ASKED) if on >= ASKED else None
        terms = [each.get("term_ends_on") for each in self.instructors(on, uscc)]
        if terms and all(each is not None and each < on.isoformat() for each in terms):
            found["instructor_term_expired"] = date.fromisoformat(max(terms)) + timedelta(days=1)
        covering = self.organizations(on, uscc)
        if covering:
            due = self.on(on).organizations[covering[0]]["election_due_on"]
            if due is not None and due < on:
                found["election_overdue"] = due + timedelta(days=1)
        else:
            since, last = self.back(on, uscc, lambda day, _: not self.organizations(day, uscc))
            if last is not None:
                assert since is not None
                gone = self.on(since).organizations[self.organizations(last, uscc)[0]]["state"] == "closed"
                found["organization_dissolved" if gone else "cover_ended"] = since
        return {cause: since for cause, since in found.items() if since is not None}


def test_what_was_asked_for_once_and_is_no_more_is_asked_for_anew_from_the_day_it_is_again() -> None:
    days = [date(2012, 3, 1), date(2015, 1, 1), date(2020, 1, 1), date(2024, 1, 1)]
    rule = Parameter(
        "instructor.required",
        "yes or no",
        tuple(DatedValue(day, held, "") for day, held in zip(days, (True, False, True, True), strict=True)),
    )
    found = [
        causes.asked_since(rule, on) for on in (date(2012, 2, 29), date(2014, 1, 1), date(2016, 1, 1), date(2026, 1, 1))
    ]

    assert found == [None, days[0], None, days[2]]


@pytest.mark.parametrize("seed", range(6))
def test_causes_of_gaps_equal_the_walk_back(seed: int) -> None:
    county, chance = County(seed, changes=200), Random(f"causes {seed}")
    store = Store.open(MEMORY, threads=1)
    store.append("registry", county.entries, epoch="e")
    store.refresh()
    head = len(county.entries)
    for on in chance.sample(days_between(FIRST_DAY, 27, 9), 4):
        seq = chance.choice([None, None, head - 15, head // 2])
        naive = Naive(county, seq or head)
        query = Query(on, KnownAt(registry=seq))
        for measure in MEASURES:
            every = store.gaps(query, measure=measure, limit=1000)
            told = {gap.uscc: {each.code: each.since for each in gap.causes} for gap in every.items}
            assert told == {uscc: naive.causes(on, uscc) for uscc in told}, (on, seq, measure)
            for gap in every.items:
                assert [each.code for each in gap.causes] == [code for code in CAUSES if code in told[gap.uscc]] != []
            asked = chance.sample(list(CAUSES), 2)
            chosen = [gap for gap in every.items if {each.code for each in gap.causes} & set(asked)]
            listed, after = [], None
            while True:
                page = store.gaps(query, measure=measure, causes=asked, limit=2, after=after)
                assert page.total == len(chosen)
                listed += page.items
                after = page.next
                if after is None:
                    break
            assert listed == chosen
    store.close()


def test_every_cause_comes_up_on_the_random_counties() -> None:
    seen: set[str] = set()
    for seed in range(12):
        county = County(seed, changes=200)
        with_store = Store.open(MEMORY, threads=1)
        with_store.append("registry", county.entries, epoch="e")
        with_store.refresh()
        for on in days_between(FIRST_DAY, 10, 24):
            for measure in MEASURES:
                items = with_store.gaps(Query(on), measure=measure, limit=1000).items
                seen |= {each.code for gap in items for each in gap.causes}
        with_store.close()
        if seen >= set(CAUSES) - RARE:
            return
    raise AssertionError(set(CAUSES) - seen)
