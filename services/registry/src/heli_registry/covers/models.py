"""The kind `cover`: an organisation covers an enterprise, from the day its entry takes effect until it is closed."""

from heli_registry.database import METADATA
from heli_registry.organizations.models import SETUP_FORMS
from heli_shared.records.kinds import Field, record_kind

COVER = record_kind(
    METADATA,
    entity="cover",
    plural="covers",
    zh="覆盖关系",
    prefix="cov",
    foreign_keys={"organization": "party_organizations.id", "enterprise": "enterprises.uscc"},
    fields=(
        Field(
            "organization", "text", "党组织", required=True, max_length=64, references="party_organization",
            filtered=True,
        ),
        Field("enterprise", "text", "企业", required=True, max_length=18, references="enterprise", filtered=True),
        Field(
            "form", "text", "覆盖方式", "the organisation's setup form when not given", choices=SETUP_FORMS,
            filtered=True, example="sole",
        ),
    ),
)  # fmt: skip
