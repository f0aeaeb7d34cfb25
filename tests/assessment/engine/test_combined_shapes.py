"""Shapes that combine: deductions, counts beyond a target, ranks down to a place, means, caps on points, years."""

from decimal import Decimal

import pytest

from assessment.engine_support import LABELS, one_item_book, plan_for, row_of, scored
from heli_assessment.engine.amounts import points_text
from heli_assessment.engine.explaining import explain

LETTER = {
    "kind": "deductions",
    "of": [
        {"measure": "mark.unsigned", "points": 6, "title": "未签责任书"},
        {"measure": "mark.half-year", "points": 3, "title": "半年未自检"},
        {"measure": "meetings", "target": 4, "points": "0.5"},
        {"measure": "task_done_rate", "below": "0.95", "points": 1, "step": "0.1"},
        {"measure": "overdue_tasks", "at_least": 3, "points": 2},
    ],
}
CLEAN = {
    "mark:x.unsigned": "0", "mark:x.half-year": "0", "meetings": "4", "task_done_rate": "1", "overdue_tasks": "0",
}  # fmt: skip


def told(document, inputs, group=None):
    return explain(plan_for(document), row_of(inputs), group, labels=LABELS)


def score_of(document, inputs):
    return points_text(told(document, inputs).score)


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, "10.00"),
        ({"mark:x.half-year": "1"}, "7.00"),
        ({"mark:x.unsigned": "1", "mark:x.half-year": "1"}, "1.00"),
        ({"mark:x.unsigned": "1", "mark:x.half-year": "1", "meetings": "1"}, "0.00"),
        ({"meetings": "1"}, "8.50"),
        ({"task_done_rate": "0.8499"}, "8.00"),
        ({"overdue_tasks": "2"}, "10.00"),
        ({"overdue_tasks": "3"}, "8.00"),
        ({"task_done_rate": "not_applicable", "meetings": "not_applicable"}, "10.00"),
    ],
)
def test_several_deductions_share_one_floor(changes, points):
    assert score_of(one_item_book(LETTER), CLEAN | changes) == points


def test_what_is_missing_opens_only_what_it_may_still_cost():
    whole = told(one_item_book(LETTER), CLEAN | {"meetings": "missing", "overdue_tasks": "missing"})
    assert (whole.low, whole.high) == (600, 1000)
    endless = told(one_item_book(LETTER), CLEAN | {"mark:x.unsigned": "missing"})
    assert (endless.low, endless.high) == (0, 1000)
    settled = told(one_item_book(LETTER, missing="full"), {"meetings": "3"})
    assert (settled.low, settled.high) == (950, 950)


def test_deductions_are_told_one_by_one_and_so_is_the_advice():
    item = told(one_item_book(LETTER), CLEAN | {"mark:x.unsigned": "1", "meetings": "2"}).items[0]
    assert item.rule.zh.startswith(
        "满分 10 分：“未签责任书”每 1 次扣 6 分；“半年未自检”每 1 次扣 3 分；“研究党建工作会议”应达 4 次"
    )
    assert item.rule.zh.endswith("合计扣至 0 分为止")
    assert item.why_not_full.zh == "“未签责任书”为 1 次，扣 6 分；“研究党建工作会议”为 2 次，扣 1 分"
    assert "未签责任书 is 1 times: 6 less" in item.why_not_full.en
    assert {each.change.zh: each.gain for each in item.to_gain} == {
        "把“未签责任书”由 1 次降到 0 次": 600,
        "把“研究党建工作会议”由 2 次提高到 3 次": 50,
        "把“研究党建工作会议”由 2 次提高到 4 次": 100,
        "把“未签责任书”由 1 次降到 0 次，把“研究党建工作会议”由 2 次提高到 4 次": 700,
    }
    over = told(one_item_book(LETTER), CLEAN | {"mark:x.unsigned": "2"}).items[0]
    assert over.why_not_full.zh.endswith("合计 12 分，只扣 10 分")


def test_deductions_outside_the_hundred_stop_at_their_floor():
    rule = {"kind": "deductions", "floor": -5, "of": [each | {"points": 3} for each in LETTER["of"][:2]]}
    item = {"id": "z", "title": "扣", "maximum": "0", "basis": {"document": "试"}, "missing": "full", "rule": rule}
    book = one_item_book({"kind": "all_or_nothing", "measure": "meetings", "at_most": "0"})
    book["parts"].append({"id": "q", "title": "扣", "kind": "penalty", "items": [item]})
    assert score_of(book, {"meetings": "0", "mark:z.unsigned": "1"}) == "7.00"
    assert score_of(book, {"meetings": "0", "mark:z.unsigned": "1", "mark:z.half-year": "1"}) == "5.00"


