"""The kind `person`: the ledger knows a person's unit only; name and phone lie sealed in the table."""

import sqlalchemy as sa

from heli_registry.database import METADATA
from heli_shared.db.types import Instant
from heli_shared.records.kinds import Field, record_kind

PERSON = record_kind(
    METADATA,
    entity="person",
    plural="people",
    zh="人员",
    prefix="per",
    foreign_keys={"unit": "units.id"},
    fields=(Field("unit", "text", "所在机构", required=True, max_length=64, references="unit", filtered=True),),
    private_columns=(
        sa.Column("sealed_name", sa.Text),
        sa.Column("sealed_phone", sa.Text),
        sa.Column("phone_index", sa.Text, index=True),
        sa.Column("erased_at", Instant),
    ),
)

UNMASKED_READS = sa.Table(
    "unmasked_reads",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("principal", sa.Text, nullable=False),
    sa.Column("unit", sa.Text),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("read_at", Instant, nullable=False),
    sa.Index("ix_unmasked_reads_person_id", "person", "id"),
)
"""Who read which person's name and phone unmasked, when, and to what purpose; rows are only ever added."""
