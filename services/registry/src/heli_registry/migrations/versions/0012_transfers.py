"""Transfers of affiliation, one under way at most for each organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_INDEXED = ("from_superior", "organization", "stage", "to_superior")


def upgrade() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("from_superior", sa.Text(), nullable=True),
        sa.Column("from_affiliation", sa.Text(), nullable=True),
        sa.Column("to_superior", sa.Text(), nullable=False),
        sa.Column("to_affiliation", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("members", sa.BigInteger(), nullable=True),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("effective_on_wanted", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("from_confirmed_on", sa.Date(), nullable=True),
        sa.Column("from_confirmed_unit", sa.Text(), nullable=True),
        sa.Column("from_confirmed_reason", sa.Text(), nullable=True),
        sa.Column("to_confirmed_on", sa.Date(), nullable=True),
        sa.Column("to_confirmed_unit", sa.Text(), nullable=True),
        sa.Column("to_confirmed_reason", sa.Text(), nullable=True),
        sa.Column("moved_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_transfers_state")),
        sa.ForeignKeyConstraint(["organization"], ["party_organizations.id"], name=op.f("fk_transfers_organization")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        for name in _INDEXED:
            batch_op.create_index(f"ix_transfers_{name}", [name], unique=False)
        batch_op.create_index(
            "uq_transfers_under_way",
            ["organization"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.drop_index("uq_transfers_under_way")
        for name in reversed(_INDEXED):
            batch_op.drop_index(f"ix_transfers_{name}")
    op.drop_table("transfers")
