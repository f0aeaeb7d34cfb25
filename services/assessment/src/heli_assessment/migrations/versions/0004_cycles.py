"""Cycles with their entries, delegations, samples and appeals, and the sealed archives."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def archive_guards(dialect: str) -> tuple[str, ...]:
    """Return the statements that make the database itself refuse to change or delete an archive."""
    if dialect == "postgresql":
        function = (
            "CREATE FUNCTION archives_stay_as_they_are() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'archives are never changed'; END $$"
        )
        trigger = (
            "CREATE TRIGGER archives_no_change BEFORE UPDATE OR DELETE ON archives "
            "FOR EACH ROW EXECUTE FUNCTION archives_stay_as_they_are()"
        )
        return function, trigger
    return tuple(
        f"CREATE TRIGGER archives_no_{verb} BEFORE {verb.upper()} ON archives "
        "BEGIN SELECT RAISE(ABORT, 'archives are never changed'); END"
        for verb in ("update", "delete")
    )


def archive_unguards(dialect: str) -> tuple[str, ...]:
    """Return the statements that take those guards away again, for a migration's way down."""
    if dialect == "postgresql":
        return "DROP TRIGGER archives_no_change ON archives", "DROP FUNCTION archives_stay_as_they_are()"
    return tuple(f"DROP TRIGGER archives_no_{verb}" for verb in ("update", "delete"))


