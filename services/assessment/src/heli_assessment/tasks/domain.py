"""Rules of tasks: how one is split, how parts add up, and who is told when one is late."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from heli_shared.kernel.workdays import working_day_after, working_days_between

Told = Literal["unit", "superior", "commission"]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """So many working days before the day the unit is reminded, so many after it those above it are told."""

    remind: int
    superior: int
    commission: int


@dataclass(frozen=True, slots=True)
class Alert:
    """A task that is near its day or past it: how late in working days, who is told, and since when."""

    days_late: int
    is_overdue: bool
    told: Told
    since: date


def alert_of(due: date, on: date, steps: Thresholds, is_working: Callable[[date], bool]) -> Alert | None:
    """Return who is to be told on a day of a task that is not done, or None while its day is far."""
    late = working_days_between(due, on, is_working)
    if on <= due:
        if -late > steps.remind:
            return None
        return Alert(late, is_overdue=False, told="unit", since=_before(due, steps.remind, is_working))
    for told, days in (("commission", steps.commission), ("superior", steps.superior)):
        if late >= days:
            return Alert(late, is_overdue=True, told=told, since=working_day_after(due, days, is_working))  # type: ignore[arg-type]
    return Alert(late, is_overdue=True, told="unit", since=working_day_after(due, 1, is_working))


def _before(due: date, days: int, is_working: Callable[[date], bool]) -> date:
    """Return the first day from which at most so many working days are left."""
    day = due
    while working_days_between(date.fromordinal(day.toordinal() - 1), due, is_working) <= days:
        day = date.fromordinal(day.toordinal() - 1)
    return day


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a task: for which unit and person, how much, until when."""

    unit: str
    target: Decimal | None
    due_on: date
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a part (by its place, None for all of them) or its field."""

    place: int | None
    field: str
    zh: str
    en: str


def faults_of_split(target: Decimal | None, due_on: date, parts: Sequence[Part]) -> list[Fault]:
    """Return why a task cannot be split so: amounts that do not add up, days beyond its own, somebody named twice."""
    faults: list[Fault] = []
    seen: set[tuple[str, str | None]] = set()
    for place, part in enumerate(parts):
        if (part.unit, part.person) in seen:
            faults.append(Fault(place, "unit", "同一单位和责任人分解了两次", "is given a part twice"))
        seen.add((part.unit, part.person))
        if part.due_on > due_on:
            faults.append(
                Fault(place, "due_on", f"晚于上级任务的期限 {due_on}", f"lies after the task's own day, {due_on}")
            )
        if target is not None and part.target is None:
            faults.append(Fault(place, "target", "须写明目标数", "must name its amount"))
        elif part.target is not None and part.target < 0:
            faults.append(Fault(place, "target", "不能为负数", "must not be negative"))
    if target is not None and not faults:
        total = sum((part.target or Decimal(0) for part in parts), Decimal(0))
        if total != target:
            zh, en = f"合计 {total}，应等于上级任务的 {target}", f"add up to {total}, not to the task's {target}"
            faults.append(Fault(None, "parts", zh, en))
    return faults


def sum_of_parts(progress: Sequence[Decimal | None]) -> Decimal:
    """Return what the parts of a task have done together."""
    return sum((each for each in progress if each is not None), Decimal(0))


@dataclass(frozen=True, slots=True)
class Step:
    """How much of a task was done in all on a day."""

    day: date
    progress: Decimal


def done_since(target: Decimal | None, steps: Sequence[Step]) -> date | None:
    """Return the day since which a task has its target without a break, or None; the steps come in order of days."""
    since: date | None = None
    for step in steps:
        if target is None or step.progress < target:
            since = None
        elif since is None:
            since = step.day
    return since
