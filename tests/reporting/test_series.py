"""Series, comparisons and ranks: days told in words, breaks of definitions, ties."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heli_reporting.days import WORDS, day_of, ends_between
from reporting.world import TOWN_A, TOWN_B, World, uscc

DAYS = st.dates(date(1990, 1, 1), date(2039, 12, 31))
ENDS = {
    "month": lambda day: (day.month, day.day) in {(m, d) for m, d in _LAST} or (day.month == 2 and _is_last(day)),
    "quarter": lambda day: (day.month, day.day) in {(3, 31), (6, 30), (9, 30), (12, 31)},
    "year": lambda day: (day.month, day.day) == (12, 31),
}
_LAST = [(1, 31), (3, 31), (4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30), (10, 31), (11, 30), (12, 31)]


def _is_last(day: date) -> bool:
    return date.fromordinal(day.toordinal() + 1).month != day.month


@given(DAYS)
def test_ends_told_in_words_are_the_newest_before_or_on_a_day(day):
    for every, is_end in ENDS.items():
        earlier = [date.fromordinal(day.toordinal() - back) for back in range(367)]
        assert day_of(f"{every}_end", day) == next(each for each in earlier if is_end(each))
        assert day_of(f"previous_{every}_end", day) == next(each for each in earlier[1:] if is_end(each))


@given(DAYS, st.integers(0, 800), st.sampled_from(sorted(ENDS)))
@settings(max_examples=50)
def test_a_series_has_every_end_between_and_the_last_day(first, length, every):
    days = [date.fromordinal(first.toordinal() + n) for n in range(length + 1)]
    assert list(ends_between(first, days[-1], every)) == [d for d in days[:-1] if ENDS[every](d)] + [days[-1]]


def test_the_same_day_earlier_is_the_last_of_a_shorter_month():
    assert day_of("a_month_before", date(2026, 3, 31)) == date(2026, 2, 28)
    assert day_of("a_year_before", date(2024, 2, 29)) == date(2023, 2, 28)
    assert day_of("a_quarter_before", date(2026, 5, 31)) == date(2026, 2, 28)


def series(world: World, who=None, **params):
    answer = world.get("/v1/statistics/series", who, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def grown(world: World) -> World:
    world.enterprise(31, TOWN_B, date(2026, 2, 10))
    world.close("enterprise", uscc(2), date(2026, 5, 3))
    world.sync()
    return world


def test_a_series_equals_its_days_asked_one_by_one(grown: World):
    early = len(grown.registry.entries) - 1
    clerk = grown.person("prn-b", divisions=(TOWN_B,))
    for more in ({}, {"structure": "now"}, {"known_at": early}, {"size": "unknown"}, {"sector": "unknown"}):
        for who in (grown.admin, clerk):
            asked = {"measure": ["organization_coverage", "enterprise_count"], "by": "division:town", **more}
            found = series(grown, who, **asked, **{"from": "2025-12-31"})
            assert found["days"] == [
                "2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30",
                "2026-07-01",
            ]  # fmt: skip
            for n, day in enumerate(found["days"]):
                one = grown.statistics(who, **asked, on=day)
                assert {name: cells[n] for name, cells in found["total"].items()} == one["total"]
                lines = {row["division"]["code"]: row for row in one["rows"]}
                for row in found["rows"]:
                    line = lines[row["division"]["code"]]
                    assert [row[m][n] for m in asked["measure"]] == [line[m] for m in asked["measure"]]


def test_a_series_has_a_passport_and_a_permalink_and_rolls_with_the_day(grown: World):
    asked = {"measure": "enterprise_count", "from": "a_quarter_before"}
    answer = grown.get("/v1/statistics/series", **asked)
    passport = answer.json()["passport"]

    assert passport["on"] == "2026-07-01"
    assert [cell["value"] for cell in answer.json()["total"]["enterprise_count"]] == [9, 8, 8, 8]
    assert grown.get(passport["permalink"]).content == answer.content
    grown.clock.instant = grown.clock.instant.replace(month=8)
    later = grown.person("prn-later", everything=True)
    assert series(grown, later, **asked)["days"] == ["2026-05-31", "2026-06-30", "2026-07-31", "2026-08-01"]


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"from": "2026-07-01", "to": "2026-06-01"}, 400),
        ({"from": "1900-01-01"}, 400),
        ({"from": "2026-07-09"}, 422),
        ({"from": "2026-01-01", "every": "week"}, 400),
        ({"from": "yesterday"}, 400),
        ({}, 400),
        ({"from": "2026-01-01", "on": "2026-02-01"}, 400),
        ({"from": "2011-12-31", "every": "year"}, 422),
    ],
)
def test_series_that_cannot_be_are_refused(world: World, params, status):
    assert world.get("/v1/statistics/series", measure="due_established_rate", **params).status_code == status


def test_a_series_does_not_cross_a_change_of_definition_unless_the_break_is_shown(world: World):
    asked = {
        "measure": ["staff100_with_organization_rate", "organization_count"],
        "from": "2011-12-31",
        "every": "year",
    }
    refused = world.get("/v1/statistics/series", **asked)
    shown = series(world, **asked, breaks="show")["breaks"]

    assert refused.status_code == 422
    assert refused.json()["breaks"] == ["2012-03-01"]
    assert [(each["parameter"], each["before"], each["after"]) for each in shown] == [
        ("staff100.min_staff", None, 100),
        ("substance.min_staff", None, 0),
    ]
    assert all(each["basis"] and each["on"] == "2012-03-01" for each in shown)
    assert series(world, measure="organization_count", **{"from": "2011-12-31"}, every="year")["breaks"] == []


def test_a_comparison_tells_what_was_and_the_change(grown: World):
    answer = grown.statistics(measure="organization_coverage", by="division:town", compare="previous_year_end")

    assert answer["comparison"] == {
        "on": "2025-12-31",
        "rows": [
            {
                "division": {"code": TOWN_A, "name": "甲镇"},
                "organization_coverage": {
                    "value": "0.6000",
                    "numerator": 3,
                    "denominator": 5,
                    "change": {"value": "-0.1000", "numerator": -1, "denominator": -1},
                },
            },
            {
                "division": {"code": TOWN_B, "name": "乙镇"},
                "organization_coverage": {
                    "value": "0.3333",
                    "numerator": 1,
                    "denominator": 3,
                    "change": {"value": "-0.0833", "numerator": 0, "denominator": 1},
                },
            },
        ],
        "total": {
            "organization_coverage": {
                "value": "0.5000",
                "numerator": 4,
                "denominator": 8,
                "change": {"value": "-0.1250", "numerator": -1, "denominator": 0},
            }
        },
    }
    assert answer["breaks"] == []


def test_a_comparison_across_a_break_is_refused_or_marked(world: World):
    asked = {"measure": "enterprise_count", "compare": "2012-02-29"}
    assert world.get("/v1/statistics", **asked).status_code == 422
    answer = world.statistics(**asked, breaks="show")
    assert [each["on"] for each in answer["breaks"]] == ["2012-03-01"]
    assert answer["comparison"]["total"]["enterprise_count"] == {"value": 0, "change": {"value": 8}}


def test_a_line_of_one_day_only_is_compared_with_nothing(grown: World):
    answer = grown.statistics(
        measure="organization_coverage", by="organization_cover", compare="2019-12-31", breaks="show"
    )
    lines = {row["organization_cover"]["code"]: row["organization_coverage"] for row in answer["comparison"]["rows"]}
    assert lines["none"] == {
        "value": None,
        "numerator": 0,
        "denominator": 0,
        "reason": "zero_denominator",
        "change": {"value": None, "numerator": 0, "denominator": 5},
    }


@pytest.mark.parametrize("word", WORDS)
def test_every_word_tells_a_day(world: World, word):
    answer = world.statistics(measure="enterprise_count", on=word)
    assert answer["passport"]["on"] == day_of(word, date(2026, 7, 1)).isoformat()


def test_ranks_are_shared_by_equal_values_and_the_next_are_left_out(world: World):
    for number, town in enumerate(("990101003000", "990101004000", "990101005000", "990101006000")):
        world.record("division", town, name=f"镇{number}", level="town", parent="990101000000")
    for number in (41, 42, 43):
        world.branch(
            f"pty-{number}", [world.enterprise(number, f"99010100{number - 38}000")], f"99010100{number - 38}000"
        )
    world.enterprise(44, "999999999999")
    world.sync()
    asked = {"measure": "organization_coverage", "by": "division:town", "rank": "organization_coverage"}
    answer = world.statistics(**asked)

    ranks = [(row["division"]["name"], row["rank"]) for row in answer["rows"]]
    assert ranks[:5] == [
        ("镇0", {"position": 1, "tied": 3}),
        ("镇1", {"position": 1, "tied": 3}),
        ("镇2", {"position": 1, "tied": 3}),
        ("甲镇", {"position": 4, "tied": 1}),
        ("乙镇", {"position": 5, "tied": 1}),
    ]
    assert sorted(name for name, rank in ranks[5:] if rank == {"position": None, "tied": 0}) == ["不在乡镇街道", "镇3"]
    assert answer["ranking"]["ranked"] == 5
    last = world.statistics(**asked, order="asc")["rows"][0]
    assert (last["division"]["code"], last["rank"]) == (TOWN_B, {"position": 1, "tied": 1})


@pytest.mark.parametrize("params", [{}, {"by": "size", "rank": "enterprise_count"}, {"by": "size", "order": "up"}])
def test_ranks_that_cannot_be_are_refused(world: World, params):
    asked = {"measure": "organization_coverage", "rank": "organization_coverage", **params}
    assert world.get("/v1/statistics", **asked).status_code == 400
