"""The kind `maturity_decision`: a recorded decision whether a leader's contact point is mature, with its evidence."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

MATURITY_DECISION = record_kind(
    METADATA,
    entity="maturity_decision",
    plural="maturity-decisions",
    zh="联系点成熟认定",
    prefix="mat",
    effective_from="decided_on",
    foreign_keys={"assignment": "assignments.id"},
    fields=(
        Field("assignment", "text", "联系点", required=True, max_length=64, references="assignment", filtered=True),
        Field("outcome", "text", "认定结果", required=True, choices=("mature", "not_yet"), filtered=True),
        Field("decided_on", "date", "认定日期", required=True, example="2026-06-20"),
        Field("decided_by", "text", "认定单位", required=True, max_length=64, references="unit"),
        Field("evidence", "text", "认定依据", "what shows it", required=True, max_length=1_000),
        Field("document", "text", "依据文号", max_length=200),
    ),
)
