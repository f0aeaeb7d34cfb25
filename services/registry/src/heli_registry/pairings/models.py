"""The kind `pairing`: a department paired with an enterprise or its organisation, by a dated agreement."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

PAIRING = record_kind(
    METADATA,
    entity="pairing",
    plural="pairings",
    zh="结对共建",
    prefix="par",
    effective_from="agreed_on",
    foreign_keys={"unit": "units.id", "organization": "party_organizations.id", "enterprise": "enterprises.uscc"},
    fields=(
        Field("unit", "text", "结对单位", required=True, max_length=64, references="unit", filtered=True),
        Field("unit_organization", "text", "结对单位党组织", "its name; it is no organisation of ours", max_length=300),
        Field(
            "organization", "text", "企业党组织", max_length=64, references="party_organization", filtered=True,
        ),
        Field("enterprise", "text", "企业", max_length=18, references="enterprise", filtered=True),
        Field("agreed_on", "date", "协议日期", example="2026-03-01"),
        Field("agreement_document", "text", "协议文号", max_length=200),
        Field("unit_principal", "text", "结对单位第一责任人", max_length=64, references="person"),
        Field("enterprise_principal", "text", "企业第一责任人", max_length=64, references="person"),
        Field("ends_on", "date", "协议届满日期", "may lie ahead"),
        Field("activities_per_year", "integer", "每年共建活动次数", maximum=400, example=2),
        Field("meetings_per_year", "integer", "每年联席会议次数", maximum=400, example=1),
        Field("practical_matters_per_year", "integer", "每年办实事件数", maximum=400, example=1),
    ),
)  # fmt: skip
