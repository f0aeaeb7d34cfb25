"""The highest score that a cap leaves a subject of a cycle."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cycle_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("score_limit", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("cycle_entries", schema=None) as batch_op:
        batch_op.drop_column("score_limit")
