"""The kinds of reporting: a period of a unit and those below it, what they hand in, closings, figures, explanations."""

import sqlalchemy as sa

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

_MOST = 10**15

PERIOD = record_kind(
    METADATA,
    entity="period",
    plural="periods",
    zh="报送期",
    prefix="prd",
    foreign_keys={"unit": "units.id"},
    fields=(
        Field("code", "text", "期次", "year, half, quarter or month", required=True, max_length=7, filtered=True,
              example="2026H1"),
        Field("unit", "text", "报送范围", "this unit and those below it", required=True, max_length=64,
              references="unit", filtered=True),
        Field("starts_on", "date", "期初日期", required=True),
        Field("ends_on", "date", "期末日期", required=True),
        Field("counted_on", "date", "统计日", "the day the figures are about", required=True),
        Field("closes_on", "date", "报送截止日期", "may lie ahead"),
        Field("reopened_reason", "text", "重新开放原因", max_length=1_000),
    ),
)  # fmt: skip

PERIOD_CLOSING = record_kind(
    METADATA,
    entity="period_closing",
    plural="period-closings",
    zh="报送期关闭记录",
    prefix="pcl",
    foreign_keys={"period": "periods.id", "person": "people.id"},
    fields=(
        Field("period", "text", "报送期", required=True, max_length=64, references="period", filtered=True),
        Field("number", "integer", "第几次关闭", required=True, minimum=1),
        Field("counted_on", "date", "统计日", required=True),
        Field("known_at", "integer", "台账序号", "the seq at which the figures were known", required=True,
              maximum=_MOST),
        Field("person", "text", "审定人", required=True, max_length=64, references="person"),
        Field("principal", "text", "经办账号", required=True, max_length=64),
        Field("waived", "texts", "未报送而豁免的机构", "units that were waived"),
    ),
)  # fmt: skip

PERIOD_SUBMISSION = record_kind(
    METADATA,
    entity="period_submission",
    plural="period-submissions",
    zh="机构报送确认",
    prefix="psb",
    foreign_keys={"period": "periods.id", "unit": "units.id", "person": "people.id"},
    fields=(
        Field("period", "text", "报送期", required=True, max_length=64, references="period", filtered=True),
        Field("unit", "text", "机构", "this unit and those below it", required=True, max_length=64,
              references="unit", filtered=True),
        Field("form", "text", "报送或豁免", "handed in, or closed without its word", required=True,
              choices=("handed_in", "waived"), filtered=True),
        Field("known_at", "integer", "台账序号", "the seq at which the figures were known", required=True,
              maximum=_MOST),
        Field("figures", "text", "报送数字", "its figures then, as JSON", required=True, max_length=4_000),
        Field("person", "text", "确认人", "the named person who answers for it", required=True, max_length=64,
              references="person", filtered=True),
        Field("principal", "text", "经办账号", required=True, max_length=64),
        Field("reason", "text", "豁免原因", max_length=1_000),
    ),
)  # fmt: skip

sa.Index(
    "uq_period_submissions_standing",
    PERIOD_SUBMISSION.table.c.period,
    PERIOD_SUBMISSION.table.c.unit,
    unique=True,
    sqlite_where=sa.text("state = 'open'"),
    postgresql_where=sa.text("state = 'open'"),
)

PERIOD_CELL = record_kind(
    METADATA,
    entity="period_cell",
    plural="period-cells",
    zh="报送期数字",
    prefix="pce",
    foreign_keys={"closing": "period_closings.id", "period": "periods.id", "unit": "units.id"},
    fields=(
        Field("closing", "text", "关闭记录", required=True, max_length=64, references="period_closing", filtered=True),
        Field("period", "text", "报送期", required=True, max_length=64, references="period", filtered=True),
        Field("unit", "text", "机构", "this unit and those below it", required=True, max_length=64,
              references="unit", filtered=True),
        Field("figure", "text", "指标", required=True, max_length=100, filtered=True),
        Field("value", "integer", "数值", required=True, minimum=-_MOST, maximum=_MOST),
        Field("explanations", "texts", "说明", "ids of the explanations of this cell"),
    ),
)  # fmt: skip

EXPLANATION = record_kind(
    METADATA,
    entity="explanation",
    plural="explanations",
    zh="数据说明",
    prefix="exp",
    foreign_keys={"period": "periods.id", "unit": "units.id", "person": "people.id"},
    fields=(
        Field("period", "text", "报送期", required=True, max_length=64, references="period", filtered=True),
        Field("period_code", "text", "期次", required=True, max_length=7),
        Field("starts_on", "date", "期初日期", required=True),
        Field("ends_on", "date", "期末日期", required=True),
        Field("unit", "text", "机构", required=True, max_length=64, references="unit", filtered=True),
        Field("division", "text", "机构所辖区划", max_length=12),
        Field("zone", "text", "机构所辖园区", max_length=64),
        Field("check", "text", "检查", "the check that the record fails", max_length=100, filtered=True),
        Field("record_kind", "text", "记录类别", max_length=64),
        Field("record", "text", "记录", max_length=64, filtered=True),
        Field("figure", "text", "指标", "the figure that jumped", max_length=100, filtered=True),
        Field("compared_with", "text", "对比期次", max_length=7),
        Field("measures", "texts", "涉及的统计指标"),
        Field("value", "text", "被说明的数值", "what was explained, as it was then", required=True, max_length=4_000),
        Field("previous", "text", "对比期数值", max_length=100),
        Field("text", "text", "说明", required=True, max_length=1_000, example="开发区划入本镇，企业数增加"),
        Field("person", "text", "说明人", "the named person who answers for it", required=True, max_length=64,
              references="person", filtered=True),
        Field("principal", "text", "经办账号", required=True, max_length=64),
    ),
)  # fmt: skip
