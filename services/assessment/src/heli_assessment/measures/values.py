"""The value of each measure for each subject, from the registry's facts and the records of the period."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from heli_assessment.engine.amounts import VALUE_SCALE, value_to_int
from heli_assessment.engine.book import MARK, POINTS, SCORE
from heli_assessment.engine.inputs import Input, State
from heli_assessment.intake.domain import COUNTY, WHOLE_COUNTY, Post, Ratio, RegistryFacts
from heli_assessment.measures.activities import ACTIVITY_KINDS, LEVELLED, LEVELS
from heli_assessment.measures.domain import (
    ASSIGNMENTS,
    COUNTY_PREFIX,
    DATA_FRESHNESS,
    QUALITY,
    REFRESH_CHECK,
    Source,
)
from heli_assessment.measures.registry import REGISTRY_MEASURES, VISITS_MADE_RATE, VISITS_REQUIRED
from heli_assessment.measures.work import WORK_MEASURES, WorkRecords
from heli_shared.kernel.spans import due_of_year
from heli_shared.statistics.measures import share
from heli_shared.statistics.parameters import parameter

Record = Mapping[str, Any]

_MONTHS_IN_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are assessed, both included; the last one is the day of the run."""

    first: date
    last: date

    def holds(self, day: str | None) -> bool:
        """Say whether an ISO day lies within the period, year included."""
        return day is not None and self.first.isoformat() <= day <= self.last.isoformat()


