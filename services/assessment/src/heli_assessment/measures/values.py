"""The value of each measure for each subject, from the registry's facts and the records of the period."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from heli_assessment.engine.amounts import VALUE_SCALE, value_to_int
from heli_assessment.engine.book import MARK
from heli_assessment.engine.inputs import Input, State
from heli_assessment.intake.domain import COUNTY, Ratio, RegistryFacts
from heli_assessment.measures.domain import ACTIVITY_KINDS, ASSIGNMENTS, COUNTY_PREFIX, LEVELLED, LEVELS, Source
from heli_shared.statistics.measures import share

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
    """Everything that measures are read from: facts, and the open records of the period by unit."""

    period: Period
    rulebook: str
    facts: RegistryFacts
    activities: Mapping[str, list[Record]]
    tasks: Mapping[str, list[Record]]
    marks: Mapping[tuple[str, str], Record]


def gather(
    *,
    period: Period,
    rulebook: str,
    facts: RegistryFacts,
    activities: Iterable[Record],
    tasks: Iterable[Record],
    marks: Iterable[Record],
) -> Evidence:
    """Return the evidence of a period: open records in it, and of several marks on one item the latest.

    Marks carry `marked_on`, the day from which their value holds.
    """
    done: dict[str, list[Record]] = defaultdict(list)
    for each in activities:
        if each["state"] == "open" and period.holds(each["held_on"]):
            done[each["unit"]].append(each)
    given: dict[str, list[Record]] = defaultdict(list)
    year_end = date(period.last.year, 12, 31).isoformat()
    for each in tasks:
        if each["state"] == "open" and period.first.isoformat() <= each["due_on"] <= year_end:
            given[each["unit"]].append(each)
    latest: dict[tuple[str, str], Record] = {}
    for each in sorted(marks, key=lambda mark: (mark["marked_on"], mark["version"])):
        if each["state"] == "open" and each["rulebook"] == rulebook and period.holds(each["marked_on"]):
            latest[each["subject"], each["item"]] = each
    return Evidence(period, rulebook, facts, done, given, latest)


def values_of(subject: str, keys: Iterable[str], evidence: Evidence) -> dict[str, MeasureValue]:
    """Return the value of each input key for a subject; a key is a measure, or `mark:ITEM`."""
    return {key: _value(subject, key, evidence) for key in keys}


def _value(subject: str, key: str, evidence: Evidence) -> MeasureValue:
    measure, _, owner = key.partition(":")
    if measure == MARK:
        return _marked(subject, owner, evidence)
    if measure in ASSIGNMENTS:
        count = evidence.facts.sent.get((subject, ASSIGNMENTS[measure][4]), 0)
        return _known(count, Source.ASSIGNMENTS, evidence.facts.on)
    if measure in _TASKS:
        return _of_tasks(subject, measure, evidence)
    if measure in _ACTIVITIES:
        return _of_activities(subject, measure, evidence)
    return _statistic(subject, measure, evidence)


def _known(value: int | Decimal, source: Source, on: date | str, ratio: Ratio | None = None) -> MeasureValue:
    known = Input(value_to_int(Decimal(value)), State.VALUE, source.value, str(on))
    if ratio is None or ratio.denominator is None:
        return MeasureValue(known)
    return MeasureValue(known, ratio.numerator, ratio.denominator)


def _without(state: State, source: Source, on: date) -> MeasureValue:
    return MeasureValue(Input(0, state, source.value, on.isoformat()))


def _marked(subject: str, owner: str, evidence: Evidence) -> MeasureValue:
    mark = evidence.marks.get((subject, owner))
    if mark is None:
        return _without(State.MISSING, Source.MARKS, evidence.period.last)
    return _known(Decimal(mark["value"]), Source.MARKS, mark["marked_on"])


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
    found["visited_enterprises"] = (
        "visit",
        None,
        lambda rows: len({each["enterprise"] for each in rows if each["enterprise"]}),
    )
    found["visit_quarters"] = ("visit", None, _quarters)
    found["information_report_months"] = ("information_report", None, _months)
    return found


_ACTIVITIES = _activity_measures()


def _of_activities(subject: str, measure: str, evidence: Evidence) -> MeasureValue:
    reported = evidence.activities.get(subject)
    if not reported:
        return _without(State.MISSING, Source.ACTIVITIES, evidence.period.last)
    kind, level, count = _ACTIVITIES[measure]
    records = [each for each in reported if each["kind"] == kind and level in {None, each["level"]}]
    on = max((each["held_on"] for each in records), default=evidence.period.last.isoformat())
    return _known(count(records), Source.ACTIVITIES, on)


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
