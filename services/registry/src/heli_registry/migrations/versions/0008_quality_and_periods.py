"""Quality and periods: the kept series of checks, reporting periods, their closings and figures, explanations."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "quality_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("view", _KEY, nullable=False),
        sa.Column("unit", _KEY, nullable=False),
        sa.Column("check_id", _KEY, nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=False),
        sa.Column("failing", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "view", "unit", "check_id", name=op.f("pk_quality_counts")),
    )
    with op.batch_alter_table("quality_counts", schema=None) as batch_op:
        batch_op.create_index("ix_quality_counts_unit_check_id_day", ["unit", "check_id", "day"], unique=False)

    op.create_table(
        "periods",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("reopened_reason", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_periods_state")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_periods_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periods")),
    )
    with op.batch_alter_table("periods", schema=None) as batch_op:
        batch_op.create_index("ix_periods_code", ["code"], unique=False)
        batch_op.create_index("ix_periods_unit", ["unit"], unique=False)

    op.create_table(
        "explanations",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("period_code", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("division", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("check", sa.Text(), nullable=True),
        sa.Column("record_kind", sa.Text(), nullable=True),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("figure", sa.Text(), nullable=True),
        sa.Column("compared_with", sa.Text(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_explanations_state")),
        sa.ForeignKeyConstraint(["period"], ["periods.id"], name=op.f("fk_explanations_period")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_explanations_person")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_explanations_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explanations")),
    )
    with op.batch_alter_table("explanations", schema=None) as batch_op:
        batch_op.create_index("ix_explanations_check", ["check"], unique=False)
        batch_op.create_index("ix_explanations_figure", ["figure"], unique=False)
        batch_op.create_index("ix_explanations_period", ["period"], unique=False)
        batch_op.create_index("ix_explanations_person", ["person"], unique=False)
        batch_op.create_index("ix_explanations_record", ["record"], unique=False)
        batch_op.create_index("ix_explanations_unit", ["unit"], unique=False)

    op.create_table(
        "period_closings",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_period_closings_state")),
        sa.ForeignKeyConstraint(["period"], ["periods.id"], name=op.f("fk_period_closings_period")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_period_closings_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_closings")),
    )
    with op.batch_alter_table("period_closings", schema=None) as batch_op:
        batch_op.create_index("ix_period_closings_period", ["period"], unique=False)
        batch_op.create_index("ix_period_closings_person", ["person"], unique=False)

    op.create_table(
        "period_cells",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("explanations", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_period_cells_state")),
        sa.ForeignKeyConstraint(["closing"], ["period_closings.id"], name=op.f("fk_period_cells_closing")),
        sa.ForeignKeyConstraint(["period"], ["periods.id"], name=op.f("fk_period_cells_period")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_period_cells_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_cells")),
    )
    with op.batch_alter_table("period_cells", schema=None) as batch_op:
        batch_op.create_index("ix_period_cells_closing", ["closing"], unique=False)
        batch_op.create_index("ix_period_cells_figure", ["figure"], unique=False)
        batch_op.create_index("ix_period_cells_period", ["period"], unique=False)
        batch_op.create_index("ix_period_cells_unit", ["unit"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("period_cells", schema=None) as batch_op:
        batch_op.drop_index("ix_period_cells_unit")
        batch_op.drop_index("ix_period_cells_period")
        batch_op.drop_index("ix_period_cells_figure")
        batch_op.drop_index("ix_period_cells_closing")

    op.drop_table("period_cells")
    with op.batch_alter_table("period_closings", schema=None) as batch_op:
        batch_op.drop_index("ix_period_closings_person")
        batch_op.drop_index("ix_period_closings_period")

    op.drop_table("period_closings")
    with op.batch_alter_table("explanations", schema=None) as batch_op:
        batch_op.drop_index("ix_explanations_unit")
        batch_op.drop_index("ix_explanations_record")
        batch_op.drop_index("ix_explanations_person")
        batch_op.drop_index("ix_explanations_period")
        batch_op.drop_index("ix_explanations_figure")
        batch_op.drop_index("ix_explanations_check")

    op.drop_table("explanations")
    with op.batch_alter_table("periods", schema=None) as batch_op:
        batch_op.drop_index("ix_periods_unit")
        batch_op.drop_index("ix_periods_code")

    op.drop_table("periods")
    with op.batch_alter_table("quality_counts", schema=None) as batch_op:
        batch_op.drop_index("ix_quality_counts_unit_check_id_day")

    op.drop_table("quality_counts")
