"""imports as clerks use them: previews, refused rows as they were sent, what an import wrote, and its undoing."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _key(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=nullable)


def upgrade() -> None:
    with op.batch_alter_table("import_jobs", schema=None) as batch_op:
        batch_op.add_column(_key("preview", nullable=True))
        batch_op.add_column(sa.Column("expected", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("digest", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("layout", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("first_seq", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("last_seq", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("undone_at", sa.String(length=27), nullable=True))
        batch_op.add_column(sa.Column("undone_by", sa.Text(), nullable=True))
        batch_op.create_index("ix_import_jobs_preview", ["preview"], unique=False)
    with op.batch_alter_table("import_refusals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cells", sa.Text(), nullable=True))
    op.create_table(
        "import_effects",
        _key("import_id"),
        sa.Column("row_number", sa.BigInteger(), autoincrement=False, nullable=False),
        _key("key", nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import_jobs.id"], name=op.f("fk_import_effects_import_id")),
        sa.PrimaryKeyConstraint("import_id", "row_number", name=op.f("pk_import_effects")),
    )


def downgrade() -> None:
    op.drop_table("import_effects")
    with op.batch_alter_table("import_refusals", schema=None) as batch_op:
        batch_op.drop_column("cells")
    with op.batch_alter_table("import_jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_import_jobs_preview")
        for name in ("undone_by", "undone_at", "last_seq", "first_seq", "layout", "digest", "expected", "preview"):
            batch_op.drop_column(name)
