"""Vetoes, caps and consequences of one subject, told: the condition, whether it is met, and what it does."""

from dataclasses import dataclass

from heli_assessment.engine.advising import Known
from heli_assessment.engine.amounts import short_points, value_to_int
from heli_assessment.engine.book import Limit, Rulebook
from heli_assessment.engine.inputs import Input
from heli_assessment.engine.rules.base import Label, Sentence

VERDICTS = ("not_triggered", "triggered", "unknown")


@dataclass(frozen=True, slots=True)
class LimitExplanation:
    """One veto, cap or consequence of one subject: not_triggered, triggered or unknown.

    `values` are the inputs it looks at, this year's first; what looks at points has those of earlier years alone.
    """

    limit: Limit
    kind: str
    verdict: str
    values: tuple[tuple[str, Input], ...]
    condition: Sentence
    effect: Sentence


def explain_limits(known: Known) -> tuple[LimitExplanation, ...]:
    """Return all of them, in the order of the book."""
    book = known.plan.book
    kinds = (("veto", book.vetoes), ("cap", book.caps), ("consequence", book.consequences))
    pairs = [(kind, limit) for kind, limits in kinds for limit in limits]
    return tuple(_limit(known, index, kind, limit) for index, (kind, limit) in enumerate(pairs))


def _limit(known: Known, index: int, kind: str, limit: Limit) -> LimitExplanation:
    keys = [key for key in (limit.key(), *limit.earlier_keys(known.plan.book.id)) if key is not None]
    return LimitExplanation(
        limit=limit,
        kind=kind,
        verdict=VERDICTS[int(known.verdicts.limits[index, 0])],
        values=tuple((key, known.value(key)) for key in keys),
        condition=_condition(known, limit),
        effect=_effect(kind, limit),
    )


def _condition(known: Known, limit: Limit) -> Sentence:
    label = _label(known, limit)
    bound = limit.below if limit.at_least is None else limit.at_least
    amount = label.amount(0 if bound is None else value_to_int(bound))
    words = Sentence(f"“{label.zh}”低于 {amount.zh}", f"{label.en} is below {amount.en}")
    if limit.at_least is not None:
        words = Sentence(f"“{label.zh}”达到 {amount.zh}", f"{label.en} reaches {amount.en}")
    if limit.look_back is not None:
        zh, en = f"近 {limit.look_back} 个月{words.zh}", f"in the last {limit.look_back} months {words.en}"
        words = Sentence(zh, en)
    if limit.running > 1:
        zh, en = f"连续 {limit.running} 年{words.zh}", f"{words.en}, {limit.running} years running"
        words = Sentence(zh, en)
    return words


def _label(known: Known, limit: Limit) -> Label:
    if limit.measure is not None:
        return known.label(limit.key() or "")
    title = _title(known.plan.book, limit.item or "")
    return Label(title, title, "分", "points", is_share=False)


def _title(book: Rulebook, id_: str) -> str:
    """Return what an item, a part or the whole book is called."""
    titles = {book.id: "总分"}
    for part, item in book.items():
        titles |= {part.id: part.title, item.id: item.title}
    return titles[id_]


def _effect(kind: str, limit: Limit) -> Sentence:
    if kind == "consequence":
        return Sentence(limit.effect or "", limit.effect or "")
    if limit.grade is None and limit.most is None:
        return Sentence("取消评定等次和排名资格", "no grade and no rank")
    zh, en = [], []
    if limit.grade is not None:
        zh.append(f"等次最高为“{limit.grade}”")
        en.append(f"the grade is at most {limit.grade}")
    if limit.most is not None:
        zh.append(f"总分最高计 {short_points(limit.most)} 分")
        en.append(f"the score is at most {short_points(limit.most)}")
    return Sentence("，".join(zh), ", ".join(en))
