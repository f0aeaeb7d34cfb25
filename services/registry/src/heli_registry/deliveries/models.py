"""The table of deliveries: what was handed out to whom, never changed, kept for audits."""

import sqlalchemy as sa

from heli_registry.database import METADATA
from heli_shared.db.types import KEY_TEXT, Instant, JsonText

DELIVERIES = sa.Table(
    "deliveries",
    METADATA,
    sa.Column("id", KEY_TEXT, primary_key=True),
    sa.Column("delivered_at", Instant, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("resource", sa.Text, nullable=False),
    sa.Column("principal", sa.Text, nullable=False),
    sa.Column("unit", sa.Text),
    sa.Column("purpose", sa.Text),
    sa.Column("purpose_source", sa.Text, nullable=False),
    sa.Column("filters", JsonText, nullable=False),
    sa.Column("row_count", sa.BigInteger, nullable=False),
    sa.Column("byte_count", sa.BigInteger, nullable=False),
    sa.Column("epoch", sa.Text),
    sa.Column("seq", sa.BigInteger),
    sa.Column("is_whole", sa.Boolean, nullable=False),
    sa.CheckConstraint("purpose_source IN ('stated', 'agreed', 'internal', 'none')", name="purpose_source"),
    sa.Index("ix_deliveries_unit", "unit"),
    sa.Index("ix_deliveries_principal", "principal"),
)
"""`is_whole` is false where the caller broke off; `purpose_source` says where the purpose was taken from."""
