"""The kind `enterprise`: one legal entity or individual business, as registration and yearly refreshes tell it."""

from heli_registry.database import METADATA
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

ENTERPRISE = record_kind(
    METADATA,
    entity="enterprise",
    plural="enterprises",
    zh="企业",
    key="uscc",
    key_pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$",
    key_example="91990121MA0000001R",
    effective_from="registered_on",
    fields=(
        Field("name", "text", "企业名称", required=True, max_length=300, example="合力县示例机械有限公司"),
        Field(
            "division", "text", "所在区划", "12-digit code; the nearest sure level", required=True, max_length=12,
            references="division", example="990121101000",
        ),
        Field("zone", "text", "所在园区楼宇", max_length=64, references="zone"),
        Field("address", "text", "地址", max_length=600),
        Field("registered_on", "date", "注册日期", example="2012-05-18"),
        Field("enterprise_type", "text", "企业类型", "as given by the source", max_length=200),
        Field("ownership", "text", "经济成分", choices=OWNERSHIPS, filtered=True, example="private"),
        Field("registered_capital", "decimal", "注册资金（元）", "in yuan, only when surely yuan", example="5000000"),
        Field("registered_capital_text", "text", "注册资金原文", max_length=200),
        Field("industry", "text", "行业", "GB/T 4754-2017: letter and digits", max_length=5, example="C3499"),
        Field("business_scope", "text", "经营范围", max_length=8_000),
        Field("operation_state", "text", "经营状态", choices=OPERATION_STATES, filtered=True, example="operating"),
        Field("has_premises", "boolean", "有固定场所"),
        Field("has_stable_staff", "boolean", "有稳定队伍"),
        Field("has_activity", "boolean", "有正常活动"),
        Field("staff", "integer", "从业人员", maximum=10_000_000, example=62),
        Field("annual_revenue", "decimal", "年营业收入（元）", example="21000000.00"),
        Field("full_members", "integer", "正式党员数", maximum=1_000_000, example=4),
        Field("probationary_members", "integer", "预备党员数", maximum=1_000_000),
        Field("is_branch_office", "boolean", "分支机构"),
        Field("duplicate_of", "text", "重复于", "the code that stays", max_length=18),
        Field("responsible_unit", "text", "责任单位", max_length=64, references="unit", filtered=True),
        Field("refreshed_on", "date", "台账更新日期"),
    ),
)  # fmt: skip
