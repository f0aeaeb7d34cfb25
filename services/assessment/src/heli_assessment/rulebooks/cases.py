"""Cases kept beside the rules: each is scored by the engine and must give what it says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from heli_assessment.engine.amounts import points_text, points_to_int, value_to_int
from heli_assessment.engine.book import Case, Rulebook
from heli_assessment.engine.inputs import Input, Inputs, State, inputs_of
from heli_assessment.engine.limits import TRIGGERED
from heli_assessment.engine.plan import ScoringPlan, grade_titles, plan_of
from heli_assessment.engine.ranking import rank, with_quotas
from heli_assessment.engine.scoring import DISQUALIFIED, OTHER_GROUP, Verdicts, score
from heli_assessment.engine.standings import others_given
from heli_assessment.rulebooks.findings import Finding
from heli_assessment.rulebooks.lint_cases import pointed_subjects

SOURCE = "case"
DISQUALIFIED_TITLE = "取消资格"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What the book makes of one subject of a case: points in hundredths, rank 0 where it has none."""

    points: dict[str, int]
    totals: dict[str, int]
    grade: str
    rank: int
    triggers: frozenset[str]


def failing_cases(book: Rulebook) -> list[Finding]:
    """Return one finding for each expectation that the book does not meet; the book has passed the lint."""
    plan = plan_of(book)
    return [finding for c, case in enumerate(book.cases) for finding in _failing(plan, case, f"/cases/{c}")]


def _failing(plan: ScoringPlan, case: Case, pointer: str) -> Iterator[Finding]:
    pairs = list(pointed_subjects(pointer, case))
    outcomes = _together(plan, case.subjects) if case.subjects else [_alone(plan, case)]
    for (where, each), outcome in zip(pairs, outcomes, strict=True):
        title = f"{case.title}：{each.title}" if case.subjects else case.title
        yield from _compare(each, f"{where}/expect", title, outcome)


def _alone(plan: ScoringPlan, case: Case) -> _Outcome:
    """Return what one subject gets beside the others that the case gives; its grade as it is earned."""
    others = {
        key: [value_to_int(each) if isinstance(each, Decimal) else None for each in values]
        for key, values in case.others.items()
    }
    verdicts = score(plan, _inputs(plan, [case]), others_given(plan, others))
    return _outcome(plan, verdicts, 0, grade=int(verdicts.grades[0]), place=0)


def _together(plan: ScoringPlan, subjects: Sequence[Case]) -> list[_Outcome]:
    """Return what several subjects get: ranked among one another, quotas applied."""
    inputs = _inputs(plan, subjects)
    verdicts = score(plan, inputs)
    grades, _ = with_quotas(plan, verdicts, inputs.groups)
    places = rank(plan, verdicts).rank
    return [
        _outcome(plan, verdicts, index, grade=int(grades[index]), place=int(places[index]))
        for index in range(len(subjects))
    ]


def _inputs(plan: ScoringPlan, cases: Sequence[Case]) -> Inputs:
    rows = [{key: _input(value) for key, value in case.values.items()} for case in cases]
    return inputs_of(rows, [plan.group_index(case.group) for case in cases], plan.keys)


def _input(value: Decimal | str) -> Input:
    if isinstance(value, Decimal):
        return Input(value_to_int(value), State.VALUE, SOURCE, None)
    return Input(0, State(value), SOURCE, None)


def _outcome(plan: ScoringPlan, verdicts: Verdicts, index: int, *, grade: int, place: int) -> _Outcome:
    points = {
        item.id: int(verdicts.points[i, index])
        for i, item in enumerate(plan.items)
        if verdicts.states[i, index] != OTHER_GROUP
    }
    low, high = int(verdicts.low_scores[index]), int(verdicts.high_scores[index])
    title = DISQUALIFIED_TITLE if grade == DISQUALIFIED else grade_titles(plan.book)[grade]
    triggers = frozenset(
        limit.id for row, limit in enumerate(plan.book.limits()) if verdicts.limits[row, index] == TRIGGERED
    )
    return _Outcome(points, {"score": low, "low": low, "high": high}, title, place, triggers)


def _compare(case: Case, pointer: str, title: str, outcome: _Outcome) -> Iterator[Finding]:
    for id_, wanted in case.points.items():
        if id_ not in outcome.points:
            yield _failed(f"{pointer}/items/{id_}", title, str(wanted), "不属于该分组 (not of this group)")
        elif points_to_int(wanted) != outcome.points[id_]:
            yield _failed(f"{pointer}/items/{id_}", title, str(wanted), points_text(outcome.points[id_]))
    for name, wanted_total in (("score", case.score), ("low", case.low), ("high", case.high)):
        if wanted_total is not None and int(wanted_total * 100) != outcome.totals[name]:
            yield _failed(f"{pointer}/{name}", title, str(wanted_total), points_text(outcome.totals[name]))
    if case.grade not in {None, outcome.grade}:
        yield _failed(f"{pointer}/grade", title, str(case.grade), outcome.grade)
    if case.triggers not in {None, outcome.triggers}:
        wanted_ids, got = ("、".join(sorted(ids)) or "无" for ids in (case.triggers or (), outcome.triggers))
        yield _failed(f"{pointer}/triggers", title, wanted_ids, got)
    if case.rank not in {None, outcome.rank}:
        yield _failed(f"{pointer}/rank", title, str(case.rank), str(outcome.rank or DISQUALIFIED_TITLE))


def _failed(pointer: str, title: str, wanted: str, got: str) -> Finding:
    return Finding(
        "case_failed",
        "error",
        pointer,
        f"用例“{title}”应为 {wanted}，实际为 {got}",
        f"the case {title!r} expects {wanted} and gets {got}",
    )
