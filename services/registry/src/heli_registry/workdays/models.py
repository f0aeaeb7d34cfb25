"""The kind `calendar_day`: the office's own word on one day, which goes before the library's."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

CALENDAR_DAY = record_kind(
    METADATA,
    entity="calendar_day",
    plural="calendar-days",
    zh="工作日历",
    key="day",
    key_pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
    key_example="2027-02-07",
    is_lasting=True,
    fields=(
        Field("is_working", "boolean", "是否工作日", required=True, example=True),
        Field("name", "text", "说明", max_length=100, example="春节调休上班"),
        Field("document", "text", "依据文号", max_length=200),
    ),
)
