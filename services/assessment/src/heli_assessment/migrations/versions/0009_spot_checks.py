"""The drawn lists of a cycle are called spot checks: "sample" is what a rulebook's sampled items draw for a run."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _renamed("sample_lists", "spot_checks")


def downgrade() -> None:
    _renamed("spot_checks", "sample_lists")


def _renamed(old: str, new: str) -> None:
    """Put a table in the place of an empty one: the ledger keeps the name under which a draw was recorded."""
    if op.get_bind().execute(sa.text(f"SELECT count(*) FROM {old}")).scalar_one():  # noqa: S608 - a name of this file
        raise RuntimeError(
            f"{old} 中已有抽查名单，台账中的名称不能更改；请先将其归档并另建数据库。 "
            f"{old} holds drawn lists, which the ledger records under that name: archive them and start a new database."
        )
    op.create_table(
        new,
        sa.Column("id", _KEY, nullable=False),
        sa.Column("cycle", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("population_digest", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f(f"ck_{new}_state")),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name=op.f(f"fk_{new}_cycle")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{new}")),
    )
    op.create_index(f"ix_{new}_cycle", new, ["cycle"])
    op.drop_index(f"ix_{old}_cycle", old)
    op.drop_table(old)
