"""The kind `linkage_opinion`: what a person told another department about an enterprise, and on what it rested."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

STATUSES = ("confirmed", "reopened")

LINKAGE_OPINION = record_kind(
    METADATA,
    entity="linkage_opinion",
    plural="opinions",
    zh="联动意见",
    prefix="opn",
    fields=(
        Field("enterprise", "text", "企业", "credit code", required=True, max_length=18, filtered=True),
        Field("occasion", "text", "事由", required=True, max_length=200, example="申报守合同重信用企业"),
        Field("advice", "text", "意见", required=True, choices=("support", "neutral", "caution"), filtered=True),
        Field("computed", "text", "系统建议", required=True, choices=("support", "neutral", "caution")),
        Field("reasons", "text", "依据", "JSON: the reasons as they were then", required=True, max_length=100_000),
        Field("reason", "text", "理由", max_length=1_000),
        Field("status", "text", "办理状态", required=True, choices=STATUSES, filtered=True),
        Field("confirmed_by", "text", "确认人", max_length=64),
        Field("confirmed_on", "date", "确认日期"),
    ),
)
