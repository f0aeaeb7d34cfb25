"""Two versions of a rulebook compared in words, piece by piece, by the ids of their parts, items and limits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from heli_assessment.engine.amounts import points_to_int, short_points
from heli_assessment.engine.book import Basis, Case, Grade, Group, Item, Limit, Part, Rulebook
from heli_assessment.engine.rules.base import Labels, Sentence, share_text
from heli_assessment.engine.windows import WINDOWS, rule_words

Facts = Mapping[str, tuple[Sentence, Sentence]]
"""By field: how it is named, and its value in words."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: what kind of piece, its id, what happened to it, and the sentence that says so."""

    piece: str
    id: str
    change: Literal["added", "removed", "changed"]
    field: str | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str
    id: str
    name: Sentence
    facts: Facts


def differences(before: Rulebook, after: Rulebook, labels: Labels) -> list[Difference]:
    """Return everything that differs, in the order of the later book, what was removed last."""
    old = {(piece.kind, piece.id): piece for piece in _pieces(before, labels)}
    new = {(piece.kind, piece.id): piece for piece in _pieces(after, labels)}
    found: list[Difference] = []
    for place, piece in new.items():
        if place not in old:
            found.append(_added(piece))
        else:
            found += _changed(old[place], piece)
    return found + [_removed(piece) for place, piece in old.items() if place not in new]


def _added(piece: _Piece) -> Difference:
    zh = "；".join(f"{name.zh}：{value.zh}" for name, value in piece.facts.values() if value.zh)
    en = "; ".join(f"{name.en}: {value.en}" for name, value in piece.facts.values() if value.en)
    return Difference(
        piece.kind, piece.id, "added", None, f"新增{piece.name.zh}（{zh}）", f"Added {piece.name.en} ({en})"
    )


def _removed(piece: _Piece) -> Difference:
    return Difference(piece.kind, piece.id, "removed", None, f"删去{piece.name.zh}", f"Removed {piece.name.en}")


def _changed(before: _Piece, after: _Piece) -> Iterator[Difference]:
    for field, (name, value) in after.facts.items():
        was = before.facts[field][1]
        if was != value:
            zh = f"{after.name.zh}的{name.zh}由“{was.zh or '无'}”改为“{value.zh or '无'}”"
            en = f"The {name.en} of {after.name.en} changes from “{was.en or 'none'}” to “{value.en or 'none'}”"
            yield Difference(after.kind, after.id, "changed", field, zh, en)


def _pieces(book: Rulebook, labels: Labels) -> Iterator[_Piece]:
    yield _header(book)
    for group in book.groups:
        yield _group(group)
    for part in book.parts:
        yield _part(part)
        for item in part.items:
            yield _item(part, item, labels)
    for order, grade in enumerate(book.grades):
        yield _grade(grade, order)
    for kind, limits in (("veto", book.vetoes), ("cap", book.caps), ("consequence", book.consequences)):
        for limit in limits:
            yield _limit(kind, limit, labels)
    for case in book.cases:
        yield _case(case)


def _same(value: Any) -> Sentence:
    text = "" if value is None else str(value)
    return Sentence(text, text)


def _points(value: Any) -> Sentence:
    return Sentence("", "") if value is None else Sentence(f"{short_points(value)} 分", f"{short_points(value)} points")


def _basis(basis: Basis) -> tuple[Sentence, Sentence]:
    return Sentence("依据", "basis"), _same(str(basis))


def _fact(zh: str, en: str, value: Sentence) -> tuple[Sentence, Sentence]:
    return Sentence(zh, en), value


def _header(book: Rulebook) -> _Piece:
    stars = book.stars
    counted = "" if stars is None else f"{share_text(stars.passed)}：{'、'.join(stars.of)}"
    return _Piece(
        "rulebook",
        book.id,
        Sentence("考核细则", "the rulebook"),
        {
            "title": _fact("标题", "title", _same(book.title)),
            "edition": _fact("版次", "edition", _same(book.edition)),
            "subject_kind": _fact("考核对象", "subject kind", _same(book.subject_kind)),
            "effective_from": _fact("施行日期", "day from which it holds", _same(book.effective_from)),
            "basis": _basis(book.basis),
            "maximum": _fact("满分", "maximum", _points(book.maximum)),
            "stars": _fact("计星办法", "way stars are earned", _same(counted)),
            "tie_break": _fact("同分排序", "tie-break", _same("、".join(book.tie_break))),
            "clauses": _fact("应覆盖的条款", "clauses to cover", _same("、".join(book.clauses))),
        },
    )


def _group(group: Group) -> _Piece:
    return _Piece(
        "group",
        group.id,
        Sentence(f"分组“{group.title}”", f"the group {group.id}"),
        {
            "title": _fact("名称", "title", _same(group.title)),
            "units": _fact("指定单位", "units", _same("、".join(group.units))),
            "names": _fact("名称用词", "words in names", _same("、".join(group.names))),
            "otherwise": _fact("接收其他单位", "taking all others", _same("是" if group.otherwise else "")),
        },
    )


