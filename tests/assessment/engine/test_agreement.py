"""The engine and the naive scorer agree exactly on random rulebooks and inputs."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.engine_support import LABELS, inputs_for, plan_for, row_of, scored
from assessment.naive_numbers import number
from assessment.naive_ranks import grades_after_quotas, rank_of_each
from assessment.naive_scorer import score_subject
from assessment.random_books import random_book, random_inputs
from heli_assessment.engine.explaining import explain
from heli_assessment.engine.inputs import State
from heli_assessment.engine.plan import grade_titles
from heli_assessment.engine.ranking import grade_range, rank, with_quotas
from heli_assessment.engine.rules.counts import Penalty
from heli_assessment.engine.rules.ranked import Ranked
from heli_assessment.engine.scoring import DISQUALIFIED, OTHER_GROUP
from heli_assessment.engine.standings import others_of, standings_of
from heli_assessment.rulebooks.schema_rules import RuleModel

SEEDS = range(60)


def hundredths(points):
    scaled = points * 100
    assert scaled.denominator == 1
    return int(scaled)


def naive_results(book, subjects):
    return [
        score_subject(book, group, inputs, [other for at, other in enumerate(subjects) if at != index])
        for index, (group, inputs) in enumerate(subjects)
    ]


def test_the_random_books_hold_every_shape_and_every_way_to_combine_them():
    books = [random_book(random.Random(seed)) for seed in SEEDS]
    parts = [part for book in books for part in book["parts"]]
    items = [item for part in parts for item in part["items"]]
    kinds = {model.model_fields["kind"].annotation.__args__[0] for model in RuleModel.__args__[0].__args__}
    assert {item["rule"]["kind"] for item in items} == kinds
    assert {item.get("each") for item in items} == {None, "month", "quarter", "half_year"}
    caps = [cap for book in books for cap in book["caps"]]
    for holders, names in (
        (parts, ("mean_of", "windows", "scaled_from")),
        (caps, ("most", "grade", "running", "item", "measure")),
        ([item["rule"] for item in items], ("down_to", "from_bottom", "in_proportion", "floor")),
    ):
        assert all(any(name in each for each in holders) for name in names)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_item_score_range_and_grade_equals_the_naive_scorers(seed):
    chance = random.Random(seed)
    book = random_book(chance)
    plan = plan_for(book)
    subjects = [(chance.choice(["g1", "g2"]), random_inputs(chance, plan.keys)) for _ in range(40)]
    verdicts = scored(plan, subjects)
    titles = (*grade_titles(plan.book), "none")
    results = naive_results(book, subjects)
    for column, (points, low, high, grade) in enumerate(results):
        got = {
            item.id: int(verdicts.points[row, column])
            for row, item in enumerate(plan.items)
            if verdicts.states[row, column] != OTHER_GROUP
        }
        assert got == {id_: hundredths(value) for id_, value in points.items()}
        assert int(verdicts.low_scores[column]) == hundredths(low) == sum(got.values()) - int(verdicts.held[column])
        assert int(verdicts.high_scores[column]) == hundredths(high)
        assert titles[int(verdicts.grades[column])] == grade
    assert [int(each) or None for each in rank(plan, verdicts).rank] == rank_of_each(book, results)
    groups = np.array([plan.group_index(group) for group, _ in subjects])
    grades, _ = with_quotas(plan, verdicts, groups)
    assert [titles[int(g)] for g in grades] == grades_after_quotas(book, [g for g, _ in subjects], results)


@given(seed=st.integers(0, 2**32), size=st.integers(1, 8))
@settings(max_examples=25, deadline=None)
def test_any_book_and_any_data_score_as_the_naive_scorer_says(seed, size):
    chance = random.Random(seed)
    book = random_book(chance)
    plan = plan_for(book)
    subjects = [(chance.choice(["g1", "g2"]), random_inputs(chance, plan.keys)) for _ in range(size)]
    verdicts = scored(plan, subjects)
    for column, (points, low, high, _) in enumerate(naive_results(book, subjects)):
        told = {item.id: int(verdicts.points[row, column]) for row, item in enumerate(plan.items)}
        assert {id_: told[id_] for id_ in points} == {id_: hundredths(value) for id_, value in points.items()}
        assert int(verdicts.low_scores[column]) == hundredths(low)
        assert int(verdicts.high_scores[column]) == hundredths(high)


@pytest.mark.parametrize("seed", SEEDS)
def test_following_the_advice_gains_exactly_what_was_promised(seed):
    chance = random.Random(1000 + seed)
    book = random_book(chance)
    plan = plan_for(book)
    subjects = [(chance.choice(["g1", "g2"]), random_inputs(chance, plan.keys)) for _ in range(6)]
    standings = standings_of(plan, inputs_for(plan, subjects))
    for at, (group, inputs) in enumerate(subjects):
        row, others = row_of(inputs), subjects[:at] + subjects[at + 1 :]
        seen = others_of(standings, plan, row, plan.group_index(group))
        told = explain(plan, row, group, labels=LABELS, others=seen)
        points, low, high, _ = score_subject(book, group, inputs, others)
        assert told.score == sum(item.points for item in told.items) - told.held == hundredths(low)
        assert told.high == hundredths(high)
        assert {item.item.id: item.points for item in told.items} == {i: hundredths(p) for i, p in points.items()}
        for item in told.items:
            for advice in item.to_gain:
                changed = inputs | {key: str(number(value) / 10_000) for key, value in advice.settings.items()}
                changed = {k: decimal_text(v) for k, v in changed.items()}
                _, low, _, _ = score_subject(book, group, changed, others)
                assert hundredths(low) - told.score == advice.gain > 0
                assert advice.change.zh
                assert advice.change.en


def decimal_text(value):
    return str(float(number(value))) if "/" in value else value


@pytest.mark.parametrize("seed", SEEDS)
def test_filling_the_missing_data_in_any_way_stays_within_the_range(seed):
    """Scores, ranks and grades, quotas included, of all subjects at once."""
    chance = random.Random(2000 + seed)
    book = random_book(chance)
    for part in book["parts"]:
        for item in part["items"]:
            item["missing"] = "zero" if has_no_floor(item["rule"]) else "range"
    plan = plan_for(book)
    settled = {key for item in plan.items if has_no_floor_rule(item.rule) for key in item.keys}
    subjects = [(chance.choice(["g1", "g2"]), random_inputs(chance, plan.keys)) for _ in range(8)]
    groups = np.array([plan.group_index(group) for group, _ in subjects])
    before = scored(plan, subjects)
    ranks = rank(plan, before)
    lowest, highest = grade_range(plan, before, with_quotas(plan, before, groups)[0], groups)
    for _ in range(20):
        filled = []
        for group, inputs in subjects:
            missing = [k for k in plan.keys if inputs.get(k, "missing") == "missing" and k not in settled]
            filled.append((group, inputs | random_inputs(chance, missing, gaps=False)))
        after = scored(plan, filled)
        assert np.all(after.low_scores >= before.low_scores)
        assert np.all(after.high_scores <= before.high_scores)
        grades = with_quotas(plan, after, groups)[0]
        assert np.all((lowest <= grades) & (grades <= highest))
        now = rank(plan, after).rank
        if np.array_equal(now == 0, ranks.rank == 0):  # a veto that strikes moves everybody behind it up
            assert np.all((ranks.best <= now) & (now <= ranks.worst))


def has_no_floor(rule):
    return rule["kind"] == "penalty" and "floor" not in rule


def has_no_floor_rule(rule):
    return isinstance(rule, Penalty) and rule.floor is None


def test_an_item_that_is_not_full_says_why_and_a_full_one_does_not():
    for seed in SEEDS:
        chance = random.Random(3000 + seed)
        plan = plan_for(random_book(chance))
        told = explain(plan, row_of(random_inputs(chance, plan.keys)), "g1", labels=LABELS)
        for item in told.items:
            is_full = item.raw >= int(item.item.maximum * 100)
            if item.why_not_full is None:
                assert is_full or item.points >= item.maximum
            elif is_full:
                assert item.points < item.maximum
            assert item.state in set(State)
            assert item.rule.zh
            assert item.rule.en


def test_the_same_inputs_give_the_same_arrays_whatever_stands_beside_them():
    chance = random.Random(7)
    books = (random_book(random.Random(seed)) for seed in range(1000))
    plan = next(p for p in map(plan_for, books) if not any(isinstance(item.rule, Ranked) for item in p.items))
    subjects = [(chance.choice(["g1", "g2"]), random_inputs(chance, plan.keys)) for _ in range(50)]
    together = scored(plan, subjects)
    for column, subject in enumerate(subjects):
        alone = scored(plan, [subject])
        assert np.array_equal(alone.points[:, 0], together.points[:, column])
        assert alone.grades[0] == together.grades[column]
    assert DISQUALIFIED == -1
