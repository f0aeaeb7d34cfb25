"""What is wrong with a rulebook although its shape is right: sums, holes, overlaps, the unreachable, the doubled."""

import difflib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from heli_assessment.engine.book import MARK, Basis, Item, Limit, Part, PartKind, Rulebook, WhenMissing
from heli_assessment.engine.rules.bands import BonusPerLevel, Graded
from heli_assessment.engine.rules.counts import MissingCount, Penalty, PerOccurrence
from heli_assessment.engine.rules.thresholds import AllOrNothing, BelowThreshold, Proportional
from heli_assessment.measures.domain import Measure

INSIDE = (PartKind.COMMON, PartKind.OWN)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found; an error refuses the book, a warning is shown with it."""

    code: str
    severity: Literal["error", "warning"]
    pointer: str
    zh: str
    en: str


Measures = Mapping[str, Measure]


def lint(book: Rulebook, measures: Measures) -> list[Finding]:
    """Return every finding, in the order of the book."""
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: _ids(book),
        lambda: _known_measures(book, measures),
        lambda: _groups(book),
        lambda: _sums(book),
        lambda: _parts(book),
        lambda: _items(book, measures),
        lambda: _grades(book),
        lambda: _limits(book),
        lambda: _bases(book),
        lambda: _evidence(book, measures),
        lambda: _cases(book),
    )
    return [finding for check in checks for finding in check()]


def _error(code: str, pointer: str, zh: str, en: str) -> Finding:
    return Finding(code, "error", pointer, zh, en)


def _warning(code: str, pointer: str, zh: str, en: str) -> Finding:
    return Finding(code, "warning", pointer, zh, en)


def _pointed(book: Rulebook) -> Iterator[tuple[str, Part, Item]]:
    for p, part in enumerate(book.parts):
        for i, item in enumerate(part.items):
            yield f"/parts/{p}/items/{i}", part, item


def _pointed_limits(book: Rulebook) -> Iterator[tuple[str, Limit]]:
    for name, limits in (("vetoes", book.vetoes), ("caps", book.caps)):
        for i, limit in enumerate(limits):
            yield f"/{name}/{i}", limit


def _ids(book: Rulebook) -> Iterator[Finding]:
    items = [(pointer, item.id) for pointer, _, item in _pointed(book)]
    limits = [(pointer, limit.id) for pointer, limit in _pointed_limits(book)]
    parts = [(f"/parts/{i}", part.id) for i, part in enumerate(book.parts)]
    groups = [(f"/groups/{i}", group.id) for i, group in enumerate(book.groups)]
    for named in (items + limits, parts, groups):
        times = Counter(id_ for _, id_ in named)
        for pointer, id_ in named:
            if times[id_] > 1:
                yield _error("duplicate_id", f"{pointer}/id", f"编号“{id_}”重复", f"the id {id_} is used twice")


def _known_measures(book: Rulebook, measures: Measures) -> Iterator[Finding]:
    read = [(f"{pointer}/rule", name) for pointer, _, item in _pointed(book) for name in item.rule.measures]
    read += [(f"{pointer}/measure", limit.measure) for pointer, limit in _pointed_limits(book)]
    for pointer, name in read:
        if name in measures:
            continue
        near = difflib.get_close_matches(name, measures, n=1)
        hint_zh, hint_en = (f"，是否为“{near[0]}”？", f"; did you mean {near[0]}?") if near else ("", "")
        yield _error(
            "unknown_measure",
            pointer,
            f"没有测度“{name}”{hint_zh}（可用的见 GET /v1/measures）",
            f"there is no measure {name}{hint_en} (GET /v1/measures lists them)",
        )


def _groups(book: Rulebook) -> Iterator[Finding]:
    known = {group.id for group in book.groups}
    own = Counter(part.group for part in book.parts if part.kind is PartKind.OWN)
    for p, part in enumerate(book.parts):
        pointer = f"/parts/{p}/group"
        if part.kind is not PartKind.OWN and part.group is not None:
            yield _error(
                "group_misplaced", pointer, "只有履职部分（own）可以指定 group", "only an own part has a group"
            )
        elif part.kind is PartKind.OWN and part.group not in known:
            yield _error("unknown_group", pointer, "履职部分应指定 groups 中的一个分组", "must be one of `groups`")
        elif part.kind is PartKind.OWN and own[part.group] > 1:
            yield _error("group_twice", pointer, "一个分组只能有一个履职部分", "a group has one own part only")
    for i, group in enumerate(book.groups):
        if own and not own[group.id]:
            yield _error("group_without_part", f"/groups/{i}", "该分组没有履职部分", "this group has no own part")
    rest = [i for i, group in enumerate(book.groups) if group.otherwise]
    if own and not rest:
        zh = "应有一个 otherwise: true 的分组，接收其他单位"
        yield _error("no_group_for_the_rest", "/groups", zh, "one group must have otherwise: true, for all other units")
    for i in rest[1:]:
        yield _error("otherwise_twice", f"/groups/{i}", "只能有一个 otherwise 分组", "only one group may be the rest")


def _sums(book: Rulebook) -> Iterator[Finding]:
    for p, part in enumerate(book.parts):
        total = sum((item.maximum for item in part.items), Decimal(0))
        if part.kind in INSIDE and part.maximum != total:
            yield _error(
                "part_sum",
                f"/parts/{p}/maximum",
                f"各项满分之和为 {total}，与声明的 {part.maximum} 不符",
                f"the items sum to {total}, not to the declared {part.maximum}",
            )
        if part.kind not in INSIDE and part.maximum is not None:
            zh = "加分、扣分部分用 most、least 限额，不用 maximum"
            yield _error("maximum_misplaced", f"/parts/{p}/maximum", zh, "bonus and penalty take most or least instead")
    common = sum((part.maximum or 0 for part in book.parts if part.kind is PartKind.COMMON), Decimal(0))
    own: list[tuple[int | None, Decimal]] = [
        (p, part.maximum or Decimal(0)) for p, part in enumerate(book.parts) if part.kind is PartKind.OWN
    ]
    for where, maximum in own or [(None, Decimal(0))]:
        if common + maximum != book.maximum:
            yield _error(
                "book_sum",
                "/maximum" if where is None else f"/parts/{where}/maximum",
                f"通用部分 {common} 分加履职部分 {maximum} 分为 {common + maximum} 分，应为 {book.maximum} 分",
                f"common {common} and own {maximum} make {common + maximum}, not {book.maximum}",
            )


def _parts(book: Rulebook) -> Iterator[Finding]:
    for p, part in enumerate(book.parts):
        pointer = f"/parts/{p}"
        if part.most is not None and part.kind is not PartKind.BONUS:
            yield _error("bound_misplaced", f"{pointer}/most", "most 只用于加分部分", "`most` is for a bonus part")
        if part.least is not None and (part.kind is not PartKind.PENALTY or part.least > 0):
            zh, en = "least 只用于扣分部分，且不大于 0", "`least` is for a penalty part and at most 0"
            yield _error("bound_misplaced", f"{pointer}/least", zh, en)
    for pointer, part, item in _pointed(book):
        is_penalty = isinstance(item.rule, Penalty)
        if is_penalty != (part.kind is PartKind.PENALTY):
            zh, en = "penalty 规则只用于扣分部分，扣分部分只用 penalty 规则", "penalty rules and parts go together"
            yield _error("rule_misplaced", f"{pointer}/rule", zh, en)
        elif is_penalty and item.maximum:
            yield _error("penalty_maximum", f"{pointer}/maximum", "扣分项的满分应为 0", "a penalty's maximum is 0")
        elif not is_penalty and not item.maximum:
            yield _error("unreachable", f"{pointer}/maximum", "满分应大于 0", "the maximum must be above 0")


def _items(book: Rulebook, measures: Measures) -> Iterator[Finding]:
    for pointer, _, item in _pointed(book):
        yield from _rule(f"{pointer}/rule", item, measures)
        low = item.rule.floor if isinstance(item.rule, Penalty) else Decimal(0)
        if item.missing is WhenMissing.RANGE and low is None:
            zh, en = "没有下限的扣分项不能用 missing: range", "a penalty without a floor cannot have missing: range"
            yield _error("unbounded_range", f"{pointer}/missing", zh, en)


def _rule(pointer: str, item: Item, measures: Measures) -> Iterator[Finding]:  # noqa: C901 - one branch per kind
    rule = item.rule
    match rule:
        case PerOccurrence() if rule.floor >= item.maximum:
            yield _error("unreachable", f"{pointer}/floor", "下限应小于满分", "the floor must be below the maximum")
        case AllOrNothing() if (rule.at_least is None) == (rule.at_most is None):
            yield _error(
                "one_bound", pointer, "at_least 与 at_most 应且只应给出一个", "give at_least or at_most, one of them"
            )
        case AllOrNothing() if rule.at_least is not None:
            yield from _reachable(f"{pointer}/at_least", rule.measure, rule.at_least, measures)
        case Proportional():
            yield from _reachable(f"{pointer}/target", rule.measure, rule.target, measures)
        case MissingCount():
            yield from _reachable(f"{pointer}/target", rule.measure, rule.target, measures)
        case BelowThreshold():
            yield from _reachable(f"{pointer}/threshold", rule.measure, rule.threshold, measures)
        case Graded():
            yield from _bands(pointer, rule, item.maximum)
        case BonusPerLevel():
            for name, times in Counter(rule.measures).items():
                if times > 1:
                    yield _error("level_twice", pointer, f"测度“{name}”重复计算", f"{name} is counted twice")
        case Penalty() if rule.floor is not None and rule.floor >= 0:
            yield _error("unreachable", f"{pointer}/floor", "扣分下限应小于 0", "a penalty's floor is below 0")
        case _:
            return


def _reachable(pointer: str, name: str, wanted: Decimal, measures: Measures) -> Iterator[Finding]:
    measure = measures.get(name)
    if measure is not None and measure.is_share and wanted > 1:
        zh = f"“{measure.zh}”是比例，最大为 1，无法达到 {wanted}（95% 写作 0.95）"
        yield _error(
            "unreachable", pointer, zh, f"{name} is a share, at most 1: {wanted} cannot be reached (95 % is 0.95)"
        )


def _bands(pointer: str, rule: Graded, maximum: Decimal) -> Iterator[Finding]:
    bounds = [(band.at_least, band.below) for band in rule.steps]
    yield from _intervals(f"{pointer}/bands", bounds, code="band", lowest=Decimal(0))
    for i, band in enumerate(rule.steps):
        if band.points > maximum:
            zh, en = (
                f"档次得分 {band.points} 超过满分 {maximum}",
                f"{band.points} points are above the maximum {maximum}",
            )
            yield _error("band_above_maximum", f"{pointer}/bands/{i}/points", zh, en)
    best = max(band.points for band in rule.steps)
    if best < maximum:
        zh, en = (
            f"最高档只有 {best} 分，达不到满分 {maximum}",
            f"the best band gives {best}: {maximum} cannot be reached",
        )
        yield _error("unreachable", f"{pointer}/bands", zh, en)


def _grades(book: Rulebook) -> Iterator[Finding]:
    yield from _intervals("/grades", [(g.at_least, g.below) for g in book.grades], code="grade", lowest=None)
    for title, times in Counter(grade.title for grade in book.grades).items():
        if times > 1:
            yield _error("duplicate_id", "/grades", f"等次“{title}”重复", f"the grade {title} is used twice")


Bounds = tuple[Decimal | None, Decimal | None]


def _intervals(pointer: str, bounds: Sequence[Bounds], *, code: str, lowest: Decimal | None) -> Iterator[Finding]:
    """Check that half-open intervals cover everything from `lowest` upwards once; they may run up or down."""
    rising = sorted(range(len(bounds)), key=lambda i: (bounds[i][0] is not None, bounds[i][0] or Decimal(0)))
    if code == "band" and rising != list(range(len(bounds))):
        yield _error("band_order", pointer, "档次应按 at_least 从低到高排列", "bands must be in rising order")
    for i, (low, high) in enumerate(bounds):
        if low is not None and high is not None and low >= high:
            yield _error(
                f"{code}_empty", f"{pointer}/{i}", "区间为空：at_least 应小于 below", "at_least must be below `below`"
            )
    first, last = rising[0], rising[-1]
    if bounds[first][0] not in {None, lowest}:
        zh, en = f"最低区间之下有空档：{bounds[first][0]} 以下没有规定", f"nothing is said below {bounds[first][0]}"
        yield _error(f"{code}_hole", f"{pointer}/{first}", zh, en)
    if bounds[last][1] is not None:
        zh, en = (
            f"最高区间之上有空档：{bounds[last][1]} 以上没有规定",
            f"nothing is said from {bounds[last][1]} upwards",
        )
        yield _error(f"{code}_hole", f"{pointer}/{last}", zh, en)
    for lower, upper in pairwise(rising):
        high, low = bounds[lower][1], bounds[upper][0]
        if high is None or low is None or high > low:
            yield _error(f"{code}_overlap", f"{pointer}/{upper}", "区间重叠", "intervals overlap")
        elif high < low:
            zh, en = f"区间有空档：从 {high} 到 {low}", f"there is a hole from {high} to {low}"
            yield _error(f"{code}_hole", f"{pointer}/{upper}", zh, en)


def _limits(book: Rulebook) -> Iterator[Finding]:
    titles = {grade.title for grade in book.grades}
    for pointer, limit in _pointed_limits(book):
        if (limit.at_least is None) == (limit.below is None):
            yield _error(
                "one_bound", pointer, "at_least 与 below 应且只应给出一个", "give at_least or below, one of them"
            )
        if limit.grade is not None and limit.grade not in titles:
            yield _error("unknown_grade", f"{pointer}/grade", f"没有等次“{limit.grade}”", f"no grade {limit.grade}")
        if limit.grade is None and pointer.startswith("/caps"):
            yield _error("cap_without_grade", pointer, "封顶条件应指定 grade", "a cap must name a grade")


def _bases(book: Rulebook) -> Iterator[Finding]:
    bases: list[tuple[str, Basis]] = [("", book.basis)]
    bases += [(pointer, item.basis) for pointer, _, item in _pointed(book)]
    bases += [(pointer, limit.basis) for pointer, limit in _pointed_limits(book)]
    for pointer, basis in bases:
        if not basis.document.strip():
            zh, en = (
                "缺少依据：应写明文件（document）和条款（clause）",
                "has no basis: name the document and the clause",
            )
            yield _error("missing_basis", f"{pointer}/basis", zh, en)


def _evidence(book: Rulebook, measures: Measures) -> Iterator[Finding]:
    groups: list[str | None] = [group.id for group in book.groups] or [None]
    told: set[tuple[str, str]] = set()
    for group in groups:
        seen: dict[str, str] = {}
        for pointer, part, item in _pointed(book):
            if part.group not in {None, group}:
                continue
            for piece in _pieces(item, measures):
                first = seen.setdefault(piece, item.id)
                if first != item.id and (first, item.id) not in told:
                    told.add((first, item.id))
                    zh = f"与“{first}”使用同一佐证（{piece}），可能重复计分"
                    yield _warning("same_evidence", pointer, zh, f"counts the same evidence ({piece}) as {first}")


def _pieces(item: Item, measures: Measures) -> Iterator[str]:
    for name in item.rule.measures:
        if name != MARK and name in measures:
            yield from measures[name].evidence


def _cases(book: Rulebook) -> Iterator[Finding]:
    keys, items = set(book.keys()), {item.id for _, item in book.items()}
    groups = {group.id for group in book.groups}
    for c, case in enumerate(book.cases):
        pointer = f"/cases/{c}"
        for key in case.values:
            if key not in keys:
                zh, en = f"本细则没有使用“{key}”", f"this book does not read {key}"
                yield _error("unused_value", f"{pointer}/values/{key}", zh, en)
        for id_ in case.points:
            if id_ not in items:
                yield _error("unknown_item", f"{pointer}/expect/items/{id_}", f"没有考核项“{id_}”", f"no item {id_}")
        if groups and case.group not in groups:
            yield _error("unknown_group", f"{pointer}/group", "应为 groups 中的一个分组", "must be one of `groups`")
        if not groups and case.group is not None:
            yield _error("unknown_group", f"{pointer}/group", "本细则没有分组", "this book has no groups")
