"""What a dispute changes and how far a statistic may still move: against the definitions, and against brute force."""

from datetime import date
from fractions import Fraction
from itertools import product

import duckdb
import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heli_registry.stewardship.effects import Links, effect_of, fact_columns
from heli_registry.stewardship.swing import range_of_count, range_of_share
from heli_shared.statistics.facts import BOOLEANS, classified
from heli_shared.statistics.tables import COVER_FORMS
from registry.codes import code
from registry.stewardship.conftest import MARKET, SOCIAL, TAX

MAYBE = st.none() | st.booleans()
RECORD = st.fixed_dictionaries(
    {
        "uscc": st.sampled_from(["91330000MA00000001", "12330000MA00000001"]),
        "state": st.sampled_from(["open", "open", "closed"]),
        "duplicate_of": st.none() | st.just("91330000MA00000002"),
        "is_branch_office": MAYBE,
        "ownership": st.none() | st.sampled_from(["private", "foreign", "collective", "state_owned"]),
        "operation_state": st.none() | st.sampled_from(["operating", "suspended"]),
        "has_premises": MAYBE,
        "has_stable_staff": MAYBE,
        "has_activity": MAYBE,
        "staff": st.none() | st.integers(0, 200) | st.sampled_from([49, 50, 99, 100]),
        "annual_revenue": st.none() | st.sampled_from(["0", "19999999.99", "20000000.00", "20000000.01"]),
        "total_assets": st.none() | st.just("1.00"),
        "industry": st.none() | st.sampled_from(["C3499", "L72", "M", "J66"]),
        "full_members": st.none() | st.integers(0, 4),
        "probationary_members": st.none() | st.integers(0, 2),
    }
)
LINKS = st.builds(
    Links,
    covers=st.dictionaries(st.sampled_from(COVER_FORMS), st.integers(1, 2), max_size=2),
    instructors=st.integers(0, 1),
    liaisons=st.integers(0, 1),
    unions=st.integers(0, 1),
    youth_leagues=st.integers(0, 1),
)
TYPES = {
    **dict.fromkeys(("is_branch_office", "has_premises", "has_stable_staff", "has_activity"), "boolean"),
    **dict.fromkeys(("staff", "full_members", "probationary_members", "number"), "int64"),
    **dict.fromkeys(("annual_revenue", "total_assets"), "decimal(20, 2)"),
    "day": "date",
}
COUNTS = ("covers", *(f"covers_{form}" for form in COVER_FORMS), "instructors", "liaisons", "unions", "youth_leagues")


def by_columns(rows: list[tuple[dict, Links]], day: date) -> list[dict]:
    """Return the facts that the statistics' definitions make of each row, asked of DuckDB."""
    names = {name: TYPES.get(name, "string") for name in (*rows[0][0], "number", "day")} | dict.fromkeys(
        COUNTS, "int32"
    )
    t = ibis.table(names, name="base")
    wanted = [*BOOLEANS, "scope_reason", "size_class"]
    query = str(ibis.to_sql(classified(t).order_by("number").select(*wanted), dialect="duckdb"))
    listed = [
        {
            **record, "number": number, "day": day, "covers": sum(links.covers.values()),
            **{f"covers_{form}": links.covers.get(form, 0) for form in COVER_FORMS},
            **{name: getattr(links, name) for name in COUNTS[-4:]},
        }
        for number, (record, links) in enumerate(rows)
    ]  # fmt: skip
    arrow = {
        "boolean": pa.bool_(), "int64": pa.int64(), "int32": pa.int32(), "date": pa.date32(), "string": pa.string(),
        "decimal(20, 2)": pa.string(),
    }  # fmt: skip
    schema = pa.schema([(name, arrow[kind]) for name, kind in names.items()])
    casts = ", ".join(f"CAST({name} AS DECIMAL(20, 2)) AS {name}" for name in ("annual_revenue", "total_assets"))
    with duckdb.connect() as connection:
        connection.register("texts", pa.Table.from_pylist(listed, schema))
        connection.execute(f"CREATE TABLE base AS SELECT * REPLACE ({casts}) FROM texts")  # noqa: S608 - own names
        found = connection.execute(query).fetchall()
    return [dict(zip(wanted, row, strict=True)) for row in found]


@settings(max_examples=20, deadline=None)
@given(
    rows=st.lists(st.tuples(RECORD, LINKS), min_size=30, max_size=80), day=st.dates(date(2010, 1, 1), date(2027, 1, 1))
)
def test_one_record_is_counted_as_the_definitions_count_columns(rows, day):
    for (record, links), expected in zip(rows, by_columns(rows, day), strict=True):
        columns, effect = fact_columns(record, links, day), effect_of(record, links, day)
        assert columns == {name: expected[name] for name in columns}
        assert (effect.scope_reason, effect.size_class) == (expected["scope_reason"], expected["size_class"])
        assert effect.above_scale == expected["is_above_scale"]


PARTS = st.frozensets(st.sampled_from([(0, 0), (0, 1), (1, 1)]), min_size=1)
SETTLED = st.integers(0, 6).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


def brute(settled, options):
    """Return the least and largest share over every combination that can be counted, and whether one cannot."""
    shares, empty = [], False
    for chosen in product(*options):
        numerator = settled[0] + sum(part[0] for part in chosen)
        denominator = settled[1] + sum(part[1] for part in chosen)
        empty |= denominator == 0
        shares += [Fraction(numerator, denominator)] if denominator else []
    return (min(shares), max(shares), empty) if shares else (None, None, empty)


def as_share(part):
    return None if part is None else Fraction(*part)


