"""What is wrong with a rulebook although its shape is right: sums, holes, overlaps, the unreachable, the doubled."""

import difflib
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal

from heli_assessment.engine.book import (
    MARK,
    SCORE,
    Among,
    Basis,
    Grade,
    Item,
    Part,
    PartKind,
    Quota,
    Rulebook,
    Stars,
    WhenMissing,
    WhenNotApplicable,
)
from heli_assessment.engine.rules.bands import Graded
from heli_assessment.engine.rules.base import base_of
from heli_assessment.engine.rules.conversions import Conversion
from heli_assessment.engine.rules.counts import Penalty
from heli_assessment.engine.rules.deductions import Deductions
from heli_assessment.engine.rules.panels import Sampled
from heli_assessment.engine.rules.ranked import Ranked
from heli_assessment.rulebooks.findings import Finding, Measures, error, intervals, pointed, pointed_limits, warning
from heli_assessment.rulebooks.lint_cases import check_cases
from heli_assessment.rulebooks.lint_limits import check_limits
from heli_assessment.rulebooks.lint_rules import check_rule
from heli_assessment.rulebooks.lint_subjects import check_subjects

INSIDE = (PartKind.COMMON, PartKind.OWN)


def lint(book: Rulebook, measures: Measures) -> list[Finding]:
    """Return every finding, in the order of the book."""
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: _ids(book),
        lambda: _known_measures(book, measures),
        lambda: check_subjects(book.subject_kind, _read(book), measures),
        lambda: _groups(book),
        lambda: _sums(book),
        lambda: _parts(book),
        lambda: _items(book, measures),
        lambda: _grades(book),
        lambda: check_limits(book, measures),
        lambda: _bases(book),
        lambda: _clauses(book),
        lambda: _evidence(book, measures),
        lambda: check_cases(book),
    )
    return [finding for check in checks for finding in check()]


def _ids(book: Rulebook) -> Iterator[Finding]:
    items = [(pointer, item.id) for pointer, _, item in pointed(book)]
    limits = [(pointer, limit.id) for pointer, limit in pointed_limits(book)]
    parts = [(f"/parts/{i}", part.id) for i, part in enumerate(book.parts)]
    groups = [(f"/groups/{i}", group.id) for i, group in enumerate(book.groups)]
    for named in (items + limits, parts, groups):
        times = Counter(id_ for _, id_ in named)
        for pointer, id_ in named:
            if times[id_] > 1:
                yield error("duplicate_id", f"{pointer}/id", f"编号“{id_}”重复", f"the id {id_} is used twice")


def _read(book: Rulebook) -> list[tuple[str, str]]:
    read = [(f"{pointer}/rule", name) for pointer, _, item in pointed(book) for name in item.rule.measures]
    limits = [(f"{pointer}/measure", each.measure) for pointer, each in pointed_limits(book)]
    return read + [(pointer, measure) for pointer, measure in limits if measure is not None]