@dataclass(frozen=True, slots=True)
class MeasureValue:
    """One input and, for a share, what it is a share of."""

    input: Input
    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that measures are read from: facts, and the open records of the period.

    `activities` are by subject, `reporting` the units that recorded any; the rest is by unit.
    `scores` holds what other rulebooks gave, by their id and subject, and what items gave in an earlier year; `drawn`
    what was drawn for a subject's item;
    `windows` the evidence of each slice of the year, None where it has not begun.
    """

    period: Period
    rulebook: str
    facts: RegistryFacts
    activities: Mapping[str, list[Record]]
    tasks: Mapping[str, list[Record]]
    marks: Mapping[tuple[str, str], Record]
    work: Mapping[str, WorkRecords] = field(default_factory=dict)
    scores: Mapping[tuple[str, str], Input] = field(default_factory=dict)
    drawn: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    windows: "Mapping[str, Evidence | None]" = field(default_factory=dict)
    reporting: frozenset[str] = frozenset()
    answers: Mapping[str, str | None] = field(default_factory=dict)


def gather(
    *,
    period: Period,
    rulebook: str,
    facts: RegistryFacts,
    activities: Iterable[Record],
    tasks: Iterable[Record],
    marks: Iterable[Record],
    work: Mapping[str, WorkRecords] | None = None,
    tasks_until: date | None = None,
) -> Evidence:
    """Return the evidence of a period: open records in it, and of several marks on one item the latest.

    Marks carry `marked_on`, the day from which their value holds. Tasks count that are due until the end of the year,
    or until a day that is given.
    """
    done: dict[str, list[Record]] = defaultdict(list)
    held = [each for each in activities if each["state"] == "open" and period.holds(each["held_on"])]
    whose = _whose(facts.kind, facts)
    for each in held:
        for subject in whose(each):
            done[subject].append(each)
    given: dict[str, list[Record]] = defaultdict(list)
    year_end = (tasks_until or date(period.last.year, 12, 31)).isoformat()
    for each in tasks:
        if each["state"] == "open" and period.first.isoformat() <= each["due_on"] <= year_end:
            given[each["unit"]].append(each)
    latest: dict[tuple[str, str], Record] = {}
    for each in sorted(marks, key=lambda mark: (mark["marked_on"], mark["version"])):
        if each["state"] == "open" and each["rulebook"] == rulebook and period.holds(each["marked_on"]):
            latest[each["subject"], each["item"]] = each
    return Evidence(
        period, rulebook, facts, done, given, latest, work or {},
        reporting=frozenset(each["unit"] for each in held),
        answers={subject.id: subject.unit for subject in facts.subjects},
    )  # fmt: skip


def _whose(kind: str, facts: RegistryFacts) -> Callable[[Record], Iterable[str]]:
    """Return what says of which subjects of a kind an activity is."""
    if kind in {"organization", "enterprise"}:
        return lambda each: (each[kind],) if each.get(kind) else ()
    if kind == "instructor":
        people = {post.id: person for person, posts in facts.posts.items() for post in posts}
        return lambda each: (people[each["assignment"]],) if each.get("assignment") in people else ()
    if kind == "secretary":
        led: dict[str, list[str]] = defaultdict(list)
        for person, posts in facts.posts.items():
            for organization in {post.organization for post in posts} - {None}:
                led[str(organization)].append(person)
        return lambda each: led.get(each.get("organization") or "", ())
    return lambda each: (each["unit"],)


def values_of(subject: str, keys: Iterable[str], evidence: Evidence) -> dict[str, MeasureValue]:
    """Return the value of each input key for a subject: a measure, `mark:ITEM`, `score:RULEBOOK`; or one @ a window."""
    return {key: _value(subject, key, evidence) for key in keys}


def _value(subject: str, key: str, evidence: Evidence) -> MeasureValue:
    key, _, window = key.partition("@")
    if not window:
        return _within(subject, key, evidence)
    within = evidence.windows[window]
    if within is None:  # The window has not begun: nobody can know yet.
        return _without(State.MISSING, Source.ACTIVITIES, evidence.period.last)
    return _within(subject, key, within)


def _within(subject: str, key: str, evidence: Evidence) -> MeasureValue:
    measure, _, owner = key.partition(":")
    if measure == MARK:
        return _marked(subject, owner, evidence)
    if measure in {SCORE, POINTS}:
        return _scored(subject, owner if measure == SCORE else key, evidence)
    if measure in ASSIGNMENTS:
        count = evidence.facts.sent.get((subject, ASSIGNMENTS[measure][4]), 0)
        return _known(count, Source.ASSIGNMENTS, evidence.facts.on)
    readers = (
        (REGISTRY_MEASURES, _of_registry),
        ((VISITS_REQUIRED, VISITS_MADE_RATE), _of_visits),
        (QUALITY, _of_quality),
        (_TASKS, _of_tasks),
        (WORK_MEASURES, _of_work),
        (_ACTIVITIES, _of_activities),
    )
    for measures, read in readers:
        if measure in measures:
            return read(subject, measure, evidence)
    return _statistic(subject, measure, evidence)


def _scored(subject: str, rulebook: str, evidence: Evidence) -> MeasureValue:
    score = evidence.scores.get((rulebook, subject))
    return _without(State.MISSING, Source.RUNS, evidence.period.last) if score is None else MeasureValue(score)


def _known(value: int | Decimal, source: Source, on: date | str, ratio: Ratio | None = None) -> MeasureValue:
    known = Input(value_to_int(Decimal(value)), State.VALUE, source.value, str(on))
    if ratio is None or ratio.denominator is None:
        return MeasureValue(known)
    return MeasureValue(known, ratio.numerator, ratio.denominator)


def _without(state: State, source: Source, on: date) -> MeasureValue:
    return MeasureValue(Input(0, state, source.value, on.isoformat()))


def _marked(subject: str, owner: str, evidence: Evidence) -> MeasureValue:
    item, _, seat = owner.partition(".")
    drawn = evidence.drawn.get((subject, item))
    if drawn is not None and int(seat) > len(drawn):  # Fewer could be drawn than the rule asks for.
        return _without(State.NOT_APPLICABLE, Source.MARKS, evidence.period.last)
    mark = evidence.marks.get((subject, owner))
    if mark is None:
        return _without(State.MISSING, Source.MARKS, evidence.period.last)
    return _known(Decimal(mark["value"]), Source.MARKS, mark["marked_on"])


def _of_quality(subject: str, measure: str, evidence: Evidence) -> MeasureValue:
    facts = evidence.facts
    found = facts.quality.get(subject)
    if found is None:
        return _without(State.NOT_APPLICABLE, Source.QUALITY, facts.on)
    all_, bad = (found.records, found.with_errors)
    if measure == DATA_FRESHNESS:
        all_, bad = found.checks.get(REFRESH_CHECK, (0, 0))
    value = share(all_ - bad, all_)
    if value is None:
        return _without(State.NOT_APPLICABLE, Source.QUALITY, facts.on)
    return _known(value, Source.QUALITY, facts.on, Ratio(all_ - bad, all_))


def _of_registry(subject: str, measure: str, evidence: Evidence) -> MeasureValue:
    on = evidence.facts.on
    whose = WHOLE_COUNTY if measure.startswith(COUNTY_PREFIX) else subject
    found = evidence.facts.counts[measure].get(whose)
    if found is None:
        return _without(State.NOT_APPLICABLE, Source.RECORDS, on)
    if found.part is None:
        return _without(State.MISSING, Source.RECORDS, on)
    if found.whole is None:
        return _known(found.part, Source.RECORDS, on)
    value = share(found.part, found.whole) or Decimal(0)  # no row, no value: there is something to divide by
    return _known(value, Source.RECORDS, on, Ratio(found.part, found.whole))


def _of_visits(subject: str, measure: str, evidence: Evidence) -> MeasureValue:
    """Return the visits due of an instructor's posts, or the share of them that was made; see `alarms`."""
    posts = evidence.facts.posts.get(subject, ())
    due = {post.id: _visits_due(post, evidence.period) for post in posts}
    required, last = sum(due.values()), evidence.period.last
    if measure == VISITS_REQUIRED:
        return _known(required, Source.RECORDS, evidence.facts.on)
    if not _is_reported(subject, evidence):
        return _without(State.MISSING, Source.ACTIVITIES, last)
    visits = [each for each in evidence.activities.get(subject, ()) if each["kind"] == "visit"]
    made = sum(min(due[post], sum(each["assignment"] == post for each in visits)) for post in due)
    value = share(made, required)
    if value is None:
        return _without(State.NOT_APPLICABLE, Source.ACTIVITIES, last)
    return _known(value, Source.ACTIVITIES, last, Ratio(made, required))


