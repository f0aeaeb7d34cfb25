"""The kind `zone`: a place inside or across divisions that acts as one for Party-building."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

ZONE = record_kind(
    METADATA,
    entity="zone",
    plural="zones",
    zh="园区楼宇商圈市场",
    searched="name",
    prefix="zon",
    is_lasting=True,
    fields=(
        Field("name", "text", "名称", required=True, max_length=200, example="城东工业园"),
        Field(
            "kind", "text", "类别", required=True, filtered=True, example="park",
            choices=("park", "building", "business_district", "market", "street", "project"),
        ),
        Field("division", "text", "所在区划", "12-digit code", required=True, max_length=12, references="division"),
        Field("operator", "text", "运营单位", max_length=200),
        Field("unit", "text", "责任单位", max_length=64, references="unit"),
        Field("planned_months", "integer", "计划工期（月）", "of a project", maximum=1_200),
        Field("full_members", "integer", "正式党员数", "at a project site", maximum=1_000_000),
    ),
)  # fmt: skip
