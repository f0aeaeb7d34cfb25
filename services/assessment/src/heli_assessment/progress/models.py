"""The kind `progress_report`: how far a task is on a day, in all and not since the report before, with evidence."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

PROGRESS_REPORT = record_kind(
    METADATA,
    entity="progress_report",
    plural="progress-reports",
    zh="进度报告",
    prefix="prg",
    foreign_keys={"task": "tasks.id"},
    fields=(
        Field("task", "text", "任务", required=True, max_length=64, references="task", filtered=True),
        Field("unit", "text", "报告单位", required=True, max_length=64, references="unit", filtered=True),
        Field("reported_on", "date", "截至日期", "the day on which it was so", required=True, example="2026-06-20"),
        Field("progress", "decimal", "累计完成数", "in all since the beginning", required=True, example="5"),
        Field("note", "text", "说明", max_length=1_000, example="本月新选派1名"),
        Field("evidence", "text", "佐证", "where the documents lie", max_length=1_000, example="合财党〔2026〕8号"),
        Field("attachments", "texts", "附件", "ids of attachments"),
    ),
)
