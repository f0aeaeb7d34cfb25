"""The kind `duplicate_decision`: somebody's word that two enterprises are not the same, as they were compared."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

DUPLICATE_DECISION = record_kind(
    METADATA,
    entity="duplicate_decision",
    plural="duplicate-decisions",
    zh="排重结论",
    prefix="dup",
    foreign_keys={"one": "enterprises.uscc", "other": "enterprises.uscc"},
    fields=(
        Field("one", "text", "企业甲", "the lower code", required=True, max_length=18, filtered=True),
        Field("other", "text", "企业乙", "the higher code", required=True, max_length=18, filtered=True),
        Field("reason", "text", "理由", required=True, max_length=1_000, example="同名不同地，实地核实为两家企业"),
        Field("fingerprint", "text", "比对指纹", "a digest of what was compared", required=True, max_length=64),
        Field("decided_on", "date", "认定日期", required=True),
    ),
)  # fmt: skip
