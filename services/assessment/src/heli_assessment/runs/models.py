"""The tables of runs: what each was pinned to, and one line per subject with its inputs; never changed."""

import sqlalchemy as sa

from heli_assessment.database import METADATA
from heli_shared.db.types import KEY_TEXT, Instant, JsonText

RUNS = sa.Table(
    "runs",
    METADATA,
    sa.Column("id", KEY_TEXT, primary_key=True),
    sa.Column("rulebook", KEY_TEXT, sa.ForeignKey("rulebooks.id"), nullable=False),
    sa.Column("rulebook_version", sa.BigInteger, nullable=False),
    sa.Column("rulebook_digest", sa.Text, nullable=False),
    sa.Column("on_day", sa.Date, nullable=False),
    sa.Column("period_from", sa.Date, nullable=False),
    sa.Column("registry_epoch", sa.Text, nullable=False),
    sa.Column("registry_known_at", sa.BigInteger, nullable=False),
    sa.Column("records_epoch", sa.Text, nullable=False),
    sa.Column("records_known_at", sa.BigInteger, nullable=False),
    sa.Column("subjects", sa.BigInteger, nullable=False),
    sa.Column("more_pins", JsonText),
    sa.Column("context", JsonText),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Index("ix_runs_created_at", "created_at", "id"),
)

RUN_SCORES = sa.Table(
    "run_scores",
    METADATA,
    sa.Column("run", KEY_TEXT, sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("subject", KEY_TEXT, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("subject_group", sa.Text),
    sa.Column("unit", sa.Text),
    sa.Column("division", sa.Text),
    sa.Column("zone", sa.Text),
    sa.Column("score", sa.BigInteger, nullable=False),
    sa.Column("low", sa.BigInteger, nullable=False),
    sa.Column("high", sa.BigInteger, nullable=False),
    sa.Column("grade", sa.Text),
    sa.Column("low_grade", sa.Text),
    sa.Column("high_grade", sa.Text),
    sa.Column("rank", sa.BigInteger),
    sa.Column("best_rank", sa.BigInteger),
    sa.Column("worst_rank", sa.BigInteger),
    sa.Column("points", JsonText, nullable=False),
    sa.Column("inputs", JsonText, nullable=False),
    sa.UniqueConstraint("run", "subject", name="uq_run_scores_run_subject"),
)
