"""A run's pins, results and explanation as plain values; the same pins always give the same bytes."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from heli_assessment.engine.amounts import IntArray, points_text, value_text
from heli_assessment.engine.explaining import Explanation, ItemExplanation
from heli_assessment.engine.explaining_limits import LimitExplanation
from heli_assessment.engine.inputs import Input, State, inputs_of
from heli_assessment.engine.plan import ScoringPlan, grade_titles
from heli_assessment.engine.ranking import Cut, Ranks, grade_range, rank, with_quotas
from heli_assessment.engine.scoring import DISQUALIFIED, Verdicts, score
from heli_assessment.engine.standings import standings_json, standings_of
from heli_assessment.intake.domain import Place, Row, Subject
from heli_assessment.measures.domain import QUALITY, quality_rows_link, rows_link
from heli_assessment.measures.values import MeasureValue

_OPTIONAL = {"window", "scores", "samples", "draft"}
RowsOf = Callable[[str, Input], str | None]
"""Where the records behind a value are listed, or None."""


@dataclass(frozen=True, slots=True)
class Pins:
    """Everything that decides a run's result, and whether its rules were a draft when it was made."""

    rulebook: str
    version: int
    digest: str
    on: str
    period_from: str
    registry_epoch: str
    registry_known_at: int
    records_epoch: str
    records_known_at: int
    window: str | None = None
    scores: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    draft: bool = False

    def run_id(self) -> str:
        """Return the id that follows from the pins: the same pins name the same run."""
        hashed = hashlib.sha256(_canonical(self.said()).encode()).digest()
        return "run-" + base64.b32encode(hashed).decode().lower()[:26]

    def said(self) -> dict[str, Any]:
        """Return the pins as values; those that are not used are left out, so that ids of earlier runs stay."""
        return {name: value for name, value in asdict(self).items() if name not in _OPTIONAL or value}


@dataclass(frozen=True, slots=True)
class SubjectResult:
    """One subject's line: points in hundredths, rank None when disqualified, and the inputs it was scored from.

    `unit` answers for the subject, `division` and `zone` are where it lies: whoever sees one of them sees the line.
    """

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
    unit: str | None = None
    low_grade: str | None = None
    high_grade: str | None = None
    division: str | None = None
    zone: str | None = None

    @property
    def place(self) -> Place:
        """Return where the subject belonged on the day of the run."""
        return Place(self.unit, self.division, self.zone)

    def said(self) -> dict[str, Any]:
        """Return the line as values; a grade that nothing can change is said once, and where it lies is no result."""
        whole = asdict(self)
        del whole["division"], whole["zone"]
        if self.low_grade == self.grade == self.high_grade:
            del whole["low_grade"], whole["high_grade"]
        if self.unit in {None, self.subject}:
            del whole["unit"]
        return whole


@dataclass(frozen=True, slots=True)
class Results:
    """The lines of a run, and what belongs to all of them: the standings of ranked items and the cuts of quotas."""

    lines: list[SubjectResult]
    standings: Mapping[str, Any] = field(default_factory=dict)
    cuts: tuple[Mapping[str, Any], ...] = ()


def score_subjects(
    plan: ScoringPlan, subjects: Sequence[Subject], values: Sequence[Mapping[str, MeasureValue]]
) -> Results:
    """Return the results of all subjects, best rank first, disqualified last, equal ranks by id."""
    groups = [plan.book.group_of(subject.id, subject.name) for subject in subjects]
    indices = np.array([plan.group_index(group) for group in groups], dtype=np.int64)
    rows = [{key: value.input for key, value in row.items()} for row in values]
    inputs = inputs_of(rows, indices.tolist(), plan.keys)
    standings = standings_of(plan, inputs)
    verdicts = score(plan, inputs, standings)
    grades, cuts = with_quotas(plan, verdicts, indices)
    scored = _Scored(plan, verdicts, rank(plan, verdicts), grades, grade_range(plan, verdicts, grades, indices))
    ranks = scored.ranks.rank
    order = sorted(range(len(subjects)), key=lambda i: (not ranks[i], int(ranks[i]), subjects[i].id))
    lines = [
        scored.line(index=i, position=position, subject=subjects[i], group=groups[i], row=values[i])
        for position, i in enumerate(order, 1)
    ]
    return Results(lines, standings_json(standings), tuple(_cut_json(plan, cut) for cut in cuts))


