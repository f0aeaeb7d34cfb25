"""What a cycle's result earns: stars within quotas, allowances by grade, the first so many for a list; with reasons.

Quotas never exceed: who ties with the last place beyond a quota falls to the next level, and so do all who tie.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Candidate:
    """One subject's result; grade and rank are None when it was vetoed."""

    subject: str
    name: str
    score: Decimal
    grade: str | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Level:
    """A star level: from which score it is given, and to how many at most (None: to all who reach it)."""

    title: str
    at_least: Decimal
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What is proposed for one subject, an amount in yuan where there is one, and why."""

    subject: str
    name: str
    award: str | None
    amount: Decimal | None
    zh: str
    en: str


def quota_of(share: Decimal, size: int) -> int:
    """Return how many a share of `size` subjects is, rounded down: a quota is never exceeded."""
    return int(share * size)


def stars(candidates: Iterable[Candidate], levels: Sequence[Level]) -> list[Line]:
    """Return the star level of each candidate; levels are tried from the highest score down."""
    ordered = sorted(levels, key=lambda level: -level.at_least)
    waiting = sorted(candidates, key=lambda each: (-each.score, each.subject))
    lines = [_vetoed(each) for each in waiting if each.grade is None]
    waiting = [each for each in waiting if each.grade is not None]
    passed: dict[str, str] = {}
    for level in ordered:
        reaching = [each for each in waiting if each.score >= level.at_least]
        given = _within(reaching, level.quota)
        for each in reaching:
            if each in given:
                lines.append(_starred(each, level, passed.get(each.subject)))
            else:
                passed[each.subject] = level.title
        waiting = [each for each in waiting if each not in given]
    return lines + [_unstarred(each, ordered, passed.get(each.subject)) for each in waiting]


def _within(reaching: Sequence[Candidate], quota: int | None) -> list[Candidate]:
    """Return those within a quota, best first; who ties across its edge is left out with all who tie."""
    if quota is None or len(reaching) <= quota:
        return list(reaching)
    edge = reaching[quota].score
    return [each for each in reaching[:quota] if each.score > edge]


def _starred(each: Candidate, level: Level, passed: str | None) -> Line:
    zh = f"得分 {each.score}，达到{level.title}的 {level.at_least} 分"
    en = f"score {each.score} reaches {level.at_least} for {level.title}"
    if passed is not None:
        zh, en = f"{zh}（{passed}名额已满）", f"{en} (the quota of {passed} is used up)"
    return Line(each.subject, each.name, level.title, None, zh, en)


def _unstarred(each: Candidate, ordered: Sequence[Level], passed: str | None) -> Line:
    if passed is not None:
        zh, en = f"得分 {each.score}，{passed}名额已满", f"score {each.score}: the quota of {passed} is used up"
    else:
        least = ordered[-1].at_least
        zh, en = (
            f"得分 {each.score}，未达最低星级的 {least} 分",
            f"score {each.score} is below {least}, the lowest level",
        )
    return Line(each.subject, each.name, None, None, zh, en)


def _vetoed(each: Candidate) -> Line:
    return Line(each.subject, each.name, None, None, "一票否决，不参加评定", "vetoed: takes no part")


def allowances(candidates: Iterable[Candidate], table: Mapping[str, Decimal]) -> list[Line]:
    """Return the payment of each candidate by its grade; grades that the table does not name are paid nothing."""
    lines = []
    for each in sorted(candidates, key=lambda found: (found.rank is None, found.rank or 0, found.subject)):
        if each.grade is None:
            lines.append(_vetoed(each))
            continue
        amount = table.get(each.grade)
        if amount is None:
            zh, en = f"等次“{each.grade}”不发放", f"the grade {each.grade} is paid nothing"
            lines.append(Line(each.subject, each.name, None, None, zh, en))
        else:
            zh, en = f"等次“{each.grade}”，标准 {amount} 元", f"grade {each.grade}: {amount} yuan"
            lines.append(Line(each.subject, each.name, each.grade, amount, zh, en))
    return lines


def best(candidates: Iterable[Candidate], count: int, grades: frozenset[str], award: str) -> list[Line]:
    """Return the first `count` of those with one of the grades (any when none is named) as proposed for an award."""
    everybody = sorted(candidates, key=lambda each: (-each.score, each.subject))
    able = [each for each in everybody if each.grade is not None and (not grades or each.grade in grades)]
    chosen = _within(able, count)
    lines = []
    for each in everybody:
        if each in chosen:
            zh, en = f"得分 {each.score}，名次 {each.rank}", f"score {each.score}, rank {each.rank}"
            lines.append(Line(each.subject, each.name, award, None, zh, en))
        elif each.grade is None:
            lines.append(_vetoed(each))
        elif each not in able:
            zh, en = f"等次“{each.grade}”不在推荐范围", f"the grade {each.grade} is not among those proposed"
            lines.append(Line(each.subject, each.name, None, None, zh, en))
        else:
            zh, en = f"得分 {each.score}，超出名额 {count} 个", f"score {each.score}: beyond the quota of {count}"
            lines.append(Line(each.subject, each.name, None, None, zh, en))
    return lines
