"""The kind `mass_organization`: a union, youth league or women's federation of an enterprise."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

MASS_ORGANIZATION = record_kind(
    METADATA,
    entity="mass_organization",
    plural="mass-organizations",
    zh="群团组织",
    prefix="mas",
    effective_from="established_on",
    foreign_keys={"enterprise": "enterprises.uscc"},
    fields=(
        Field(
            "kind", "text", "类别", required=True, choices=("union", "youth_league", "womens_federation"),
            filtered=True, example="union",
        ),
        Field("name", "text", "名称", required=True, max_length=300),
        Field("enterprise", "text", "企业", required=True, max_length=18, references="enterprise", filtered=True),
        Field("established_on", "date", "成立日期"),
        Field("members", "integer", "会员（团员）数", maximum=1_000_000),
        Field("chair_is_secretary", "boolean", "由党组织书记兼任主席"),
    ),
)  # fmt: skip
