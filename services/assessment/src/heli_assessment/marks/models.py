"""The kind `mark`: one judgement of one unit on one item (or veto) of a rulebook."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

MARK = record_kind(
    METADATA,
    entity="mark",
    plural="marks",
    zh="评分",
    prefix="mrk",
    foreign_keys={"rulebook": "rulebooks.id"},
    fields=(
        Field("subject", "text", "被评单位", required=True, max_length=64, references="unit", filtered=True),
        Field("rulebook", "text", "考核细则", required=True, max_length=64, references="rulebook", filtered=True),
        Field("item", "text", "考核项", "id of an item or veto that reads `mark`", required=True, max_length=64,
              filtered=True, example="finance-standards"),
        Field("value", "decimal", "评分", "what the item's rule takes: a grade, points, a count", required=True,
              example="2"),
        Field("evidence", "text", "依据", max_length=1_000),
    ),
)  # fmt: skip
