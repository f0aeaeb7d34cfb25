"""The kind `instructor`: a person whom a unit makes available as instructor, also while guiding nobody yet."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

INSTRUCTOR = record_kind(
    METADATA,
    entity="instructor",
    plural="instructors",
    zh="党建指导员",
    prefix="ins",
    foreign_keys={"person": "people.id", "unit": "units.id"},
    fields=(
        Field("person", "text", "人员", required=True, max_length=64, references="person", filtered=True),
        Field("unit", "text", "派出单位", required=True, max_length=64, references="unit", filtered=True),
        Field(
            "division", "text", "服务区划", "12-digit code; without area, where the unit lies", max_length=12,
            references="division", filtered=True,
        ),
        Field("zone", "text", "服务园区", max_length=64, references="zone", filtered=True),
        Field(
            "level", "text", "选派等级", choices=("province", "city", "county", "township", "park"), filtered=True,
            example="county",
        ),
        Field("is_full_time", "boolean", "专职"),
        Field(
            "max_enterprises", "integer", "最多联系企业数", "where it is fewer than the rule lets anybody have",
            minimum=1, maximum=100, example=2,
        ),
        Field("appointment_document", "text", "选派文号", max_length=200),
        Field("term_ends_on", "date", "选派届满日期", "may lie ahead"),
    ),
)  # fmt: skip
