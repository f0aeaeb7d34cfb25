"""The tables of simulations: what was tried on what, and one line per subject and year; never changed."""

import sqlalchemy as sa

from heli_assessment.database import METADATA
from heli_shared.db.types import KEY_TEXT, Instant, JsonText

SIMULATIONS = sa.Table(
    "simulations",
    METADATA,
    sa.Column("id", KEY_TEXT, primary_key=True),
    sa.Column("rulebook", KEY_TEXT, nullable=False),
    sa.Column("draft_version", sa.BigInteger),
    sa.Column("draft_digest", sa.Text, nullable=False),
    sa.Column("draft_body", sa.Text, nullable=False),
    sa.Column("against", sa.BigInteger),
    sa.Column("pins", JsonText, nullable=False),
    sa.Column("summaries", JsonText, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Index("ix_simulations_created_at", "created_at", "id"),
)

SIMULATION_LINES = sa.Table(
    "simulation_lines",
    METADATA,
    sa.Column("simulation", KEY_TEXT, sa.ForeignKey("simulations.id"), primary_key=True),
    sa.Column("year", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("subject", KEY_TEXT, nullable=False),
    sa.Column("unit", sa.Text),
    sa.Column("division", sa.Text),
    sa.Column("zone", sa.Text),
    sa.Column("line", JsonText, nullable=False),
)
