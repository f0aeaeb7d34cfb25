"""Shapes of real tables against numbers an official can check by hand."""

import pytest

from assessment.engine_support import LABELS, inputs_for, one_item_book, plan_for, row_of, scored
from heli_assessment.engine.amounts import points_text
from heli_assessment.engine.explaining import explain
from heli_assessment.engine.ranking import rank, with_quotas
from heli_assessment.engine.standings import others_of, standings_of

SIX = ("9", "8", "8", "6", "5", "1")
RANKED = {"kind": "ranked", "measure": "visits", "ties": "better"}
RATE = "task_done_rate"


def points_of(rule, values, maximum="10", measure="visits", **item):
    plan = plan_for(one_item_book(rule, maximum, **item))
    return [points_text(int(p)) for p in scored(plan, [(None, {measure: v}) for v in values]).low_scores]


@pytest.mark.parametrize(
    ("rule", "maximum", "points"),
    [
        ({"share": "0.05"}, "20", ["20.00", "19.00", "19.00", "17.00", "16.00", "15.00"]),
        ({"share": "0.05", "ties": "worse"}, "20", ["20.00", "18.00", "18.00", "17.00", "16.00", "15.00"]),
        ({"share": "0.05", "ties": "mean"}, "20", ["20.00", "18.50", "18.50", "17.00", "16.00", "15.00"]),
        ({"share": "0.05", "ties": "dense"}, "20", ["20.00", "19.00", "19.00", "18.00", "17.00", "16.00"]),
        ({"points": "0.5"}, "2", ["2.00", "1.50", "1.50", "0.50", "0.00", "0.00"]),
        ({"table": ["60", "57", "54", "51", "48"]}, "60", ["60.00", "57.00", "57.00", "51.00", "48.00", "0.00"]),
        ({"table": ["60", "57"], "rest": "40"}, "60", ["60.00", "57.00", "57.00", "40.00", "40.00", "40.00"]),
        ({"in_proportion": True}, "6", ["6.00", "5.33", "5.33", "4.00", "3.33", "0.67"]),
        ({"points": "1", "order": "least_first"}, "6", ["1.00", "3.00", "3.00", "4.00", "5.00", "6.00"]),
    ],
)
def test_points_by_rank(rule, maximum, points):
    assert points_of(RANKED | rule, SIX, maximum) == points


def test_the_last_three_lose_most_and_each_place_better_a_tenth_less():
    item = {"id": "z", "title": "扣", "maximum": "0", "basis": {"document": "试"}, "missing": "zero"}
    item["rule"] = RANKED | {"from_bottom": True, "table": ["-2", "-1.9", "-1.8"]}
    book = one_item_book({"kind": "all_or_nothing", "measure": "meetings", "at_most": "0"})
    book["parts"].append({"id": "q", "title": "扣", "kind": "penalty", "items": [item]})
    plan = plan_for(book)
    verdicts = scored(plan, [(None, {"visits": v, "meetings": "0"}) for v in SIX])
    assert [points_text(int(p)) for p in verdicts.low_scores] == ["10.00", "10.00", "10.00", "8.20", "8.10", "8.00"]


def test_a_conversion_table_with_deductions():
    bands = [
        {"below": "0.9", "points": "-3"},
        {"at_least": "0.9", "below": "0.95", "points": "-2"},
        {"at_least": "0.95", "below": "1", "points": "-1"},
        {"at_least": "1", "points": "0"},
    ]
    item = {"id": "z", "title": "扣", "maximum": "0", "basis": {"document": "试"}, "missing": "range"}
    item["rule"] = {"kind": "graded", "measure": RATE, "bands": bands}
    book = one_item_book({"kind": "all_or_nothing", "measure": "meetings", "at_most": "0"})
    book["parts"].append({"id": "q", "title": "扣", "kind": "penalty", "items": [item]})
    plan = plan_for(book)
    subjects = [(None, {RATE: v, "meetings": "0"}) for v in ("1", "0.9999", "0.95", "0.9", "0")]
    assert [points_text(int(p)) for p in scored(plan, subjects).low_scores] == ["10.00", "9.00", "9.00", "8.00", "7.00"]
    unknown = scored(plan, [(None, {"meetings": "0"})])
    assert (int(unknown.low_scores[0]), int(unknown.high_scores[0])) == (700, 1000)


@pytest.mark.parametrize(
    ("value", "points"),
    [
        ("0", "0.00"),
        ("59.99", "5.00"),
        ("60", "5.00"),
        ("61", "5.13"),
        ("80", "7.50"),
        ("100", "10.00"),
        ("130", "10.00"),
    ],
)
def test_conversion_is_straight_between_its_knots(value, points):
    knots = [{"value": "0", "points": "0"}, {"value": "60", "points": "5"}, {"value": "100", "points": "10"}]
    rule = {"kind": "conversion", "measure": "mark", "knots": knots}
    assert points_of(rule, [value], measure="mark:x") == [points]


JUDGES = [{"id": f"j{n}", "title": f"评委{n}"} for n in range(5)]
MARKS = dict(zip((f"mark:x.j{n}" for n in range(5)), ("60", "80", "85", "90", "100"), strict=True))


@pytest.mark.parametrize(
    ("rule", "points"),
    [
        ({"combine": "mean"}, "8.30"),
        ({"combine": "trimmed_mean"}, "8.50"),
        ({"combine": "trimmed_mean", "drop": 2}, "8.50"),
        ({"combine": "least"}, "6.00"),
        ({"combine": "weights"}, "9.15"),
    ],
)
def test_judges_on_one_scale(rule, points):
    weights = ("1", "1", "1", "1", "6")
    weighted = rule["combine"] == "weights"
    judges = [judge | ({"weight": w} if weighted else {}) for judge, w in zip(JUDGES, weights, strict=True)]
    plan = plan_for(one_item_book({"kind": "scorers", "scorers": judges} | rule))
    verdicts = scored(plan, [(None, MARKS)])
    assert points_text(int(verdicts.low_scores[0])) == points


