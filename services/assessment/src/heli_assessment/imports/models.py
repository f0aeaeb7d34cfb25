"""The tables of imports: what was sent, how its rows ended, the cells of refused ones, and the files of previews."""

import sqlalchemy as sa

from heli_assessment.database import METADATA
from heli_shared.db.types import KEY_TEXT, Instant, JsonText

LIST_IMPORTS = sa.Table(
    "list_imports",
    METADATA,
    sa.Column("id", KEY_TEXT, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("plan", KEY_TEXT),
    sa.Column("dry_run", sa.Boolean, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("effective_on", sa.Date),
    sa.Column("principal", KEY_TEXT, nullable=False),
    sa.Column("counts", JsonText, nullable=False),
    sa.Column("columns", JsonText, nullable=False),
    sa.Column("layout", JsonText, nullable=False),
    sa.Column("changes", JsonText, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("status", sa.Text, nullable=False, server_default="done"),
    sa.Column("error", JsonText),
    sa.Column("preview", KEY_TEXT),
    sa.Column("digest", sa.Text),
    sa.Column("first_seq", sa.BigInteger),
    sa.Column("last_seq", sa.BigInteger),
    sa.Column("undone_at", Instant),
    sa.Column("undone_by", sa.Text),
    sa.Index("ix_list_imports_preview", "preview"),
    sa.CheckConstraint("status IN ('done', 'failed')", name="status"),
)
LIST_FILES = sa.Table(
    "list_files",
    METADATA,
    sa.Column("import_id", KEY_TEXT, sa.ForeignKey("list_imports.id"), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
LIST_REFUSALS = sa.Table(
    "list_refusals",
    METADATA,
    sa.Column("import_id", KEY_TEXT, sa.ForeignKey("list_imports.id"), primary_key=True),
    sa.Column("row_number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("errors", JsonText, nullable=False),
    sa.Column("cells", JsonText, nullable=False),
)
