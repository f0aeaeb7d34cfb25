"""One subject's score told item by item: points, rule, basis, values, why not full, what would raise it."""

from dataclasses import dataclass

import numpy as np

from heli_assessment.engine.advising import Advice, Known, Row, advise
from heli_assessment.engine.amounts import short_points
from heli_assessment.engine.book import Item, Part, WhenMissing
from heli_assessment.engine.explaining_limits import LimitExplanation, explain_limits
from heli_assessment.engine.inputs import Input, State, inputs_of
from heli_assessment.engine.items import raw_of_turns
from heli_assessment.engine.parts import scale_parts
from heli_assessment.engine.plan import UNBOUNDED, PlannedItem, ScoringPlan, grade_titles
from heli_assessment.engine.rules.base import Label, Labels, Sentence
from heli_assessment.engine.rules.panels import Panel
from heli_assessment.engine.rules.ranked import Ranked
from heli_assessment.engine.rules.several import Several
from heli_assessment.engine.scoring import DISQUALIFIED, OTHER_GROUP, Verdicts, score_with_raw
from heli_assessment.engine.standings import Standings, others_given
from heli_assessment.engine.windows import WINDOWS, labels_within, rule_words, window_of

STATES = (State.VALUE, State.MISSING, State.NOT_APPLICABLE)
EXCLUDED = Sentence(
    "本项对该单位不适用，其分值由同部分其他各项按比例分摊",
    "The item does not apply to this unit; the other items of the part share its points",
)
NO_POINTS = Sentence("本项对该单位不适用，按规则不计分", "The item does not apply to this unit and gives no points")


