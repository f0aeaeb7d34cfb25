"""The kind `party_organization`: branch, joint branch, general branch, committee, temporary or functional."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

KINDS = ("branch", "joint_branch", "general_branch", "committee", "temporary_branch", "functional")
SETUP_FORMS = ("sole", "joint", "regional", "industry", "attached", "other")
ACTS = ("develop_members", "discipline", "collect_dues", "elect_delegates", "elect_committee")

PARTY_ORGANIZATION = record_kind(
    METADATA,
    entity="party_organization",
    plural="party-organizations",
    zh="党组织",
    prefix="org",
    effective_from="established_on",
    fields=(
        Field("name", "text", "名称", required=True, max_length=300, example="合力县示例机械有限公司党支部"),
        Field("kind", "text", "类别", required=True, choices=KINDS, filtered=True, example="branch"),
        Field("setup_form", "text", "组建方式", required=True, choices=SETUP_FORMS, filtered=True, example="sole"),
        Field(
            "division", "text", "所在区划", "12-digit code", required=True, max_length=12, references="division",
            example="990121101000",
        ),
        Field("zone", "text", "所在园区楼宇", max_length=64, references="zone"),
        Field("established_on", "date", "成立日期", example="2019-07-01"),
        Field("approval_document", "text", "批复文号", max_length=200),
        Field("approval_body", "text", "批复单位", max_length=200),
        Field("elected_on", "date", "最近换届日期", example="2024-06-20"),
        Field("extension_until", "date", "批准延期至"),
        Field("extension_document", "text", "延期批复文号", max_length=200),
        Field("committee_seats", "integer", "委员会职数", maximum=100),
        Field("full_members", "integer", "正式党员数", maximum=1_000_000, example=8),
        Field("probationary_members", "integer", "预备党员数", maximum=1_000_000),
        Field("has_secretary", "boolean", "已配书记"),
        Field("secretary_is_investor", "boolean", "书记是出资人"),
        Field("exception_document", "text", "特批文号", max_length=200),
        Field("exception_body", "text", "特批单位", max_length=200),
        Field("acts", "texts", "已办事项", "what a temporary branch did", choices=ACTS),
    ),
)  # fmt: skip