def _visits_due(post: Post, period: Period) -> int:
    """Return how many of a post's planned visits of the year of the period's end were due within the period."""
    usual = parameter("instructor.visits_per_year").find(period.last)
    planned = post.visits_per_year or (int(usual.value) if usual else 0)
    start = max(date(period.last.year, 1, 1), post.since)
    return due_of_year(start, planned, on=period.last) - due_of_year(start, planned, on=max(start, period.first))


def _statistic(subject: str, measure: str, evidence: Evidence) -> MeasureValue:
    whose = COUNTY if measure.startswith(COUNTY_PREFIX) else subject
    on = evidence.facts.on
    ratio = evidence.facts.ratios.get(whose, {}).get(measure.removeprefix(COUNTY_PREFIX))
    if ratio is None:
        # Nobody is responsible for no enterprise by accident: a unit without enterprises has no such duty.
        return _without(State.NOT_APPLICABLE, Source.STATISTICS, on)
    if ratio.denominator is None:
        return _known(ratio.numerator, Source.STATISTICS, on)
    value = share(ratio.numerator, ratio.denominator)
    if value is None:
        nothing = _without(State.NOT_APPLICABLE, Source.STATISTICS, on)
        return MeasureValue(nothing.input, ratio.numerator, ratio.denominator)
    return _known(value, Source.STATISTICS, on, ratio)


Records = list[Record]


def _months(records: Records) -> int:
    return len({each["held_on"][:7] for each in records})


