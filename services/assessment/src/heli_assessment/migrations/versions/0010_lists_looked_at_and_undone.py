"""Lists are looked at, applied and undone: files of previews, what an import wrote, and its undoing."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NEW = ("status", "error", "preview", "digest", "first_seq", "last_seq", "undone_at", "undone_by")


def upgrade() -> None:
    with op.batch_alter_table("list_imports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("status", sa.Text(), nullable=False, server_default="done"))
        batch_op.add_column(sa.Column("error", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("preview", _KEY, nullable=True))
        batch_op.add_column(sa.Column("digest", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("first_seq", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("last_seq", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("undone_at", sa.String(length=27), nullable=True))
        batch_op.add_column(sa.Column("undone_by", sa.Text(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_list_imports_status"), "status IN ('done', 'failed')")
        batch_op.create_index("ix_list_imports_preview", ["preview"], unique=False)
    op.create_table(
        "list_files",
        sa.Column("import_id", _KEY, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["list_imports.id"], name=op.f("fk_list_files_import_id")),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_list_files")),
    )


def downgrade() -> None:
    op.drop_table("list_files")
    with op.batch_alter_table("list_imports", schema=None) as batch_op:
        batch_op.drop_index("ix_list_imports_preview")
        batch_op.drop_constraint(op.f("ck_list_imports_status"), type_="check")
        for name in reversed(_NEW):
            batch_op.drop_column(name)
