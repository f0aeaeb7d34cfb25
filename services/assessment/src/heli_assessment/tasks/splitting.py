"""Splitting a task by unit, person, amount and day: all its parts are made, or none."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from heli_assessment.tasks.domain import Part, faults_of_split
from heli_assessment.tasks.models import TASK
from heli_assessment.tasks.repository import open_parts
from heli_shared.kernel.errors import Conflict, DomainError, FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Record, find_row, record_of_row
from heli_shared.records.service import Resource, new_write

_TAKEN_OVER = ("plan", "title", "level", "measure_word")


def split_task(call: RecordCall, tasks: Resource, task: Record, bodies: Sequence[dict[str, Any]]) -> list[Record]:
    """Make the parts of a task that was locked and read; Conflict when it has some already or is done."""
    if task["state"] != "open" or task["done_on"] is not None:
        raise Conflict("任务已完成或已关闭，不能分解。", "The task is done or closed; it cannot be split.")
    if open_parts(call.session, task["id"]):
        raise Conflict(
            "该任务已经分解；请修改或关闭原有的分解。", "The task has been split already; change or close its parts."
        )
    whole = [{**{name: task[name] for name in _TAKEN_OVER}, "due_on": task["due_on"], **body} for body in bodies]
    _check_sum(task, whole)
    writes = []
    for place, body in enumerate(whole):
        number = {"number": f"{task['number']}.{place + 1}"} if task["number"] else {}
        try:
            writes.append(new_write(call, tasks, {**number, **_present(body), "parent": task["id"]}))
        except DomainError as error:
            raise _at(place, error) from error
    call.write(writes)
    return [record_of_row(TASK, find_row(call.session, TASK, each.key)) for each in writes]


def _present(body: dict[str, Any]) -> dict[str, Any]:
    due = body["due_on"]
    values = {**body, "due_on": date.fromisoformat(due) if isinstance(due, str) else due}
    return {name: value for name, value in values.items() if value is not None}


def _check_sum(task: Record, bodies: Sequence[dict[str, Any]]) -> None:
    parts = [
        Part(
            unit=each["unit"],
            target=None if each.get("target") is None else Decimal(each["target"]),
            due_on=_present(each)["due_on"],
            person=each.get("person"),
        )
        for each in bodies
    ]
    target = None if task["target"] is None else Decimal(task["target"])
    faults = faults_of_split(target, _present({"due_on": task["due_on"]})["due_on"], parts)
    if faults:
        errors = [
            FieldProblem("/parts" if each.place is None else f"/parts/{each.place}/{each.field}", each.zh, each.en)
            for each in faults[:100]
        ]
        raise InvalidInput("任务分解有误。", "The task cannot be split so.", errors=errors)


def _at(place: int, error: DomainError) -> DomainError:
    """Return a refusal of one part with the place of that part in its pointers."""
    errors = [FieldProblem(f"/parts/{place}{each.pointer}", each.zh, each.en) for each in error.errors]
    return type(error)(error.zh, error.en, errors=errors, data=error.data)
