"""The kind `objection`: against what, why, and how it was answered."""

import sqlalchemy as sa

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

TARGETS = ("incentive", "representative_evaluation", "linkage_opinion")
STATUSES = ("pending", "upheld", "rejected", "withdrawn")

OBJECTION = record_kind(
    METADATA,
    entity="objection",
    plural="objections",
    zh="异议",
    prefix="obj",
    fields=(
        Field("target", "text", "对象类别", required=True, choices=TARGETS, filtered=True),
        Field("target_id", "text", "对象编号", required=True, max_length=64, filtered=True),
        Field("unit", "text", "提出单位", required=True, max_length=64, references="unit", filtered=True),
        Field("reason", "text", "理由", required=True, max_length=1_000),
        Field("evidence", "text", "依据材料", max_length=1_000),
        Field("filed_by", "text", "提出人", required=True, max_length=64),
        Field("due_on", "date", "答复期限", "a working day", required=True),
        Field("status", "text", "办理状态", required=True, choices=STATUSES, filtered=True),
        Field("decided_by", "text", "答复人", max_length=64),
        Field("decided_on", "date", "答复日期"),
        Field("decision_reason", "text", "答复意见", max_length=1_000),
    ),
)
sa.Index(
    "uq_objections_pending",
    OBJECTION.table.c.target,
    OBJECTION.table.c.target_id,
    OBJECTION.table.c.unit,
    unique=True,
    sqlite_where=sa.text("status = 'pending'"),
    postgresql_where=sa.text("status = 'pending'"),
)
