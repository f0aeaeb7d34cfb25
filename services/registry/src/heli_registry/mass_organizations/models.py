"""The kind `mass_organization`: a union, youth league or women's federation of an enterprise."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

MASS_ORGANIZATION = record_kind(
    METADATA,
    entity="mass_organization",
    plural="mass-organizations",
    zh="群团组织",
    searched="name",
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
        Field("form", "text", "组建方式", choices=("sole", "joint")),
        Field("superior", "text", "上级群团", max_length=200),
        Field("established_on", "date", "成立日期"),
        Field("approval_document", "text", "批复文号", max_length=200),
        Field("elected_on", "date", "最近换届日期"),
        Field("term_years", "integer", "任期（年）", minimum=1, maximum=10),
        Field("committee_members", "integer", "委员人数", maximum=100),
        Field("members", "integer", "会员（团员）数", maximum=1_000_000),
        Field("women_members", "integer", "女会员（团员）数", maximum=1_000_000),
        Field("chair", "text", "主席（书记）", max_length=64, references="person"),
        Field("chair_is_secretary", "boolean", "由党组织书记兼任主席"),
        Field("chair_is_full_time", "boolean", "主席专职"),
        Field("chair_is_investor", "boolean", "主席是出资人"),
        Field("chair_is_relative", "boolean", "主席是企业主要负责人近亲属"),
    ),
)  # fmt: skip
