"""Incentives, evaluations of representatives, linkage opinions, objections."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "objections",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("filed_by", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_objections_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
    )
    with op.batch_alter_table("objections", schema=None) as batch_op:
        batch_op.create_index("ix_objections_status", ["status"], unique=False)
        batch_op.create_index("ix_objections_target", ["target"], unique=False)
        batch_op.create_index("ix_objections_target_id", ["target_id"], unique=False)
        batch_op.create_index("ix_objections_unit", ["unit"], unique=False)

    op.create_table(
        "opinions",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("computed", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_opinions_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinions")),
    )
    with op.batch_alter_table("opinions", schema=None) as batch_op:
        batch_op.create_index("ix_opinions_advice", ["advice"], unique=False)
        batch_op.create_index("ix_opinions_enterprise", ["enterprise"], unique=False)
        batch_op.create_index("ix_opinions_status", ["status"], unique=False)

    op.create_table(
        "representative_evaluations",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("purpose_of", sa.Text(), nullable=False),
        sa.Column("asked_units", sa.Text(), nullable=False),
        sa.Column("opinions", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("rechecked_on", sa.Date(), nullable=True),
        sa.Column("recheck_passed", sa.Boolean(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_representative_evaluations_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representative_evaluations")),
    )
    with op.batch_alter_table("representative_evaluations", schema=None) as batch_op:
        batch_op.create_index("ix_representative_evaluations_enterprise", ["enterprise"], unique=False)
        batch_op.create_index("ix_representative_evaluations_grade", ["grade"], unique=False)
        batch_op.create_index("ix_representative_evaluations_person", ["person"], unique=False)
        batch_op.create_index("ix_representative_evaluations_purpose_of", ["purpose_of"], unique=False)
        batch_op.create_index("ix_representative_evaluations_status", ["status"], unique=False)

    op.create_table(
        "incentives",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("overrides", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_incentives_state")),
        sa.ForeignKeyConstraint(["cycle"], ["cycles.id"], name=op.f("fk_incentives_cycle")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incentives")),
    )
    with op.batch_alter_table("incentives", schema=None) as batch_op:
        batch_op.create_index("ix_incentives_cycle", ["cycle"], unique=False)
        batch_op.create_index("ix_incentives_kind", ["kind"], unique=False)
        batch_op.create_index("ix_incentives_status", ["status"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("incentives", schema=None) as batch_op:
        batch_op.drop_index("ix_incentives_status")
        batch_op.drop_index("ix_incentives_kind")
        batch_op.drop_index("ix_incentives_cycle")

    op.drop_table("incentives")
    with op.batch_alter_table("representative_evaluations", schema=None) as batch_op:
        batch_op.drop_index("ix_representative_evaluations_status")
        batch_op.drop_index("ix_representative_evaluations_purpose_of")
        batch_op.drop_index("ix_representative_evaluations_person")
        batch_op.drop_index("ix_representative_evaluations_grade")
        batch_op.drop_index("ix_representative_evaluations_enterprise")

    op.drop_table("representative_evaluations")
    with op.batch_alter_table("opinions", schema=None) as batch_op:
        batch_op.drop_index("ix_opinions_status")
        batch_op.drop_index("ix_opinions_enterprise")
        batch_op.drop_index("ix_opinions_advice")

    op.drop_table("opinions")
    with op.batch_alter_table("objections", schema=None) as batch_op:
        batch_op.drop_index("ix_objections_unit")
        batch_op.drop_index("ix_objections_target_id")
        batch_op.drop_index("ix_objections_target")
        batch_op.drop_index("ix_objections_status")

    op.drop_table("objections")
