"""Each kind of rule against a table an official can read."""

import pytest

from assessment.engine_support import LABELS, one_item_book, plan_for, row_of, scored
from heli_assessment.engine.amounts import points_text
from heli_assessment.engine.explaining import explain

PER_OCCURRENCE = {"kind": "per_occurrence", "measure": "overdue_tasks", "points": "2.5"}
WITH_FLOOR = PER_OCCURRENCE | {"floor": "4"}
AT_LEAST = {"kind": "all_or_nothing", "measure": "meetings", "at_least": "1"}
AT_MOST = {"kind": "all_or_nothing", "measure": "meetings", "at_most": "2"}
GRADED = {
    "kind": "graded",
    "measure": "mark",
    "bands": [
        {"below": "60", "points": "0", "title": "无"},
        {"at_least": "60", "below": "80", "points": "6.2", "title": "一般"},
        {"at_least": "80", "points": "10", "title": "好"},
    ],
}
PROPORTIONAL = {"kind": "proportional", "measure": "visits", "target": "3"}
MISSING_COUNT = {"kind": "missing_count", "measure": "meetings", "target": "4", "points": "0.5"}
ONCE = {"kind": "below_threshold", "measure": "task_done_rate", "threshold": "0.95", "points": "4"}
STEPS = ONCE | {"points": "1", "step": "0.01"}
LEVELS = {
    "kind": "bonus_per_level",
    "levels": [
        {"measure": "information_reports_province", "points": "3"},
        {"measure": "information_reports_city", "points": "2"},
    ],
}


@pytest.mark.parametrize(
    ("rule", "inputs", "points"),
    [
        (PER_OCCURRENCE, {"overdue_tasks": "0"}, "10.00"),
        (PER_OCCURRENCE, {"overdue_tasks": "3"}, "2.50"),
        (PER_OCCURRENCE, {"overdue_tasks": "5"}, "0.00"),
        (PER_OCCURRENCE, {"overdue_tasks": "1000000000"}, "0.00"),
        (WITH_FLOOR, {"overdue_tasks": "3"}, "4.00"),
        (AT_LEAST, {"meetings": "0.9999"}, "0.00"),
        (AT_LEAST, {"meetings": "1"}, "10.00"),
        (AT_MOST, {"meetings": "2"}, "10.00"),
        (AT_MOST, {"meetings": "3"}, "0.00"),
        (GRADED, {"mark:x": "59.9999"}, "0.00"),
        (GRADED, {"mark:x": "60"}, "6.20"),
        (GRADED, {"mark:x": "79.9999"}, "6.20"),
        (GRADED, {"mark:x": "80"}, "10.00"),
        (PROPORTIONAL, {"visits": "1"}, "3.33"),
        (PROPORTIONAL, {"visits": "2"}, "6.67"),
        (PROPORTIONAL, {"visits": "7"}, "10.00"),
        (MISSING_COUNT, {"meetings": "0"}, "8.00"),
        (MISSING_COUNT, {"meetings": "9"}, "10.00"),
        (ONCE, {"task_done_rate": "0.9499"}, "6.00"),
        (ONCE, {"task_done_rate": "0.95"}, "10.00"),
        (STEPS, {"task_done_rate": "0.9499"}, "9.00"),
        (STEPS, {"task_done_rate": "0.925"}, "7.00"),
        (STEPS, {"task_done_rate": "0.2"}, "0.00"),
        (LEVELS, {"information_reports_province": "1", "information_reports_city": "2"}, "7.00"),
        (LEVELS, {"information_reports_province": "9", "information_reports_city": "0"}, "10.00"),
        (LEVELS, {"information_reports_province": "1", "information_reports_city": "not_applicable"}, "3.00"),
    ],
)
def test_a_rule_gives_its_points(rule, inputs, points):
    verdicts = scored(plan_for(one_item_book(rule)), [(None, inputs)])
    assert points_text(int(verdicts.low_scores[0])) == points


@pytest.mark.parametrize(
    ("missing", "low", "high"), [("range", "0.00", "10.00"), ("zero", "0.00", "0.00"), ("full", "10.00", "10.00")]
)
def test_an_item_says_what_missing_data_means(missing, low, high):
    verdicts = scored(plan_for(one_item_book(MISSING_COUNT, missing=missing)), [(None, {})])
    assert (points_text(int(verdicts.low_scores[0])), points_text(int(verdicts.high_scores[0]))) == (low, high)


@pytest.mark.parametrize(("policy", "points"), [("full", "10.00"), ("zero", "0.00")])
def test_an_item_says_what_not_applicable_means(policy, points):
    plan = plan_for(one_item_book(STEPS, not_applicable=policy))
    verdicts = scored(plan, [(None, {"task_done_rate": "not_applicable"})])
    assert points_text(int(verdicts.low_scores[0])) == points
    assert int(verdicts.low_scores[0]) == int(verdicts.high_scores[0])


def test_an_explanation_is_told_in_sentences_of_both_languages():
    told = explain(plan_for(one_item_book(MISSING_COUNT)), row_of({"meetings": "2"}), None, labels=LABELS).items[0]
    assert told.rule.zh == "满分 10 分，“研究党建工作会议”应达 4 次，每少 1 次扣 0.5 分，扣完为止"
    assert told.why_not_full is not None
    assert told.why_not_full.zh == "“研究党建工作会议”为 2 次，比要求少 2 次，扣 1 分"
    assert [(a.change.zh, a.gain) for a in told.to_gain] == [
        ("把“研究党建工作会议”由 2 次提高到 3 次", 50),
        ("把“研究党建工作会议”由 2 次提高到 4 次", 100),
    ]


def test_missing_data_is_told_as_a_range_with_what_to_report():
    told = explain(plan_for(one_item_book(STEPS)), {}, None, labels=LABELS).items[0]
    assert told.why_not_full is not None
    assert told.why_not_full.zh == "缺少“任务完成率”的数据：本项可能得 0 至 10 分，暂按最低计"
    assert [(a.change.zh, a.gain) for a in told.to_gain] == [("补报“任务完成率”并达到 95%", 1000)]


def test_advice_below_the_floor_names_the_first_value_that_gains():
    told = explain(plan_for(one_item_book(PER_OCCURRENCE)), row_of({"overdue_tasks": "9"}), None, labels=LABELS).items[
        0
    ]
    assert [(dict(a.settings), a.gain) for a in told.to_gain] == [
        ({"overdue_tasks": 30_000}, 250),
        ({"overdue_tasks": 0}, 1000),
    ]
