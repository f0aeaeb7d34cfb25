"""Scoring: subjects per second with verdicts beside the same rules typed as NumPy, and the time of one explanation."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import numpy as np
from tests.performance.bench_tools import Line, best, rate, say, seconds

from heli_assessment.engine.amounts import IntArray
from heli_assessment.engine.book import Basis, Grade, Item, Part, PartKind, Rulebook, WhenMissing, WhenNotApplicable
from heli_assessment.engine.explaining import explain
from heli_assessment.engine.inputs import Column, Input, Inputs, State
from heli_assessment.engine.plan import plan_of
from heli_assessment.engine.rules.bands import Band, Graded
from heli_assessment.engine.rules.base import Label, Rule
from heli_assessment.engine.rules.thresholds import AllOrNothing, BelowThreshold, Proportional
from heli_assessment.engine.scoring import score

ITEMS = 40
MAXIMUM = Decimal("2.5")
BASIS = Basis("bench", "1")


def rule_of(index: int) -> Rule:
    """Return one of four kinds of rule in turn, each on a measure of its own."""
    measure = f"m{index}"
    kinds: tuple[Rule, ...] = (
        AllOrNothing(measure, at_least=Decimal(50), at_most=None),
        Proportional(measure, target=Decimal(80)),
        Graded(
            measure,
            steps=(
                Band(None, Decimal(30), Decimal(0), "low"),
                Band(Decimal(30), Decimal(60), Decimal(1), "fair"),
                Band(Decimal(60), Decimal(90), Decimal(2), "good"),
                Band(Decimal(90), None, Decimal("2.5"), "best"),
            ),
        ),
        BelowThreshold(measure, threshold=Decimal(70), points_each=Decimal("0.5"), step=Decimal(10)),
    )
    return kinds[index % 4]


def book() -> Rulebook:
    """Return a rulebook of forty items that add up to a hundred."""
    items = tuple(
        Item(
            f"i{index}",
            f"item {index}",
            MAXIMUM,
            BASIS,
            "record",
            "unit",
            rule_of(index),
            WhenMissing.RANGE,
            WhenNotApplicable.ZERO,
        )
        for index in range(ITEMS)
    )
    part = Part("common", "common", PartKind.COMMON, None, MAXIMUM * ITEMS, None, None, items)
    grades = (Grade("low", None, Decimal(60)), Grade("high", Decimal(60), None))
    return Rulebook(
        id="bench",
        title="bench",
        edition="1",
        subject_kind="department",
        effective_from=date(2026, 1, 1),
        basis=BASIS,
        maximum=MAXIMUM * ITEMS,
        groups=(),
        parts=(part,),
        grades=grades,
        vetoes=(),
        caps=(),
        cases=(),
    )


def by_hand(columns: Mapping[str, Column], size: int) -> IntArray:
    """Return the scores of the same forty rules, typed as plain NumPy, verdict arrays kept as Heli keeps them."""
    points = np.zeros((ITEMS, size), dtype=np.int64)
    bands = np.full((ITEMS, size), -1, dtype=np.int8)
    table = np.array([0, 100, 200, 250], dtype=np.int64)
    bounds = np.array([300_000, 600_000, 900_000], dtype=np.int64)
    for index in range(ITEMS):
        values = columns[f"m{index}"].values
        match index % 4:
            case 0:
                points[index] = np.where(values >= 500_000, 250, 0)
            case 1:
                points[index] = (2 * np.minimum(values, 800_000) * 250 + 800_000) // 1_600_000
            case 2:
                bands[index] = np.searchsorted(bounds, values, side="right")
                points[index] = table[bands[index]]
            case _:
                short = np.maximum(700_000 - values, 0)
                points[index] = np.maximum(250 + (-short // 100_000) * 50, 0)
    scores: IntArray = points.sum(axis=0)
    return scores


def measure_scoring(subjects: int) -> list[Line]:
    """Return the lines of scoring and of explaining one subject."""
    say(f"scoring: {subjects:,} subjects × {ITEMS} items")
    plan = plan_of(book())
    chance = np.random.default_rng(1)
    columns = {key: Column(chance.integers(0, 1_000_000, subjects), None) for key in plan.keys}
    inputs = Inputs(subjects, np.full(subjects, -1, dtype=np.int64), columns)
    if not np.array_equal(score(plan, inputs).low_scores, by_hand(columns, subjects)):
        raise RuntimeError("the floor does not score the same as the engine: it is no floor")
    ours = best(lambda: score(plan, inputs))
    floor = best(lambda: by_hand(columns, subjects))
    row = {key: Input(int(column.values[0]), State.VALUE, "bench", "2026-01-01") for key, column in columns.items()}
    labels = {key: Label(key, key, "", "", is_share=False) for key in plan.keys}
    telling = best(lambda: explain(plan, row, None, labels=labels), times=20)
    return [
        rate(
            f"scoring with verdicts, {ITEMS} items",
            subjects / ours,
            "subjects/s",
            floor_name="the same rules typed as NumPy",
            floor=subjects / floor,
            limit="≥ 200,000/s, ≤ 5×",
        ),
        seconds("explanation of one subject", telling, limit="≤ 5 ms"),
    ]
