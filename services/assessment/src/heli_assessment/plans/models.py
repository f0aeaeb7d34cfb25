"""The kind `plan`: one year's implementing opinion, with its document."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

PLAN = record_kind(
    METADATA,
    entity="plan",
    plural="plans",
    zh="年度实施意见",
    prefix="pln",
    fields=(
        Field("title", "text", "标题", required=True, max_length=300, example="2026年非公企业党建工作实施意见"),
        Field("year", "integer", "年度", required=True, minimum=1990, maximum=2200, example=2026),
        Field("document", "text", "文件", "name and number of the document", max_length=300),
        Field("unit", "text", "印发单位", max_length=64, references="unit", filtered=True),
        Field("issued_on", "date", "印发日期", example="2026-01-20"),
    ),
)
