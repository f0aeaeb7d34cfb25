"""Tasks as assessment serves them: a plan that exists, amounts that make sense, the own unit's for a liaison."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from heli_assessment.access import Units, Values, Visibility, check_own_unit, check_unit_known
from heli_assessment.deadlines import DAYS_LEFT, OVERDUE, Record, overdue_question, with_deadline
from heli_assessment.filters import year_filter
from heli_assessment.plans.models import PLAN
from heli_assessment.tasks.models import TASK
from heli_assessment.tasks.repository import open_parts, waiting_tasks
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import contains_filter, equality_filters
from heli_shared.records.reading import Record as Shown
from heli_shared.records.reading import find_row
from heli_shared.records.service import Resource

_MOST_LEVELS = 10
_SUMS = frozenset({"progress", "done_on"})


def tasks_resource(units: Units) -> Resource:
    """Return tasks, seen and written within the units that somebody may see and write for."""
    table = TASK.table
    overdue = overdue_question(
        lambda today: (table.c.state == "open") & (table.c.due_on < today) & table.c.done_on.is_(None),
        lambda record, today: is_waiting(record) and str(record["due_on"]) < today.isoformat(),
    )
    return Resource(
        TASK,
        Visibility(TASK, units),
        check=partial(check_task, units),
        check_closing=check_task_closing,
        shown=partial(_with_deadlines, units),
        filters={
            **equality_filters(TASK),
            "year": year_filter(TASK, "due_on"),
            "title": contains_filter(TASK, "title"),
        },
        questions={OVERDUE.name: overdue},
        derived=(DAYS_LEFT, OVERDUE),
    )


def parts_of(call: RecordCall, task: str) -> list[Any]:
    """Return the open parts of a task as rows, in order of keys."""
    return open_parts(call.session, task)


def tasks_waiting(call: RecordCall) -> list[Any]:
    """Return the open tasks, of every unit, that are not done and are no sum of parts, as rows by day and key."""
    return waiting_tasks(call.session, [])


def is_waiting(task: Record) -> bool:
    """Say whether a task is still to be done."""
    return task["state"] == "open" and task["done_on"] is None


def _with_deadlines(units: Units, call: RecordCall, records: list[Shown]) -> list[Shown]:
    today = call.clock.today()
    return [with_deadline(each, today=today, is_waiting=is_waiting(each), units=units) for each in records]


def check_task(units: Units, call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse another unit's task, a plan, task or unit that is not there, negative amounts, and a day to come."""
    check_own_unit(call, before, after)
    check_unit_known(units, before, after)
    problems = [
        FieldProblem(f"/{name}", "不能为负数", "must not be negative")
        for name in ("target", "progress")
        if after[name] is not None and Decimal(after[name]) < 0
    ]
    if (before is None or before["plan"] != after["plan"]) and find_row(call.session, PLAN, after["plan"]) is None:
        problems.append(FieldProblem("/plan", "没有这个实施意见", "there is no such plan"))
    if after["done_on"] is not None and str(after["done_on"]) > call.clock.today().isoformat():
        problems.append(FieldProblem("/done_on", "日期晚于今天", "lies after today"))
    if before is not None and _SUMS & (call.written or frozenset()) and open_parts(call.session, after["id"]):
        problems.append(FieldProblem("/progress", "任务已分解，进度由各部分合计", "is the sum of the task's parts"))
    if before is None or before["parent"] != after["parent"] or before["plan"] != after["plan"]:
        problems += _problems_of_parent(call, after)
    if problems:
        raise InvalidInput("任务内容有误。", "The task is not valid.", errors=problems)


def _problems_of_parent(call: RecordCall, task: Values) -> list[FieldProblem]:
    """Return why a task cannot be part of the one it names: missing, of another plan, or a part of itself."""
    coming: dict[str, Values] = call.extras.get("coming_tasks", {})
    above, steps = task["parent"], 0
    while above is not None:
        row = coming.get(above)
        if row is None:
            found = find_row(call.session, TASK, above)
            row = None if found is None else {"plan": found.plan, "parent": found.parent}
        if row is None or row["plan"] != task["plan"]:
            return [FieldProblem("/parent", "同一实施意见中没有这个任务", "is no task of the same plan")]
        steps += 1
        if above == task["id"] or steps > _MOST_LEVELS:
            zh, en = f"任务不能隶属于自己，且最多{_MOST_LEVELS}层", f"goes in a circle or is deeper than {_MOST_LEVELS}"
            return [FieldProblem("/parent", zh, en)]
        above = row["parent"]
    return []


def check_task_closing(call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse the closing of another unit's task."""
    check_own_unit(call, before, after)
