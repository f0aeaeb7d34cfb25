"""The kind `rulebook`: the version in force of each scoring table; earlier ones stay in the ledger."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

RULEBOOK = record_kind(
    METADATA,
    entity="rulebook",
    plural="rulebooks",
    zh="考核细则",
    key_pattern=r"^[a-z0-9][a-z0-9-]{0,63}$",
    key_example="department",
    fields=(
        Field("number", "integer", "版本号", "counted from 1", required=True, minimum=1),
        Field("title", "text", "标题", required=True, max_length=200),
        Field("edition", "text", "版次", max_length=100),
        Field("subject_kind", "text", "考核对象", required=True, max_length=64, filtered=True),
        Field("effective_from", "date", "施行日期", required=True),
        Field("marked_items", "texts", "需要评分的项"),
        Field("body", "text", "正文", "the canonical JSON", required=True, max_length=1_000_000),
        Field("digest", "text", "摘要", "SHA-256 of the body", required=True, max_length=64),
        Field("published", "integer", "已发布版本", "the version that was published last", minimum=1),
        Field("simulation", "text", "发布依据的模拟", "the simulation it was published on", max_length=64),
    ),
)
