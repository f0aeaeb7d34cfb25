"""Ranks count ties the same way and leave out who is disqualified."""

from assessment.engine_support import one_item_book, plan_for, scored
from heli_assessment.engine.ranking import rank

RULE = {"kind": "proportional", "measure": "visits", "target": "10"}


def test_equal_scores_share_a_rank_and_the_next_one_is_skipped():
    plan = plan_for(one_item_book(RULE))
    ranks = rank(plan, scored(plan, [(None, {"visits": v}) for v in ("9", "7", "9", "3")]))
    assert ranks.rank.tolist() == [1, 3, 1, 4]


def test_a_rank_says_what_missing_data_could_still_make_of_it():
    plan = plan_for(one_item_book(RULE))
    ranks = rank(plan, scored(plan, [(None, {"visits": "9"}), (None, {}), (None, {"visits": "3"})]))
    assert ranks.rank.tolist() == [1, 3, 2]
    assert ranks.best.tolist() == [1, 1, 2]
    assert ranks.worst.tolist() == [2, 3, 3]


def test_a_veto_takes_away_grade_and_rank_and_leaves_the_points():
    veto = {"id": "v", "title": "否", "basis": {"document": "试"}, "measure": "mark", "at_least": "1"}
    plan = plan_for(one_item_book(RULE) | {"vetoes": [veto]})
    verdicts = scored(plan, [(None, {"visits": "10", "mark:v": "1"}), (None, {"visits": "5", "mark:v": "0"})])
    assert verdicts.low_scores.tolist() == [1000, 500]
    assert verdicts.grades.tolist() == [-1, 0]
    assert rank(plan, verdicts).rank.tolist() == [0, 1]
