"""The kept series: what the checks found on a day, by unit; a copy for speed that can be counted again at any time."""

import sqlalchemy as sa

from heli_registry.database import METADATA
from heli_shared.db.types import KEY_TEXT

WHOLE = ""
"""The unit of a line that counts everything, and the check of a line that counts records and those with errors."""

QUALITY_COUNTS = sa.Table(
    "quality_counts",
    METADATA,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("view", KEY_TEXT, primary_key=True),
    sa.Column("unit", KEY_TEXT, primary_key=True),
    sa.Column("check_id", KEY_TEXT, primary_key=True),
    sa.Column("looked_at", sa.BigInteger, nullable=False),
    sa.Column("failing", sa.BigInteger, nullable=False),
    sa.Column("known_at", sa.BigInteger, nullable=False),
    sa.Index("ix_quality_counts_unit_check_id_day", "unit", "check_id", "day"),
)
