"""The kind `task`: one quantified part of a plan, given to a unit and a person."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

LEVELS = ("county", "department", "township", "organization")

TASK = record_kind(
    METADATA,
    entity="task",
    plural="tasks",
    zh="任务",
    prefix="tsk",
    foreign_keys={"plan": "plans.id", "parent": "tasks.id"},
    fields=(
        Field("plan", "text", "所属实施意见", required=True, max_length=64, references="plan", filtered=True),
        Field("number", "text", "序号", "as the plan numbers it", max_length=30, example="1.2"),
        Field("parent", "text", "上级任务", "the task it is part of", max_length=64, references="task", filtered=True),
        Field("title", "text", "任务", required=True, max_length=300, example="选派党建工作指导员"),
        Field("level", "text", "层级", choices=LEVELS, filtered=True, example="department"),
        Field("unit", "text", "责任单位", required=True, max_length=64, references="unit", filtered=True),
        Field("person", "text", "责任人", "id of a person of the registry", max_length=64, filtered=True),
        Field("measure_word", "text", "计量单位", max_length=20, example="名"),
        Field("target", "decimal", "目标数", example="6"),
        Field("progress", "decimal", "完成数", example="4"),
        Field("due_on", "date", "完成期限", required=True, example="2026-06-30"),
        Field("done_on", "date", "完成日期"),
    ),
)
