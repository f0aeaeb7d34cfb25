"""The kind `assignment`: a person in a role at an enterprise or an organisation, dated by the ledger."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

ASSIGNMENT = record_kind(
    METADATA,
    entity="assignment",
    plural="assignments",
    zh="派驻联系",
    prefix="asg",
    foreign_keys={
        "enterprise": "enterprises.uscc",
        "organization": "party_organizations.id",
        "person": "people.id",
    },
    fields=(
        Field("person", "text", "人员", required=True, max_length=64, references="person", filtered=True),
        Field(
            "role", "text", "角色", required=True, choices=("instructor", "liaison", "contact_leader", "secretary"),
            filtered=True, example="instructor",
        ),
        Field("enterprise", "text", "企业", max_length=18, references="enterprise", filtered=True),
        Field("organization", "text", "党组织", max_length=64, references="party_organization", filtered=True),
        Field("unit", "text", "派出单位", max_length=64, references="unit", filtered=True),
        Field(
            "level", "text", "派驻等级", choices=("province", "city", "county", "township", "park"), filtered=True,
            example="county",
        ),
        Field("is_full_time", "boolean", "专职"),
        Field("appointment_document", "text", "派驻（任职）文号", max_length=200),
        Field("term_ends_on", "date", "任期届满日期"),
        Field("days_per_month", "integer", "每月驻企天数", maximum=31, example=10),
        Field("visits_per_year", "integer", "每年应走访次数", maximum=400),
    ),
)  # fmt: skip
