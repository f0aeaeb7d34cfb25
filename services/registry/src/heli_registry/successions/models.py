"""The kind `succession`: one node of a tree took the place of another, wholly or in part, from a day on."""

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

FORMS = ("merge", "split")
NODES = ("division", "zone", "unit", "sector")

SUCCESSION = record_kind(
    METADATA,
    entity="succession",
    plural="successions",
    zh="撤并沿革",
    prefix="suc",
    fields=(
        Field("node", "text", "对象类别", required=True, choices=NODES, filtered=True, example="division"),
        Field("predecessor", "text", "原机构（区划）", required=True, max_length=64, filtered=True),
        Field("successor", "text", "承接机构（区划）", required=True, max_length=64, filtered=True),
        Field("form", "text", "方式", required=True, choices=FORMS, filtered=True),
        Field("is_rest", "boolean", "承接其余", "of a split: takes what was not named"),
        Field("document", "text", "依据文号", max_length=200),
    ),
)  # fmt: skip

KEPT_FACTS = frozenset(
    {
        ("census", "division"), ("census", "unit"), ("census", "zone"), ("claim", "unit"), ("explanation", "unit"),
        ("guidance_project", "approving_unit"), ("maturity_decision", "decided_by"), ("period", "unit"),
        ("period_cell", "unit"), ("period_submission", "unit"),
    }
)  # fmt: skip
"""Fields that tell what somebody once did, said or was asked (entity, field): that stays true when the node goes."""

HELD = frozenset({("field_steward", "steward")})
"""Fields whose holder others rely on (entity, field): they are handed over by their own rules before the node goes."""

WHILE_OPEN = {("transfer", "from_superior"): "from_affiliation", ("transfer", "to_superior"): None}
"""Fields that follow a unit while their record is open (entity, field), with the field naming the affiliation whose way
they go; once closed, the record says what was."""
