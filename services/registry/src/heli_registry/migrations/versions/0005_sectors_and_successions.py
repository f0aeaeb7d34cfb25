"""Sectors and successions: what took the place of which."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sectors",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("lead_unit", sa.Text(), nullable=True),
        sa.Column("industries", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_sectors_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sectors")),
    )
    with op.batch_alter_table("sectors", schema=None) as batch_op:
        batch_op.create_index("ix_sectors_lead_unit", ["lead_unit"], unique=False)
        batch_op.create_index("ix_sectors_parent", ["parent"], unique=False)
    op.create_table(
        "successions",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("predecessor", sa.Text(), nullable=False),
        sa.Column("successor", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("is_rest", sa.Boolean(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_successions_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_successions")),
    )
    with op.batch_alter_table("successions", schema=None) as batch_op:
        batch_op.create_index("ix_successions_form", ["form"], unique=False)
        batch_op.create_index("ix_successions_node", ["node"], unique=False)
        batch_op.create_index("ix_successions_predecessor", ["predecessor"], unique=False)
        batch_op.create_index("ix_successions_successor", ["successor"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("successions", schema=None) as batch_op:
        batch_op.drop_index("ix_successions_successor")
        batch_op.drop_index("ix_successions_predecessor")
        batch_op.drop_index("ix_successions_node")
        batch_op.drop_index("ix_successions_form")
    op.drop_table("successions")
    with op.batch_alter_table("sectors", schema=None) as batch_op:
        batch_op.drop_index("ix_sectors_parent")
        batch_op.drop_index("ix_sectors_lead_unit")
    op.drop_table("sectors")
