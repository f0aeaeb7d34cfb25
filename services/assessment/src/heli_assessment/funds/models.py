"""The kinds of funds: budgets, movements of money, and what enterprises spent beside their wages."""

from heli_assessment.database import METADATA
from heli_assessment.funds.domain import Kind, Standard
from heli_shared.records.kinds import Field, record_kind

SOURCES = ("finance", "dues", "superior", "enterprise", "donation", "other")
PURPOSES = ("organization_life", "training", "venue", "publicity", "commendation", "hardship", "project", "other")

FUND_BUDGET = record_kind(
    METADATA,
    entity="fund_budget",
    plural="fund-budgets",
    zh="经费预算",
    prefix="bud",
    fields=(
        Field("title", "text", "预算名称", required=True, max_length=200, example="2026年两新党建工作经费"),
        Field("year", "integer", "年度", required=True, minimum=1990, maximum=2200, filtered=True, example=2026),
        Field("unit", "text", "编制单位", required=True, max_length=64, references="unit", filtered=True),
        Field("source", "text", "来源", required=True, choices=SOURCES, filtered=True, example="finance"),
        Field("amount", "decimal", "金额(元)", required=True, example="200000"),
        Field("document", "text", "文件", max_length=300),
    ),
)

FUND_MOVEMENT = record_kind(
    METADATA,
    entity="fund_movement",
    plural="fund-movements",
    zh="经费收支",
    prefix="fmv",
    foreign_keys={"budget": "fund_budgets.id"},
    effective_from="happened_on",
    fields=(
        Field("kind", "text", "类别", required=True, choices=tuple(Kind), filtered=True, example="allocation"),
        Field("budget", "text", "预算", "for allocations and what is spent of them", max_length=64,
              references="fund_budget", filtered=True),
        Field("unit", "text", "经办单位", required=True, max_length=64, references="unit", filtered=True),
        Field("organization", "text", "党组织", max_length=64, filtered=True),
        Field("happened_on", "date", "日期", required=True, example="2026-05-12"),
        Field("amount", "decimal", "金额(元)", required=True, example="3000"),
        Field("standard", "text", "拨付标准", choices=tuple(Standard), filtered=True),
        Field("members", "integer", "党员人数", "whose relation lies here, for `per_member`", maximum=1_000_000),
        Field("used_for", "text", "用途", choices=PURPOSES, filtered=True),
        Field("document", "text", "凭证", max_length=300),
    ),
)  # fmt: skip

PARTY_EXPENSE = record_kind(
    METADATA,
    entity="party_expense",
    plural="party-expenses",
    zh="企业党组织工作经费",
    prefix="pex",
    fields=(
        Field("enterprise", "text", "企业", "credit code", required=True, max_length=18, filtered=True,
              example="91990101MA0000000A"),
        Field("unit", "text", "填报单位", required=True, max_length=64, references="unit", filtered=True),
        Field("year", "integer", "年度", required=True, minimum=1990, maximum=2200, filtered=True),
        Field("wages", "decimal", "职工工资薪金总额(元)", required=True, example="1000000"),
        Field("spent", "decimal", "党组织工作经费(元)", required=True, example="12000"),
    ),
)  # fmt: skip
