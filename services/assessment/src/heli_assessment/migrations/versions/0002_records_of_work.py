"""The records of the year's work: progress, attachments, orders, letters, reports on duty, imported lists."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_attachments_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index("ix_attachments_digest", ["digest"], unique=False)
        batch_op.create_index("ix_attachments_unit", ["unit"], unique=False)

    op.create_table(
        "duty_sessions",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("leaders_weight", sa.BigInteger(), nullable=False),
        sa.Column("peers_weight", sa.BigInteger(), nullable=False),
        sa.Column("representatives_weight", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_duty_sessions_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_sessions")),
    )
    with op.batch_alter_table("duty_sessions", schema=None) as batch_op:
        batch_op.create_index("ix_duty_sessions_unit", ["unit"], unique=False)
        batch_op.create_index("ix_duty_sessions_year", ["year"], unique=False)

    op.create_table(
        "list_imports",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=True),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("principal", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_imports")),
    )
    op.create_table(
        "duty_reports",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=True),
        sa.Column("attachments", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_duty_reports_state")),
        sa.ForeignKeyConstraint(["session"], ["duty_sessions.id"], name=op.f("fk_duty_reports_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_reports")),
    )
    with op.batch_alter_table("duty_reports", schema=None) as batch_op:
        batch_op.create_index("ix_duty_reports_session", ["session"], unique=False)
        batch_op.create_index("ix_duty_reports_unit", ["unit"], unique=False)

    op.create_table(
        "letters",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("sign_by", sa.Date(), nullable=False),
        sa.Column("tasks_known_at", sa.BigInteger(), nullable=False),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signer", sa.Text(), nullable=True),
        sa.Column("scan", sa.Text(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("check_result", sa.Text(), nullable=True),
        sa.Column("check_note", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_letters_state")),
        sa.ForeignKeyConstraint(["plan"], ["plans.id"], name=op.f("fk_letters_plan")),
        sa.ForeignKeyConstraint(["scan"], ["attachments.id"], name=op.f("fk_letters_scan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index("ix_letters_check_result", ["check_result"], unique=False)
        batch_op.create_index("ix_letters_is_signed", ["is_signed"], unique=False)
        batch_op.create_index("ix_letters_issuer", ["issuer"], unique=False)
        batch_op.create_index("ix_letters_plan", ["plan"], unique=False)
        batch_op.create_index("ix_letters_scan", ["scan"], unique=False)
        batch_op.create_index("ix_letters_unit", ["unit"], unique=False)
        batch_op.create_index("ix_letters_year", ["year"], unique=False)

    op.create_table(
        "list_refusals",
        sa.Column("import_id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("row_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("errors", sa.Text(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["list_imports.id"], name=op.f("fk_list_refusals_import_id")),
        sa.PrimaryKeyConstraint("import_id", "row_number", name=op.f("pk_list_refusals")),
    )
    op.create_table(
        "rectification_orders",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("activity", sa.Text(), nullable=True),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("attachments", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("rounds", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_rectification_orders_state")),
        sa.ForeignKeyConstraint(["activity"], ["activities.id"], name=op.f("fk_rectification_orders_activity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_orders")),
    )
    with op.batch_alter_table("rectification_orders", schema=None) as batch_op:
        batch_op.create_index("ix_rectification_orders_activity", ["activity"], unique=False)
        batch_op.create_index("ix_rectification_orders_issuer", ["issuer"], unique=False)
        batch_op.create_index("ix_rectification_orders_stage", ["stage"], unique=False)
        batch_op.create_index("ix_rectification_orders_unit", ["unit"], unique=False)

    op.create_table(
        "duty_marks",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("judges", sa.Text(), nullable=False),
        sa.Column("judge", sa.Text(), nullable=True),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_duty_marks_state")),
        sa.ForeignKeyConstraint(["report"], ["duty_reports.id"], name=op.f("fk_duty_marks_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_marks")),
    )
    with op.batch_alter_table("duty_marks", schema=None) as batch_op:
        batch_op.create_index("ix_duty_marks_judge", ["judge"], unique=False)
        batch_op.create_index("ix_duty_marks_judges", ["judges"], unique=False)
        batch_op.create_index("ix_duty_marks_report", ["report"], unique=False)
        batch_op.create_index("ix_duty_marks_unit", ["unit"], unique=False)

    op.create_table(
        "progress_reports",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("attachments", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_progress_reports_state")),
        sa.ForeignKeyConstraint(["task"], ["tasks.id"], name=op.f("fk_progress_reports_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_reports")),
    )
    with op.batch_alter_table("progress_reports", schema=None) as batch_op:
        batch_op.create_index("ix_progress_reports_task", ["task"], unique=False)
        batch_op.create_index("ix_progress_reports_unit", ["unit"], unique=False)

    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pairing", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("audience", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("days", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("attachments", sa.Text(), nullable=True))
        batch_op.create_index("ix_activities_audience", ["audience"], unique=False)
        batch_op.create_index("ix_activities_pairing", ["pairing"], unique=False)

    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unit", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("issued_on", sa.Date(), nullable=True))
        batch_op.create_index("ix_plans_unit", ["unit"], unique=False)

    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("parent", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("level", sa.Text(), nullable=True))
        batch_op.create_index("ix_tasks_level", ["level"], unique=False)
        batch_op.create_index("ix_tasks_parent", ["parent"], unique=False)
        batch_op.create_index("ix_tasks_person", ["person"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_tasks_parent"), "tasks", ["parent"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_tasks_parent"), type_="foreignkey")
        batch_op.drop_index("ix_tasks_person")
        batch_op.drop_index("ix_tasks_parent")
        batch_op.drop_index("ix_tasks_level")
        batch_op.drop_column("level")
        batch_op.drop_column("parent")
        batch_op.drop_column("number")

    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index("ix_plans_unit")
        batch_op.drop_column("issued_on")
        batch_op.drop_column("unit")

    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.drop_index("ix_activities_pairing")
        batch_op.drop_index("ix_activities_audience")
        batch_op.drop_column("attachments")
        batch_op.drop_column("days")
        batch_op.drop_column("audience")
        batch_op.drop_column("pairing")

    with op.batch_alter_table("progress_reports", schema=None) as batch_op:
        batch_op.drop_index("ix_progress_reports_unit")
        batch_op.drop_index("ix_progress_reports_task")

    op.drop_table("progress_reports")
    with op.batch_alter_table("duty_marks", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_marks_unit")
        batch_op.drop_index("ix_duty_marks_report")
        batch_op.drop_index("ix_duty_marks_judges")
        batch_op.drop_index("ix_duty_marks_judge")

    op.drop_table("duty_marks")
    with op.batch_alter_table("rectification_orders", schema=None) as batch_op:
        batch_op.drop_index("ix_rectification_orders_unit")
        batch_op.drop_index("ix_rectification_orders_stage")
        batch_op.drop_index("ix_rectification_orders_issuer")
        batch_op.drop_index("ix_rectification_orders_activity")

    op.drop_table("rectification_orders")
    op.drop_table("list_refusals")
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.drop_index("ix_letters_year")
        batch_op.drop_index("ix_letters_unit")
        batch_op.drop_index("ix_letters_scan")
        batch_op.drop_index("ix_letters_plan")
        batch_op.drop_index("ix_letters_issuer")
        batch_op.drop_index("ix_letters_is_signed")
        batch_op.drop_index("ix_letters_check_result")

    op.drop_table("letters")
    with op.batch_alter_table("duty_reports", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_reports_unit")
        batch_op.drop_index("ix_duty_reports_session")

    op.drop_table("duty_reports")
    op.drop_table("list_imports")
    with op.batch_alter_table("duty_sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_sessions_year")
        batch_op.drop_index("ix_duty_sessions_unit")

    op.drop_table("duty_sessions")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index("ix_attachments_unit")
        batch_op.drop_index("ix_attachments_digest")

    op.drop_table("attachments")
