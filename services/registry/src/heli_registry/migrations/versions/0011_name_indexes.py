"""name indexes: what a name holds, and by what alike records are found; decisions on duplicates, and mergers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_INDEXED = {
    "divisions": (),
    "enterprises": ("core", "place"),
    "guidance_projects": (),
    "mass_organizations": (),
    "party_organizations": ("core",),
    "units": (),
    "zones": (),
}


def upgrade() -> None:
    for table, columns in _INDEXED.items():
        _create_index(table, columns)
    _create_decisions()
    _create_mergers()


def _create_decisions() -> None:
    op.create_table(
        "duplicate_decisions",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        *_state(),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_duplicate_decisions_state")),
        sa.ForeignKeyConstraint(["one"], ["enterprises.uscc"], name=op.f("fk_duplicate_decisions_one")),
        sa.ForeignKeyConstraint(["other"], ["enterprises.uscc"], name=op.f("fk_duplicate_decisions_other")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_decisions")),
    )
    _index_columns("duplicate_decisions", "one", "other")


def _create_mergers() -> None:
    op.create_table(
        "mergers",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("merged_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.Text(), nullable=True),
        sa.Column("moved", sa.Text(), nullable=True),
        sa.Column("doubled", sa.Text(), nullable=True),
        *_state(),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_mergers_state")),
        sa.ForeignKeyConstraint(["source"], ["enterprises.uscc"], name=op.f("fk_mergers_source")),
        sa.ForeignKeyConstraint(["target"], ["enterprises.uscc"], name=op.f("fk_mergers_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mergers")),
    )
    _index_columns("mergers", "source", "target")


def _state() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
    )


def _index_columns(table: str, *columns: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.create_index(f"ix_{table}_{column}", [column], unique=False)


def _drop_indexes(table: str, *columns: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.drop_index(f"ix_{table}_{column}")


def _create_index(table: str, columns: tuple[str, ...]) -> None:
    op.create_table(
        f"{table}_search",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", _KEY, nullable=False),
        sa.Column("text", _KEY, nullable=False),
        *(sa.Column(name, _KEY, nullable=True) for name in columns),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}_search")),
        sa.UniqueConstraint("key", name=op.f(f"uq_{table}_search_key")),
    )
    with op.batch_alter_table(f"{table}_search", schema=None) as batch_op:
        batch_op.create_index(batch_op.f(f"ix_{table}_search_text"), ["text"], unique=False)
    op.create_table(
        f"{table}_tokens",
        sa.Column("token", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("written", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token", "written", name=op.f(f"pk_{table}_tokens")),
    )


def downgrade() -> None:
    _drop_indexes("mergers", "source", "target")
    op.drop_table("mergers")
    _drop_indexes("duplicate_decisions", "one", "other")
    op.drop_table("duplicate_decisions")
    for table in reversed(_INDEXED):
        op.drop_table(f"{table}_tokens")
        with op.batch_alter_table(f"{table}_search", schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{table}_search_text"))
        op.drop_table(f"{table}_search")
