"""Cases kept beside the rules: each is scored by the engine and must give what it says."""

from collections.abc import Iterator
from decimal import Decimal

from heli_assessment.engine.amounts import points_text, points_to_int, value_to_int
from heli_assessment.engine.book import Case, Rulebook
from heli_assessment.engine.inputs import Input, State, inputs_of
from heli_assessment.engine.plan import grade_titles, plan_of
from heli_assessment.engine.scoring import DISQUALIFIED, OTHER_GROUP, score
from heli_assessment.rulebooks.lint import Finding

SOURCE = "case"


def failing_cases(book: Rulebook) -> list[Finding]:
    """Return one finding for each expectation that the book does not meet; the book has passed the lint."""
    plan = plan_of(book)
    if not book.cases:
        return []
    rows = [{key: _input(value) for key, value in case.values.items()} for case in book.cases]
    groups = [plan.group_index(case.group) for case in book.cases]
    verdicts = score(plan, inputs_of(rows, groups, plan.keys))
    titles = grade_titles(book)
    found: list[Finding] = []
    for c, case in enumerate(book.cases):
        grade = int(verdicts.grades[c])
        points = {
            item.id: int(verdicts.points[i, c])
            for i, item in enumerate(plan.items)
            if verdicts.states[i, c] != OTHER_GROUP
        }
        low, high = int(verdicts.low_scores[c]), int(verdicts.high_scores[c])
        outcome = {"score": low, "low": low, "high": high}
        found += _compare(case, f"/cases/{c}/expect", points, outcome)
        title = "取消资格" if grade == DISQUALIFIED else titles[grade]
        if case.grade is not None and case.grade != title:
            found.append(_failed(f"/cases/{c}/expect/grade", case.title, case.grade, title))
    return found


def _input(value: Decimal | str) -> Input:
    if isinstance(value, Decimal):
        return Input(value_to_int(value), State.VALUE, SOURCE, None)
    return Input(0, State(value), SOURCE, None)


def _compare(case: Case, pointer: str, points: dict[str, int], outcome: dict[str, int]) -> Iterator[Finding]:
    for id_, wanted in case.points.items():
        if id_ not in points:
            yield _failed(f"{pointer}/items/{id_}", case.title, str(wanted), "不属于该分组 (not of this group)")
        elif points_to_int(wanted) != points[id_]:
            yield _failed(f"{pointer}/items/{id_}", case.title, str(wanted), points_text(points[id_]))
    for name, wanted_total in (("score", case.score), ("low", case.low), ("high", case.high)):
        if wanted_total is not None and int(wanted_total * 100) != outcome[name]:
            yield _failed(f"{pointer}/{name}", case.title, str(wanted_total), points_text(outcome[name]))


def _failed(pointer: str, title: str, wanted: str, got: str) -> Finding:
    return Finding(
        "case_failed",
        "error",
        pointer,
        f"用例“{title}”应为 {wanted}，实际为 {got}",
        f"the case {title!r} expects {wanted} and gets {got}",
    )
