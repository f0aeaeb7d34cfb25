"""Roles and links: levels of assignments, decisions that a contact point is mature."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "maturity_decisions",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("assignment", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_maturity_decisions_state")),
        sa.ForeignKeyConstraint(["assignment"], ["assignments.id"], name=op.f("fk_maturity_decisions_assignment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maturity_decisions")),
    )
    with op.batch_alter_table("maturity_decisions", schema=None) as batch_op:
        batch_op.create_index("ix_maturity_decisions_assignment", ["assignment"], unique=False)
        batch_op.create_index("ix_maturity_decisions_decided_by", ["decided_by"], unique=False)
        batch_op.create_index("ix_maturity_decisions_outcome", ["outcome"], unique=False)
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("level", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("is_full_time", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("appointment_document", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("days_per_month", sa.BigInteger(), nullable=True))
        batch_op.create_index("ix_assignments_level", ["level"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index("ix_assignments_level")
        batch_op.drop_column("days_per_month")
        batch_op.drop_column("appointment_document")
        batch_op.drop_column("is_full_time")
        batch_op.drop_column("level")
    with op.batch_alter_table("maturity_decisions", schema=None) as batch_op:
        batch_op.drop_index("ix_maturity_decisions_outcome")
        batch_op.drop_index("ix_maturity_decisions_decided_by")
        batch_op.drop_index("ix_maturity_decisions_assignment")
    op.drop_table("maturity_decisions")
