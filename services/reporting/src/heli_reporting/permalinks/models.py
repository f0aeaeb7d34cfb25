"""The table of answers that were given."""

import sqlalchemy as sa

from heli_reporting.archive import METADATA
from heli_shared.db.types import Instant, JsonText

ANSWERS = sa.Table(
    "answers",
    METADATA,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("scope", JsonText, nullable=False),
    sa.Column("given_at", Instant, nullable=False),
)
