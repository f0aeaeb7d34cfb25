"""Tasks as assessment serves them: a plan that exists, amounts that make sense, the own unit's for a liaison."""

from datetime import date
from decimal import Decimal
from functools import partial

from heli_assessment.access import Units, Values, Visibility, check_own_unit, check_unit_known
from heli_assessment.filters import year_filter
from heli_assessment.plans.models import PLAN
from heli_assessment.tasks.models import TASK
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import contains_filter, equality_filters
from heli_shared.records.reading import find_row
from heli_shared.records.service import Resource


def tasks_resource(units: Units) -> Resource:
    """Return tasks, seen and written within the units that somebody may see and write for."""
    return Resource(
        TASK,
        Visibility(TASK, units),
        check=partial(check_task, units),
        check_closing=check_task_closing,
        filters={
            **equality_filters(TASK),
            "year": year_filter(TASK, "due_on"),
            "title": contains_filter(TASK, "title"),
        },
    )


def check_task(units: Units, call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse another unit's task, a plan or unit that is not there, negative amounts, and a day to come."""
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
    if problems:
        raise InvalidInput("任务内容有误。", "The task is not valid.", errors=problems)


def check_task_closing(call: RecordCall, before: Values | None, after: Values, _effective_on: date) -> None:
    """Refuse the closing of another unit's task."""
    check_own_unit(call, before, after)
