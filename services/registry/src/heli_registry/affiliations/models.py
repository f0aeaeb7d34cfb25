"""The kind `affiliation`: the superior of a Party organisation; a transfer closes one and opens another."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

AFFILIATION = record_kind(
    METADATA,
    entity="affiliation",
    plural="affiliations",
    zh="隶属关系",
    prefix="aff",
    foreign_keys={"organization": "party_organizations.id"},
    fields=(
        Field(
            "organization", "text", "党组织", required=True, max_length=64, references="party_organization",
            filtered=True,
        ),
        Field("superior", "text", "上级", "an organisation or a unit", required=True, max_length=64, filtered=True),
        Field(
            "kind", "text", "隶属类别", choices=("territory", "industry", "park", "federation", "direct", "other"),
            filtered=True,
        ),
        Field("document", "text", "依据文号", max_length=200),
    ),
)  # fmt: skip
