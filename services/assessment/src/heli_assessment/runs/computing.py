"""Computing the results of a rulebook: pull the facts, read the records, score everybody; nothing is stored."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from heli_assessment.activities.models import ACTIVITY
from heli_assessment.engine.amounts import POINT_SCALE, VALUE_SCALE
from heli_assessment.engine.book import MARK as MARK_MEASURE
from heli_assessment.engine.book import POINTS, SCORE
from heli_assessment.engine.inputs import Input, State
from heli_assessment.engine.plan import ScoringPlan
from heli_assessment.engine.windows import MONTHS_IN_YEAR, WINDOWS, months_before, window_days, years_of
from heli_assessment.intake.asking import FactSource
from heli_assessment.intake.domain import Place, RegistryFacts, Row, Subject, Wanted
from heli_assessment.marks.models import MARK
from heli_assessment.measures.domain import QUALITY, Source, catalogue, row_name
from heli_assessment.measures.registry import REGISTRY_MEASURES
from heli_assessment.measures.values import Evidence, Period, activities_counted, gather, values_of
from heli_assessment.runs.domain import Results, score_subjects
from heli_assessment.runs.repository import Run, settled_scores
from heli_assessment.runs.work import work_records
from heli_assessment.samples.domain import Sample
from heli_assessment.tasks.models import TASK
from heli_shared.kernel.errors import Conflict
from heli_shared.ledger.folding import fold
from heli_shared.ledger.reading import by_key
from heli_shared.records.calls import RecordCall
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Moment, Record, iterate_as_of, record_of_fold

_SUBJECTS = {
    "department": "成员单位",
    "township": "乡镇街道",
    "organization": "党组织",
    "enterprise": "企业",
    "instructor": "在任指导员",
    "secretary": "在任书记",
}


_KEPT = {MARK_MEASURE, SCORE, POINTS}
"""What is read from this service's own records, whatever the registry knew."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is computed from: days, seqs (None: the registry's head), marks of which rulebook, runs and samples.

    `earlier` holds the runs of so many years before.
    """

    on: date
    period_from: date
    registry_known_at: int | None
    records_known_at: int
    marks_of: str
    scores: tuple[Run, ...] = ()
    samples: tuple[Sample, ...] = ()
    earlier: Mapping[int, tuple[Run, ...]] = field(default_factory=dict)

    def runs(self) -> tuple[Run, ...]:
        """Return every run that is read."""
        return (*self.scores, *(run for runs in self.earlier.values() for run in runs))

    def years_before(self, years: int) -> Period:
        """Return the period so many years before."""
        back = years * MONTHS_IN_YEAR
        return Period(months_before(self.period_from, back), months_before(self.on, back))


@dataclass(frozen=True, slots=True)
class Computed:
    """The results, and the place in the registry's ledger that they rest on."""

    epoch: str
    registry_known_at: int
    subjects: tuple[Subject, ...]
    results: Results


@dataclass(frozen=True, slots=True)
class Behind:
    """The records behind a value, and the epoch of the registry's ledger that they were read from."""

    epoch: str
    rows: tuple[Row, ...]


class Computer:
    """Computes results from the registry's facts and this service's records."""

    def __init__(self, source: FactSource) -> None:
        """Ask `source` for facts."""
        self._source = source

    def compute(self, call: RecordCall, plan: ScoringPlan, asked: Asked) -> Computed:
        """Return the results of all subjects; Conflict when there is nobody to score."""
        wanted = wanted_by(plan)
        facts = self._source.facts(asked.on, asked.registry_known_at, wanted)
        asked = replace(asked, registry_known_at=facts.known_at)
        if not facts.subjects:
            who = plan.book.subject_kind
            raise Conflict(
                f"登记服务中没有{_SUBJECTS[who]}（{who}），无法考核。", f"The registry has no {who}: nobody to score."
            )
        evidence = self._evidence(call, plan, facts, asked, wanted)
        values = [values_of(subject.id, plan.keys, evidence) for subject in facts.subjects]
        results = score_subjects(plan, facts.subjects, values)
        return Computed(facts.epoch, facts.known_at, facts.subjects, results)

    def rows(self, call: RecordCall, plan: ScoringPlan, asked: Asked, *, subject: str, key: str) -> "Behind":
        """Return the records behind one value of a subject, as they were on the day and at the seqs of `asked`."""
        measure, _, window = key.partition("@")
        source = catalogue()[measure].source
        wanted = wanted_by(plan)
        if source is not Source.ACTIVITIES:
            wanted = Wanted(plan.book.subject_kind, rows=(row_name(measure), subject))
            first, last = window_days(window, asked.on) if window else (asked.on, asked.on)
            day = min(last, asked.on) if window in WINDOWS else asked.on
            facts = self._source.facts(day, asked.registry_known_at, wanted)
            return Behind(facts.epoch, () if first > asked.on else facts.rows)
        facts = self._source.facts(asked.on, asked.registry_known_at, wanted)
        evidence: Evidence | None = self._evidence(call, plan, facts, asked, wanted)
        if evidence is not None and window:
            evidence = evidence.windows[window]
        counted = [] if evidence is None else activities_counted(subject, measure, evidence)
        rows = (
            Row(ACTIVITY.entity, each["id"], each["title"], Place(each["unit"]), 1, None)
            for each in sorted(counted, key=lambda record: str(record["id"]))
        )
        return Behind(facts.epoch, tuple(rows))

    def _evidence(
        self, call: RecordCall, plan: ScoringPlan, facts: RegistryFacts, asked: Asked, wanted: Wanted
    ) -> Evidence:
        records = _Records(call, asked)
        whole = records.gathered(facts, Period(asked.period_from, asked.on), tasks_until=None)
        windows = {key.partition("@")[2] for key in plan.keys if "@" in key}
        found = {
            each: self._window(records, each, facts, asked, wanted)
            if years_of(each) is None
            else self._year_before(call, records, each, facts, plan, asked, wanted)
            for each in sorted(windows)
        }
        return replace(whole, scores=_scores(call, plan, asked.scores), drawn=_drawn(asked.samples), windows=found)

    def _year_before(
        self,
        call: RecordCall,
        records: "_Records",
        window: str,
        facts: RegistryFacts,
        plan: ScoringPlan,
        asked: Asked,
        wanted: Wanted,
    ) -> Evidence:
        """Return the evidence of the same period some years before, the scores of that year with it."""
        years = years_of(window) or 0
        period = asked.years_before(years)
        reads_facts = any(key.endswith(f"@{window}") and key.partition(":")[0] not in _KEPT for key in plan.keys)
        if reads_facts:
            facts = self._source.facts(period.last, asked.registry_known_at, wanted)
        evidence = records.gathered(facts, period, tasks_until=None)
        return replace(evidence, scores=_scores(call, plan, asked.earlier.get(years, ())))

    def _window(
        self, records: "_Records", window: str, facts: RegistryFacts, asked: Asked, wanted: Wanted
    ) -> Evidence | None:
        """Return the evidence of a window up to the day of the run; None where it has not begun."""
        first, last = window_days(window, asked.on)
        if first > asked.on:
            return None
        end = min(last, asked.on)
        if window in WINDOWS and end != asked.on:
            facts = self._source.facts(end, asked.registry_known_at, wanted)
        return records.gathered(facts, Period(first, end), tasks_until=last)


