"""The table of sealed packages, kept as they were made; the database itself refuses to change one."""

import sqlalchemy as sa

from heli_assessment.database import METADATA
from heli_shared.db.types import KEY_TEXT, Instant

ARCHIVES = sa.Table(
    "archives",
    METADATA,
    sa.Column("cycle", KEY_TEXT, sa.ForeignKey("cycles.id"), primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
)