def _known_measures(book: Rulebook, measures: Measures) -> Iterator[Finding]:
    for pointer, name in _read(book):
        if name in {SCORE, f"{SCORE}:{book.id}"}:
            zh, en = "应写作 score:其他考核细则的编号", "write score:ID with the id of another rulebook"
            yield error("own_score", pointer, zh, en)
        if base_of(name) in measures:
            continue
        near = difflib.get_close_matches(name, measures, n=1)
        hint_zh, hint_en = (f"，是否为“{near[0]}”？", f"; did you mean {near[0]}?") if near else ("", "")
        yield error(
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
            yield error("group_misplaced", pointer, "只有履职部分（own）可以指定 group", "only an own part has a group")
        elif part.kind is PartKind.OWN and part.group not in known:
            yield error("unknown_group", pointer, "履职部分应指定 groups 中的一个分组", "must be one of `groups`")
        elif part.kind is PartKind.OWN and own[part.group] > 1:
            yield error("group_twice", pointer, "一个分组只能有一个履职部分", "a group has one own part only")
    for i, group in enumerate(book.groups):
        if own and not own[group.id]:
            yield error("group_without_part", f"/groups/{i}", "该分组没有履职部分", "this group has no own part")
    rest = [i for i, group in enumerate(book.groups) if group.otherwise]
    if own and not rest:
        zh = "应有一个 otherwise: true 的分组，接收其他单位"
        yield error("no_group_for_the_rest", "/groups", zh, "one group must have otherwise: true, for all other units")
    for i in rest[1:]:
        yield error("otherwise_twice", f"/groups/{i}", "只能有一个 otherwise 分组", "only one group may be the rest")


def _sums(book: Rulebook) -> Iterator[Finding]:
    for p, part in enumerate(book.parts):
        yield from _part_sums(f"/parts/{p}", part)
        if part.kind not in INSIDE and part.maximum is not None:
            zh = "加分、扣分部分用 most、least 限额，不用 maximum"
            yield error("maximum_misplaced", f"/parts/{p}/maximum", zh, "bonus and penalty take most or least instead")
    common = sum((part.maximum or 0 for part in book.parts if part.kind is PartKind.COMMON), Decimal(0))
    own: list[tuple[int | None, Decimal]] = [
        (p, part.maximum or Decimal(0)) for p, part in enumerate(book.parts) if part.kind is PartKind.OWN
    ]
    for where, maximum in own or [(None, Decimal(0))]:
        if common + maximum != book.maximum:
            yield error(
                "book_sum",
                "/maximum" if where is None else f"/parts/{where}/maximum",
                f"通用部分 {common} 分加履职部分 {maximum} 分为 {common + maximum} 分，应为 {book.maximum} 分",
                f"common {common} and own {maximum} make {common + maximum}, not {book.maximum}",
            )


def _part_sums(pointer: str, part: Part) -> Iterator[Finding]:
    """Check that the items, those of each window where there are windows, sum to what the part declares."""
    if part.kind not in INSIDE:
        if part.scaled_from is not None or part.slices:
            zh = "scaled_from、windows、mean_of 只用于通用和履职部分"
            en = "scaled_from, windows and mean_of are for common and own parts"
            yield error("scale_misplaced", pointer, zh, en)
        return
    where = "scaled_from" if part.scaled_from is not None else "maximum"
    declared = part.maximum if part.scaled_from is None else part.scaled_from
    for window in part.slices or [None]:
        items = [item for item in part.items if window is None or item.window == window]
        total = sum((item.maximum for item in items), Decimal(0))
        if total != declared:
            zh, en = (f"时段 {window} ", f" of {window}") if window else ("", "")
            yield error(
                "part_sum",
                f"{pointer}/{where}",
                f"{zh}各项满分之和为 {total}，与声明的 {declared} 不符",
                f"the items{en} sum to {total}, not to the declared {declared}",
            )
    if part.slices:
        yield from _windows(pointer, part)


def _windows(pointer: str, part: Part) -> Iterator[Finding]:
    names, where = part.slices, "mean_of" if part.mean_of else "windows"
    for name, times in Counter(names).items():
        if times > 1:
            yield error("duplicate_id", f"{pointer}/{where}", f"时段“{name}”重复", f"the window {name} is used twice")
    for i, item in enumerate(part.items):
        if item.window not in names:
            zh, en = f"应为本部分 {where} 中的一个时段", "must be one of the part's windows"
            yield error("unknown_window", f"{pointer}/items/{i}/window", zh, en)
    if part.mean_of:
        if part.windows:
            zh, en = "windows 与 mean_of 只能给出一个", "give windows or mean_of, one of them"
            yield error("one_form", pointer, zh, en)
        return
    total = sum((maximum for _, maximum in part.windows), Decimal(0))
    if total != part.maximum:
        zh, en = f"各时段之和为 {total}，应为 {part.maximum}", f"the windows sum to {total}, not to {part.maximum}"
        yield error("window_sum", f"{pointer}/windows", zh, en)


def _parts(book: Rulebook) -> Iterator[Finding]:
    for p, part in enumerate(book.parts):
        pointer = f"/parts/{p}"
        if part.most is not None and part.kind is not PartKind.BONUS:
            yield error("bound_misplaced", f"{pointer}/most", "most 只用于加分部分", "`most` is for a bonus part")
        if part.least is not None and (part.kind is not PartKind.PENALTY or part.least > 0):
            zh, en = "least 只用于扣分部分，且不大于 0", "`least` is for a penalty part and at most 0"
            yield error("bound_misplaced", f"{pointer}/least", zh, en)
    for pointer, part, item in pointed(book):
        in_penalty = part.kind is PartKind.PENALTY
        is_signed = isinstance(item.rule, Graded | Conversion | Ranked | Deductions)
        if isinstance(item.rule, Penalty) != in_penalty and not (in_penalty and is_signed):
            zh = "扣分部分用 penalty、deductions，或分值不大于 0 的 graded、conversion、ranked；penalty 只用于扣分部分"
            en = "a penalty part takes penalty, deductions, or graded, conversion, ranked with points of at most 0"
            yield error("rule_misplaced", f"{pointer}/rule", zh, en)
        elif in_penalty and item.maximum:
            yield error("penalty_maximum", f"{pointer}/maximum", "扣分项的满分应为 0", "a penalty's maximum is 0")
        elif not in_penalty and not item.maximum:
            yield error("unreachable", f"{pointer}/maximum", "满分应大于 0", "the maximum must be above 0")


def _items(book: Rulebook, measures: Measures) -> Iterator[Finding]:
    for pointer, part, item in pointed(book):
        yield from check_rule(f"{pointer}/rule", item, measures, in_penalty=part.kind is PartKind.PENALTY)
        low = item.rule.floor if isinstance(item.rule, Penalty) else Decimal(0)
        if item.missing is WhenMissing.RANGE and low is None:
            zh, en = "没有下限的扣分项不能用 missing: range", "a penalty without a floor cannot have missing: range"
            yield error("unbounded_range", f"{pointer}/missing", zh, en)
        if item.not_applicable is WhenNotApplicable.EXCLUDED and part.kind not in INSIDE:
            zh, en = "excluded（缺项折算）只用于通用和履职部分", "excluded is for items of common and own parts"
            yield error("excluded_misplaced", f"{pointer}/not_applicable", zh, en)
        yield from _each(pointer, item)
        if isinstance(item.rule, Ranked) and item.rule.in_group and not book.groups:
            zh, en = "本细则没有分组，不能在组内排名", "this book has no groups to rank within"
            yield error("unknown_group", f"{pointer}/rule/among", zh, en)


def _each(pointer: str, item: Item) -> Iterator[Finding]:
    """Check an item that is read window by window."""
    if item.each is None:
        return
    if item.window is not None:
        zh, en = "window 与 each 只能给出一个", "give window or each, one of them"
        yield error("one_form", f"{pointer}/each", zh, en)
    if isinstance(item.rule, Sampled) or any(base_of(name) == SCORE for name in item.rule.measures):
        zh, en = "抽查和其他细则的得分不能逐月、逐季计", "draws and scores of other rulebooks are of the whole period"
        yield error("each_misplaced", f"{pointer}/each", zh, en)


def _grades(book: Rulebook) -> Iterator[Finding]:
    yield from intervals("/grades", [(g.at_least, g.below) for g in book.grades], code="grade", lowest=None)
    for title, times in Counter(grade.title for grade in book.grades).items():
        if times > 1:
            yield error("duplicate_id", "/grades", f"等次“{title}”重复", f"the grade {title} is used twice")
    for g, grade in enumerate(book.grades):
        if grade.quota is not None:
            yield from _quota(f"/grades/{g}/quota", grade, grade.quota, has_groups=bool(book.groups))
    if book.stars is not None:
        yield from _stars(book, book.stars)
    ids = {id_ for part, item in book.items() for id_ in (part.id, item.id)}
    named = [("/tie_break", id_) for id_ in book.tie_break]
    named += [("/stars/of", id_) for id_ in (book.stars.of if book.stars else ())]
    for pointer, id_ in named:
        if id_ not in ids:
            yield error("unknown_item", pointer, f"没有部分或考核项“{id_}”", f"no part or item {id_}")


def _quota(pointer: str, grade: Grade, quota: Quota, *, has_groups: bool) -> Iterator[Finding]:
    if (quota.share is None) == (quota.count is None):
        yield error("one_bound", pointer, "share 与 count 应且只应给出一个", "give share or count, one of them")
    if grade.at_least is None:
        zh, en = "最低等次不能有名额限制：超出者无处可降", "the lowest grade takes no quota: there is nothing below it"
        yield error("quota_on_lowest", pointer, zh, en)
    if quota.among is Among.GROUP and not has_groups:
        zh, en = "本细则没有分组", "this book has no groups"
        yield error("unknown_group", f"{pointer}/among", zh, en)


def _stars(book: Rulebook, stars: Stars) -> Iterator[Finding]:
    most = len(stars.of)
    for g, grade in enumerate(book.grades):
        for name, bound in (("at_least", grade.at_least), ("below", grade.below)):
            if bound is not None and (bound != int(bound) or bound < 0):
                zh, en = "按星数定等次，应为整数", "grades by stars need whole numbers"
                yield error("star_bounds", f"/grades/{g}/{name}", zh, en)
        if grade.at_least is not None and grade.at_least > most:
            zh, en = f"最多只有 {most} 颗星", f"there are {most} stars at most"
            yield error("unreachable", f"/grades/{g}/at_least", zh, en)


def _bases(book: Rulebook) -> Iterator[Finding]:
    bases: list[tuple[str, Basis]] = [("", book.basis)]
    bases += [(pointer, item.basis) for pointer, _, item in pointed(book)]
    bases += [(pointer, limit.basis) for pointer, limit in pointed_limits(book)]
    for pointer, basis in bases:
        if not basis.document.strip():
            zh, en = (
                "缺少依据：应写明文件（document）和条款（clause）",
                "has no basis: name the document and the clause",
            )
            yield error("missing_basis", f"{pointer}/basis", zh, en)


def _clauses(book: Rulebook) -> Iterator[Finding]:
    """Warn of clauses that no item, veto or cap rests on."""
    told = [item.basis.clause for _, item in book.items()] + [limit.basis.clause for limit in book.limits()]
    for c, clause in enumerate(book.clauses):
        if not any(clause in each for each in told):
            zh, en = f"条款“{clause}”没有对应的考核项", f"no item rests on the clause {clause}"
            yield warning("clause_without_rule", f"/clauses/{c}", zh, en)


def _evidence(book: Rulebook, measures: Measures) -> Iterator[Finding]:
    groups: list[str | None] = [group.id for group in book.groups] or [None]
    told: set[tuple[str, str]] = set()
    for group in groups:
        seen: dict[str, str] = {}
        for pointer, part, item in pointed(book):
            if part.group not in {None, group}:
                continue
            for piece in _pieces(item, measures):
                first = seen.setdefault(piece, item.id)
                if first != item.id and (first, item.id) not in told:
                    told.add((first, item.id))
                    zh = f"与“{first}”使用同一佐证（{piece}），可能重复计分"
                    yield warning("same_evidence", pointer, zh, f"counts the same evidence ({piece}) as {first}")


def _pieces(item: Item, measures: Measures) -> Iterator[str]:
    for name in item.rule.measures:
        if base_of(name) != MARK and name in measures:
            # Records of different quarters are different records.
            yield from (f"{each}@{item.window}" if item.window else each for each in measures[name].evidence)
