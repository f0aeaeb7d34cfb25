"""The kind `division`: administrative territory by 12-digit code, each naming its parent."""

from heli_registry.database import METADATA
from heli_shared.kernel.divisions import LEVELS
from heli_shared.records.kinds import Field, record_kind

DIVISION = record_kind(
    METADATA,
    entity="division",
    plural="divisions",
    zh="行政区划",
    searched="name",
    key="code",
    key_pattern=r"^[0-9]{12}$",
    key_example="990121101000",
    is_lasting=True,
    fields=(
        Field("name", "text", "名称", required=True, max_length=100, example="城关镇"),
        Field("level", "text", "层级", required=True, choices=LEVELS, filtered=True, example="town"),
        Field("parent", "text", "上级区划", "12-digit code; null at the top", max_length=12, references="division"),
    ),
)
