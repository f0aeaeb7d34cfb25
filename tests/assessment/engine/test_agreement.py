"""The engine and the naive scorer agree exactly on random rulebooks and inputs."""

import random

import numpy as np
import pytest

from assessment.engine_support import LABELS, plan_for, row_of, scored
from assessment.naive_scorer import number, score_subject
from assessment.random_books import random_book, random_inputs
from heli_assessment.engine.explaining import explain
from heli_assessment.engine.inputs import State
from heli_assessment.engine.plan import grade_titles
from heli_assessment.engine.scoring import DISQUALIFIED, OTHER_GROUP

SEEDS = range(60)


def hundredths(points):
    scaled = points * 100
    assert scaled.denominator == 1
    return int(scaled)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_item_score_range_and_grade_equals_the_naive_scorers(seed):
    chance = random.Random(seed)
    book = random_book(chance)
    plan = plan_for(book)
    subjects = [(chance.choice(["g1", "g2"]), random_inputs(chance, plan.keys)) for _ in range(40)]
    verdicts = scored(plan, subjects)
    titles = (*grade_titles(plan.book), "none")
    for column, (group, inputs) in enumerate(subjects):
        points, low, high, grade = score_subject(book, group, inputs)
        got = {
            item.id: int(verdicts.points[row, column])
            for row, item in enumerate(plan.items)
            if verdicts.states[row, column] != OTHER_GROUP
        }
        assert got == {id_: hundredths(value) for id_, value in points.items()}
        assert int(verdicts.low_scores[column]) == hundredths(low) == sum(got.values())
        assert int(verdicts.high_scores[column]) == hundredths(high)
        assert titles[int(verdicts.grades[column])] == grade


@pytest.mark.parametrize("seed", SEEDS)
def test_following_the_advice_gains_exactly_what_was_promised(seed):
    chance = random.Random(1000 + seed)
    book = random_book(chance)
    plan = plan_for(book)
    for _ in range(6):
        group, inputs = chance.choice(["g1", "g2"]), random_inputs(chance, plan.keys)
        told = explain(plan, row_of(inputs), group, labels=LABELS)
        assert told.score == sum(item.points for item in told.items)
        for item in told.items:
            for advice in item.to_gain:
                changed = inputs | {key: str(number(value) / 10_000) for key, value in advice.settings.items()}
                changed = {k: decimal_text(v) for k, v in changed.items()}
                _, low, _, _ = score_subject(book, group, changed)
                assert hundredths(low) - told.score == advice.gain > 0
                assert advice.change.zh
                assert advice.change.en


def decimal_text(value):
    return str(float(number(value))) if "/" in value else value


@pytest.mark.parametrize("seed", SEEDS)
def test_filling_the_missing_data_in_any_way_stays_within_the_range(seed):
    chance = random.Random(2000 + seed)
    book = random_book(chance)
    for part in book["parts"]:
        for item in part["items"]:
            item["missing"] = "zero" if item["rule"]["kind"] == "penalty" and "floor" not in item["rule"] else "range"
    plan = plan_for(book)
    for _ in range(4):
        group, inputs = chance.choice(["g1", "g2"]), random_inputs(chance, plan.keys)
        before = scored(plan, [(group, inputs)])
        unbounded = {
            f"mark:{item['id']}" if item["rule"]["measure"] == "mark" else item["rule"]["measure"]
            for part in book["parts"]
            for item in part["items"]
            if item["rule"]["kind"] == "penalty" and "floor" not in item["rule"]
        }
        missing = [k for k in plan.keys if inputs.get(k, "missing") == "missing" and k not in unbounded]
        fills = [(group, inputs | random_inputs(chance, missing, gaps=False)) for _ in range(20)]
        after = scored(plan, fills)
        assert np.all(after.low_scores >= before.low_scores[0])
        assert np.all(after.high_scores <= before.high_scores[0])


def test_an_item_that_is_not_full_says_why_and_a_full_one_does_not():
    for seed in SEEDS:
        chance = random.Random(3000 + seed)
        plan = plan_for(random_book(chance))
        told = explain(plan, row_of(random_inputs(chance, plan.keys)), "g1", labels=LABELS)
        for item in told.items:
            maximum = int(item.item.maximum * 100)
            assert (item.why_not_full is None) == (item.points >= maximum)
            assert item.state in set(State)
            assert item.rule.zh
            assert item.rule.en


def test_the_same_inputs_give_the_same_arrays_whatever_stands_beside_them():
    chance = random.Random(7)
    plan = plan_for(random_book(chance))
    subjects = [(chance.choice(["g1", "g2"]), random_inputs(chance, plan.keys)) for _ in range(50)]
    together = scored(plan, subjects)
    for column, subject in enumerate(subjects):
        alone = scored(plan, [subject])
        assert np.array_equal(alone.points[:, 0], together.points[:, column])
        assert alone.grades[0] == together.grades[column]
    assert DISQUALIFIED == -1
