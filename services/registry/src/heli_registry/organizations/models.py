"""The kind `party_organization`: branch, joint branch, general branch, committee, temporary or functional."""

from heli_registry.database import METADATA
from heli_registry.names.matching import NAME_MATCHING
from heli_shared.records.kinds import Field, record_kind

KINDS = ("branch", "joint_branch", "general_branch", "committee", "temporary_branch", "functional")
SETUP_FORMS = (
    "sole", "joint", "regional", "industry", "industry_chain", "leading_enterprise", "building", "village_enterprise",
    "restructured", "combined", "attached", "functional", "temporary", "other",
)  # fmt: skip
SECRETARY_KINDS = ("investor", "senior_manager", "middle_manager", "employee", "dispatched", "other")
PREMISES = ("separate", "office_shared", "community_shared", "other", "none")
ACTS = ("develop_members", "discipline", "collect_dues", "elect_delegates", "elect_committee")

PARTY_ORGANIZATION = record_kind(
    METADATA,
    entity="party_organization",
    plural="party-organizations",
    zh="党组织",
    searched="name",
    matching=NAME_MATCHING,
    prefix="org",
    effective_from="established_on",
    closing_fields=("dissolution_document", "dissolution_body"),
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
        Field("approved_on", "date", "批复日期"),
        Field("is_combined", "boolean", "兼合式党组织", "members keep their relations elsewhere"),
        Field("elected_on", "date", "最近换届日期", example="2024-06-20"),
        Field("extension_until", "date", "批准延期至"),
        Field("extension_document", "text", "延期批复文号", max_length=200),
        Field("committee_seats", "integer", "委员会职数", maximum=100),
        Field("committee_members", "integer", "委员实有人数", maximum=100),
        Field("deputy_secretaries", "integer", "副书记人数", maximum=20),
        Field("full_members", "integer", "正式党员数", maximum=1_000_000, example=8),
        Field("probationary_members", "integer", "预备党员数", maximum=1_000_000),
        Field("has_secretary", "boolean", "已配书记"),
        Field("secretary_is_investor", "boolean", "书记是出资人"),
        Field("secretary_kind", "text", "书记来源", choices=SECRETARY_KINDS, filtered=True),
        Field("secretary_is_full_time", "boolean", "书记专职"),
        Field("has_full_time_deputy", "boolean", "已配专职副书记"),
        Field("secretary_chairs_union", "boolean", "书记兼任工会主席"),
        Field("committee_in_management", "integer", "班子成员进入管理层人数", maximum=100),
        Field("management_in_committee", "integer", "管理层党员进入班子人数", maximum=100),
        Field("party_workers", "integer", "党务工作者人数", maximum=100_000),
        Field("full_time_party_workers", "integer", "专职党务工作者人数", maximum=100_000),
        Field("premises", "text", "活动场所", choices=PREMISES, filtered=True),
        Field("premises_area", "integer", "活动场所面积（平方米）", maximum=1_000_000),
        Field("star", "integer", "星级", minimum=1, maximum=5),
        Field("star_on", "date", "评星日期"),
        Field("applicants", "integer", "申请入党人数", maximum=1_000_000),
        Field("activists", "integer", "入党积极分子数", maximum=1_000_000),
        Field("prospects", "integer", "发展对象数", maximum=1_000_000),
        Field("developed_this_year", "integer", "本年度发展党员数", maximum=1_000_000),
        Field("members_on_committee", "integer", "班子中党员数", maximum=1_000_000),
        Field("members_among_staff", "integer", "从业人员中党员数", maximum=1_000_000),
        Field("members_retired", "integer", "离退休党员数", maximum=1_000_000),
        Field("members_to_35", "integer", "35岁及以下党员数", maximum=1_000_000),
        Field("members_36_50", "integer", "36至50岁党员数", maximum=1_000_000),
        Field("members_51_60", "integer", "51至60岁党员数", maximum=1_000_000),
        Field("members_over_60", "integer", "61岁及以上党员数", maximum=1_000_000),
        Field("members_secondary", "integer", "高中及以下学历党员数", maximum=1_000_000),
        Field("members_college", "integer", "本科及专科学历党员数", maximum=1_000_000),
        Field("members_postgraduate", "integer", "硕士及以上学历党员数", maximum=1_000_000),
        Field("relations_here", "integer", "组织关系在本组织人数", maximum=1_000_000),
        Field("relations_supervisor", "integer", "组织关系在业务主管单位人数", maximum=1_000_000),
        Field("relations_attached", "integer", "组织关系在挂靠单位人数", maximum=1_000_000),
        Field("relations_territory", "integer", "组织关系在属地人数", maximum=1_000_000),
        Field("relations_former", "integer", "组织关系在原工作单位人数", maximum=1_000_000),
        Field("relations_other", "integer", "组织关系在其他处人数", maximum=1_000_000),
        Field("exception_document", "text", "特批文号", max_length=200),
        Field("exception_body", "text", "特批单位", max_length=200),
        Field("acts", "texts", "已办事项", "what a temporary branch did", choices=ACTS),
        Field("dissolution_document", "text", "撤销文号", max_length=200),
        Field("dissolution_body", "text", "审批撤销的党组织", max_length=200),
    ),
)  # fmt: skip
