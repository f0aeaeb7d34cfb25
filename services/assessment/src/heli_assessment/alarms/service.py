"""All alarms of a day that the caller may see: tasks, rhythms, visits, pairings, orders, letters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from heli_assessment.access import Units
from heli_assessment.alarms.domain import (
    Alarm,
    Rhythm,
    commission_of,
    pairing_alarms,
    rhythm_alarms,
    superior_of,
    visit_alarms,
)
from heli_assessment.alarms.repository import activities_since
from heli_assessment.inspections.service import orders_waiting
from heli_assessment.intake.domain import Unit
from heli_assessment.letters.service import letters_late
from heli_assessment.tasks.domain import Thresholds, alert_of
from heli_assessment.tasks.service import tasks_waiting
from heli_shared.kernel.workdays import working_days_between
from heli_shared.records.calls import RecordCall
from heli_shared.statistics.parameters import parameter

_WORKING_UNITS = frozenset({"department", "township", "park"})


@dataclass(frozen=True, slots=True)
class _Day:
    """What every alarm is worked out with: the day, the units, and which of them the caller sees."""

    on: date
    units: Mapping[str, Unit]
    inside: frozenset[str]
    directory: Units

    def number(self, name: str) -> int:
        return int(parameter(name).on(self.on))


def alarms_of(
    call: RecordCall, directory: Units, *, kind: str | None = None, unit: str | None = None, told: str | None = None
) -> list[Alarm]:
    """Return today's alarms, the latest first; of one kind, unit or told unit where that is asked for."""
    inside = directory.units_in(call.principal.scope)
    day = _Day(call.clock.today(), directory.units(), inside, directory)
    found = [*_of_tasks(call, day), *_of_activities(call, day), *_of_orders(call, day), *_of_letters(call, day)]
    wanted = [
        each
        for each in found
        if each.unit in inside
        and (kind is None or each.kind == kind)
        and (unit is None or each.unit == unit)
        and (told is None or each.told == told)
    ]
    return sorted(wanted, key=lambda each: (-each.days_late, each.kind, each.unit, each.subject))


def _of_tasks(call: RecordCall, day: _Day) -> Iterator[Alarm]:
    steps = Thresholds(
        day.number("task.remind_days"),
        day.number("task.escalate_superior_days"),
        day.number("task.escalate_commission_days"),
    )
    for task in tasks_waiting(call):
        alert = alert_of(task.due_on, day.on, steps, day.directory.is_working)
        if alert is None:
            continue
        told = {"unit": task.unit, "superior": superior_of(task.unit, day.units),
                "commission": commission_of(day.units) or superior_of(task.unit, day.units)}[alert.told]  # fmt: skip
        progress, target, word = task.progress or "0", task.target, task.measure_word or ""
        done = f"完成{progress}{word}，目标{target}{word}" if target else "尚未完成"
        done_en = f"{progress} of {target} done" if target else "not done"
        kind = "task_overdue" if alert.is_overdue else "task_due"
        yield Alarm(
            kind, task.unit, task.id, told, alert.since, task.due_on, alert.days_late,
            f"{task.title}：{done}", f"{task.title}: {done_en}",
        )  # fmt: skip


def _of_activities(call: RecordCall, day: _Day) -> list[Alarm]:
    rhythms = (
        Rhythm("meeting_rhythm", "meeting", _WORKING_UNITS, day.number("meeting.max_gap_months")),
        Rhythm("report_rhythm", "information_report", _WORKING_UNITS, day.number("information_report.max_gap_months")),
        Rhythm("joint_meeting_rhythm", "joint_meeting", frozenset({"commission"}),
               day.number("joint_meeting.max_gap_months")),
        Rhythm("inspection_rhythm", "inspection", frozenset({"commission"}), day.number("inspection.max_gap_months")),
    )  # fmt: skip
    planned = {
        "instructor": day.number("instructor.visits_per_year"),
        "contact_leader": day.number("contact_point.visits_per_year"),
    }
    pairs = (
        day.number("pair.activities_per_year"),
        day.number("pair.meetings_per_year"),
        day.number("pair.practical_matters_per_year"),
    )
    done = activities_since(call.session, date(day.on.year - 2, 1, 1), day.on)
    given: dict[str, Any] = {"on": day.on, "is_working": day.directory.is_working}
    return [
        *rhythm_alarms(rhythms, day.units, done, **given),
        *visit_alarms(day.directory.posts(), done, planned, **given),
        *pairing_alarms(day.directory.pairings(), done, pairs, **given),
    ]


def _of_orders(call: RecordCall, day: _Day) -> Iterator[Alarm]:
    for order in orders_waiting(call, before=day.on):
        late = working_days_between(order.due_on, day.on, day.directory.is_working)
        yield Alarm(
            "order_overdue", order.unit, order.id, order.issuer, order.due_on, order.due_on, late,
            order.problem[:200], f"rectification order {order.number or order.id}",
        )  # fmt: skip


def _of_letters(call: RecordCall, day: _Day) -> Iterator[Alarm]:
    month, number = map(int, str(parameter("letter.check_by").on(day.on)).split("-"))
    check_by = date(day.on.year, month, number)
    for letter in letters_late(call, day.on):
        is_unsigned = not letter.is_signed
        due = letter.sign_by if is_unsigned else check_by
        if due >= day.on or (not is_unsigned and letter.year != day.on.year):
            continue
        late = working_days_between(due, day.on, day.directory.is_working)
        kind = "letter_unsigned" if is_unsigned else "letter_unchecked"
        yield Alarm(
            kind, letter.unit, letter.id, letter.issuer, due, due, late,
            f"{letter.year}年度责任书", f"responsibility letter of {letter.year}",
        )  # fmt: skip