def test_a_part_of_a_hundred_and_ninety_counts_sixty_and_sums_exactly():
    book = one_item_book({"kind": "all_or_nothing", "measure": "meetings", "at_least": "4"}, "100")
    line = book["parts"][0]["items"][0]
    items = [line | {"id": f"i{n}", "maximum": "10"} for n in range(18)]
    share = {"kind": "proportional", "measure": "visits", "target": 3}
    items.append(line | {"id": "last", "maximum": "10", "rule": share})
    book["parts"][0] |= {"items": items, "maximum": "60", "scaled_from": "190"}
    plan = plan_for(book | {"maximum": "60"})
    verdicts = scored(plan, [(None, {"meetings": "4", "visits": "3"}), (None, {"meetings": "4", "visits": "1"})])
    assert [int(p) for p in verdicts.low_scores] == [6000, 5789]  # (180 + 3.33) × 60 ÷ 190 = 57.893…, rounded once
    assert [int(p) for p in verdicts.points.sum(axis=0)] == [6000, 5789]


def test_what_does_not_apply_is_shared_out_among_the_other_items():
    book = one_item_book({"kind": "proportional", "measure": "visits", "target": "10"}, "60")
    rate = {"kind": "proportional", "measure": RATE, "target": "1"}
    other = book["parts"][0]["items"][0] | {"id": "y", "maximum": "40", "rule": rate, "not_applicable": "excluded"}
    book["parts"][0] |= {"items": [*book["parts"][0]["items"], other], "maximum": "100"}
    plan = plan_for(book | {"maximum": "100"})
    rows = [{"visits": "5", RATE: "1"}, {"visits": "5", RATE: "not_applicable"}]
    assert [int(p) for p in scored(plan, [(None, row) for row in rows]).low_scores] == [7000, 5000]
    told = explain(plan, row_of(rows[1]), None, labels=LABELS)
    assert [(each.points, each.maximum, each.raw) for each in told.items] == [(5000, 10000, 3000), (0, 0, 0)]
    assert told.items[1].why_not_full is not None
    assert "分摊" in told.items[1].why_not_full.zh


def test_ties_in_score_are_told_apart_by_the_parts_that_are_named():
    book = one_item_book({"kind": "missing_count", "measure": "meetings", "target": "5", "points": "1"}, "5")
    visits = {"kind": "proportional", "measure": "visits", "target": 5}
    other = book["parts"][0]["items"][0] | {"id": "y", "rule": visits}
    book["parts"][0] |= {"items": [*book["parts"][0]["items"], other], "maximum": "10"}
    rows = [(None, {"meetings": m, "visits": v}) for m, v in (("5", "3"), ("3", "5"), ("5", "5"), ("5", "3"))]
    plain = plan_for(book | {"maximum": "10"})
    broken = plan_for(book | {"maximum": "10", "tie_break": ["y"]})
    assert rank(plain, scored(plain, rows)).rank.tolist() == [2, 2, 1, 2]
    ranks = rank(broken, scored(broken, rows))
    assert (ranks.rank.tolist(), ranks.best.tolist(), ranks.worst.tolist()) == ([3, 2, 1, 3],) * 3


def test_who_is_over_the_quota_falls_one_grade_and_competes_there():
    grades = [
        {"title": "合格", "below": "5"},
        {"title": "良好", "at_least": "5", "below": "8", "quota": {"count": 1, "ties": "keep"}},
        {"title": "优秀", "at_least": "8", "quota": {"share": "0.2", "rounding": "up", "ties": "lose"}},
    ]
    rule = {"kind": "proportional", "measure": "visits", "target": "10"}
    plan = plan_for(one_item_book(rule) | {"grades": grades})
    subjects = [(None, {"visits": v}) for v in ("10", "9", "8", "7", "4")]
    verdicts = scored(plan, subjects)
    after, cuts = with_quotas(plan, verdicts, inputs_for(plan, subjects).groups)
    assert after.tolist() == [2, 1, 0, 0, 0]
    assert [(cut.grade, cut.places, cut.given, cut.last_in, cut.first_out) for cut in cuts] == [
        (2, 1, 1, 1000, 900),
        (1, 1, 1, 900, 800),
    ]


def test_explaining_one_of_many_gives_what_scoring_them_together_gave():
    plan = plan_for(one_item_book(RANKED | {"share": "0.05"}))
    subjects = [(None, {"visits": v}) for v in SIX]
    standings = standings_of(plan, inputs_for(plan, subjects))
    together = scored(plan, subjects)
    for at, (_, inputs) in enumerate(subjects):
        row = row_of(inputs)
        told = explain(plan, row, None, labels=LABELS, others=others_of(standings, plan, row, -1))
        assert told.score == int(together.low_scores[at])


def test_windows_name_themselves_in_sentences():
    rule = {"kind": "missing_count", "measure": "visits", "target": "3", "points": "1"}
    told = explain(plan_for(one_item_book(rule, window="q3")), row_of({"visits@q3": "1"}), None, labels=LABELS).items[0]
    assert told.rule.zh == "满分 10 分，“第三季度走访企业”应达 3 次，每少 1 次扣 1 分，扣完为止"
    assert told.to_gain[0].change.zh == "把“第三季度走访企业”由 1 次提高到 2 次"
    assert told.rule.en.startswith("10 points for visits to enterprises in quarter 3 of 3")
