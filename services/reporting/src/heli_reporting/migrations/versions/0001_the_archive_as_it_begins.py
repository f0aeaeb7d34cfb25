"""the archive as it begins."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.String(27), nullable=True),
        sa.Column("attempted_at", sa.String(27), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_readings")),
    )
    op.create_table(
        "answers",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("given_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_answers")),
    )


def downgrade() -> None:
    op.drop_table("answers")
    op.drop_table("readings")
