"""What is wrong with vetoes, caps and consequences: what they look at, when they strike, what they do."""

from collections.abc import Iterator

from heli_assessment.engine.book import MARK, Limit, Rulebook, WhenNotApplicable
from heli_assessment.engine.rules.base import base_of
from heli_assessment.measures.domain import Source
from heli_assessment.rulebooks.findings import Finding, Measures, error, pointed_limits

LOOKING_BACK = {Source.ACTIVITIES, Source.MARKS}


def check_limits(book: Rulebook, measures: Measures) -> Iterator[Finding]:
    """Yield what is wrong with each of them."""
    titles = {grade.title for grade in book.grades}
    for pointer, limit in pointed_limits(book):
        if (limit.at_least is None) == (limit.below is None):
            yield error(
                "one_bound", pointer, "at_least 与 below 应且只应给出一个", "give at_least or below, one of them"
            )
        yield from _looks_at(pointer, limit, book)
        yield from _time(pointer, limit, measures)
        if limit.running > 1 and limit.measure is None:
            yield from _running(pointer, limit, book)
        if limit.grade is not None and limit.grade not in titles:
            yield error("unknown_grade", f"{pointer}/grade", f"没有等次“{limit.grade}”", f"no grade {limit.grade}")
        if pointer.startswith("/caps"):
            yield from _cap(pointer, limit, book)


def _looks_at(pointer: str, limit: Limit, book: Rulebook) -> Iterator[Finding]:
    if limit.item is None:
        if limit.measure is None:
            zh, en = "应写明 measure（测度）或 item（考核项、部分或本细则编号）", "name a measure, or an item"
            yield error("nothing_looked_at", pointer, zh, en)
        elif limit.below is not None and limit.below <= 0:
            zh, en = "数值不会小于 0，永不触发", "values are never below 0: it never strikes"
            yield error("unreachable", f"{pointer}/below", zh, en)
        return
    items = {item.id: item for _, item in book.items()}
    if limit.item not in {book.id, *(part.id for part in book.parts), *items}:
        zh, en = f"没有部分或考核项“{limit.item}”", f"no part or item {limit.item}"
        yield error("unknown_item", f"{pointer}/item", zh, en)
    elif limit.measure is not None:
        reads = items[limit.item].input_keys() if limit.item in items else ()
        if base_of(limit.measure) != MARK or limit.key() not in reads:
            zh = "item 与 measure 同用时，measure 只能是该考核项所用的评分（mark）"
            yield error("form_misfit", f"{pointer}/measure", zh, "beside item, measure is a mark that the item reads")


def _running(pointer: str, limit: Limit, book: Rulebook) -> Iterator[Finding]:
    """Refuse to read points of earlier years that a run keeps only as they counted, scaled or bounded."""
    for part in book.parts:
        if limit.item not in {part.id, *(item.id for item in part.items)}:
            continue
        is_shared = any(item.not_applicable is WhenNotApplicable.EXCLUDED for item in part.items)
        if part.scaled_from is not None or part.slices or is_shared or (part.most, part.least) != (None, None):
            zh = "该部分的得分经折算或限额，往年只存计入的得分，不能连年比较"
            en = "the part is scaled or bounded: of earlier years only what counted is kept, which cannot be compared"
            yield error("form_misfit", f"{pointer}/running", zh, en)


def _time(pointer: str, limit: Limit, measures: Measures) -> Iterator[Finding]:
    measure = None if limit.measure is None else measures.get(base_of(limit.measure))
    if limit.look_back is not None and (measure is None or measure.source not in LOOKING_BACK):
        name = (limit.measure or limit.item or "", measure.zh if measure else limit.item)
        zh, en = f"“{name[1]}”不能回溯：只有工作记录和评分可以", f"{name[0]} cannot look back: records and marks can"
        yield error("no_look_back", f"{pointer}/look_back", zh, en)
    if limit.look_back is not None and limit.running > 1:
        zh, en = "look_back 与 running 只能给出一个", "give look_back or running, one of them"
        yield error("form_misfit", f"{pointer}/running", zh, en)


def _cap(pointer: str, limit: Limit, book: Rulebook) -> Iterator[Finding]:
    if limit.grade is None and limit.most is None:
        yield error("cap_without_grade", pointer, "封顶条件应指定 grade 或 most", "a cap must name a grade or `most`")
    if limit.most is None:
        return
    if limit.item is None:
        zh = "限制总分（most）的条件应看考核项的得分（item）：缺数按该项的规定处理"
        en = "a cap on the score looks at an item: what is missing is then settled by the item"
        yield error("most_needs_item", f"{pointer}/most", zh, en)
    if limit.most >= book.maximum and not any(part.kind.value == "bonus" for part in book.parts):
        zh, en = f"总分不会超过 {book.maximum}，没有作用", f"the score never exceeds {book.maximum}: it does nothing"
        yield error("unreachable", f"{pointer}/most", zh, en)