@dataclass(frozen=True, slots=True)
class ItemExplanation:
    """One item of one subject, in hundredths; low None means that nothing bounds it. band -1: the rule has none.

    points count in the score; raw is what the item gives by itself where its part is scaled, low and high likewise.
    """

    part: Part
    item: Item
    points: int
    maximum: int
    raw: int
    state: State
    band: int
    low: int | None
    high: int
    values: tuple[tuple[str, Input], ...]
    rule: Sentence
    why_not_full: Sentence | None
    to_gain: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score that explains itself: item points less what caps hold back are the score.

    grade None: disqualified; quotas come later.
    """

    score: int
    held: int
    low: int
    high: int
    grade: str | None
    stars: int | None
    items: tuple[ItemExplanation, ...]
    limits: tuple[LimitExplanation, ...]


def explain(
    plan: ScoringPlan, row: Row, group: str | None, *, labels: Labels, others: Standings | None = None
) -> Explanation:
    """Return the explanation of one subject from its inputs; `others` is what ranked items compare it with."""
    index = plan.group_index(group)
    compared = others_given(plan, {}) if others is None else others
    inputs = inputs_of([row], [index], plan.keys)
    verdicts, raw = score_with_raw(plan, inputs, compared)
    known = Known(plan, row, index, verdicts, raw, labels, _named_keys(plan, labels), compared)
    advice = advise(known)
    pairs = list(plan.book.items())
    maxima = _counted_maxima(plan, verdicts)
    grade = int(verdicts.grades[0])
    return Explanation(
        score=int(verdicts.low_scores[0]),
        held=int(verdicts.held[0]),
        low=int(verdicts.low_scores[0]),
        high=int(verdicts.high_scores[0]),
        grade=None if grade == DISQUALIFIED else grade_titles(plan.book)[grade],
        stars=None if plan.stars is None else int(verdicts.stars[0]),
        items=tuple(
            _item(known, i, pair=pairs[i], maximum=maxima[i], advice=advice.get(i, ()))
            for i in range(len(plan.items))
            if verdicts.states[i, 0] != OTHER_GROUP
        ),
        limits=explain_limits(known),
    )


def _named_keys(plan: ScoringPlan, labels: Labels) -> dict[str, Label]:
    """Return how inputs are named that have a title in their rule: marks of scorers, deductions, levels."""
    return {
        key: single.rule.label_of(measure, labels_within(labels, window_of(key)))
        for item in plan.items
        if isinstance(item.rule, Several)
        for single in item.singles()
        for measure, key in zip(single.rule.measures, single.keys, strict=True)
    }


def _counted_maxima(plan: ScoringPlan, verdicts: Verdicts) -> list[int]:
    """Return what full marks of each item count once its part is scaled."""
    maxima = np.array([[item.maximum] for item in plan.items], dtype=np.int64)
    maxima[verdicts.states == OTHER_GROUP] = 0
    scale_parts(plan, maxima, verdicts.states)
    return [int(each) for each in maxima[:, 0]]


def _item(
    known: Known, index: int, *, pair: tuple[Part, Item], maximum: int, advice: tuple[Advice, ...]
) -> ItemExplanation:
    part, item = pair
    planned = known.plan.items[index]
    low, high = int(known.raw.least[index, 0]), int(known.raw.most[index, 0])
    return ItemExplanation(
        part=part,
        item=item,
        points=int(known.verdicts.points[index, 0]),
        maximum=maximum,
        raw=low,
        state=STATES[int(known.verdicts.states[index, 0])],
        band=int(known.verdicts.bands[index, 0]),
        low=None if low == UNBOUNDED else low,
        high=high,
        values=tuple((key, known.value(key)) for key in planned.keys),
        rule=rule_words(item.rule, planned.maximum, known.labels, window=item.window, each=item.each),
        why_not_full=_why(known, index, item, maximum),
        to_gain=advice,
    )


def _why(known: Known, index: int, item: Item, maximum: int) -> Sentence | None:
    planned = known.plan.items[index]
    points, uncapped = int(known.verdicts.points[index, 0]), int(known.verdicts.uncapped[index, 0])
    state = STATES[int(known.verdicts.states[index, 0])]
    is_full = int(known.raw.least[index, 0]) >= planned.maximum and points == uncapped
    if state is State.NOT_APPLICABLE and planned.is_excludable:
        return EXCLUDED
    if is_full or points >= maximum:
        return None
    if state is State.MISSING:
        return _why_missing(known, index, item)
    if state is State.NOT_APPLICABLE:
        return NO_POINTS
    return _why_bounded(points, uncapped) if points != uncapped else _why_by_rule(known, index, item)


def _why_bounded(points: int, uncapped: int) -> Sentence:
    counted, earned = short_points(points), short_points(uncapped)
    return Sentence(
        f"本项应计 {earned} 分，因所在部分有总额限制，计 {counted} 分",
        f"The item would give {earned} points; the limit of its part lets {counted} count",
    )


def _why_by_rule(known: Known, index: int, item: Item) -> Sentence:
    planned = known.plan.items[index]
    if planned.turns:
        return _why_mean(known, planned, item)
    values, labels = [known.value(key).value for key in planned.keys], known.named(planned)
    if isinstance(item.rule, Ranked):
        standing = known.standings.of(planned, known.group)
        return item.rule.reason_within(values[0], standing, planned.maximum, labels[item.rule.measure])
    return item.rule.reason(values, planned.maximum, labels)


def _why_mean(known: Known, planned: PlannedItem, item: Item) -> Sentence:
    """Tell what each window gives, and the mean."""
    inputs = inputs_of([known.row], [known.group], planned.keys)
    raw = raw_of_turns(planned, inputs, known.standings, {known.group: np.zeros(1, dtype=np.int64)})
    zh, en = [], []
    for row, window in enumerate(key.rpartition("@")[2] for key in (turn.id for turn in planned.turns)):
        if raw.states[row, 0] != State.NOT_APPLICABLE.code:
            words, points = WINDOWS[window].words, short_points(int(raw.least[row, 0]))
            zh.append(f"{words.zh} {points}")
            en.append(f"{words.en} {points}")
    mean = short_points(int(known.raw.least[known.plan.items.index(planned), 0]))
    full = short_points(item.maximum)
    return Sentence(
        f"{'、'.join(zh)}，平均 {mean} 分，满分 {full} 分", f"{', '.join(en)}: on the mean {mean} of {full} points"
    )


def _why_missing(known: Known, index: int, item: Item) -> Sentence:
    planned = known.plan.items[index]
    if isinstance(item.rule, Panel) and not planned.turns:
        return _why_unmarked(known, index, item.rule)
    absent = [known.label(key) for key in planned.keys if known.value(key).state is State.MISSING]
    zh, en = "、".join(f"“{label.zh}”" for label in absent), ", ".join(label.en for label in absent)
    if item.missing is WhenMissing.RANGE:
        low, high = (short_points(int(each[index, 0])) for each in (known.raw.least, known.raw.most))
        return Sentence(
            f"缺少{zh}的数据：本项可能得 {low} 至 {high} 分，暂按最低计",
            f"No data on {en}: the item may give {low} to {high} points, the least is counted for now",
        )
    return Sentence(f"缺少{zh}的数据，按规则不得分", f"No data on {en}: by the rule no points")


def _why_unmarked(known: Known, index: int, rule: Panel) -> Sentence:
    """Tell whose marks are missing; those that are there count already."""
    keys = known.plan.items[index].keys
    absent = [s.title for s, key in zip(rule.seats, keys, strict=True) if known.value(key).state is State.MISSING]
    low, high = (short_points(int(each[index, 0])) for each in (known.raw.least, known.raw.most))
    zh, en = "、".join(absent), ", ".join(absent)
    if low == high:
        return Sentence(f"缺少{zh}的评分，按规则得 {low} 分", f"No mark of {en}: by the rule {low} points")
    return Sentence(
        f"缺少{zh}的评分：本项可能得 {low} 至 {high} 分，暂按最低计",
        f"No mark of {en}: the item may give {low} to {high} points, the least is counted for now",
    )
