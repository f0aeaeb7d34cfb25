"""A run's pins, results and explanation as plain values; the same pins always give the same bytes."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from heli_assessment.engine.amounts import points_text, value_text
from heli_assessment.engine.explaining import Explanation, ItemExplanation, LimitExplanation
from heli_assessment.engine.inputs import Input, State, inputs_of
from heli_assessment.engine.plan import ScoringPlan, grade_titles
from heli_assessment.engine.scoring import DISQUALIFIED, Ranks, Verdicts, rank, score
from heli_assessment.intake.domain import Subject
from heli_assessment.measures.values import MeasureValue


@dataclass(frozen=True, slots=True)
class Pins:
    """Everything that decides a run's result."""

    rulebook: str
    version: int
    digest: str
    on: str
    period_from: str
    registry_epoch: str
    registry_known_at: int
    records_epoch: str
    records_known_at: int

    def run_id(self) -> str:
        """Return the id that follows from the pins: the same pins name the same run."""
        hashed = hashlib.sha256(_canonical(asdict(self)).encode()).digest()
        return "run-" + base64.b32encode(hashed).decode().lower()[:26]


@dataclass(frozen=True, slots=True)
class SubjectResult:
    """One subject's line: points in hundredths, rank None when disqualified, and the inputs it was scored from."""

    position: int
    subject: str
    name: str
    group: str | None
    score: int
    low: int
    high: int
    grade: str | None
    rank: int | None
    best_rank: int | None
    worst_rank: int | None
    points: Mapping[str, int]
    inputs: Mapping[str, Any]


def score_subjects(
    plan: ScoringPlan, subjects: Sequence[Subject], values: Sequence[Mapping[str, MeasureValue]]
) -> list[SubjectResult]:
    """Return the results of all subjects, best rank first, disqualified last, equal ranks by id."""
    groups = [plan.book.group_of(subject.id, subject.name) for subject in subjects]
    rows = [{key: value.input for key, value in row.items()} for row in values]
    verdicts = score(plan, inputs_of(rows, [plan.group_index(group) for group in groups], plan.keys))
    ranks = rank(verdicts)
    order = sorted(range(len(subjects)), key=lambda i: (not ranks.rank[i], int(ranks.rank[i]), subjects[i].id))
    titles = grade_titles(plan.book)
    return [
        _result(plan, verdicts, ranks, index=i, position=position, subject=subjects[i], group=groups[i],
                titles=titles, row=values[i])
        for position, i in enumerate(order, 1)
    ]  # fmt: skip


def _result(  # noqa: PLR0913 - the columns of one row meet here
    plan: ScoringPlan,
    verdicts: Verdicts,
    ranks: Ranks,
    *,
    index: int,
    position: int,
    subject: Subject,
    group: str | None,
    titles: Sequence[str],
    row: Mapping[str, MeasureValue],
) -> SubjectResult:
    grade = int(verdicts.grades[index])
    return SubjectResult(
        position=position,
        subject=subject.id,
        name=subject.name,
        group=group,
        score=int(verdicts.low_scores[index]),
        low=int(verdicts.low_scores[index]),
        high=int(verdicts.high_scores[index]),
        grade=None if grade == DISQUALIFIED else titles[grade],
        rank=int(ranks.rank[index]) or None,
        best_rank=int(ranks.best[index]) or None,
        worst_rank=int(ranks.worst[index]) or None,
        points={
            item.id: int(verdicts.points[i, index])
            for i, item in enumerate(plan.items)
            if verdicts.states[i, index] >= 0
        },
        inputs={key: _stored(value) for key, value in row.items()},
    )


def _stored(value: MeasureValue) -> list[Any]:
    kept = value.input
    return [kept.value, kept.state.value, kept.source, kept.on, value.numerator, value.denominator]


def stored_inputs(inputs: Mapping[str, Sequence[Any]]) -> dict[str, MeasureValue]:
    """Return the measure values of a stored line."""
    return {
        key: MeasureValue(Input(value, State(state), source, on), numerator, denominator)
        for key, (value, state, source, on, numerator, denominator) in inputs.items()
    }


def digest_of(pins: Pins, results: Sequence[SubjectResult]) -> str:
    """Return the digest over pins, inputs and results: what a repetition must reproduce."""
    lines = _canonical({"pins": asdict(pins), "results": [asdict(result) for result in results]})
    return hashlib.sha256(lines.encode()).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def result_json(result: SubjectResult) -> dict[str, Any]:
    """Return one line of the list of scores."""
    return {
        "subject": result.subject,
        "name": result.name,
        "group": result.group,
        "score": points_text(result.score),
        "range": {"low": points_text(result.low), "high": points_text(result.high)},
        "grade": result.grade,
        "rank": result.rank,
        "rank_range": {"best": result.best_rank, "worst": result.worst_rank},
    }


def explanation_json(
    run: str, result: SubjectResult, told: Explanation, *, values: Mapping[str, MeasureValue]
) -> dict[str, Any]:
    """Return one subject's score with everything that explains it."""
    limits = [_limit_json(limit) for limit in told.limits if limit.is_veto]
    caps = [_limit_json(limit) for limit in told.limits if not limit.is_veto]
    items = [_item_json(item, values) for item in told.items]
    return {"run": run, **result_json(result), "items": items, "vetoes": limits, "caps": caps}


def _item_json(told: ItemExplanation, values: Mapping[str, MeasureValue]) -> dict[str, Any]:
    item = told.item
    why = told.why_not_full
    return {
        "id": item.id,
        "title": item.title,
        "part": told.part.title,
        "points": points_text(told.points),
        "maximum": points_text(int(item.maximum * 100)),
        "range": {"low": None if told.low is None else points_text(told.low), "high": points_text(told.high)},
        "state": told.state.value,
        "rule": told.rule.zh,
        "rule_en": told.rule.en,
        "basis": str(item.basis),
        "evidence": item.evidence,
        "scorer": item.scorer,
        "values": [_value_json(key, value, values.get(key)) for key, value in told.values],
        "why_not_full": why.zh if why else None,
        "why_not_full_en": why.en if why else None,
        "to_gain": [
            {
                "change": advice.change.zh,
                "change_en": advice.change.en,
                "set": {key: value_text(to) for key, to in advice.settings.items()},
                "gain": points_text(advice.gain),
            }
            for advice in told.to_gain
        ],
    }


def _value_json(key: str, value: Input, whole: MeasureValue | None) -> dict[str, Any]:
    return {
        "measure": key,
        "value": value_text(value.value) if value.state is State.VALUE else None,
        "state": value.state.value,
        "numerator": whole.numerator if whole else None,
        "denominator": whole.denominator if whole else None,
        "source": value.source,
        "on": value.on,
    }


def _limit_json(told: LimitExplanation) -> dict[str, Any]:
    return {
        "id": told.limit.id,
        "title": told.limit.title,
        "basis": str(told.limit.basis),
        "verdict": told.verdict,
        "effect": told.effect.zh,
        "effect_en": told.effect.en,
        "value": _value_json(told.limit.key(), told.value, None),
    }
