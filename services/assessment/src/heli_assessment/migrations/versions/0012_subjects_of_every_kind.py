"""Marks and scores of every kind of subject: where it belongs, so that those see it who see the place."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("unit", "division", "zone"):
        op.add_column("marks", sa.Column(column, sa.Text(), nullable=True))
        op.create_index(f"ix_marks_{column}", "marks", [column], unique=False)
    for table in ("run_scores", "simulation_lines"):
        for column in ("division", "zone"):
            op.add_column(table, sa.Column(column, sa.Text(), nullable=True))


def downgrade() -> None:
    for table in ("run_scores", "simulation_lines"):
        for column in ("zone", "division"):
            op.drop_column(table, column)
    for column in ("zone", "division", "unit"):
        op.drop_index(f"ix_marks_{column}", table_name="marks")
        op.drop_column("marks", column)
