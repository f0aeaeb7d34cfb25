"""The kind `transfer`: a Party organisation on its way from one superior to another, step by step."""

import sqlalchemy as sa

from heli_registry.database import METADATA
from heli_shared.records.kinds import Field, record_kind

STAGES = ("proposed", "from_confirmed", "to_confirmed", "done", "refused", "withdrawn")

TRANSFER = record_kind(
    METADATA,
    entity="transfer",
    plural="transfers",
    zh="隶属关系转接",
    prefix="trf",
    foreign_keys={"organization": "party_organizations.id"},
    fields=(
        Field(
            "organization", "text", "党组织", required=True, max_length=64, references="party_organization",
            filtered=True,
        ),
        Field("from_superior", "text", "转出上级", "an organisation or a unit; nobody", max_length=64, filtered=True),
        Field("from_affiliation", "text", "转出隶属关系", "the affiliation that ends", max_length=64),
        Field(
            "to_superior", "text", "转入上级", "an organisation or a unit", required=True, max_length=64, filtered=True
        ),
        Field("to_affiliation", "text", "转入隶属关系", "the affiliation that was made", max_length=64),
        Field("kind", "text", "隶属类别", choices=("territory", "industry", "park", "federation", "direct", "other")),
        Field("reason", "text", "转接原因", required=True, max_length=800),
        Field("document", "text", "依据文号", max_length=200),
        Field("members", "integer", "随转党员数", "members whose relations move with it"),
        Field("proposed_on", "date", "提出日期", required=True),
        Field("effective_on_wanted", "date", "商定转接日期", "the day of the last confirmation where nobody named one"),
        Field("due_on", "date", "确认期限", "the last working day to confirm", required=True),
        Field("stage", "text", "办理阶段", required=True, choices=STAGES, filtered=True),
        Field("from_confirmed_on", "date", "转出方确认日期"),
        Field("from_confirmed_unit", "text", "转出方确认单位", "the unit of whoever confirmed", max_length=64),
        Field("from_confirmed_reason", "text", "转出方确认说明", max_length=800),
        Field("to_confirmed_on", "date", "转入方确认日期"),
        Field("to_confirmed_unit", "text", "转入方确认单位", "the unit of whoever confirmed", max_length=64),
        Field("to_confirmed_reason", "text", "转入方确认说明", max_length=800),
        Field("moved_on", "date", "转接生效日期", "the day since which the new superior holds"),
    ),
)  # fmt: skip

sa.Index(
    "uq_transfers_under_way",
    TRANSFER.table.c.organization,
    unique=True,
    sqlite_where=sa.text("state = 'open'"),
    postgresql_where=sa.text("state = 'open'"),
)
