"""The routes of tasks: those of every kind, and the splitting of one."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, create_model
from starlette.responses import Response

from heli_assessment.plans.models import PLAN
from heli_assessment.tasks.models import TASK
from heli_assessment.tasks.progress import plan_progress
from heli_assessment.tasks.splitting import split_task
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, IfMatch, locked_record, record_router, shown_models
from heli_shared.records.models import Day, Strict, input_type
from heli_shared.records.service import Resource
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

TaskKey = Annotated[str, Path(max_length=64, pattern=TASK.key_pattern, description="任务 id")]


def _type(name: str) -> Any:
    return input_type(TASK.by_name[name])


_Unit: Any = _type("unit")
_Person: Any = _type("person")
_Target: Any = _type("target")
_Title: Any = _type("title")
_Level: Any = _type("level")


class TaskPart(Strict):
    """One part; what it does not name is the task's own."""

    unit: _Unit = Field(description="责任单位", examples=["unt-1"])
    person: _Person | None = None
    target: _Target | None = Field(default=None, description="目标数; needed where the task has one", examples=["3"])
    due_on: Day | None = Field(default=None, description="Never after the task's own day")
    title: _Title | None = None
    level: _Level | None = None


class Split(Strict):
    """The parts of a task; their amounts add up to the task's."""

    parts: Annotated[list[TaskPart], Field(min_length=1, max_length=500)]


class PlanLine(BaseModel):
    """The tasks of one unit (or level) of a plan; a task that was split counts by its parts."""

    by: str | None
    tasks: int
    done: int
    overdue: int
    progress: str | None = Field(
        description="Mean of progress ÷ target in per cent, each at most 100; null without one"
    )


class PlanProgress(BaseModel):
    """How far a plan is, line by line, of the tasks that the caller sees."""

    items: list[PlanLine]
    total: PlanLine


def tasks_router(tasks: Resource) -> APIRouter:
    """Return the routes of tasks."""
    router = new_router()
    router.routes.extend(record_router(tasks).routes)
    shown: Any = list[shown_models(tasks).shown]  # type: ignore[misc]
    parts_model = create_model("TaskParts", items=(shown, ...))
    _add_progress(router, tasks)

    @router.post(
        "/v1/tasks/{key}/split",
        status_code=201,
        tags=["tasks"],
        response_model=parts_model,
        responses=problems(404, 409, 412, 413, 422, 428),
    )
    @endpoint("tasks:write", writes=True)
    def split_one_task(
        call: RecordCall, key: TaskKey, body: Split, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Split a task by unit, person, amount and day: the amounts add up to its own, all parts are made or none.

        From then on the task's progress is the sum of its parts'.
        """
        del if_match, idempotency_key  # read where they are checked; named here for the document
        parts = [each.model_dump(exclude_none=True) for each in body.parts]
        made = split_task(call, tasks, locked_record(call, tasks, key), parts)
        return json_reply({"items": tasks.shown(call, made)}, 201)

    return router


def _add_progress(router: APIRouter, tasks: Resource) -> None:
    @router.get("/v1/plans/{key}/progress", tags=["plans"], response_model=PlanProgress, responses=problems(404, 422))
    @endpoint("tasks:read")
    def get_plan_progress(
        call: RecordCall,
        key: Annotated[str, Path(max_length=64, pattern=PLAN.key_pattern, description="年度实施意见 id")],
        by: Annotated[Literal["unit", "level"], Query(description="One line for each of these")] = "unit",
    ) -> Response:
        """Tell how far a plan is by unit or level: tasks, done, overdue, mean progress."""
        return json_reply(plan_progress(call, tasks, key, by=by))
