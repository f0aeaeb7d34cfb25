"""What is wrong with one rule: what cannot be reached, tables out of order, scorers who do not add up."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from heli_assessment.engine.book import Item
from heli_assessment.engine.rules.bands import Graded
from heli_assessment.engine.rules.base import base_of
from heli_assessment.engine.rules.conversions import Conversion
from heli_assessment.engine.rules.counts import MissingCount, Penalty, PerOccurrence
from heli_assessment.engine.rules.deductions import Deduction, Deductions
from heli_assessment.engine.rules.levels import BonusPerLevel
from heli_assessment.engine.rules.panels import Combine, Scorers
from heli_assessment.engine.rules.ranked import Order, Ranked
from heli_assessment.engine.rules.thresholds import AllOrNothing, BelowThreshold, Proportional
from heli_assessment.measures.domain import Source
from heli_assessment.rulebooks.findings import Finding, Measures, error, intervals, warning

CLIFF_POINTS = Decimal(5)
LONGEST_ITEM = 64
_JUDGED = {Source.MARKS, Source.RUNS}


def check_rule(pointer: str, item: Item, measures: Measures, *, in_penalty: bool) -> Iterator[Finding]:
    """Yield what is wrong with the rule of an item."""
    check = _CHECKS.get(type(item.rule))
    if check is not None:
        yield from check(pointer, item.rule, item, measures)
    signs = _signs(item)
    if any(points > 0 for points in signs) and in_penalty:
        yield error("wrong_sign", pointer, "扣分部分的分值应不大于 0", "points of a penalty part are at most 0")
    if any(points < 0 for points in signs) and not in_penalty:
        yield error(
            "wrong_sign", pointer, "分值小于 0 的规则只用于扣分部分", "points below 0 belong into a penalty part"
        )


def _signs(item: Item) -> Sequence[Decimal]:
    match item.rule:
        case Deductions():
            return [item.rule.floor]
        case Graded():
            return [band.points for band in item.rule.steps]
        case Conversion():
            return [knot.points for knot in item.rule.knots]
        case Ranked():
            return [*item.rule.table, item.rule.rest]
        case _:
            return []


def _per_occurrence(pointer: str, rule: PerOccurrence, item: Item, _measures: Measures) -> Iterator[Finding]:
    if rule.floor >= item.maximum:
        yield error("unreachable", f"{pointer}/floor", "下限应小于满分", "the floor must be below the maximum")


def _all_or_nothing(pointer: str, rule: AllOrNothing, item: Item, measures: Measures) -> Iterator[Finding]:
    if (rule.at_least is None) == (rule.at_most is None):
        zh, en = "at_least 与 at_most 应且只应给出一个", "give at_least or at_most, one of them"
        yield error("one_bound", pointer, zh, en)
    elif rule.at_least is not None:
        yield from _reachable(f"{pointer}/at_least", rule.measure, rule.at_least, measures)
    if rule.at_least is not None and not _is_presence(rule.measure, rule.at_least, measures):
        yield from _cliff(f"{pointer}/at_least", rule.measure, rule.at_least, item.maximum, item.maximum, measures)
    if rule.at_most:
        yield from _cliff(f"{pointer}/at_most", rule.measure, rule.at_most, item.maximum, item.maximum, measures)


def _is_presence(name: str, bound: Decimal, measures: Measures) -> bool:
    """Say whether a bound only tells whether there is any: nothing lies between none and one."""
    measure = measures.get(base_of(name))
    return bound <= 1 and not (measure is not None and measure.is_share)


def _cliff(
    pointer: str, name: str, bound: Decimal | None, jump: Decimal, maximum: Decimal, measures: Measures
) -> Iterator[Finding]:
    """Warn where one step over a bound moves many points; whoever gives a mark sees the step and decides."""
    measure = measures.get(base_of(name))
    if measure is None or measure.source in _JUDGED:
        return
    if jump >= CLIFF_POINTS and 2 * jump > maximum:
        zh = f"越过 {bound} 一步相差 {jump} 分，超过满分的一半：宜增设档次或按比例计分"
        en = f"one step over {bound} moves {jump} points, more than half of the maximum: a cliff"
        yield warning("cliff", pointer, zh, en)


def _target(pointer: str, rule: Proportional | MissingCount, _item: Item, measures: Measures) -> Iterator[Finding]:
    yield from _reachable(f"{pointer}/target", rule.measure, rule.target, measures)


def _threshold(pointer: str, rule: BelowThreshold, item: Item, measures: Measures) -> Iterator[Finding]:
    yield from _reachable(f"{pointer}/threshold", rule.measure, rule.threshold, measures)
    if not _is_presence(rule.measure, rule.threshold, measures):
        jump = min(rule.points_each, item.maximum)
        yield from _cliff(f"{pointer}/threshold", rule.measure, rule.threshold, jump, item.maximum, measures)


def _deductions(pointer: str, rule: Deductions, item: Item, measures: Measures) -> Iterator[Finding]:
    if rule.floor >= item.maximum:
        yield error("unreachable", f"{pointer}/floor", "下限应小于满分", "the floor must be below the maximum")
    yield from _twice(pointer, rule.measures)
    room = item.maximum - rule.floor
    for d, each in enumerate(rule.of):
        yield from _deduction(f"{pointer}/of/{d}", each, room, measures)


def _deduction(pointer: str, each: Deduction, room: Decimal, measures: Measures) -> Iterator[Finding]:
    for name in ("target", "below", "at_least"):
        bound: Decimal | None = getattr(each, name)
        if bound is None:
            continue
        yield from _reachable(f"{pointer}/{name}", each.measure, bound, measures)
        if name != "target" and not _is_presence(each.measure, bound, measures):
            yield from _cliff(f"{pointer}/{name}", each.measure, bound, min(each.points, room), room, measures)


def _twice(pointer: str, names: Sequence[str]) -> Iterator[Finding]:
    for name, times in Counter(names).items():
        if times > 1:
            yield error("level_twice", pointer, f"测度“{name}”重复计算", f"{name} is counted twice")


def _levels(pointer: str, rule: BonusPerLevel, _item: Item, _measures: Measures) -> Iterator[Finding]:
    yield from _twice(pointer, rule.measures)


def _penalty(pointer: str, rule: Penalty, _item: Item, _measures: Measures) -> Iterator[Finding]:
    if rule.floor is not None and rule.floor >= 0:
        yield error("unreachable", f"{pointer}/floor", "扣分下限应小于 0", "a penalty's floor is below 0")


def _reachable(pointer: str, name: str, wanted: Decimal, measures: Measures) -> Iterator[Finding]:
    measure = measures.get(name)
    if measure is not None and measure.is_share and wanted > 1:
        zh = f"“{measure.zh}”是比例，最大为 1，无法达到 {wanted}（95% 写作 0.95）"
        yield error(
            "unreachable", pointer, zh, f"{name} is a share, at most 1: {wanted} cannot be reached (95 % is 0.95)"
        )


def _bands(pointer: str, rule: Graded, item: Item, measures: Measures) -> Iterator[Finding]:
    bounds = [(band.at_least, band.below) for band in rule.steps]
    yield from intervals(f"{pointer}/bands", bounds, code="band", lowest=Decimal(0))
    yield from _within_maximum(f"{pointer}/bands", [band.points for band in rule.steps], item.maximum)
    for i, (lower, upper) in enumerate(pairwise(rule.steps)):
        jump = abs(upper.points - lower.points)
        yield from _cliff(f"{pointer}/bands/{i + 1}", rule.measure, upper.at_least, jump, item.maximum, measures)


def _conversion(pointer: str, rule: Conversion, item: Item, measures: Measures) -> Iterator[Finding]:
    for i, (lower, upper) in enumerate(pairwise(rule.knots)):
        if lower.value >= upper.value:
            zh, en = "折算点应按 value 从低到高排列", "knots must be in rising order of value"
            yield error("knot_order", f"{pointer}/knots/{i + 1}/value", zh, en)
    yield from _within_maximum(f"{pointer}/knots", [knot.points for knot in rule.knots], item.maximum)
    best = max(rule.knots, key=lambda knot: knot.points)
    yield from _reachable(f"{pointer}/knots", rule.measure, best.value, measures)


def _within_maximum(pointer: str, points: Sequence[Decimal], maximum: Decimal) -> Iterator[Finding]:
    for i, each in enumerate(points):
        if each > maximum:
            zh, en = f"得分 {each} 超过满分 {maximum}", f"{each} points are above the maximum {maximum}"
            yield error("band_above_maximum", f"{pointer}/{i}", zh, en)
    if max(points) < maximum:
        zh, en = (
            f"最多只有 {max(points)} 分，达不到满分 {maximum}",
            f"the best gives {max(points)}: {maximum} is unreachable",
        )
        yield error("unreachable", pointer, zh, en)


def _ranked(pointer: str, rule: Ranked, item: Item, _measures: Measures) -> Iterator[Finding]:
    forms = [bool(rule.table), rule.points_each is not None, rule.share is not None, rule.in_proportion]
    if sum(forms) != 1:
        zh, en = (
            "table、points、share、in_proportion 应且只应给出一个",
            "give one of table, points, share, in_proportion",
        )
        yield error("one_form", pointer, zh, en)
        return
    if (rule.from_bottom and not rule.table) or (rule.in_proportion and rule.order is Order.LEAST):
        zh = "from_bottom 只与 table 同用；in_proportion 只与 most_first 同用"
        yield error("form_misfit", pointer, zh, "from_bottom goes with table, in_proportion with most_first")
    if rule.rest and not rule.table and rule.down_to is None:
        yield error(
            "form_misfit", f"{pointer}/rest", "rest 只与 table、down_to 同用", "rest goes with table or down_to"
        )
    if rule.down_to is not None:
        yield from _down_to(pointer, rule, rule.down_to, item)
    if rule.table:
        listed = [*rule.table, rule.rest]
        ordered = sorted(listed, reverse=not rule.from_bottom)
        if listed != ordered:
            zh, en = "名次越好得分应越高（或相等）", "a better rank must not give less"
            yield error("table_order", f"{pointer}/table", zh, en)
        yield from _within_maximum(f"{pointer}/table", listed, item.maximum)


def _down_to(pointer: str, rule: Ranked, last: int, item: Item) -> Iterator[Finding]:
    if rule.table:
        zh, en = "down_to 不与 table 同用：表外名次得 rest", "a table ends by itself: who is outside it gets rest"
        yield error("form_misfit", f"{pointer}/down_to", zh, en)
        return
    at_last = item.maximum
    if rule.points_each is not None:
        at_last -= (last - 1) * rule.points_each
    if rule.share is not None:
        at_last -= (last - 1) * rule.share * item.maximum
    if rule.rest > max(at_last, Decimal(0)):
        zh, en = "其后名次的 rest 不应高于末位名次的得分", "who comes behind must not get more than the last rank"
        yield error("table_order", f"{pointer}/rest", zh, en)


def _scorers(pointer: str, rule: Scorers, item: Item, _measures: Measures) -> Iterator[Finding]:
    for id_, times in Counter(seat.id for seat in rule.panel).items():
        if times > 1:
            yield error("duplicate_id", f"{pointer}/scorers", f"编号“{id_}”重复", f"the id {id_} is used twice")
        if len(item.id) + len(id_) + 1 > LONGEST_ITEM:
            zh, en = (
                f"考核项与评分方的编号合计过长（最多 {LONGEST_ITEM - 1}）",
                "item and scorer ids are too long together",
            )
            yield error("id_too_long", f"{pointer}/scorers", zh, en)
    if rule.combine is Combine.SUM:
        total = sum((seat.full for seat in rule.panel), Decimal(0))
        if total != item.maximum:
            zh = f"各评分方分值之和为 {total}，应为满分 {item.maximum}"
            yield error("scorer_sum", f"{pointer}/scorers", zh, f"the scorers sum to {total}, not to {item.maximum}")
    if rule.combine is Combine.TRIMMED_MEAN and len(rule.panel) <= 2 * rule.drop:
        zh, en = "去掉的评分多于剩下的", "nothing would be left after dropping"
        yield error("trim_too_much", f"{pointer}/drop", zh, en)


_CHECKS: dict[type, Callable[[str, Any, Item, Measures], Iterator[Finding]]] = {
    PerOccurrence: _per_occurrence,
    AllOrNothing: _all_or_nothing,
    Proportional: _target,
    MissingCount: _target,
    BelowThreshold: _threshold,
    Deductions: _deductions,
    Graded: _bands,
    BonusPerLevel: _levels,
    Penalty: _penalty,
    Conversion: _conversion,
    Ranked: _ranked,
    Scorers: _scorers,
}