@dataclass(frozen=True, slots=True)
class _Scored:
    """Everything that was decided about all subjects."""

    plan: ScoringPlan
    verdicts: Verdicts
    ranks: Ranks
    grades: IntArray
    range: tuple[IntArray, IntArray]

    def line(
        self, *, index: int, position: int, subject: Subject, group: str | None, row: Mapping[str, MeasureValue]
    ) -> SubjectResult:
        verdicts, ranks = self.verdicts, self.ranks
        return SubjectResult(
            position=position,
            subject=subject.id,
            name=subject.name,
            group=group,
            score=int(verdicts.low_scores[index]),
            low=int(verdicts.low_scores[index]),
            high=int(verdicts.high_scores[index]),
            grade=self._title(self.grades, index),
            rank=int(ranks.rank[index]) or None,
            best_rank=int(ranks.best[index]) or None,
            worst_rank=int(ranks.worst[index]) or None,
            points={
                item.id: int(verdicts.points[i, index])
                for i, item in enumerate(self.plan.items)
                if verdicts.states[i, index] >= 0
            },
            inputs={key: _stored(value) for key, value in row.items()},
            unit=subject.unit,
            low_grade=self._title(self.range[0], index),
            high_grade=self._title(self.range[1], index),
            division=subject.division,
            zone=subject.zone,
        )

    def _title(self, grades: IntArray, index: int) -> str | None:
        grade = int(grades[index])
        return None if grade == DISQUALIFIED else grade_titles(self.plan.book)[grade]


def _cut_json(plan: ScoringPlan, cut: Cut) -> dict[str, Any]:
    """Return how a quota was used; the margin is what lies between the last one in and the first one out."""
    last, first = cut.last_in, cut.first_out
    return {
        "grade": grade_titles(plan.book)[cut.grade],
        "group": None if cut.group < 0 else plan.book.groups[cut.group].id,
        "places": cut.places,
        "given": cut.given,
        "last_in": None if last is None else points_text(last),
        "first_out": None if first is None else points_text(first),
        "margin": None if last is None or first is None else points_text(last - first),
    }


def _stored(value: MeasureValue) -> list[Any]:
    kept = value.input
    return [kept.value, kept.state.value, kept.source, kept.on, value.numerator, value.denominator]


def stored_inputs(inputs: Mapping[str, Sequence[Any]]) -> dict[str, MeasureValue]:
    """Return the measure values of a stored line."""
    return {
        key: MeasureValue(Input(value, State(state), source, on), numerator, denominator)
        for key, (value, state, source, on, numerator, denominator) in inputs.items()
    }


def digest_of(pins: Pins, results: Results) -> str:
    """Return the digest over pins, inputs and results: what a repetition must reproduce."""
    told: dict[str, Any] = {"pins": pins.said(), "results": [result.said() for result in results.lines]}
    shared = {"standings": results.standings, "cuts": results.cuts}
    lines = _canonical(told | {name: value for name, value in shared.items() if value})
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
        "grade_range": {"lowest": result.low_grade, "highest": result.high_grade},
        "rank": result.rank,
        "rank_range": {"best": result.best_rank, "worst": result.worst_rank},
    }


def row_json(row: Row) -> dict[str, Any]:
    """Return one record behind a value."""
    place = asdict(row.place)
    return {"entity": row.entity, "key": row.key, "name": row.name, **place, "part": row.part, "whole": row.whole}


HELD = "held"
"""The state of the line that says what a cap takes from the score."""