def upgrade() -> None:
    op.create_table(
        "cycles",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("rulebook", sa.Text(), nullable=False),
        sa.Column("rulebook_version", sa.BigInteger(), nullable=True),
        sa.Column("rulebook_digest", sa.Text(), nullable=True),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("first_reviewers", sa.Text(), nullable=False),
        sa.Column("second_reviewers", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("run", sa.Text(), nullable=True),
        sa.Column("run_digest", sa.Text(), nullable=True),
        sa.Column("self_due_on", sa.Date(), nullable=True),
        sa.Column("unlocked_until", sa.Date(), nullable=True),
        sa.Column("notice_from", sa.Date(), nullable=True),
        sa.Column("notice_until", sa.Date(), nullable=True),
        sa.Column("appeal_until", sa.Date(), nullable=True),
        sa.Column("archive_digest", sa.Text(), nullable=True),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("acted_for", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_cycles_state")),
        sa.ForeignKeyConstraint(["rulebook"], ["rulebooks.id"], name=op.f("fk_cycles_rulebook")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_cycles_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycles")),
    )
    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.create_index("ix_cycles_rulebook", ["rulebook"], unique=False)
        batch_op.create_index("ix_cycles_run", ["run"], unique=False)
        batch_op.create_index("ix_cycles_stage", ["stage"], unique=False)
        batch_op.create_index("ix_cycles_subject_kind", ["subject_kind"], unique=False)

    op.create_table(
        "archives",
        sa.Column("cycle", _KEY, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name=op.f("fk_archives_cycle")),
        sa.PrimaryKeyConstraint("cycle", name=op.f("pk_archives")),
    )
    op.create_table(
        "cycle_entries",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("cycle", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("subject_group", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("self_points", sa.Text(), nullable=True),
        sa.Column("self_score", sa.Text(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("automatic_points", sa.Text(), nullable=True),
        sa.Column("automatic_score", sa.Text(), nullable=True),
        sa.Column("ceiling", sa.Text(), nullable=True),
        sa.Column("vetoed", sa.Boolean(), nullable=True),
        sa.Column("adjustments", sa.Text(), nullable=True),
        sa.Column("score", sa.Text(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=True),
        sa.Column("first_reviewed_by", sa.Text(), nullable=True),
        sa.Column("second_reviewed_by", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("open_appeal", sa.Text(), nullable=True),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("acted_for", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_cycle_entries_state")),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name=op.f("fk_cycle_entries_cycle")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle_entries")),
    )
    with op.batch_alter_table("cycle_entries", schema=None) as batch_op:
        batch_op.create_index("ix_cycle_entries_cycle", ["cycle"], unique=False)
        batch_op.create_index("ix_cycle_entries_status", ["status"], unique=False)
        batch_op.create_index("ix_cycle_entries_subject", ["subject"], unique=False)
        batch_op.create_index("ix_cycle_entries_unit", ["unit"], unique=False)
        batch_op.create_index("uq_cycle_entries_cycle_subject", ["cycle", "subject"], unique=True)

    op.create_table(
        "delegations",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("cycle", sa.Text(), nullable=False),
        sa.Column("grantor", sa.Text(), nullable=False),
        sa.Column("grantor_unit", sa.Text(), nullable=True),
        sa.Column("delegate", sa.Text(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_delegations_state")),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name=op.f("fk_delegations_cycle")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.create_index("ix_delegations_cycle", ["cycle"], unique=False)
        batch_op.create_index("ix_delegations_delegate", ["delegate"], unique=False)
        batch_op.create_index("ix_delegations_grantor", ["grantor"], unique=False)
        batch_op.create_index("ix_delegations_grantor_unit", ["grantor_unit"], unique=False)

    op.create_table(
        "sample_lists",
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
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_sample_lists_state")),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name=op.f("fk_sample_lists_cycle")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_lists")),
    )
    with op.batch_alter_table("sample_lists", schema=None) as batch_op:
        batch_op.create_index("ix_sample_lists_cycle", ["cycle"], unique=False)

    op.create_table(
        "appeals",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("cycle", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("filed_by", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("acted_for", sa.Text(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("score_before", sa.Text(), nullable=True),
        sa.Column("score_after", sa.Text(), nullable=True),
        sa.Column("grade_before", sa.Text(), nullable=True),
        sa.Column("grade_after", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_appeals_state")),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name=op.f("fk_appeals_cycle")),
        sa.ForeignKeyConstraint(["entry"], ["cycle_entries.id"], name=op.f("fk_appeals_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index("ix_appeals_cycle", ["cycle"], unique=False)
        batch_op.create_index("ix_appeals_entry", ["entry"], unique=False)
        batch_op.create_index("ix_appeals_status", ["status"], unique=False)
        batch_op.create_index("ix_appeals_subject", ["subject"], unique=False)
        batch_op.create_index("ix_appeals_unit", ["unit"], unique=False)
    for statement in archive_guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in archive_unguards(op.get_bind().dialect.name):
        op.execute(statement)
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.drop_index("ix_appeals_unit")
        batch_op.drop_index("ix_appeals_subject")
        batch_op.drop_index("ix_appeals_status")
        batch_op.drop_index("ix_appeals_entry")
        batch_op.drop_index("ix_appeals_cycle")

    op.drop_table("appeals")
    with op.batch_alter_table("sample_lists", schema=None) as batch_op:
        batch_op.drop_index("ix_sample_lists_cycle")

    op.drop_table("sample_lists")
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.drop_index("ix_delegations_grantor_unit")
        batch_op.drop_index("ix_delegations_grantor")
        batch_op.drop_index("ix_delegations_delegate")
        batch_op.drop_index("ix_delegations_cycle")

    op.drop_table("delegations")
    with op.batch_alter_table("cycle_entries", schema=None) as batch_op:
        batch_op.drop_index("uq_cycle_entries_cycle_subject")
        batch_op.drop_index("ix_cycle_entries_unit")
        batch_op.drop_index("ix_cycle_entries_subject")
        batch_op.drop_index("ix_cycle_entries_status")
        batch_op.drop_index("ix_cycle_entries_cycle")

    op.drop_table("cycle_entries")
    op.drop_table("archives")
    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.drop_index("ix_cycles_subject_kind")
        batch_op.drop_index("ix_cycles_stage")
        batch_op.drop_index("ix_cycles_run")
        batch_op.drop_index("ix_cycles_rulebook")

    op.drop_table("cycles")
