"""What each measure counts, from records and facts that a person can count by hand."""

from datetime import date

import pytest

from heli_assessment.engine.amounts import value_text
from heli_assessment.engine.inputs import State
from heli_assessment.intake.domain import Counted, Ratio, RegistryFacts, Subject, UnitQuality
from heli_assessment.measures.domain import catalogue
from heli_assessment.measures.registry import REGISTRY_MEASURES
from heli_assessment.measures.values import Period, gather, values_of

OURS, OTHERS, IDLE = "unt-ours", "unt-others", "unt-idle"
PERIOD = Period(date(2026, 1, 1), date(2026, 6, 30))


def activity(kind, day, *, unit=OURS, state="open", **more):
    blank = {"level": None, "participants": None, "enterprise": None}
    return {"kind": kind, "unit": unit, "held_on": day, "state": state, **blank, **more}


def task(due, *, progress="0", done=None, target="10", unit=OURS, state="open"):
    return {"unit": unit, "due_on": due, "progress": progress, "done_on": done, "target": target, "state": state}


ACTIVITIES = [
    activity("meeting", "2026-01-01"),
    activity("meeting", "2026-06-30"),
    activity("meeting", "2025-06-30"),
    activity("meeting", "2026-07-01"),
    activity("meeting", "2026-03-01", state="closed"),
    activity("meeting", "2026-03-01", unit=OTHERS),
    activity("visit", "2026-02-01", enterprise="A"),
    activity("visit", "2026-03-31", enterprise="A"),
    activity("visit", "2026-04-01", enterprise="B"),
    activity("visit", "2025-05-01", enterprise="C"),
    activity("information_report", "2026-02-03", level="city"),
    activity("information_report", "2026-02-20", level="province"),
    activity("information_report", "2026-05-20"),
    activity("training", "2026-05-20", participants=30),
    activity("training", "2026-05-21"),
]
TASKS = [
    task("2026-03-31", progress="10", done="2026-03-30"),
    task("2026-03-31", progress="10", done="2026-04-02"),
    task("2026-05-31", progress="10"),
    task("2026-06-30", progress="4"),
    task("2026-12-31", progress="5"),
    task("2025-12-31"),
    task("2026-02-01", state="closed"),
    task("2026-02-01", unit=OTHERS),
]
FACTS = RegistryFacts(
    on=PERIOD.last,
    known_at=9,
    epoch="e",
    subjects=(Subject(OURS, "我们"),),
    ratios={
        None: {"organization_coverage": Ratio(1, 3), "enterprise_count": Ratio(3, None)},
        OURS: {"organization_coverage": Ratio(2, 3), "due_established_rate": Ratio(0, 0)},
    },
    sent={(OURS, "instructor"): 2, (OTHERS, "instructor"): 7},
    counts={each: {OURS: Counted(1, 2)} for each in REGISTRY_MEASURES},
    quality={
        OURS: UnitQuality(8, 2, {"enterprise.refresh-stale": (3, 1)}),
        OTHERS: UnitQuality(5, 0, {}),
    },
)


def mark(version, day, value, *, state="open", rulebook="book"):
    return {
        "subject": OURS, "item": "x", "rulebook": rulebook, "value": value, "marked_on": day, "state": state,
        "version": version,
    }  # fmt: skip


MARKS = [
    mark(1, "2026-05-01", "1"),
    mark(2, "2026-06-01", "2"),
    mark(3, "2026-06-01", "2.5"),
    mark(4, "2026-06-20", "9", state="closed"),
    mark(5, "2026-06-20", "9", rulebook="other"),
    mark(6, "2025-06-20", "9"),
]


def value_of(key, unit=OURS):
    evidence = gather(period=PERIOD, rulebook="book", facts=FACTS, activities=ACTIVITIES, tasks=TASKS, marks=MARKS)
    found = values_of(unit, [key], evidence)[key].input
    return value_text(found.value) if found.state is State.VALUE else found.state.value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("meetings", "2"),
        ("visits", "3"),
        ("visited_enterprises", "2"),
        ("visit_quarters", "2"),
        ("information_reports", "3"),
        ("information_reports_city", "1"),
        ("information_reports_county", "0"),
        ("information_report_months", "2"),
        ("trainings", "2"),
        ("training_participants", "30"),
        ("inspections", "0"),
        ("tasks_total", "4"),
        ("tasks_done", "3"),
        ("task_done_rate", "0.75"),
        ("task_progress_rate", "0.78"),
        ("overdue_tasks", "1"),
        ("late_tasks", "1"),
        ("organization_coverage", "0.6667"),
        ("county_organization_coverage", "0.3333"),
        ("county_enterprise_count", "3"),
        ("due_established_rate", "not_applicable"),
        ("instructors_sent", "2"),
        ("liaisons_sent", "0"),
        ("data_quality", "0.75"),
        ("data_freshness", "0.6667"),
        ("mark:x", "2.5"),
        ("mark:y", "missing"),
    ],
)
def test_a_measure_counts_what_it_says(key, value):
    assert value_of(key) == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("meetings", "missing"),
        ("overdue_tasks", "not_applicable"),
        ("task_done_rate", "not_applicable"),
        ("organization_coverage", "not_applicable"),
        ("county_organization_coverage", "0.3333"),
        ("instructors_sent", "0"),
    ],
)
def test_a_unit_that_reported_nothing_has_no_silent_zero(key, value):
    assert value_of(key, IDLE) == value


def test_every_measure_of_the_catalogue_has_a_value_or_a_reason_and_names_its_source():
    evidence = gather(period=PERIOD, rulebook="book", facts=FACTS, activities=ACTIVITIES, tasks=TASKS, marks=MARKS)
    for id_, measure in catalogue().items():
        found = values_of(OURS, [id_], evidence)[id_]
        assert found.input.source == measure.source.value
        assert found.input.on


@pytest.mark.parametrize(
    ("unit", "key", "state"),
    [
        (OTHERS, "data_quality", "1"),
        (OTHERS, "data_freshness", "not_applicable"),
        ("unt-none", "data_quality", "not_applicable"),
    ],
)
def test_quality_does_not_apply_where_there_is_nothing_to_judge(unit, key, state):
    assert value_of(key, unit) == state