def _quarters(records: Records) -> int:
    return len({(each["held_on"][:4], (int(each["held_on"][5:7]) - 1) // _MONTHS_IN_QUARTER) for each in records})


def _activity_measures() -> dict[str, tuple[str, str | None, Callable[[Records], int]]]:
    """Return by measure: the kind of activity, the level if any, and how its records are counted."""
    found: dict[str, tuple[str, str | None, Callable[[Records], int]]] = {}
    for kind, (id_, *_) in ACTIVITY_KINDS.items():
        found[id_] = (kind, None, len)
        if kind in LEVELLED:
            found |= {f"{id_}_{level}": (kind, level, len) for level in LEVELS}
    found["training_participants"] = ("training", None, lambda rows: sum(each["participants"] or 0 for each in rows))
    found["training_days"] = ("training", None, lambda rows: sum(each.get("days") or 0 for each in rows))
    found["visited_enterprises"] = (
        "visit",
        None,
        lambda rows: len({each["enterprise"] for each in rows if each["enterprise"]}),
    )
    found["visit_quarters"] = ("visit", None, _quarters)
    found["visit_months"] = ("visit", None, _months)
    found["meeting_quarters"] = ("meeting", None, _quarters)
    found["information_report_months"] = ("information_report", None, _months)
    return found


_ACTIVITIES = _activity_measures()


def _is_reported(subject: str, evidence: Evidence) -> bool:
    """Say whether silence means nothing was done: the subject, or the unit that answers for it, recorded something."""
    return bool(evidence.activities.get(subject)) or evidence.answers.get(subject) in evidence.reporting


def activities_counted(subject: str, measure: str, evidence: Evidence) -> list[Record]:
    """Return the records that a measure of activities counts for a subject."""
    if measure == VISITS_MADE_RATE:
        measure = "visits"
    kind, level, _ = _ACTIVITIES[measure]
    mine = evidence.activities.get(subject, ())
    return [each for each in mine if each["kind"] == kind and level in {None, each["level"]}]


def _of_activities(subject: str, measure: str, evidence: Evidence) -> MeasureValue:
    if not _is_reported(subject, evidence):
        return _without(State.MISSING, Source.ACTIVITIES, evidence.period.last)
    _, _, count = _ACTIVITIES[measure]
    records = activities_counted(subject, measure, evidence)
    on = max((each["held_on"] for each in records), default=evidence.period.last.isoformat())
    return _known(count(records), Source.ACTIVITIES, on)


def _of_work(subject: str, measure: str, evidence: Evidence) -> MeasureValue:
    last = evidence.period.last
    records = evidence.work.get(subject, WorkRecords())
    value, part, whole = WORK_MEASURES[measure].count(records, last.isoformat())
    if value is None:
        return _without(State.NOT_APPLICABLE, Source.WORK, last)
    return _known(value, Source.WORK, last, None if whole is None or part is None else Ratio(part, whole))


def _is_done(task: Record, last: str) -> bool:
    if task["done_on"] is not None:
        return bool(task["done_on"] <= last)
    return task["target"] is not None and Decimal(task["progress"] or 0) >= Decimal(task["target"]) > 0


def _is_late(task: Record) -> bool:
    return task["done_on"] is not None and bool(task["done_on"] > task["due_on"])


def _progress(task: Record, last: str) -> Fraction:
    if _is_done(task, last):
        return Fraction(1)
    target = Fraction(task["target"] or 0)
    return min(Fraction(task["progress"] or 0) / target, Fraction(1)) if target > 0 else Fraction(0)


_TASKS = ("tasks_total", "tasks_done", "task_done_rate", "task_progress_rate", "overdue_tasks", "late_tasks")


def _of_tasks(subject: str, measure: str, evidence: Evidence) -> MeasureValue:
    last = evidence.period.last.isoformat()
    ours = evidence.tasks.get(subject, [])
    due = [task for task in ours if task["due_on"] <= last]
    counted = ours if measure == "task_progress_rate" else due
    if not counted:
        return _without(State.NOT_APPLICABLE, Source.TASKS, evidence.period.last)
    done = sum(_is_done(task, last) for task in due)
    if measure == "task_done_rate":
        return _known(share(done, len(due)) or Decimal(0), Source.TASKS, last, Ratio(done, len(due)))
    if measure == "task_progress_rate":
        mean = sum((_progress(task, last) for task in ours), Fraction(0)) / len(ours)
        return _known(_four_places(mean), Source.TASKS, last)
    counts = {
        "tasks_total": len(due),
        "tasks_done": done,
        "overdue_tasks": len(due) - done,
        "late_tasks": sum(_is_late(task) and _is_done(task, last) for task in due),
    }
    return _known(counts[measure], Source.TASKS, last)


def _four_places(value: Fraction) -> Decimal:
    scaled = Decimal(value.numerator * VALUE_SCALE * 10 // value.denominator) / (VALUE_SCALE * 10)
    return scaled.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
