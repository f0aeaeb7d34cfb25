"""Every record in scope is in or out for one reason: the accounts of random questions equal a naive recount."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from heli_reporting.history.domain import KnownAt, Query
from heli_reporting.history.store import MEMORY, Store
from heli_shared.kernel.access import Scope
from reporting.history.county import COUNTY, DAYS, FIRST_DAY, TOWNS, VILLAGES, ZONES, County
from reporting.history.recount import MEASURES, Recount

OUTSIDE = {
    "work_coverage_strict": ("no_organization", "has_organization"),
    "due_established_rate": ("min_full_members", "below_min_full_members"),
    "staff50_with_member_rate": ("staff50", "below_staff50"),
    "staff100_with_organization_rate": ("staff100", "below_staff100"),
    "above_scale_sole_rate": ("above_scale", "below_scale"),
    "open_enterprise_count": ("open", None),
}
BY = ("division:town", "division:village", "zone", "size", "ownership", "unit", "organization_cover")
FILTERS: dict[str, tuple[str, ...]] = {
    "division": (*TOWNS, *VILLAGES),
    "zone": ZONES,
    "ownership": ("private", "foreign", "unknown"),
    "organization_cover": ("none", "joint", "sole"),
}


def _scope(chance: Random) -> Scope:
    """Draw a user: of everything, of nothing, or of some places."""
    places = chance.sample((COUNTY, *TOWNS, *VILLAGES), k=chance.randrange(3))
    zones = chance.sample(ZONES, k=chance.randrange(2))
    return Scope(chance.random() < 0.3, tuple(places), tuple(zones))


def _filtered(found: Recount, rows: list[dict[str, Any]], filters: dict[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    def fits(row: dict[str, Any], name: str, values: tuple[str, ...]) -> bool:
        if name == "division":
            return bool(set(row["path"].values()) & set(values))
        return (found.group(row, name) or "unknown") in values

    return [row for row in rows if all(fits(row, *each) for each in filters.items())]


def _expected(row: dict[str, Any], measure: str) -> tuple[str, str]:
    numerator, denominator = MEASURES[measure]
    inside, outside = OUTSIDE.get(measure, ("operating", None))
    base = row[denominator or numerator]
    part = "numerator" if row[numerator] else "gap" if base else "excluded"
    return part, inside if base else row["reason"] or outside or ""


@pytest.mark.parametrize("seed", range(6))
def test_the_account_of_a_denominator_adds_up_to_what_is_in_scope(seed: int) -> None:
    chance, county = Random(f"accounts {seed}"), County(seed + 100)
    store = Store.open(MEMORY, threads=1)
    store.append("registry", county.entries, epoch="e")
    store.refresh()
    for _ in range(12):
        on = FIRST_DAY + timedelta(days=chance.randrange(DAYS + 30))
        seq = chance.choice([None, len(county.entries), len(county.entries) - 25])
        measure, by = chance.choice(list(MEASURES)), chance.sample(BY, k=chance.randrange(3))
        by = by if len({each.partition(":")[0] for each in by}) == len(by) else by[:1]
        filters = {
            name: (chance.choice(FILTERS[name]),) for name in chance.sample(list(FILTERS), k=chance.randrange(2))
        }
        scope = _scope(chance)
        found = Recount(county.entries, on, seq or len(county.entries))
        divisions = None if scope.everything else scope.divisions
        rows = _filtered(found, found.seen(found.enterprises.values(), divisions, scope.zones), filters)

        query = Query(on, KnownAt(registry=seq), filters, scope)
        told = (seed, measure, by, query)
        expected: dict[tuple[str | None, ...], Counter[str]] = defaultdict(Counter)
        for row in rows:
            expected[tuple(found.group(row, each) for each in by)].update(_expected(row, measure))
        answer = store.account(measure, by, query)
        lines = {tuple(group.code for group in groups): account for groups, account in answer.rows}
        for codes, account in lines.items() if by else [((), answer.total)]:
            counted = expected.pop(codes, Counter())
            assert +(Counter(account.parts) + Counter(account.reasons)) == counted, (told, codes)
            assert account.records == sum(account.parts.values()) == sum(account.reasons.values())
        assert not expected, told
        assert answer.total.records == len(rows), told
        _check_rows(store, measure, query, {row["uscc"]: _expected(row, measure) for row in rows}, county, seq)
    store.close()


def _check_rows(
    store: Store, measure: str, query: Query, expected: dict[str, tuple[str, str]], county: County, seq: int | None
) -> None:
    page = store.rows(measure, query, part="all", limit=100)
    assert page.total == len(expected)
    assert {item["uscc"]: item["because"] for item in page.items} == {key: why for key, (_, why) in expected.items()}
    for item in page.items:
        assert item["decided"] == _decided(county, item["uscc"], item["because"], query.on, seq)


FIELDS = {
    "closed": ("state",),
    "duplicate": ("duplicate_of",),
    "branch_office": ("is_branch_office",),
    "state_owned": ("ownership",),
    "collective": ("ownership",),
    "not_operating": ("operation_state",),
    "no_premises": ("has_premises",),
    "no_staff": ("has_stable_staff", "staff"),
    "no_activity": ("has_activity",),
    "min_full_members": ("full_members",),
    "below_min_full_members": ("full_members",),
    **{f"{below}staff{n}": ("staff",) for below in ("", "below_") for n in (50, 100)},
}


def _decided(county: County, uscc: str, reason: str, on: date, seq: int | None) -> dict[str, Any] | None:
    found = None
    for entry in sorted(county.entries, key=lambda each: (each["effective_on"], each["seq"])):
        known = entry["seq"] <= (seq or len(county.entries)) and entry["effective_on"] <= on.isoformat()
        if entry["entity"] == "enterprise" and entry["key"] == uscc and known:
            for field in FIELDS.get(reason, ()):
                if field in entry["changes"]:
                    found = (entry, field)
                    break
    if found is None:
        return None
    entry, field = found
    return {
        "field": field,
        "unit": entry["unit"],
        "effective_on": date.fromisoformat(entry["effective_on"]),
        "recorded_at": datetime.fromisoformat(entry["recorded_at"]).replace(tzinfo=None),
        "seq": entry["seq"],
    }
