"""The kind `sector`: a trade with the unit that leads it, in a tree of its own, dated by the ledger."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

SECTOR = record_kind(
    METADATA,
    entity="sector",
    plural="sectors",
    zh="行业归口",
    prefix="sct",
    is_lasting=True,
    fields=(
        Field("name", "text", "名称", required=True, max_length=200, example="互联网行业"),
        Field("parent", "text", "上级归口", max_length=64, references="sector", filtered=True),
        Field("lead_unit", "text", "主管单位", max_length=64, references="unit", filtered=True),
        Field(
            "industries", "texts", "行业代码", "GB/T 4754-2017 codes that belong to it; the longest that fits decides",
            example=["I64"],
        ),
        Field("document", "text", "依据文号", max_length=200),
    ),
)  # fmt: skip
