"""The kind `secretary_candidate`: a person in the pool from which secretaries are recommended."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

SECRETARY_CANDIDATE = record_kind(
    METADATA,
    entity="secretary_candidate",
    plural="secretary-candidates",
    zh="书记人选",
    prefix="sec",
    foreign_keys={
        "person": "people.id",
        "enterprise": "enterprises.uscc",
        "organization": "party_organizations.id",
    },
    fields=(
        Field("person", "text", "人员", required=True, max_length=64, references="person", filtered=True),
        Field(
            "source", "text", "人选来源", required=True, filtered=True, example="enterprise_manager",
            choices=(
                "enterprise_manager", "enterprise_backbone", "retired_cadre", "serving_cadre", "graduate_official",
                "veteran", "other",
            ),
        ),
        Field(
            "stage", "text", "阶段", required=True, filtered=True, example="found",
            choices=("found", "examined", "trained", "recommended", "placed"),
        ),
        Field("unit", "text", "推荐单位", max_length=64, references="unit", filtered=True),
        Field("division", "text", "意向区划", "12-digit code", max_length=12, references="division"),
        Field("zone", "text", "意向园区", max_length=64, references="zone"),
        Field("enterprise", "text", "现任职企业", max_length=18, references="enterprise"),
        Field("organization", "text", "任职党组织", max_length=64, references="party_organization", filtered=True),
        Field("can_be_full_time", "boolean", "可任专职书记"),
        Field("trained_on", "date", "培训日期"),
        Field("recommended_on", "date", "推荐日期"),
        Field("note", "text", "说明", max_length=1_000),
    ),
)  # fmt: skip
