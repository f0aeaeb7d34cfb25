"""The kind `appeal`: whose result is doubted, on which items, what was decided, and what that changed."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

STATUSES = ("pending", "upheld", "rejected", "withdrawn")

APPEAL = record_kind(
    METADATA,
    entity="appeal",
    plural="appeals",
    zh="申诉",
    prefix="apl",
    foreign_keys={"cycle": "cycles.id", "entry": "cycle_entries.id"},
    fields=(
        Field("cycle", "text", "考核周期", required=True, max_length=64, references="cycle", filtered=True),
        Field("entry", "text", "考核对象记录", required=True, max_length=64, references="cycle_entry"),
        Field("subject", "text", "申诉对象", required=True, max_length=64, filtered=True),
        Field("unit", "text", "所在单位", required=True, max_length=64, references="unit", filtered=True),
        Field("items", "texts", "考核项", "ids of items; empty for the whole result"),
        Field("reason", "text", "理由", required=True, max_length=4_000, example="6月12日的会议未计入"),
        Field("evidence", "text", "依据材料", max_length=1_000, example="会议记录"),
        Field("filed_by", "text", "提出人", "a principal's id", required=True, max_length=64),
        Field("due_on", "date", "答复期限", "a working day", required=True),
        Field("status", "text", "办理状态", choices=STATUSES, required=True, filtered=True),
        Field("decided_by", "text", "答复人", max_length=64),
        Field("decided_on", "date", "答复日期"),
        Field("acted_for", "text", "受托于", max_length=64),
        Field("decision_reason", "text", "答复意见", max_length=1_000),
        Field("score_before", "decimal", "原得分"),
        Field("score_after", "decimal", "现得分"),
        Field("grade_before", "text", "原等次", max_length=100),
        Field("grade_after", "text", "现等次", max_length=100),
    ),
)
