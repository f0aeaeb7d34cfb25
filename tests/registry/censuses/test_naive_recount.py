"""The base, recounted by a model that shares no code with the product, and by the statistics' own columns."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from heli_shared.records.bulk import BulkWrite
from registry.censuses.conftest import Census
from registry.codes import code
from registry.conftest import TOWN_A, TOWN_B
from registry.enterprises.test_counting import ROW, counted_by_columns

ELSEWHERE = "990122000000"
FIRST, CUT, LAST = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)
FACTS: dict[str, list[Any]] = {
    "division": [TOWN_A, TOWN_A, TOWN_B, ELSEWHERE],
    "ownership": [None, "private", "private", "private", "individual", "collective", "state_owned"],
    "operation_state": [None, "operating", "operating", "operating", "suspended", "closed_down"],
    "has_premises": [None, True, True, False],
    "has_stable_staff": [None, True, True, False],
    "has_activity": [None, True, True, True, False],
    "is_branch_office": [None, False, False, True],
    "duplicate_of": [None, None, None, None, code(100)],
    "staff": [None, 0, 5, 80],
}
Event = tuple[str, date, str, dict[str, Any]]


def random_history(rng: random.Random, count: int) -> list[Event]:
    """Return entries in the order of writing: (key, day, operation, changes), back-dated ones among them."""
    events: list[Event] = []
    for number in range(1, count + 1):
        key = code(number) if rng.random() < 0.9 else social(number)
        born = FIRST + timedelta(days=rng.randint(0, (LAST - FIRST).days))
        events.append((key, born, "create", {"name": f"甲{number}", "state": "open"} | chosen(rng, list(FACTS))))
        for _ in range(rng.randint(0, 4)):
            day = born + timedelta(days=rng.randint(0, (LAST - born).days))
            fate = rng.random()
            if fate < 0.12:
                events.append((key, day, "close", {"state": "closed"}))
            elif fate < 0.2:
                events.append((key, day, "reopen", {"state": "open"}))
            else:
                names = rng.sample(list(FACTS), rng.randint(1, 3))
                events.append((key, day, "change", chosen(rng, names)))
    births, rest = [e for e in events if e[2] == "create"], [e for e in events if e[2] != "create"]
    rng.shuffle(rest)
    return births + rest


def chosen(rng: random.Random, names: list[str]) -> dict[str, Any]:
    return {name: rng.choice(FACTS[name]) for name in names}


def social(number: int) -> str:
    from stdnum.cn import uscc

    head = f"52990121{number:09d}"
    return head + uscc.calc_check_digit(head)


def naive(events: list[Event]) -> dict[str, str]:
    """Return where each record falls: entries sorted by day and order of writing, then plain questions in order."""
    found = {}
    for key in {event[0] for event in events}:
        mine = [(day, place, changes) for place, (k, day, _, changes) in enumerate(events) if k == key]
        values: dict[str, Any] = {}
        for day, _, changes in sorted(mine, key=lambda each: each[:2]):
            if day <= CUT:
                values.update(changes)
        found[key] = fallen(key, values)
    return found


def fallen(key: str, v: dict[str, Any]) -> str:
    questions = [
        (not v, "after_cut_off"),
        (v.get("division") == ELSEWHERE, "out_of_territory"),
        (v.get("duplicate_of") is not None, "duplicate"),
        (v.get("state") == "closed", "closed"),
        (v.get("operation_state") in ("suspended", "closed_down"), "not_operating"),
        (v.get("is_branch_office") is True, "branch_office"),
        (key[0] != "9", "not_enterprise"),
        (v.get("ownership") == "state_owned", "state_owned"),
        (v.get("ownership") == "collective", "collective"),
        (v.get("has_premises") is False, "no_premises"),
        (v.get("has_stable_staff") is False, "no_staff"),
        (v.get("has_activity") is False, "no_activity"),
    ]
    return next((step for holds, step in questions if holds), "base")


def store(census: Census, events: list[Event]) -> None:
    for key, day, operation, changes in events:
        given = {name: value for name, value in changes.items() if operation != "create" or value is not None}
        census.write([BulkWrite(key, operation, day.isoformat(), given, operation != "create")])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_funnel_agrees_with_a_naive_recount_and_with_the_columns_of_the_statistics(census, seed):
    census.registry.made("/v1/divisions", code=ELSEWHERE, name="邻县", level="county")
    census.add(code(100), on="1990-01-01")
    events = random_history(random.Random(seed), 60)
    store(census, events)
    expected = naive(events) | {code(100): "base"}

    steps = census.steps()
    found = census.get("funnel")
    assert steps == expected
    assert found["registered"] == len(expected)
    assert found["base"] == found["denominator"] == sum(step == "base" for step in expected.values())
    rows = census.registry.get("/v1/enterprises?on=2026-06-30&division=990121&limit=1000").json()["items"]
    counted = counted_by_columns([{name: row[name] for name in ROW} for row in rows], CUT)
    assert {row["uscc"] for row, counts in zip(rows, counted, strict=True) if counts} == {
        key for key, step in steps.items() if step == "base"
    }
