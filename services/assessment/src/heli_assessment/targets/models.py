"""The kind `target`: a value of a statistic that a unit is to reach by a day."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind
from heli_shared.statistics.measures import MEASURES

TARGET = record_kind(
    METADATA,
    entity="target",
    plural="targets",
    zh="指标目标",
    prefix="tgt",
    fields=(
        Field("unit", "text", "责任单位", required=True, max_length=64, references="unit", filtered=True),
        Field(
            "measure", "text", "指标", "as in /v1/measures of reporting", required=True, choices=tuple(MEASURES),
            filtered=True, example="organization_coverage",
        ),
        Field("value", "decimal", "目标值", "a share from 0 to 1, or a count", required=True, example="0.9"),
        Field("due_on", "date", "完成时限", required=True, example="2026-12-31"),
        Field("document", "text", "依据文件", required=True, max_length=300, example="合两新〔2026〕1号"),
    ),
)  # fmt: skip
