"""Which enterprise a rectification order is about."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rectification_orders", sa.Column("enterprise", sa.Text(), nullable=True))
    op.create_index("ix_rectification_orders_enterprise", "rectification_orders", ["enterprise"])


def downgrade() -> None:
    op.drop_index("ix_rectification_orders_enterprise", "rectification_orders")
    op.drop_column("rectification_orders", "enterprise")
