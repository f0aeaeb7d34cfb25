"""Instructors: people whom units make available, also while they guide nobody yet."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_INDEXED = ("division", "level", "person", "unit", "zone")


def upgrade() -> None:
    op.create_table(
        "instructors",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("division", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("is_full_time", sa.Boolean(), nullable=True),
        sa.Column("max_enterprises", sa.BigInteger(), nullable=True),
        sa.Column("appointment_document", sa.Text(), nullable=True),
        sa.Column("term_ends_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_instructors_state")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_instructors_person")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_instructors_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructors")),
    )
    with op.batch_alter_table("instructors", schema=None) as batch_op:
        for name in _INDEXED:
            batch_op.create_index(f"ix_instructors_{name}", [name], unique=False)


def downgrade() -> None:
    op.drop_table("instructors")