@settings(max_examples=400, deadline=None)
@given(settled=SETTLED, options=st.lists(PARTS, max_size=6))
def test_the_range_of_a_share_is_that_of_every_combination(settled, options):
    found = range_of_share(settled, options)

    assert (as_share(found.low), as_share(found.high), found.can_be_empty) == brute(settled, options)


@given(settled=st.integers(0, 6), options=st.lists(PARTS, max_size=6))
def test_the_range_of_a_count_is_that_of_every_combination(settled, options):
    found = range_of_count(settled, options)
    sums = [settled + sum(part[0] for part in chosen) for chosen in product(*options)]

    assert (found.low, found.high) == ((min(sums), 0), (max(sums), 0))


def test_a_dispute_tells_what_each_value_would_change(world):
    world.steward()
    world.enterprise(staff=40, full_members=1, industry="C3499", annual_revenue="5000000.00")
    world.said(MARKET, 49)
    world.said(TAX, 50)
    world.said(SOCIAL, 100)

    effects = {each["value"]: each for each in world.dispute()["effect"]}
    assert effects[49]["changes"] == []
    assert effects[50]["changes"] == ["member_due", "staff50_with_member_rate"]
    assert effects[100]["changes"] == [
        "above_scale", "member_due", "organization_due", "above_scale_by_staff", "staff50_with_member_rate",
        "staff100_with_organization_rate", "above_scale_sole_rate",
    ]  # fmt: skip
    assert (effects[50]["units"], effects[50]["measures"]["staff50_with_member_rate"]) == ([TAX], "numerator")
    assert (effects[100]["size_class"], effects[49]["size_class"]) == ("small", "small")


def rate(world, measure="staff50_with_member_rate", **query):
    response = world.registry.get("/v1/disputes/swing", params={"measure": measure, **query})
    assert response.status_code == 200, response.text
    found = response.json()
    return {name: (found[name]["numerator"], found[name]["denominator"]) for name in ("low", "in_force", "high")}


@pytest.fixture
def counted(world):
    """Six enterprises: two of 60 staff without dispute, four about whose staff or premises departments disagree."""
    world.steward()
    world.steward("has_premises", precedence=[])
    for number, members in enumerate((1, 0, 1, 0, 1, 0), start=1):
        world.enterprise(number, staff=60, full_members=members)
    rows = {
        MARKET: [(3, "staff", 60), (4, "staff", 60), (5, "staff", 40), (6, "has_premises", True)],
        TAX: [(3, "staff", 40), (4, "staff", 30), (5, "staff", 60)],
        SOCIAL: [(5, "staff", 55), (6, "has_premises", False)],
    }
    for unit, some in rows.items():
        body = {
            "unit": unit,
            "rows": [{"enterprise": code(number), "field": field, "value": value} for number, field, value in some],
        }
        response = world.registry.post("/v1/claims/batch", body, by="office")
        assert response.json()["refused"] == []
    return world


# number → (members, the ways in which its disputes can end: counted at all, staff)
ENDS = {
    1: (1, [(True, 60)]), 2: (0, [(True, 60)]), 3: (1, [(True, 60), (True, 40)]), 4: (0, [(True, 60), (True, 30)]),
    5: (1, [(True, 40), (True, 60), (True, 55)]), 6: (0, [(True, 60), (False, 60)]),
}  # fmt: skip


def counted_by_hand(ends):
    """Return the least and the largest share of enterprises of 50 staff that have a member."""
    found = []
    for chosen in product(*(ways for _, ways in ends.values())):
        large = [
            members for (members, _), (is_in, staff) in zip(ends.values(), chosen, strict=True) if is_in and staff >= 50
        ]
        found.append(Fraction(sum(large), len(large)))
    return min(found), max(found)


def test_the_swing_is_that_of_every_way_in_which_the_disputes_can_end(counted):
    found = rate(counted)

    assert (as_share(found["low"]), as_share(found["high"])) == counted_by_hand(ENDS)
    assert found["in_force"] == (2, 5)


def test_settling_shrinks_the_swing_as_predicted(counted):
    ends = dict(ENDS)
    settlements = {3: ("staff", 40), 6: ("has_premises", False), 5: ("staff", 55), 4: ("staff", 60)}
    widths = []
    for number, (field, value) in settlements.items():
        key = counted.dispute(enterprise=code(number))["id"]
        counted.settled(key, by="office", value=value)
        ends[number] = (ends[number][0], [(value, 60)] if field == "has_premises" else [(True, value)])
        found, (low, high) = rate(counted), counted_by_hand(ends)
        assert (as_share(found["low"]), as_share(found["high"])) == (low, high)
        widths.append(high - low)

    assert widths == sorted(widths, reverse=True)
    assert found["low"] == found["in_force"] == found["high"] == (2, 4)


def test_counts_swing_too_and_each_sees_its_own_part(counted):
    found = counted.registry.get("/v1/disputes/swing", params={"measure": "enterprise_count"}).json()
    assert [found[name]["value"] for name in ("low", "in_force", "high")] == [5, 6, 6]
    assert (found["disputes"], found["enterprises"]) == (4, 1)
    other = counted.registry.get("/v1/disputes/swing", params={"measure": "enterprise_count"}, by="clerk_b").json()
    assert [other[name]["value"] for name in ("low", "in_force", "high")] == [0, 0, 0]
    narrowed = rate(counted, division="990121102")
    assert narrowed == {"low": (0, 0), "in_force": (0, 0), "high": (0, 0)}


def test_only_measures_of_enterprises_swing(world):
    for measure in ("organization_count", "colour"):
        response = world.registry.get("/v1/disputes/swing", params={"measure": measure})
        assert response.status_code == 400
