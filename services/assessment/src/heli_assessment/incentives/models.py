"""The kind `incentive`: what is proposed from a cycle, with its rules and lines, and who confirmed it."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

KINDS = ("stars", "allowance", "commendation", "secretary_recommendation")
STATUSES = ("proposed", "confirmed", "reopened", "withdrawn")

INCENTIVE = record_kind(
    METADATA,
    entity="incentive",
    plural="incentives",
    zh="激励方案",
    prefix="inc",
    foreign_keys={"cycle": "cycles.id"},
    fields=(
        Field("kind", "text", "类别", required=True, choices=KINDS, filtered=True),
        Field("cycle", "text", "考核周期", required=True, max_length=64, references="cycle", filtered=True),
        Field("title", "text", "标题", required=True, max_length=200),
        Field("rules", "text", "规则", "JSON: levels, table, or count and grades", required=True, max_length=20_000),
        Field("lines", "text", "名单", "JSON: what is proposed for each subject, and why", required=True,
              max_length=2_000_000),
        Field("overrides", "text", "人工调整", "JSON: subject → award, amount, who, reason", max_length=200_000),
        Field("basis", "text", "依据", required=True, max_length=400, example="示例：红领津贴发放办法"),
        Field("status", "text", "办理状态", required=True, choices=STATUSES, filtered=True),
        Field("confirmed_by", "text", "确认人", max_length=64),
        Field("confirmed_on", "date", "确认日期"),
        Field("reason", "text", "理由", max_length=1_000),
    ),
)  # fmt: skip
