"""The table of samples: what each was drawn from, and what was drawn; never changed."""

import sqlalchemy as sa

from heli_assessment.database import METADATA
from heli_shared.db.types import KEY_TEXT, Instant, JsonText

SAMPLES = sa.Table(
    "samples",
    METADATA,
    sa.Column("id", KEY_TEXT, primary_key=True),
    sa.Column("rulebook", KEY_TEXT, sa.ForeignKey("rulebooks.id"), nullable=False),
    sa.Column("rulebook_version", sa.BigInteger, nullable=False),
    sa.Column("seed", sa.Text, nullable=False),
    sa.Column("on_day", sa.Date, nullable=False),
    sa.Column("registry_epoch", sa.Text, nullable=False),
    sa.Column("registry_known_at", sa.BigInteger, nullable=False),
    sa.Column("draws", JsonText, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Index("ix_samples_created_at", "created_at", "id"),
)
