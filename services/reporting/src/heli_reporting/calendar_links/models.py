"""The table of calendar links: rows are never deleted, so it tells who made and who revoked which link, and when."""

import sqlalchemy as sa

from heli_reporting.archive import METADATA
from heli_shared.db.types import Instant

CALENDAR_LINKS = sa.Table(
    "calendar_links",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("principal", sa.Text, nullable=False, index=True),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
    sa.Column("revoked_by", sa.Text),
)
