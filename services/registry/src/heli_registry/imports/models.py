"""The queue of imports, the rows they refused and what dry runs showed, in the registry's own database."""

import sqlalchemy as sa

from heli_registry.database import METADATA
from heli_shared.db.types import KEY_TEXT, Instant, JsonText

IMPORT_JOBS = sa.Table(
    "import_jobs",
    METADATA,
    sa.Column("id", KEY_TEXT, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("dry_run", sa.Boolean, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("effective_on", sa.Date),
    sa.Column("principal", sa.Text, nullable=False),
    sa.Column("unit", sa.Text),
    sa.Column("scope", JsonText, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("worker", sa.Text),
    sa.Column("lease_until", Instant),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("cancel_requested", sa.Boolean, nullable=False),
    sa.Column("rows_read", sa.BigInteger, nullable=False),
    sa.Column("rows_created", sa.BigInteger, nullable=False),
    sa.Column("rows_updated", sa.BigInteger, nullable=False),
    sa.Column("rows_unchanged", sa.BigInteger, nullable=False),
    sa.Column("rows_refused", sa.BigInteger, nullable=False),
    sa.Column("columns", JsonText),
    sa.Column("error", JsonText),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("started_at", Instant),
    sa.Column("finished_at", Instant),
    sa.Column("preview", KEY_TEXT),
    sa.Column("expected", sa.Text),
    sa.Column("digest", sa.Text),
    sa.Column("layout", JsonText),
    sa.Column("first_seq", sa.BigInteger),
    sa.Column("last_seq", sa.BigInteger),
    sa.Column("undone_at", Instant),
    sa.Column("undone_by", sa.Text),
    sa.Index("ix_import_jobs_preview", "preview"),
    sa.Index("ix_import_jobs_status", "status"),
    sa.CheckConstraint("status IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="status"),
)
IMPORT_REFUSALS = sa.Table(
    "import_refusals",
    METADATA,
    sa.Column("import_id", KEY_TEXT, sa.ForeignKey("import_jobs.id"), primary_key=True),
    sa.Column("row_number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("errors", JsonText, nullable=False),
    sa.Column("cells", JsonText),
)
IMPORT_EFFECTS = sa.Table(
    "import_effects",
    METADATA,
    sa.Column("import_id", KEY_TEXT, sa.ForeignKey("import_jobs.id"), primary_key=True),
    sa.Column("row_number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("key", KEY_TEXT),
    sa.Column("name", sa.Text),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("effective_on", sa.Date, nullable=False),
    sa.Column("changes", JsonText, nullable=False),
)