def bonus(most="5"):
    levels = [
        {"measure": "information_reports_province", "points": 2, "beyond": 1},
        {"measure": "information_reports_city", "points": 1, "beyond": 2},
        {"measure": "mark.praise", "points": "0.5", "title": "书面表扬"},
    ]
    return one_item_book({"kind": "bonus_per_level", "levels": levels}, most)


@pytest.mark.parametrize(
    ("province", "city", "praise", "points"),
    [("1", "2", "0", "0.00"), ("2", "2", "1", "2.50"), ("2", "4", "3", "5.00"), ("0", "3", "missing", "1.00")],
)
def test_what_lies_beyond_a_target_counts_up_to_the_maximum(province, city, praise, points):
    inputs = {"information_reports_province": province, "information_reports_city": city, "mark:x.praise": praise}
    assert score_of(bonus(), inputs) == points


def test_a_level_that_nobody_marked_opens_the_range_above_what_is_known():
    inputs = {"information_reports_province": "2", "information_reports_city": "0", "mark:x.praise": "missing"}
    item = told(bonus(), inputs).items[0]
    assert (item.low, item.high) == (200, 500)
    assert "超过 1 篇 的，每多 1 篇加 2 分" in item.rule.zh
    assert {each.change.zh: each.gain for each in item.to_gain} == {
        "把“信息报送（省级）”由 2 篇提高到 3 篇": 200,
        "把“信息报送（市级）”由 0 篇提高到 3 篇": 100,
        "补报“书面表扬”并达到 1 次": 50,
    }


@pytest.mark.parametrize(
    ("ties", "points"),
    [
        ("better", ["6.00", "5.33", "5.33", "0.50", "0.50"]),
        ("worse", ["6.00", "5.33", "5.33", "0.50", "0.50"]),
        ("dense", ["6.00", "5.33", "5.33", "4.00", "0.50"]),
    ],
)
def test_in_proportion_only_down_to_the_third(ties, points):
    rule = {"kind": "ranked", "measure": "visits", "ties": ties, "in_proportion": True, "down_to": 3, "rest": "0.5"}
    plan = plan_for(one_item_book(rule, "6"))
    verdicts = scored(plan, [(None, {"visits": v}) for v in ("9", "8", "8", "6", "5")])
    assert [points_text(int(p)) for p in verdicts.low_scores] == points
    item = explain(plan, row_of({"visits": "9"}), None, labels=LABELS).items[0]
    assert item.rule.zh.startswith(
        "按“走访企业”由高到低排名：第一名 6 分，其他按与第一名的比例得分；只计到第 3 名，其后 0.5 分"
    )


def test_monthly_ranks_are_averaged_over_the_months_that_apply():
    rule = {"kind": "ranked", "measure": "mark", "ties": "better", "share": "0.05"}
    plan = plan_for(one_item_book(rule, "20", each="quarter"))
    first = {"mark:x@q1": "9", "mark:x@q2": "1", "mark:x@q3": "3", "mark:x@q4": "not_applicable"}
    second = {"mark:x@q1": "8", "mark:x@q2": "2", "mark:x@q3": "3", "mark:x@q4": "7"}
    verdicts = scored(plan, [(None, first), (None, second)])
    # First, second, first level: (20 + 19 + 20) ÷ 3; second, first, level, alone: (19 + 20 + 20 + 20) ÷ 4.
    assert [points_text(int(p)) for p in verdicts.low_scores] == ["19.67", "19.75"]


def test_an_average_tells_each_window_and_what_would_raise_it():
    rule = {"kind": "missing_count", "measure": "meetings", "target": 3, "points": 2}
    book = one_item_book(rule, each="half_year")
    item = told(book, {"meetings@h1": "1", "meetings@h2": "3"}).items[0]
    assert (item.points, item.rule.zh) == (
        800, "逐半年计分取平均：满分 10 分，“研究党建工作会议”应达 3 次，每少 1 次扣 2 分，扣完为止",
    )  # fmt: skip
    assert item.why_not_full.zh == "上半年 6、下半年 10，平均 8 分，满分 10 分"
    assert {each.change.zh: each.gain for each in item.to_gain} == {
        "把“上半年研究党建工作会议”由 1 次提高到 2 次": 100,
        "把“上半年研究党建工作会议”由 1 次提高到 3 次": 200,
    }
    open_ = told(book, {"meetings@h1": "3"})
    assert (open_.low, open_.high) == (500, 1000)
    assert open_.items[0].why_not_full.zh.startswith("缺少“下半年研究党建工作会议”的数据")


