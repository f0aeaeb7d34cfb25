"""The kind `rectification_order`: a fault, the unit that is to mend it, a deadline, the answer and the decision."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

STAGES = ("issued", "answered", "returned", "accepted", "reopened", "cancelled")

RECTIFICATION_ORDER = record_kind(
    METADATA,
    entity="rectification_order",
    plural="rectification-orders",
    zh="督办单",
    prefix="rct",
    foreign_keys={"activity": "activities.id"},
    fields=(
        Field("number", "text", "编号", "as printed on the order", max_length=60, example="合两新督〔2026〕3号"),
        Field("activity", "text", "督查检查", "the inspection that found it", max_length=64, references="activity",
              filtered=True),
        Field("enterprise", "text", "涉及企业", "credit code of the enterprise that the fault is about", max_length=18,
              filtered=True),
        Field("issuer", "text", "签发单位", required=True, max_length=64, references="unit", filtered=True),
        Field("unit", "text", "整改单位", required=True, max_length=64, references="unit", filtered=True),
        Field("problem", "text", "存在问题", required=True, max_length=1_000, example="3家应建未建企业未制定计划"),
        Field("requirement", "text", "整改要求", max_length=1_000, example="逐企制定组建计划并报备"),
        Field("issued_on", "date", "签发日期", required=True),
        Field("due_on", "date", "整改期限", "a working day unless named", required=True),
        Field("stage", "text", "办理状态", choices=STAGES, required=True, filtered=True),
        Field("answer", "text", "整改情况", max_length=2_000),
        Field("answered_on", "date", "答复日期"),
        Field("answered_by", "text", "答复人", "a principal's id", max_length=64),
        Field("attachments", "texts", "附件", "ids of attachments"),
        Field("decision", "text", "验收意见", max_length=1_000),
        Field("decided_on", "date", "验收日期"),
        Field("decided_by", "text", "验收人", "a principal's id", max_length=64),
        Field("rounds", "integer", "退回次数", "how often it was returned or re-opened", maximum=1_000),
    ),
)  # fmt: skip
