"""The kind `mark`: one judgement of one subject on one item (or veto) of a rulebook, and where the subject belongs."""

from heli_assessment.database import METADATA
from heli_shared.records.kinds import Field, record_kind

PLACE = ("unit", "division", "zone")
"""The fields that say where the subject belongs: read from the registry when the mark is given."""

MARK = record_kind(
    METADATA,
    entity="mark",
    plural="marks",
    zh="评分",
    prefix="mrk",
    foreign_keys={"rulebook": "rulebooks.id"},
    fields=(
        Field("subject", "text", "被评对象", "a unit, an organisation, an enterprise or a person in post",
              required=True, max_length=64, filtered=True),
        Field("rulebook", "text", "考核细则", required=True, max_length=64, references="rulebook", filtered=True),
        Field("item", "text", "考核项", "id of an item or veto that reads `mark`", required=True, max_length=64,
              filtered=True, example="finance-standards"),
        Field("value", "decimal", "评分", "what the item's rule takes: a grade, points, a count", required=True,
              example="2"),
        Field("evidence", "text", "依据", max_length=1_000),
        Field("unit", "text", "所属机构", "the unit that answers for the subject; filled in by the service",
              max_length=64, references="unit", filtered=True),
        Field("division", "text", "所在区划", "filled in by the service", max_length=12, references="division"),
        Field("zone", "text", "所在园区", "filled in by the service", max_length=64, references="zone"),
    ),
)  # fmt: skip