def _part(part: Part) -> _Piece:
    windows = "、".join(f"{WINDOWS[window].words.zh} {short_points(worth)} 分" for window, worth in part.windows)
    windows_en = ", ".join(f"{WINDOWS[window].words.en} {short_points(worth)}" for window, worth in part.windows)
    return _Piece(
        "part",
        part.id,
        Sentence(f"部分“{part.title}”", f"the part {part.id}"),
        {
            "title": _fact("名称", "title", _same(part.title)),
            "kind": _fact("性质", "kind", _same(part.kind.value)),
            "group": _fact("分组", "group", _same(part.group)),
            "maximum": _fact("满分", "maximum", _points(part.maximum)),
            "scaled_from": _fact("折算前满分", "maximum before scaling", _points(part.scaled_from)),
            "windows": _fact("时段分值", "worth of windows", Sentence(windows, windows_en)),
            "mean_of": _fact("取平均的时段", "windows whose mean counts", _same("、".join(part.mean_of))),
            "most": _fact("加分上限", "most that counts", _points(part.most)),
            "least": _fact("扣分下限", "least that counts", _points(part.least)),
            "order": _fact("考核项顺序", "order of items", _same("、".join(item.id for item in part.items))),
        },
    )


def _item(part: Part, item: Item, labels: Labels) -> _Piece:
    rule = rule_words(item.rule, points_to_int(item.maximum), labels, window=item.window, each=item.each)
    return _Piece(
        "item",
        item.id,
        Sentence(f"考核项“{item.title}”", f"the item {item.id}"),
        {
            "title": _fact("标题", "title", _same(item.title)),
            "part": _fact("所属部分", "part", _same(part.id)),
            "maximum": _fact("满分", "maximum", _points(item.maximum)),
            "basis": _basis(item.basis),
            "rule": _fact("计分办法", "rule", rule),
            "measures": _fact("测度", "measures", _same("、".join(item.input_keys()))),
            "missing": _fact("缺数处理", "treatment of missing data", _same(item.missing.value)),
            "not_applicable": _fact("不适用处理", "treatment of what does not apply", _same(item.not_applicable.value)),
            "evidence": _fact("佐证", "evidence", _same(item.evidence)),
            "evidence_kinds": _fact(
                "佐证种类", "kinds of evidence", _same("、".join(kind.value for kind in item.evidence_kinds))
            ),
            "scorer": _fact("评分单位", "scoring unit", _same(item.scorer)),
        },
    )


def _grade(grade: Grade, order: int) -> _Piece:
    quota = grade.quota
    given = "" if quota is None else share_text(quota.share) if quota.share is not None else str(quota.count)
    ties = "" if quota is None else f"{quota.rounding.value}, {'keep' if quota.ties_keep else 'lose'}, {quota.among}"
    return _Piece(
        "grade",
        grade.title,
        Sentence(f"等次“{grade.title}”", f"the grade {grade.title}"),
        {
            "at_least": _fact("下限", "lower bound", _same(grade.at_least)),
            "below": _fact("上限（不含）", "upper bound (excluded)", _same(grade.below)),
            "quota": _fact("名额", "quota", _same(given)),
            "quota_ties": _fact("名额取整与并列", "rounding and ties of the quota", _same(ties)),
            "order": _fact("次序", "order", _same(order + 1)),
        },
    )


_LIMITS = {"veto": ("一票否决", "veto"), "cap": ("封顶", "cap"), "consequence": ("后果", "consequence")}


def _limit(kind: str, limit: Limit, labels: Labels) -> _Piece:
    name = _LIMITS[kind]
    months = "" if limit.look_back is None else str(limit.look_back)
    read = Sentence("", "")
    if limit.measure is not None:
        read = Sentence(labels[limit.measure].zh, labels[limit.measure].en or limit.measure)
    return _Piece(
        kind,
        limit.id,
        Sentence(f"{name[0]}“{limit.title}”", f"the {name[1]} {limit.id}"),
        {
            "title": _fact("标题", "title", _same(limit.title)),
            "basis": _basis(limit.basis),
            "measure": _fact("测度", "measure", read),
            "item": _fact("所看的考核项", "item it looks at", _same(limit.item)),
            "at_least": _fact("触发下限", "bound from which it strikes", _same(limit.at_least)),
            "below": _fact("触发上限（不含）", "bound below which it strikes", _same(limit.below)),
            "grade": _fact("最高等次", "highest grade left", _same(limit.grade)),
            "most": _fact("最高总分", "highest score left", _points(limit.most)),
            "look_back": _fact("回溯月数", "months it looks back", _same(months)),
            "running": _fact("连续年数", "years running", _same(limit.running if limit.running > 1 else None)),
            "effect": _fact("后果", "effect", _same(limit.effect)),
        },
    )


def _case(case: Case) -> _Piece:
    single = _case_facts(case)
    several = "；".join(
        f"{each.title}：{'，'.join(value.zh for _, value in _case_facts(each).values() if value.zh)}"
        for each in case.subjects
    )
    facts = {**single, "subjects": _fact("各对象", "subjects", _same(several))}
    return _Piece("case", case.title, Sentence(f"用例“{case.title}”", f"the case {case.title}"), facts)


def _case_facts(case: Case) -> Facts:
    inputs = "、".join(f"{key}={value}" for key, value in case.values.items())
    others = "、".join(f"{key}={list(map(str, values))}" for key, values in case.others.items())
    expected = [f"{id_}={points}" for id_, points in case.points.items()]
    totals = {"score": case.score, "low": case.low, "high": case.high, "grade": case.grade, "rank": case.rank}
    expected += [f"{name}={value}" for name, value in totals.items() if value is not None]
    if case.triggers is not None:
        expected.append(f"triggers={sorted(case.triggers)}")
    return {
        "group": _fact("分组", "group", _same(case.group)),
        "values": _fact("输入", "inputs", _same(inputs)),
        "others": _fact("其他对象", "others", _same(others)),
        "expect": _fact("应得", "expected result", _same("、".join(expected))),
    }
