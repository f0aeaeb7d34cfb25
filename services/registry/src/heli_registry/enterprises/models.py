"""The kind `enterprise`: one legal entity or individual business, as registration and yearly refreshes tell it."""

from heli_registry.database import METADATA
from heli_registry.names.matching import ENTERPRISE_MATCHING
from heli_shared.records.kinds import Field, record_kind

OWNERSHIPS = (
    "private",
    "individual",
    "foreign",
    "hong_kong_macao_taiwan",
    "mixed",
    "collective",
    "state_owned",
)
OPERATION_STATES = ("operating", "suspended", "closed_down")
PREMISES = ("owned", "rented", "shared", "none")
OWNER_POSTS = (
    "npc_delegate", "cppcc_member", "federation_post", "association_post", "model_worker", "outstanding_builder",
    "other",
)  # fmt: skip

ENTERPRISE = record_kind(
    METADATA,
    entity="enterprise",
    plural="enterprises",
    zh="企业",
    searched="name",
    matching=ENTERPRISE_MATCHING,
    key="uscc",
    key_pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$",
    key_example="91990121MA0000001R",
    effective_from="registered_on",
    fields=(
        Field("name", "text", "企业名称", required=True, max_length=300, example="合力县示例机械有限公司"),
        Field("former_names", "texts", "曾用名", "names borne before, newest first"),
        Field(
            "division", "text", "所在区划", "12-digit code; the nearest sure level", required=True, max_length=12,
            references="division", example="990121101000",
        ),
        Field("zone", "text", "所在园区楼宇", max_length=64, references="zone"),
        Field("sector", "text", "行业归口", max_length=64, references="sector", filtered=True),
        Field("address", "text", "地址", max_length=600),
        Field("registration_authority", "text", "登记机关", max_length=200),
        Field("registered_on", "date", "注册日期", example="2012-05-18"),
        Field("enterprise_type", "text", "企业类型", "as given by the source", max_length=200),
        Field("ownership", "text", "经济成分", choices=OWNERSHIPS, filtered=True, example="private"),
        Field("registered_capital", "decimal", "注册资金（元）", "in yuan, only when surely yuan", example="5000000"),
        Field("registered_capital_text", "text", "注册资金原文", max_length=200),
        Field("industry", "text", "行业", "GB/T 4754-2017: letter and digits", max_length=5, example="C3499"),
        Field("business_scope", "text", "经营范围", max_length=8_000),
        Field("main_business", "text", "主营业务", max_length=1_000),
        Field("operation_state", "text", "经营状态", choices=OPERATION_STATES, filtered=True, example="operating"),
        Field("has_premises", "boolean", "有固定场所"),
        Field("has_stable_staff", "boolean", "有稳定队伍"),
        Field("has_activity", "boolean", "有正常活动"),
        Field("premises", "text", "场所性质", choices=PREMISES),
        Field("staff", "integer", "从业人员", maximum=10_000_000, example=62),
        Field("staff_local", "integer", "本市从业人员", maximum=10_000_000),
        Field("staff_outside", "integer", "外地从业人员", maximum=10_000_000),
        Field("staff_women", "integer", "女性从业人员", maximum=10_000_000),
        Field("staff_laid_off", "integer", "下岗失业再就业人员", maximum=10_000_000),
        Field("annual_revenue", "decimal", "年营业收入（元）", example="21000000.00"),
        Field("total_assets", "decimal", "资产总额（元）", example="18000000.00"),
        Field("annual_output", "decimal", "年产值（元）"),
        Field("annual_wages", "decimal", "职工年度工资总额（元）"),
        Field("listed_above_scale", "boolean", "列入规上名录", "on the statistics bureau's list of those above scale"),
        Field("full_members", "integer", "正式党员数", maximum=1_000_000, example=4),
        Field("probationary_members", "integer", "预备党员数", maximum=1_000_000),
        Field("members_management", "integer", "管理岗位党员数", maximum=1_000_000),
        Field("members_technical", "integer", "技术骨干党员数", maximum=1_000_000),
        Field("members_front_line", "integer", "一线员工党员数", maximum=1_000_000),
        Field("members_investors", "integer", "出资人党员数", maximum=1_000_000),
        Field("members_elsewhere", "integer", "组织关系在外的党员数", "formal relation not here", maximum=1_000_000),
        Field("league_members", "integer", "共青团员数", maximum=1_000_000),
        Field("investors", "integer", "出资人数", maximum=1_000_000),
        Field("owner", "text", "主要负责人", "the owner or head, a person", max_length=64, references="person"),
        Field("owner_posts", "texts", "负责人社会职务", choices=OWNER_POSTS),
        Field("legal_representative_is_secretary", "boolean", "法定代表人兼任书记"),
        Field("contact_person", "text", "联系人", max_length=64, references="person"),
        Field("unestablished_reason", "text", "未建党组织原因", max_length=400),
        Field("planned_setup_on", "date", "拟建党组织日期", "may lie ahead"),
        Field("is_branch_office", "boolean", "分支机构"),
        Field("duplicate_of", "text", "重复于", "the code that stays", max_length=18),
        Field("responsible_unit", "text", "责任单位", max_length=64, references="unit", filtered=True),
        Field("refreshed_on", "date", "台账更新日期"),
        Field("annual_report_year", "integer", "最近年报年度", minimum=1_980, maximum=2_200, example=2025),
    ),
)  # fmt: skip
