"""The table of readings: when each source was last read, kept over restarts."""

import sqlalchemy as sa

from heli_reporting.archive import METADATA
from heli_shared.db.types import Instant

READINGS = sa.Table(
    "readings",
    METADATA,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("fetched_at", Instant),
    sa.Column("attempted_at", Instant),
    sa.Column("error", sa.Text),
)
