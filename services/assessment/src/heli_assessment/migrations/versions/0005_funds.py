"""Funds: budgets, movements of money, what enterprises spent."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "fund_budgets",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_fund_budgets_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_budgets")),
    )
    with op.batch_alter_table("fund_budgets", schema=None) as batch_op:
        batch_op.create_index("ix_fund_budgets_source", ["source"], unique=False)
        batch_op.create_index("ix_fund_budgets_unit", ["unit"], unique=False)
        batch_op.create_index("ix_fund_budgets_year", ["year"], unique=False)

    op.create_table(
        "party_expenses",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("wages", sa.Text(), nullable=False),
        sa.Column("spent", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_party_expenses_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_expenses")),
    )
    with op.batch_alter_table("party_expenses", schema=None) as batch_op:
        batch_op.create_index("ix_party_expenses_enterprise", ["enterprise"], unique=False)
        batch_op.create_index("ix_party_expenses_unit", ["unit"], unique=False)
        batch_op.create_index("ix_party_expenses_year", ["year"], unique=False)

    op.create_table(
        "fund_movements",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("budget", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("organization", sa.Text(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=True),
        sa.Column("members", sa.BigInteger(), nullable=True),
        sa.Column("used_for", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_fund_movements_state")),
        sa.ForeignKeyConstraint(["budget"], ["fund_budgets.id"], name=op.f("fk_fund_movements_budget")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_movements")),
    )
    with op.batch_alter_table("fund_movements", schema=None) as batch_op:
        batch_op.create_index("ix_fund_movements_budget", ["budget"], unique=False)
        batch_op.create_index("ix_fund_movements_kind", ["kind"], unique=False)
        batch_op.create_index("ix_fund_movements_organization", ["organization"], unique=False)
        batch_op.create_index("ix_fund_movements_used_for", ["used_for"], unique=False)
        batch_op.create_index("ix_fund_movements_standard", ["standard"], unique=False)
        batch_op.create_index("ix_fund_movements_unit", ["unit"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("fund_movements", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_movements_unit")
        batch_op.drop_index("ix_fund_movements_standard")
        batch_op.drop_index("ix_fund_movements_used_for")
        batch_op.drop_index("ix_fund_movements_organization")
        batch_op.drop_index("ix_fund_movements_kind")
        batch_op.drop_index("ix_fund_movements_budget")

    op.drop_table("fund_movements")
    with op.batch_alter_table("party_expenses", schema=None) as batch_op:
        batch_op.drop_index("ix_party_expenses_year")
        batch_op.drop_index("ix_party_expenses_unit")
        batch_op.drop_index("ix_party_expenses_enterprise")

    op.drop_table("party_expenses")
    with op.batch_alter_table("fund_budgets", schema=None) as batch_op:
        batch_op.drop_index("ix_fund_budgets_year")
        batch_op.drop_index("ix_fund_budgets_unit")
        batch_op.drop_index("ix_fund_budgets_source")

    op.drop_table("fund_budgets")
