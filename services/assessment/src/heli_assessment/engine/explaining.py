"""One subject's score told item by item: points, rule, basis, values, why not full, what would raise it."""

from dataclasses import dataclass

from heli_assessment.engine.advising import Advice, Known, Row, advise
from heli_assessment.engine.amounts import short_points
from heli_assessment.engine.book import Item, Limit, Part, WhenMissing
from heli_assessment.engine.inputs import Input, State, inputs_of
from heli_assessment.engine.plan import UNBOUNDED, ScoringPlan, grade_titles
from heli_assessment.engine.rules.base import Labels, Sentence
from heli_assessment.engine.scoring import DISQUALIFIED, OTHER_GROUP, score

STATES = (State.VALUE, State.MISSING, State.NOT_APPLICABLE)
LIMIT_VERDICTS = ("not_triggered", "triggered", "unknown")


@dataclass(frozen=True, slots=True)
class ItemExplanation:
    """One item of one subject, in hundredths; low None means that nothing bounds it. band -1: the rule has none."""

    part: Part
    item: Item
    points: int
    state: State
    band: int
    low: int | None
    high: int
    values: tuple[tuple[str, Input], ...]
    rule: Sentence
    why_not_full: Sentence | None
    to_gain: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class LimitExplanation:
    """One veto or cap of one subject: not_triggered, triggered or unknown."""

    limit: Limit
    is_veto: bool
    verdict: str
    value: Input
    effect: Sentence


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score that explains itself; item points sum to the score. grade None: disqualified."""

    score: int
    low: int
    high: int
    grade: str | None
    items: tuple[ItemExplanation, ...]
    limits: tuple[LimitExplanation, ...]


def explain(plan: ScoringPlan, row: Row, group: str | None, *, labels: Labels) -> Explanation:
    """Return the explanation of one subject from its inputs."""
    index = plan.group_index(group)
    verdicts = score(plan, inputs_of([row], [index], plan.keys))
    known = Known(plan, row, index, verdicts, labels)
    advice = advise(known)
    pairs = list(plan.book.items())
    grade = int(verdicts.grades[0])
    return Explanation(
        score=int(verdicts.low_scores[0]),
        low=int(verdicts.low_scores[0]),
        high=int(verdicts.high_scores[0]),
        grade=None if grade == DISQUALIFIED else grade_titles(plan.book)[grade],
        items=tuple(
            _item(known, i, pair=pairs[i], advice=advice.get(i, ()))
            for i in range(len(plan.items))
            if verdicts.states[i, 0] != OTHER_GROUP
        ),
        limits=tuple(_limit(known, i, limit) for i, limit in enumerate(plan.book.limits())),
    )


def _item(known: Known, index: int, *, pair: tuple[Part, Item], advice: tuple[Advice, ...]) -> ItemExplanation:
    part, item = pair
    planned = known.plan.items[index]
    points = int(known.verdicts.points[index, 0])
    state = STATES[int(known.verdicts.states[index, 0])]
    low, high = planned.if_missing if state is State.MISSING else (points, points)
    return ItemExplanation(
        part=part,
        item=item,
        points=points,
        state=state,
        band=int(known.verdicts.bands[index, 0]),
        low=None if low == UNBOUNDED else low,
        high=high,
        values=tuple((key, known.value(key)) for key in planned.keys),
        rule=item.rule.describe(planned.maximum, known.labels),
        why_not_full=_why(known, index, item),
        to_gain=advice,
    )


def _why(known: Known, index: int, item: Item) -> Sentence | None:
    planned = known.plan.items[index]
    points, uncapped = int(known.verdicts.points[index, 0]), int(known.verdicts.uncapped[index, 0])
    state = STATES[int(known.verdicts.states[index, 0])]
    if points >= planned.maximum:
        return None
    if state is State.MISSING:
        return _why_missing(known, index, item)
    if state is State.NOT_APPLICABLE:
        return Sentence("本项对该单位不适用，按规则不计分", "The item does not apply to this unit and gives no points")
    if points != uncapped:
        counted, earned = short_points(points), short_points(uncapped)
        return Sentence(
            f"本项应计 {earned} 分，因所在部分有总额限制，计 {counted} 分",
            f"The item would give {earned} points; the limit of its part lets {counted} count",
        )
    return item.rule.reason([known.value(key).value for key in planned.keys], planned.maximum, known.labels)


def _why_missing(known: Known, index: int, item: Item) -> Sentence:
    planned = known.plan.items[index]
    absent = [known.label(key) for key in planned.keys if known.value(key).state is State.MISSING]
    zh, en = "、".join(f"“{label.zh}”" for label in absent), ", ".join(label.en for label in absent)
    if item.missing is WhenMissing.RANGE:
        low, high = short_points(planned.low), short_points(planned.high)
        return Sentence(
            f"缺少{zh}的数据：本项可能得 {low} 至 {high} 分，暂按最低计",
            f"No data on {en}: the item may give {low} to {high} points, the least is counted for now",
        )
    return Sentence(f"缺少{zh}的数据，按规则不得分", f"No data on {en}: by the rule no points")


def _limit(known: Known, index: int, limit: Limit) -> LimitExplanation:
    if limit.grade is None:
        effect = Sentence("取消评定等次和排名资格", "no grade and no rank")
    else:
        effect = Sentence(f"等次最高为“{limit.grade}”", f"the grade is at most {limit.grade}")
    return LimitExplanation(
        limit=limit,
        is_veto=index < len(known.plan.book.vetoes),
        verdict=LIMIT_VERDICTS[int(known.verdicts.limits[index, 0])],
        value=known.value(limit.key()),
        effect=effect,
    )
