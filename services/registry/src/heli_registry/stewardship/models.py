"""The kinds `field_steward`, `claim` and `dispute`: who answers for a field, who says what, and where they disagree."""

from heli_registry.database import METADATA
from heli_registry.enterprises.models import ENTERPRISE
from heli_shared.records.kinds import Field, record_kind

NOT_CLAIMED = frozenset({"duplicate_of"})
CLAIMABLE: dict[str, Field] = {
    each.name: each for each in ENTERPRISE.fields if each.references is None and each.name not in NOT_CLAIMED
}
FIELD_NAMES = tuple(CLAIMABLE)
"""Fields of an enterprise that can have a steward: facts about it, not what places it or links it to other records."""

FIELD_STEWARD = record_kind(
    METADATA,
    entity="field_steward",
    plural="field-stewards",
    zh="数据责任",
    prefix="fst",
    is_lasting=True,
    foreign_keys={"steward": "units.id"},
    fields=(
        Field("kind", "text", "记录类别", required=True, choices=("enterprise",), example="enterprise"),
        Field("field", "text", "字段", required=True, max_length=64, filtered=True, example="staff"),
        Field("steward", "text", "责任单位", required=True, max_length=64, references="unit", filtered=True),
        Field(
            "precedence", "texts", "优先顺序",
            "ids of units whose values come next, the first before the second; the steward comes before them all",
        ),
        Field("basis", "text", "依据", "the document that says so", required=True, max_length=400),
        Field(
            "answer_days", "integer", "答复期限（工作日）", "the parameter dispute.answer_days when not given",
            minimum=1, maximum=400, example=10,
        ),
    ),
)  # fmt: skip

CLAIM = record_kind(
    METADATA,
    entity="claim",
    plural="claims",
    zh="部门数据",
    prefix="clm",
    foreign_keys={"enterprise": "enterprises.uscc", "unit": "units.id"},
    fields=(
        Field("enterprise", "text", "企业", required=True, max_length=18, references="enterprise", filtered=True),
        Field("field", "text", "字段", required=True, max_length=64, filtered=True, example="staff"),
        Field("unit", "text", "来源单位", required=True, max_length=64, references="unit", filtered=True),
        Field("value", "text", "数值", "as JSON text of the field's type; null when nothing is claimed any more"),
        Field("observed_on", "date", "取数日期", "the day on which it was so"),
        Field("document", "text", "凭据", "the document or list it stands in", max_length=400),
    ),
)  # fmt: skip

DISPUTE = record_kind(
    METADATA,
    entity="dispute",
    plural="disputes",
    zh="数据争议",
    prefix="dsp",
    foreign_keys={"enterprise": "enterprises.uscc"},
    fields=(
        Field("enterprise", "text", "企业", required=True, max_length=18, references="enterprise", filtered=True),
        Field("field", "text", "字段", required=True, max_length=64, filtered=True, example="staff"),
        Field("owner", "text", "处理单位", "the steward; the county office without one", max_length=64,
              references="unit", filtered=True),
        Field("positions", "text", "各方数据", "JSON text: what each unit says", required=True),
        Field("opened_on", "date", "发现日期", required=True),
        Field("due_on", "date", "处理期限", required=True, filtered=True),
        Field("outcome", "text", "结果", choices=("settled", "withdrawn"), filtered=True),
        Field("settled_value", "text", "认定值", "as JSON text"),
        Field("settled_positions", "text", "认定时各方数据", "as JSON text; the settlement holds while they stand"),
        Field("settled_unit", "text", "采信单位", "the unit whose value was taken", max_length=64),
        Field("evidence", "text", "凭据", max_length=1_000),
    ),
)  # fmt: skip
