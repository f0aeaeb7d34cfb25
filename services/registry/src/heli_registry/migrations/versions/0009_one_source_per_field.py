"""Stewards of fields, what departments say, and their disputes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "field_stewards",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("steward", sa.Text(), nullable=False),
        sa.Column("precedence", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("answer_days", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_field_stewards_state")),
        sa.ForeignKeyConstraint(["steward"], ["units.id"], name=op.f("fk_field_stewards_steward")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_stewards")),
    )
    with op.batch_alter_table("field_stewards", schema=None) as batch_op:
        batch_op.create_index("ix_field_stewards_field", ["field"], unique=False)
        batch_op.create_index("ix_field_stewards_steward", ["steward"], unique=False)
    op.create_table(
        "claims",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("observed_on", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_claims_state")),
        sa.ForeignKeyConstraint(["enterprise"], ["enterprises.uscc"], name=op.f("fk_claims_enterprise")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_claims_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index("ix_claims_enterprise", ["enterprise"], unique=False)
        batch_op.create_index("ix_claims_field", ["field"], unique=False)
        batch_op.create_index("ix_claims_unit", ["unit"], unique=False)
    op.create_table(
        "disputes",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("positions", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("settled_value", sa.Text(), nullable=True),
        sa.Column("settled_positions", sa.Text(), nullable=True),
        sa.Column("settled_unit", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_disputes_state")),
        sa.ForeignKeyConstraint(["enterprise"], ["enterprises.uscc"], name=op.f("fk_disputes_enterprise")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    with op.batch_alter_table("disputes", schema=None) as batch_op:
        batch_op.create_index("ix_disputes_due_on", ["due_on"], unique=False)
        batch_op.create_index("ix_disputes_enterprise", ["enterprise"], unique=False)
        batch_op.create_index("ix_disputes_field", ["field"], unique=False)
        batch_op.create_index("ix_disputes_outcome", ["outcome"], unique=False)
        batch_op.create_index("ix_disputes_owner", ["owner"], unique=False)


def downgrade() -> None:
    op.drop_table("disputes")
    op.drop_table("claims")
    op.drop_table("field_stewards")