def quarters(**part):
    items = [
        {
            "id": f"i-{window}", "title": window, "maximum": "55", "basis": {"document": "试"}, "window": window,
            "missing": "zero", "not_applicable": "excluded",
            "rule": {"kind": "missing_count", "measure": "meetings", "target": 5, "points": 11},
        }
        for window in ("q1", "q2", "q3")
    ]  # fmt: skip
    book = one_item_book({"kind": "all_or_nothing", "measure": "meetings", "at_most": "0"}, "55")
    book["parts"][0] |= {"items": items, "mean_of": ["q1", "q2", "q3"]} | part
    return book


def test_the_mean_of_quarters_is_the_mean_of_what_each_quarter_alone_is_worth():
    book = quarters()
    whole = told(book, {"meetings@q1": "5", "meetings@q2": "4", "meetings@q3": "0"})
    assert points_text(whole.score) == "33.00"  # (55 + 44 + 0) ÷ 3
    assert [each.points for each in whole.items] == [1833, 1467, 0]
    assert points_text(told(book, {"meetings@q1": "5", "meetings@q2": "5", "meetings@q3": "5"}).score) == "55.00"


SURVEY = {"kind": "proportional", "measure": "mark", "target": 100}


def with_survey(**limits):
    book = one_item_book({"kind": "proportional", "measure": "visits", "target": 90}, "90")
    survey = book["parts"][0]["items"][0] | {"id": "survey", "title": "满意度测评", "maximum": "10", "rule": SURVEY}
    book["parts"][0] |= {"items": [*book["parts"][0]["items"], survey], "maximum": "100"}
    grades = [{"title": "二星", "below": 80}, {"title": "三星", "at_least": 80}]
    return book | {"maximum": "100", "grades": grades} | limits


def cap(**more):
    return {"id": "c", "title": "满意度低", "basis": {"document": "试"}} | more


@pytest.mark.parametrize(
    ("caps", "mark", "score", "held", "grade"),
    [
        ([cap(item="survey", below=6, most=75)], "59.94", "75.00", "20.99", "二星"),
        ([cap(item="survey", below=6, most=75)], "60", "96.00", "0.00", "三星"),
        ([cap(item="survey", below=6, grade="二星")], "50", "95.00", "0.00", "二星"),
        ([cap(item="survey", measure="mark", below=60, most="79.5")], "59", "79.50", "16.40", "二星"),
        ([cap(item="one", at_least=95, most=95)], "90", "95.00", "4.00", "三星"),
        ([cap(item="p", at_least=95, grade="二星")], "90", "99.00", "0.00", "二星"),
    ],
)
def test_points_of_an_item_hold_the_score_or_the_grade(caps, mark, score, held, grade):
    whole = told(with_survey(caps=caps), {"visits": "90", "mark:survey": mark})
    assert (points_text(whole.score), points_text(whole.held), whole.grade) == (score, held, grade)
    assert sum(each.points for each in whole.items) - whole.held == whole.score


def test_a_cap_that_is_not_certain_opens_the_range_and_lifting_it_is_advised_exactly():
    book = with_survey(caps=[cap(item="survey", below=6, most=75)])
    unknown = told(book, {"visits": "90"})
    assert (unknown.low, unknown.high, unknown.limits[0].verdict) == (7500, 10000, "unknown")
    whole = told(book, {"visits": "80", "mark:survey": "50"})
    assert whole.limits[0].condition.zh == "“满意度测评”低于 6 分"
    assert whole.limits[0].effect.zh == "总分最高计 75 分"
    lifted = {each.change.zh: each.gain for each in whole.items[1].to_gain}
    assert lifted == {"把“评分”由 50 分提高到 100 分": 1500}
    assert whole.items[0].to_gain == ()  # more visits are worth nothing while the score is held


def test_a_veto_may_look_at_points_too():
    veto = cap(item="survey", below=3)
    assert told(with_survey(vetoes=[veto]), {"visits": "90", "mark:survey": "20"}).grade is None
    assert told(with_survey(vetoes=[veto]), {"visits": "90", "mark:survey": "30"}).grade == "三星"


@pytest.mark.parametrize(
    ("now", "last_year", "before", "verdict"),
    [
        ("70", "79", "84.99", "triggered"),
        ("70", "79", "85", "not_triggered"),
        ("70", "missing", "70", "unknown"),
        ("90", "70", "70", "not_triggered"),
        ("70", "90", "missing", "not_triggered"),
    ],
)
def test_a_condition_must_hold_every_year(now, last_year, before, verdict):
    consequence = cap(item="one", below=85, running=3, effect="通报并限期整改")
    inputs = {"visits": now, "mark:survey": "0", "score:one@1y": last_year, "score:one@2y": before}
    whole = told(with_survey(consequences=[consequence]), inputs)
    assert whole.limits[0].verdict == verdict
    assert whole.grade == ("三星" if Decimal(now) >= 80 else "二星")
    assert whole.limits[0].condition.zh == "连续 3 年“总分”低于 85 分"
    assert whole.limits[0].effect.zh == "通报并限期整改"
