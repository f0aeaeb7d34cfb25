"""Changes through HTTP: causes with words and links to their rows, corrections told apart, scope, permalinks."""

from datetime import date

import pytest

from reporting.world import TOWN_A, TOWN_B, VILLAGE_A, World, uscc

YEAR_END = date(2025, 12, 31)


@pytest.fixture
def told(world: World) -> tuple[World, str]:
    """A county in which much happened in 2026, and the permalink of what was reported at the end of 2025."""
    reported = world.statistics(measure="organization_coverage", on=YEAR_END)["passport"]["permalink"]
    world.enterprise(51, TOWN_B, date(2026, 2, 1))  # new
    world.close("enterprise", uscc(2), date(2026, 3, 1))  # covered jointly, closed
    world.branch("pty-new", [uscc(4)], on=date(2026, 4, 1))  # newly covered
    world.close("party_organization", "pty-sole", date(2026, 5, 1))  # no longer covered
    world.change("enterprise", uscc(3), date(2026, 5, 9), division=TOWN_B)  # moved, covered
    world.change("enterprise", uscc(8), date(2025, 11, 1), operation_state="suspended")  # told late
    world.sync()
    return world, reported.rpartition("/")[2]


def change(world: World, who=None, **params):
    answer = world.get("/v1/statistics/change", who, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def causes(line):
    return {
        (each["cause"]["code"], each["reason"] and each["reason"]["code"]): (each["numerator"], each["denominator"])
        for each in line["causes"]
    }


def test_a_change_is_told_in_causes_that_add_up(told):
    world, reported = told
    answer = change(world, measure="organization_coverage", by="division:town", from_permalink=reported)

    assert answer["from"]["on"] == "2025-12-31"
    assert causes(answer["total"]) == {
        ("corrected", "left"): (0, -1),
        ("entered", "not_recorded"): (0, 1),
        ("gained", None): (1, 0),
        ("left", "closed"): (-1, -1),
        ("lost", None): (-1, 0),
        ("moved", None): (0, 0),
    }
    assert answer["total"]["before"] == {"value": "0.5000", "numerator": 4, "denominator": 8}
    assert answer["total"]["after"] == {"value": "0.4286", "numerator": 3, "denominator": 7}
    assert answer["total"]["difference"] == {"value": "-0.0714", "numerator": -1, "denominator": -1}
    lines = {row["division"]["code"]: causes(row["change"]) for row in answer["rows"]}
    assert lines == {
        TOWN_A: {
            ("gained", None): (1, 0),
            ("left", "closed"): (-1, -1),
            ("lost", None): (-1, 0),
            ("moved", None): (-1, -1),
        },
        TOWN_B: {("corrected", "left"): (0, -1), ("entered", "not_recorded"): (0, 1), ("moved", None): (1, 1)},
    }


def test_without_an_earlier_knowledge_nothing_is_a_correction(told):
    world, _ = told
    answer = change(world, measure="organization_coverage", **{"from": "previous_year_end"})

    assert "corrected" not in {cause for cause, _ in causes(answer["total"])}
    assert answer["total"]["before"]["denominator"] == 7


def test_each_cause_leads_to_its_rows(told):
    world, reported = told
    answer = change(world, measure="organization_coverage", by=["division:town", "size"], from_permalink=reported)
    for line in [*(row["change"] for row in answer["rows"]), answer["total"]]:
        for each in line["causes"]:
            page = world.get(each["rows"]).json()
            sums = [sum(item[name] for item in page["items"]) for name in ("numerator", "denominator")]
            assert page["total"] == len(page["items"]) == each["records"]
            assert sums == [each["numerator"], each["denominator"]]
            assert {item["cause"]["code"] for item in page["items"]} == {each["cause"]["code"]}
    left = next(each for each in answer["total"]["causes"] if each["cause"]["code"] == "left")
    assert [(row["uscc"], row["name"]) for row in world.get(left["rows"]).json()["items"]] == [(uscc(2), "示例企业2")]


def test_what_comes_into_a_count_comes_into_no_denominator(told):
    world, _ = told
    for measure, words in (
        ("organization_coverage", {"entered": "进入分母", "left": "退出分母"}),
        ("enterprise_count", {"entered": "新计入", "left": "不再计入"}),
    ):
        asked = {"measure": measure, "from": str(YEAR_END)}
        causes_told = change(world, **asked)["total"]["causes"]
        rows = world.get("/v1/statistics/change/rows", **asked, cause="entered").json()["items"]

        named = {each["cause"]["code"]: each["cause"]["name"] for each in causes_told}
        assert {code: named[code] for code in words} == words
        assert {each["cause"]["name"] for each in rows} == {words["entered"]}


def test_a_link_leads_to_the_same_rows_after_more_became_known(told):
    world, reported = told
    total = change(world, measure="organization_coverage", from_permalink=reported)["total"]
    before = [world.get(each["rows"]).json()["items"] for each in total["causes"]]
    world.change("enterprise", uscc(7), date(2025, 12, 1), ownership="state_owned")
    world.sync()

    assert [world.get(each["rows"]).json()["items"] for each in total["causes"]] == before


def test_pages_walk_through_the_parts_once(told):
    world, _ = told
    asked = {"measure": "enterprise_count", "by": "division:town", "from": "2019-12-31", "cause": "entered", "limit": 2}
    found, cursor = [], {}
    while True:
        page = world.get("/v1/statistics/change/rows", **asked, **cursor).json()
        found += [item["uscc"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(found) == len(set(found)) == page["total"] == 7


def test_a_clerk_sees_what_came_and_went_and_not_where(told):
    world, reported = told
    clerk = world.person("prn-b", divisions=(TOWN_B,))
    answer = change(world, clerk, measure="organization_coverage", **{"from": YEAR_END})

    assert causes(answer["total"]) == {("entered", "not_recorded"): (0, 1), ("moved", None): (1, 1)}
    moved = world.get(next(e["rows"] for e in answer["total"]["causes"] if e["cause"]["code"] == "moved"), clerk).json()
    assert [(row["uscc"], row["denominator"]) for row in moved["items"]] == [(uscc(3), 1)]
    assert (
        world.get("/v1/statistics/change", clerk, measure="enterprise_count", from_permalink=reported).status_code
        == 404
    )


def test_a_change_of_the_rule_is_a_cause_of_its_own_and_the_break_is_named(world: World):
    world.enterprise(61, VILLAGE_A, date(2012, 1, 5), staff=150)
    world.sync()
    answer = change(world, measure="staff100_with_organization_rate", to="2012-04-01", **{"from": "2012-02-01"})
    assert causes(answer["total"]) == {("rule_changed", "below_staff100"): (0, 1)}
    assert [each["parameter"] for each in answer["breaks"]] == ["staff100.min_staff", "substance.min_staff"]


def test_a_new_standard_of_sizes_is_a_change_of_the_rule_and_new_figures_are_not(world: World):
    figures = {"industry": "C1311", "staff": 10, "annual_revenue": "1000000.00"}
    for number in (62, 63):
        world.enterprise(number, VILLAGE_A, date(2017, 1, 5), **figures)
    world.change("enterprise", uscc(63), date(2017, 12, 20), annual_revenue="1100000.00")
    world.sync()
    asked = {"measure": "enterprise_count", "to": "2018-01-31", "from": "2017-12-01"}
    lines = {row["size"]["code"]: causes(row["change"]) for row in change(world, **asked, by="size")["rows"]}

    assert lines == {
        None: {("rule_changed", None): (-1, -1), ("reclassified", None): (-1, -1)},
        "micro": {("rule_changed", None): (1, 1), ("reclassified", None): (1, 1)},
    }
    filtered = change(world, **asked, size="micro")["total"]
    assert causes(filtered) == {("rule_changed", None): (1, 1), ("reclassified", None): (1, 1)}


def test_a_reclassified_enterprise_changes_lines(world: World):
    world.change("enterprise", uscc(1), date(2026, 3, 1), ownership="foreign")
    world.sync()
    answer = change(world, measure="organization_coverage", by="ownership", **{"from": YEAR_END})
    lines = {row["ownership"]["code"]: causes(row["change"]) for row in answer["rows"]}
    assert lines == {
        "private": {("reclassified", None): (-1, -1)},
        "foreign": {("reclassified", None): (1, 1)},
    }


def test_a_change_by_todays_structure_moves_nothing_that_was_only_redrawn(world: World):
    world.change("enterprise", uscc(6), date(2026, 3, 1), division=TOWN_A)
    world.change("enterprise", uscc(7), date(2026, 3, 1), division=TOWN_A)
    world.change("enterprise", uscc(8), date(2026, 3, 1), division=TOWN_A)
    world.close("division", TOWN_B, date(2026, 3, 1))
    fields = {"node": "division", "predecessor": TOWN_B, "successor": TOWN_A, "form": "merge"}
    world.record("succession", "suc-1", date(2026, 3, 1), **fields)
    world.sync()
    asked = {"measure": "enterprise_count", "by": "division:town", "from": YEAR_END}

    told = change(world, **asked)
    assert causes(told["rows"][0]["change"]) == {("redrawn", None): (3, 3)}
    assert [each["cause"]["name"] for each in told["total"]["causes"]] == ["区划或单位调整"]
    assert [causes(row["change"]) for row in change(world, **asked, structure="now")["rows"]] == [{}]


def test_a_change_has_a_permalink_says_when_it_is_stale_and_strict_refuses(told):
    world, _ = told
    asked = {"measure": "organization_coverage", "from": "2025-12-31"}
    answer = world.get("/v1/statistics/change", **asked)
    assert world.get(answer.json()["passport"]["permalink"]).content == answer.content

    world.assessment.is_down = True
    world.sync()
    assert change(world, **asked)["passport"]["stale"] is True
    assert world.get("/v1/statistics/change", **asked, strict=1).status_code == 503
    assert world.get("/v1/statistics/change/rows", **asked, cause="left", strict=1).status_code == 503


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({}, 400),
        ({"from": "2026-01-01", "from_permalink": "a" * 16}, 400),
        ({"from_permalink": "a" * 16}, 404),
        ({"from_permalink": "a" * 16, "from_known_at": "3"}, 400),
        ({"from": "2026-06-01", "to": "2026-05-01"}, 400),
        ({"from": "2026-06-01", "to": "2027-05-01"}, 422),
        ({"from": "2026-06-01", "from_known_at": "9", "known_at": "5"}, 400),
        ({"from": "2026-06-01", "from_known_at": "999999"}, 422),
        ({"from": "2026-06-01", "cause": "magic"}, 400),
        ({"from": "2026-06-01", "reason": "moved"}, 400),
        ({"from": "2026-06-01", "group": "x"}, 400),
        ({"from": "2026-06-01", "by": "industry:section", "measure": "organization_count"}, 400),
    ],
)
def test_changes_that_cannot_be_are_refused(world: World, params, status):
    path = "/v1/statistics/change/rows" if {"cause", "reason", "group"} & set(params) else "/v1/statistics/change"
    more = {"cause": "left"} if path.endswith("rows") else {}
    assert world.get(path, **{"measure": "enterprise_count", **more, **params}).status_code == status
