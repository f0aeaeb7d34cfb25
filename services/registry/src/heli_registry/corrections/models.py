"""The kind `correction_request`: which value of which record is doubted, what it should be, what was decided."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

STATUSES = ("pending", "accepted", "rejected", "withdrawn")

CORRECTION_REQUEST = record_kind(
    METADATA,
    entity="correction_request",
    plural="correction-requests",
    zh="校核纠错申请",
    prefix="cor",
    foreign_keys={"unit": "units.id"},
    fields=(
        Field("kind", "text", "资源", "a plural", required=True, max_length=64, filtered=True, example="enterprises"),
        Field("key", "text", "记录编号", required=True, max_length=64, filtered=True),
        Field("field", "text", "字段", required=True, max_length=64, filtered=True, example="staff"),
        Field("value_now", "text", "申请时的值", "as JSON", max_length=8_400),
        Field("proposed", "text", "建议值", "as JSON; null clears", required=True, max_length=8_400, example="62"),
        Field("reason", "text", "理由", required=True, max_length=1_000, example="社保缴费人数为62人"),
        Field("evidence", "text", "依据材料", max_length=1_000, example="2026年6月社保缴费清单"),
        Field("unit", "text", "申请单位", max_length=64, references="unit", filtered=True),
        Field("due_on", "date", "答复期限", "a working day", required=True),
        Field("status", "text", "办理状态", choices=STATUSES, required=True, filtered=True),
        Field("decided_by", "text", "办理人", "a principal's id", max_length=64),
        Field("decided_on", "date", "办结日期"),
        Field("decision_reason", "text", "办理意见", max_length=1_000),
    ),
)
