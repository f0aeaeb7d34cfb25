"""Samples and simulations; windows, standings and quotas of runs; which version of a rulebook is published."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEPT = ("samples", "simulations", "simulation_lines")
_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("rulebooks", sa.Column("published", sa.BigInteger(), nullable=True))
    op.add_column("rulebooks", sa.Column("simulation", sa.Text(), nullable=True))
    op.add_column("runs", sa.Column("more_pins", sa.Text(), nullable=True))
    op.add_column("runs", sa.Column("context", sa.Text(), nullable=True))
    for column in ("low_grade", "high_grade", "unit"):
        op.add_column("run_scores", sa.Column(column, sa.Text(), nullable=True))
    _create_samples()
    _create_simulations()
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def _create_samples() -> None:
    op.create_table(
        "samples",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("rulebook", _KEY, nullable=False),
        sa.Column("rulebook_version", sa.BigInteger(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("registry_epoch", sa.Text(), nullable=False),
        sa.Column("registry_known_at", sa.BigInteger(), nullable=False),
        sa.Column("draws", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["rulebook"], ["rulebooks.id"], name=op.f("fk_samples_rulebook")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
    )
    with op.batch_alter_table("samples", schema=None) as batch_op:
        batch_op.create_index("ix_samples_created_at", ["created_at", "id"], unique=False)


def _create_simulations() -> None:
    op.create_table(
        "simulations",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("rulebook", _KEY, nullable=False),
        sa.Column("draft_version", sa.BigInteger(), nullable=True),
        sa.Column("draft_digest", sa.Text(), nullable=False),
        sa.Column("draft_body", sa.Text(), nullable=False),
        sa.Column("against", sa.BigInteger(), nullable=True),
        sa.Column("pins", sa.Text(), nullable=False),
        sa.Column("summaries", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_simulations")),
    )
    with op.batch_alter_table("simulations", schema=None) as batch_op:
        batch_op.create_index("ix_simulations_created_at", ["created_at", "id"], unique=False)
    op.create_table(
        "simulation_lines",
        sa.Column("simulation", _KEY, nullable=False),
        sa.Column("year", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("subject", _KEY, nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("line", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["simulation"], ["simulations.id"], name=op.f("fk_simulation_lines_simulation")),
        sa.PrimaryKeyConstraint("simulation", "year", "position", name=op.f("pk_simulation_lines")),
    )


def downgrade() -> None:
    for statement in _unguards(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("simulation_lines")
    with op.batch_alter_table("simulations", schema=None) as batch_op:
        batch_op.drop_index("ix_simulations_created_at")
    op.drop_table("simulations")
    with op.batch_alter_table("samples", schema=None) as batch_op:
        batch_op.drop_index("ix_samples_created_at")
    op.drop_table("samples")
    for column in ("unit", "high_grade", "low_grade"):
        op.drop_column("run_scores", column)
    for column in ("context", "more_pins"):
        op.drop_column("runs", column)
    for column in ("simulation", "published"):
        op.drop_column("rulebooks", column)


def _guards(dialect: str) -> tuple[str, ...]:
    """Return the statements that make the database itself refuse to change what was drawn or simulated."""
    if dialect == "postgresql":
        return tuple(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION runs_stay_as_they_are()"
            for table in _KEPT
        )
    return tuple(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
        for table in _KEPT
        for verb in ("update", "delete")
    )


def _unguards(dialect: str) -> tuple[str, ...]:
    if dialect == "postgresql":
        return tuple(f"DROP TRIGGER {table}_no_change ON {table}" for table in _KEPT)
    return tuple(f"DROP TRIGGER {table}_no_{verb}" for table in _KEPT for verb in ("update", "delete"))
