"""What units hand in for a period, one word standing for each; and the units that a closing waived."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_INDEXED = ("form", "period", "person", "unit")


def upgrade() -> None:
    with op.batch_alter_table("period_closings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waived", sa.Text(), nullable=True))
    op.create_table(
        "period_submissions",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_period_submissions_state")),
        sa.ForeignKeyConstraint(["period"], ["periods.id"], name=op.f("fk_period_submissions_period")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_period_submissions_person")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_period_submissions_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_submissions")),
    )
    with op.batch_alter_table("period_submissions", schema=None) as batch_op:
        for name in _INDEXED:
            batch_op.create_index(f"ix_period_submissions_{name}", [name], unique=False)
        batch_op.create_index(
            "uq_period_submissions_standing",
            ["period", "unit"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )


def downgrade() -> None:
    op.drop_table("period_submissions")
    with op.batch_alter_table("period_closings", schema=None) as batch_op:
        batch_op.drop_column("waived")