class _Records:
    """The records of this service as they were on the day and at the seq that are asked for, read once."""

    def __init__(self, call: RecordCall, asked: Asked) -> None:
        self._call, self._asked = call, asked
        self._activities = list(_records(call, ACTIVITY, asked))
        self._tasks = list(_records(call, TASK, asked))
        self._marks = list(_dated_marks(call, asked))

    def gathered(self, facts: RegistryFacts, period: Period, *, tasks_until: date | None) -> Evidence:
        return gather(
            period=period,
            rulebook=self._asked.marks_of,
            facts=facts,
            activities=self._activities,
            tasks=self._tasks,
            marks=self._marks,
            work=work_records(self._call, period, on=self._asked.on, known_at=self._asked.records_known_at),
            tasks_until=tasks_until,
        )


def wanted_by(plan: ScoringPlan) -> Wanted:
    """Return what the registry has to say for a plan."""
    read = _bare(plan)
    counts = frozenset(read & REGISTRY_MEASURES.keys())
    return Wanted(plan.book.subject_kind, quality=not QUALITY.isdisjoint(read), counts=counts)


def _bare(plan: ScoringPlan) -> set[str]:
    return {key.partition("@")[0] for key in plan.keys}


def _scores(call: RecordCall, plan: ScoringPlan, runs: Iterable[Run]) -> dict[tuple[str, str], Input]:
    """Return the scores of runs by rulebook and subject; of this rulebook the points of items and parts, too."""
    members: dict[str, tuple[str, ...]] = {f"{POINTS}:{item.id}": (item.id,) for _, item in plan.book.items()}
    members |= {f"{POINTS}:{part.id}": tuple(item.id for item in part.items) for part in plan.book.parts}
    found: dict[tuple[str, str], Input] = {}

    def put(name: str, subject: str, points: int, run: Run) -> None:
        value = points * (VALUE_SCALE // POINT_SCALE)
        found[name, subject] = Input(value, State.VALUE, Source.RUNS.value, run.pins.on)

    for run in runs:
        for subject, (score, points) in settled_scores(call.session, run.id).items():
            put(run.pins.rulebook, subject, max(score, 0), run)
            if run.pins.rulebook == plan.book.id:
                for name, ids in members.items():
                    if any(id_ in points for id_ in ids):
                        put(name, subject, sum(points.get(id_, 0) for id_ in ids), run)
    return found


def _drawn(samples: Iterable[Sample]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    return {place: drawn for sample in samples for place, drawn in sample.drawn().items()}


def _records(call: RecordCall, kind: RecordKind, asked: Asked) -> Iterable[Record]:
    return iterate_as_of(call.session, call.ledger, kind, Moment(asked.on, asked.records_known_at))


def _dated_marks(call: RecordCall, asked: Asked) -> Iterator[dict[str, Any]]:
    """Yield marks with `marked_on`: the day from which the value in force holds."""
    for key, entries in by_key(call.session, call.ledger, MARK.entity, on=asked.on, known_at=asked.records_known_at):
        mark = fold(entries)
        if mark is not None:
            days = [entry.effective_on for entry in entries if "value" in entry.changes]
            yield {**record_of_fold(MARK, key, mark), "marked_on": max(days).isoformat()}
