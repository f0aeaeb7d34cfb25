"""The kind `representative_evaluation`: whom, for what, what each department said, and what a person decided."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

PURPOSES = ("peoples_congress", "consultative_conference", "federation_post", "mass_post", "honour")
STATUSES = ("collecting", "confirmed", "reopened", "withdrawn")

REPRESENTATIVE_EVALUATION = record_kind(
    METADATA,
    entity="representative_evaluation",
    plural="representative-evaluations",
    zh="代表人士综合评价",
    prefix="rev",
    fields=(
        Field("person", "text", "评价对象", "id of a person of the registry", required=True, max_length=64,
              references="person", filtered=True),
        Field("enterprise", "text", "企业", "credit code", required=True, max_length=18, filtered=True),
        Field("purpose_of", "text", "推荐用途", required=True, choices=PURPOSES, filtered=True),
        Field("asked_units", "texts", "征求意见部门", required=True),
        Field("opinions", "text", "部门意见", "JSON: unit → voice, who, when, reason", max_length=200_000),
        Field("status", "text", "办理状态", required=True, choices=STATUSES, filtered=True),
        Field("grade", "text", "评价等次", choices=("A", "B", "C"), filtered=True),
        Field("reason", "text", "理由", max_length=1_000),
        Field("confirmed_by", "text", "确认人", max_length=64),
        Field("confirmed_on", "date", "确认日期"),
        Field("valid_until", "date", "有效期至"),
        Field("rechecked_on", "date", "复查日期"),
        Field("recheck_passed", "boolean", "复查合格"),
    ),
)  # fmt: skip
