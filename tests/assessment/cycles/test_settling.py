"""What nobody adjusted is graded and ranked in a cycle exactly as in its run: quotas, ties, tie-breaks, stars, caps."""

import random
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.cycles.office import ON, Cycle, staff
from heli_assessment.cycles.points import Held, Standing, settle
from heli_assessment.rulebooks.service import planned

BOOKS = Path(__file__).resolve().parents[3] / "rulebooks" / "default"
QUOTA = """
id: quota
title: 名额
subject_kind: township
effective_from: 2026-01-01
basis: {document: 试}
maximum: 20
tie_break: [second]
grades:
  - {title: 一般, below: 10}
  - {title: 优秀, at_least: 10, quota: {count: 2, rounding: down, ties: keep}}
parts:
  - id: all
    title: 全部
    kind: common
    maximum: 20
    items:
      - {id: first, title: 一, maximum: 10, basis: {document: 试}, missing: zero,
         rule: {kind: proportional, measure: meetings, target: 4}}
      - {id: second, title: 二, maximum: 10, basis: {document: 试}, missing: zero,
         rule: {kind: proportional, measure: visits, target: 4}}
"""


CAPPED = (
    QUOTA.replace("id: quota", "id: capped")
    + """
caps:
  - {id: few-visits, title: 走访太少, basis: {document: 试}, item: second, below: 6, most: 7.5}
  - {id: low, title: 总分太低, basis: {document: 试}, item: capped, below: 6, most: 4, grade: 一般}
"""
)


@pytest.fixture
def busy(small_world):
    """A county in which townships do different amounts of work, some the same."""
    staff(small_world)
    chance = random.Random(5)
    for number in range(8):
        unit = f"unt-t{number}"
        small_world.has("unit", unit, name=f"第{number}镇党委", kind="township", division="990101001000")
        for kind in ("meeting", "visit", "training"):
            for month in range(1, 1 + chance.choice((0, 2, 4))):
                body = {"kind": kind, "unit": unit, "held_on": f"2026-0{month}-10", "title": "工作"}
                small_world.made("/v1/activities", **body)
    return small_world


@pytest.mark.parametrize("rulebook", ["township", "department", "quota", "capped"])
def test_a_cycle_without_adjustments_says_what_its_run_says(busy, rulebook):
    own = {"quota": QUOTA, "capped": CAPPED}
    text = own.get(rulebook) or (BOOKS / f"{rulebook}.yaml").read_text("utf-8")
    assert busy.upload(rulebook, text).is_success
    busy.publish(rulebook)
    cycle = Cycle(busy, rulebook=rulebook)
    cycle.step("publish")
    cycle.step("start")
    subjects = list(cycle.standing())
    everybody = [{"subject": each, "statement": "自评"} for each in subjects]
    cycle.step("submit", *everybody, by="admin", reason="代录")
    run = busy.run(rulebook=rulebook, on=ON)
    cycle.step("score", run=run["id"])
    cycle.step("first_review", *subjects, by="first")
    cycle.step("second_review", *subjects, by="second")
    cycle.step("decide", by="leader")
    names = ("score", "grade", "rank")
    scores = busy.get(f"/v1/runs/{run['id']}/scores?limit=100").json()["items"]
    entries = busy.get(f"{cycle.path}/entries?limit=100").json()["items"]
    assert {each["subject"]: [each[name] for name in names] for each in entries} == {
        each["subject"]: [each[name] for name in names] for each in scores
    }
    if rulebook == "quota":
        assert sum(each["grade"] == "优秀" for each in entries) >= 2
    if rulebook == "capped":
        held = {each["subject"]: each for each in entries if each["score_limit"] == "7.5"}
        assert held
        assert max(Decimal(each["score"]) for each in held.values()) == Decimal("7.50")


def plan():
    import json

    from heli_assessment.rulebooks.uploading import check_upload

    checked = check_upload(QUOTA, is_json=False)
    assert json.loads(checked.body)["id"] == "quota"
    return planned(checked.body)


def standing(subject, first, second, **more):
    points = {"first": Decimal(first), "second": Decimal(second)}
    return Standing(subject, None, points, Held(**more))


def test_an_adjustment_takes_the_last_place_of_a_quota_from_another():
    before = settle(plan(), [standing("a", 10, 5), standing("b", 9, 5), standing("c", 8, 5)])
    assert {key: (each.grade, each.rank) for key, each in before.items()} == {
        "a": ("优秀", 1), "b": ("优秀", 2), "c": ("一般", 3),
    }  # fmt: skip
    after = settle(plan(), [standing("a", 10, 5), standing("b", 9, 5), standing("c", 10, "4.5")])
    assert {key: (each.grade, each.rank) for key, each in after.items()} == {
        "a": ("优秀", 1), "b": ("一般", 3), "c": ("优秀", 2),
    }  # fmt: skip


def test_equal_scores_are_parted_by_the_tie_break_and_vetoes_and_caps_hold():
    told = settle(
        plan(),
        [
            standing("a", 4, 8),
            standing("b", 8, 4),
            standing("c", 10, 10, is_vetoed=True),
            standing("d", 9, 9, ceiling="一般"),
        ],
    )
    assert {key: (each.grade, each.rank) for key, each in told.items()} == {
        "a": ("优秀", 2), "b": ("优秀", 3), "c": (None, None), "d": ("一般", 1),
    }  # fmt: skip
    assert settle(plan(), []) == {}


def test_a_score_that_is_held_down_counts_as_such_whatever_is_put_in_the_place_of_points():
    told = settle(plan(), [standing("a", 10, 10, most=Decimal("9.5")), standing("b", 5, "4.6"), standing("c", 10, 0)])
    assert {key: (each.grade, each.rank) for key, each in told.items()} == {
        "a": ("一般", 3), "b": ("一般", 2), "c": ("优秀", 1),
    }  # fmt: skip
