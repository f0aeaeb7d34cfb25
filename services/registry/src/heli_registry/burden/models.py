"""The kinds `form` and `form_item`: who asks what of whom, how often, and which registry field each item is."""

from typing import Literal, get_args

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

TargetKind = Literal["enterprises", "party-organizations", "mass-organizations", "units", "zones"]
TARGET_KINDS = get_args(TargetKind)

FORM = record_kind(
    METADATA,
    entity="form",
    plural="forms",
    zh="报表",
    prefix="frm",
    foreign_keys={"unit": "units.id", "division": "divisions.code"},
    fields=(
        Field("name", "text", "报表名称", required=True, max_length=200, example="非公企业基本情况季报表"),
        Field("unit", "text", "发表单位", required=True, max_length=64, references="unit", filtered=True),
        Field("target_kind", "text", "填报对象", required=True, choices=TARGET_KINDS, filtered=True),
        Field("times_per_year", "integer", "每年填报次数", required=True, minimum=1, maximum=366, example=4),
        Field("basis", "text", "制发依据", "the document that orders it", max_length=400),
        Field(
            "division", "text", "填报范围", "12-digit code; everybody when not given", max_length=12,
            references="division",
        ),
    ),
)  # fmt: skip

FORM_ITEM = record_kind(
    METADATA,
    entity="form_item",
    plural="form-items",
    zh="报表指标",
    prefix="itm",
    foreign_keys={"form": "forms.id"},
    fields=(
        Field("form", "text", "报表", required=True, max_length=64, references="form", filtered=True),
        Field("position", "integer", "序号", required=True, minimum=1, maximum=500),
        Field("label", "text", "指标名称", "as the form prints it", required=True, max_length=200),
        Field("field", "text", "对应字段", "of the registry; free text when not given", max_length=64, filtered=True),
    ),
)