def explanation_json(
    run: str,
    result: SubjectResult,
    told: Explanation,
    *,
    values: Mapping[str, MeasureValue],
    known_at: int,
    drawn: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """Return one subject's score with everything that explains it.

    `known_at` is the registry's seq of the run, `drawn` what was drawn for the subject, by item.
    """

    def rows_of(key: str, value: Input) -> str | None:
        bare = key.partition("@")[0]
        if value.state is not State.VALUE:
            return None
        if bare not in QUALITY:
            return rows_link(key, value.source, run=run, subject=result.subject)
        return quality_rows_link(bare, unit=result.subject, on=value.on or "", known_at=known_at)

    limits = {
        name: [_limit_json(each, rows_of) for each in told.limits if each.kind == kind]
        for kind, name in (("veto", "vetoes"), ("cap", "caps"), ("consequence", "consequences"))
    }
    items = [_item_json(item, values, rows_of) | {"drawn": list(drawn.get(item.item.id, ()))} for item in told.items]
    if told.held:
        items.append(_held_json(told))
    whole = {"stars": told.stars, "held": points_text(told.held), "items": items}
    return {"run": run, **result_json(result), **whole, **limits}


def _item_json(told: ItemExplanation, values: Mapping[str, MeasureValue], rows_of: RowsOf) -> dict[str, Any]:
    item = told.item
    why = told.why_not_full
    return {
        "id": item.id,
        "title": item.title,
        "part": told.part.title,
        "points": points_text(told.points),
        "maximum": points_text(told.maximum),
        "unscaled": {"points": points_text(told.raw), "maximum": points_text(int(item.maximum * 100))},
        "range": {"low": None if told.low is None else points_text(told.low), "high": points_text(told.high)},
        "state": told.state.value,
        "rule": told.rule.zh,
        "rule_en": told.rule.en,
        "basis": str(item.basis),
        "evidence": item.evidence,
        "evidence_kinds": [kind.value for kind in item.evidence_kinds],
        "scorer": item.scorer,
        "window": item.window,
        "values": [_value_json(key, value, values.get(key), rows_of) for key, value in told.values],
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


def _held_json(told: Explanation) -> dict[str, Any]:
    """Return what the strictest cap takes from the score as a line of its own, so that all lines sum to the score."""
    holding = [each for each in told.limits if each.limit.most is not None and each.verdict != "not_triggered"]
    cap = min(holding, key=lambda each: each.limit.most or 0)
    taken = points_text(-told.held)
    return {
        "id": cap.limit.id,
        "title": cap.limit.title,
        "part": "封顶",
        "points": taken,
        "maximum": points_text(0),
        "unscaled": {"points": taken, "maximum": points_text(0)},
        "range": {"low": taken, "high": taken if cap.verdict == "triggered" else points_text(0)},
        "state": HELD,
        "rule": f"{cap.condition.zh}的，{cap.effect.zh}",
        "rule_en": f"{cap.condition.en}: {cap.effect.en}",
        "basis": str(cap.limit.basis),
        "evidence": "",
        "evidence_kinds": [],
        "scorer": "",
        "window": None,
        "values": [],
        "why_not_full": None,
        "why_not_full_en": None,
        "to_gain": [],
        "drawn": [],
    }


def _value_json(key: str, value: Input, whole: MeasureValue | None, rows_of: RowsOf) -> dict[str, Any]:
    return {
        "measure": key,
        "value": value_text(value.value) if value.state is State.VALUE else None,
        "state": value.state.value,
        "numerator": whole.numerator if whole else None,
        "denominator": whole.denominator if whole else None,
        "source": value.source,
        "on": value.on,
        "rows": rows_of(key, value),
    }


def _limit_json(told: LimitExplanation, rows_of: RowsOf) -> dict[str, Any]:
    values = [_value_json(key, value, None, rows_of) for key, value in told.values]
    looks_at_measure = told.limit.measure is not None
    return {
        "id": told.limit.id,
        "title": told.limit.title,
        "basis": str(told.limit.basis),
        "verdict": told.verdict,
        "condition": told.condition.zh,
        "condition_en": told.condition.en,
        "effect": told.effect.zh,
        "effect_en": told.effect.en,
        "value": values[0] if looks_at_measure else None,
        "earlier": values[1:] if looks_at_measure else values,
    }
