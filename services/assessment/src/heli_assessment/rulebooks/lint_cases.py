"""What is wrong with the cases of a rulebook before they are run: names that are not there."""

from collections.abc import Iterator

from heli_assessment.engine.book import Case, Rulebook
from heli_assessment.engine.rules.ranked import Ranked
from heli_assessment.rulebooks.findings import Finding, error


def check_cases(book: Rulebook) -> Iterator[Finding]:
    """Yield what is wrong with each case, or with each subject of one."""
    ranked = {key for _, item in book.items() if isinstance(item.rule, Ranked) for key in item.input_keys()}
    for c, case in enumerate(book.cases):
        for key in case.others:
            if key not in ranked:
                zh, en = f"本细则没有按“{key}”排名", f"this book does not rank by {key}"
                yield error("unused_value", f"/cases/{c}/others/{key}", zh, en)
        for pointer, each in pointed_subjects(f"/cases/{c}", case):
            yield from _one(pointer, each, book)


def pointed_subjects(pointer: str, case: Case) -> Iterator[tuple[str, Case]]:
    """Yield the subjects of a case with their pointers: each of several, or the case itself."""
    if not case.subjects:
        yield pointer, case
    for s, subject in enumerate(case.subjects):
        yield f"{pointer}/subjects/{s}", subject


def _one(pointer: str, case: Case, book: Rulebook) -> Iterator[Finding]:
    keys, items, groups = set(book.keys()), {item.id for _, item in book.items()}, {group.id for group in book.groups}
    for key in case.values:
        if key not in keys:
            zh, en = f"本细则没有使用“{key}”", f"this book does not read {key}"
            yield error("unused_value", f"{pointer}/values/{key}", zh, en)
    for id_ in case.points:
        if id_ not in items:
            yield error("unknown_item", f"{pointer}/expect/items/{id_}", f"没有考核项“{id_}”", f"no item {id_}")
    for id_ in case.triggers or ():
        if id_ not in {limit.id for limit in book.limits()}:
            zh, en = f"没有否决、封顶或后果“{id_}”", f"no veto, cap or consequence {id_}"
            yield error("unknown_item", f"{pointer}/expect/triggers", zh, en)
    if groups and case.group not in groups:
        yield error("unknown_group", f"{pointer}/group", "应为 groups 中的一个分组", "must be one of `groups`")
    if not groups and case.group is not None:
        yield error("unknown_group", f"{pointer}/group", "本细则没有分组", "this book has no groups")
