"""The kind `letter`: what a unit answers for in a year towards the unit above it, signed by both."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

CHECK_RESULTS = ("on_track", "behind", "not_begun")

LETTER = record_kind(
    METADATA,
    entity="letter",
    plural="letters",
    zh="责任书",
    prefix="ltr",
    foreign_keys={"plan": "plans.id", "scan": "attachments.id"},
    fields=(
        Field("plan", "text", "实施意见", required=True, max_length=64, references="plan", filtered=True),
        Field("year", "integer", "年度", required=True, minimum=1990, maximum=2200, filtered=True),
        Field("issuer", "text", "上级单位", "to whom it answers", required=True, max_length=64, references="unit",
              filtered=True),
        Field("unit", "text", "责任单位", required=True, max_length=64, references="unit", filtered=True),
        Field("issued_on", "date", "下达日期", required=True),
        Field("sign_by", "date", "签订期限", required=True),
        Field("tasks_known_at", "integer", "任务所据台账序号", "the tasks are those known then", required=True,
              maximum=10**15),
        Field("is_signed", "boolean", "已签订", required=True, filtered=True),
        Field("signed_on", "date", "签订日期"),
        Field("signer", "text", "签订人", "id of a person of the registry", max_length=64),
        Field("scan", "text", "签字扫描件", "id of an attachment", max_length=64, references="attachment"),
        Field("checked_on", "date", "半年自查日期"),
        Field("check_result", "text", "半年自查结果", choices=CHECK_RESULTS, filtered=True),
        Field("check_note", "text", "半年自查说明", max_length=1_000),
    ),
)  # fmt: skip
