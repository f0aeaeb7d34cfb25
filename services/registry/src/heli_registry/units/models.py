"""The kind `unit`: a body that acts, in a tree of superior and subordinate bodies."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

UNIT = record_kind(
    METADATA,
    entity="unit",
    plural="units",
    zh="机构",
    searched="name",
    prefix="unt",
    is_lasting=True,
    fields=(
        Field("name", "text", "名称", required=True, max_length=200, example="城关镇党委"),
        Field("short_name", "text", "简称", max_length=100),
        Field(
            "kind", "text", "类别", required=True, filtered=True, example="township",
            choices=("commission", "township", "park", "department", "association"),
        ),
        Field("parent", "text", "上级机构", max_length=64, references="unit", filtered=True),
        Field("division", "text", "所辖区划", "12-digit code", max_length=12, references="division", filtered=True),
        Field("zone", "text", "所辖园区", max_length=64, references="zone"),
        Field("uscc", "text", "统一社会信用代码", max_length=18),
        Field(
            "duty", "text", "工作职责", "lead, guide, sector or fallback on the spot", filtered=True,
            choices=("lead", "guide", "sector", "territory"),
        ),
        Field("first_responsible", "text", "第一责任人", max_length=64, references="person"),
        Field("established_on", "date", "成立日期"),
        Field("approval_document", "text", "批复文号", max_length=200),
    ),
)  # fmt: skip
