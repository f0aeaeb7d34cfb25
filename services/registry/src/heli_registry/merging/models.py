"""The kind `merger`: which enterprise was merged into which, from when, why, and what moved with it."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

MERGER = record_kind(
    METADATA,
    entity="merger",
    plural="mergers",
    zh="企业合并记录",
    prefix="mrg",
    # Not `references`: these two say what was, and no later merger may move them.
    foreign_keys={"source": "enterprises.uscc", "target": "enterprises.uscc"},
    fields=(
        Field("source", "text", "并入的企业", "the code that goes", required=True, max_length=18, filtered=True),
        Field("target", "text", "保留的企业", "the code that stays", required=True, max_length=18, filtered=True),
        Field("merged_on", "date", "合并日期", required=True),
        Field("reason", "text", "理由", required=True, max_length=1_000, example="换发新码后重复登记"),
        Field("entries", "integer", "台账条目数", "how many entries it wrote, this one first", required=True),
        Field("taken", "texts", "采用的字段", "fields that the one that stays took over"),
        Field("moved", "texts", "转移的记录", "entity/key/field of what was moved"),
        Field("doubled", "texts", "因重复关闭的记录", "entity/key/field of what both had, closed on the one that goes"),
    ),
)
