"""The kinds `census` and `census_check`: a count with its cut-off day, and one answer about one enterprise."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

ITEMS = ("operation", "staff", "members", "organization", "investors")
"""The five things that must be clear of each enterprise 五清, in the order in which they are asked."""
ANSWERS = ("clear", "unclear", "not_reachable")
OPTIONAL_STEPS = ("individual_business", "unknown_operation", "unknown_substance")
"""Steps of the base list that a county takes only when it says so; each leaves out more than the statistics do."""
STAGES = ("registration", "review", "analysis")
"""The stages of a census 集中登记、复核汇总、分析评估; each has a first and a last day."""

CENSUS = record_kind(
    METADATA,
    entity="census",
    plural="censuses",
    zh="普查",
    prefix="cen",
    foreign_keys={"division": "divisions.code", "zone": "zones.id", "unit": "units.id"},
    fields=(
        Field("name", "text", "名称", required=True, max_length=200, example="2026年非公企业党建普查"),
        Field(
            "cut_off_on", "date", "截止日期", "enterprises are counted as they were on this day", required=True,
            example="2026-06-30",
        ),
        Field(
            "division", "text", "所查区划", "and everything below it", max_length=12, references="division",
            filtered=True,
        ),
        Field("zone", "text", "所查园区楼宇", max_length=64, references="zone", filtered=True),
        Field("unit", "text", "牵头单位", max_length=64, references="unit", filtered=True),
        Field("document", "text", "文件依据", "title and number of the notice", max_length=300),
        Field("registration_from", "date", "集中登记开始"),
        Field("registration_until", "date", "集中登记截止"),
        Field("review_from", "date", "复核汇总开始"),
        Field("review_until", "date", "复核汇总截止"),
        Field("analysis_from", "date", "分析评估开始"),
        Field("analysis_until", "date", "分析评估截止"),
        Field(
            "optional_steps", "texts", "另加的筛除步骤", "steps beyond the statistics' own scope",
            choices=OPTIONAL_STEPS,
        ),
    ),
)  # fmt: skip

CENSUS_CHECK = record_kind(
    METADATA,
    entity="census_check",
    plural="census-checks",
    zh="普查核查",
    prefix="cck",
    effective_from="checked_on",
    foreign_keys={"census": "censuses.id", "enterprise": "enterprises.uscc", "checker": "people.id"},
    fields=(
        Field("census", "text", "普查", required=True, max_length=64, references="census", filtered=True),
        Field("enterprise", "text", "企业", required=True, max_length=18, references="enterprise", filtered=True),
        Field("item", "text", "核查项目", "one of the five 五清", required=True, choices=ITEMS, filtered=True,
              example="operation"),
        Field("answer", "text", "核查结论", required=True, choices=ANSWERS, filtered=True, example="clear"),
        Field("note", "text", "说明", "no names and no telephone numbers", max_length=500),
        Field("checker", "text", "核查人", max_length=64, references="person", filtered=True),
        Field("checked_on", "date", "核查日期", example="2026-07-01"),
    ),
)  # fmt: skip
