"""Exchange: agreements, deliveries, subscriptions with their cursors and dead letters, corrections, forms."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "dead_letters",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("after_seq", sa.BigInteger(), nullable=False),
        sa.Column("until_seq", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.String(length=27), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("redelivered_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint("state IN ('dead', 'queued', 'delivered')", name=op.f("ck_dead_letters_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
    )
    with op.batch_alter_table("dead_letters", schema=None) as batch_op:
        batch_op.create_index("ix_dead_letters_state", ["state"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("delivered_at", sa.String(length=27), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("purpose_source", sa.Text(), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "purpose_source IN ('stated', 'agreed', 'internal', 'none')", name=op.f("ck_deliveries_purpose_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_deliveries_principal", ["principal"], unique=False)
        batch_op.create_index("ix_deliveries_unit", ["unit"], unique=False)

    op.create_table(
        "subscription_cursors",
        sa.Column("subscription", _KEY, nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("batch_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.String(length=27), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.String(length=27), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("delivered_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("subscription", name=op.f("pk_subscription_cursors")),
    )
    op.create_table(
        "correction_requests",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value_now", sa.Text(), nullable=True),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
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
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_correction_requests_state")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_correction_requests_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_requests")),
    )
    with op.batch_alter_table("correction_requests", schema=None) as batch_op:
        batch_op.create_index("ix_correction_requests_field", ["field"], unique=False)
        batch_op.create_index("ix_correction_requests_key", ["key"], unique=False)
        batch_op.create_index("ix_correction_requests_kind", ["kind"], unique=False)
        batch_op.create_index("ix_correction_requests_status", ["status"], unique=False)
        batch_op.create_index("ix_correction_requests_unit", ["unit"], unique=False)

    op.create_table(
        "forms",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("target_kind", sa.Text(), nullable=False),
        sa.Column("times_per_year", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("division", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_forms_state")),
        sa.ForeignKeyConstraint(["division"], ["divisions.code"], name=op.f("fk_forms_division")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_forms_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forms")),
    )
    with op.batch_alter_table("forms", schema=None) as batch_op:
        batch_op.create_index("ix_forms_division", ["division"], unique=False)
        batch_op.create_index("ix_forms_target_kind", ["target_kind"], unique=False)
        batch_op.create_index("ix_forms_unit", ["unit"], unique=False)

    op.create_table(
        "sharing_agreements",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("resources", sa.Text(), nullable=True),
        sa.Column("scenario", sa.Text(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_sharing_agreements_state")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_sharing_agreements_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_agreements")),
    )
    with op.batch_alter_table("sharing_agreements", schema=None) as batch_op:
        batch_op.create_index("ix_sharing_agreements_unit", ["unit"], unique=False)

    op.create_table(
        "subscriptions",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=True),
        sa.Column("secret_set_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_subscriptions_state")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_subscriptions_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index("ix_subscriptions_unit", ["unit"], unique=False)

    op.create_table(
        "form_items",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_form_items_state")),
        sa.ForeignKeyConstraint(["form"], ["forms.id"], name=op.f("fk_form_items_form")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_items")),
    )
    with op.batch_alter_table("form_items", schema=None) as batch_op:
        batch_op.create_index("ix_form_items_field", ["field"], unique=False)
        batch_op.create_index("ix_form_items_form", ["form"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("form_items", schema=None) as batch_op:
        batch_op.drop_index("ix_form_items_form")
        batch_op.drop_index("ix_form_items_field")

    op.drop_table("form_items")
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.drop_index("ix_subscriptions_unit")

    op.drop_table("subscriptions")
    with op.batch_alter_table("sharing_agreements", schema=None) as batch_op:
        batch_op.drop_index("ix_sharing_agreements_unit")

    op.drop_table("sharing_agreements")
    with op.batch_alter_table("forms", schema=None) as batch_op:
        batch_op.drop_index("ix_forms_unit")
        batch_op.drop_index("ix_forms_target_kind")
        batch_op.drop_index("ix_forms_division")

    op.drop_table("forms")
    with op.batch_alter_table("correction_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_correction_requests_unit")
        batch_op.drop_index("ix_correction_requests_status")
        batch_op.drop_index("ix_correction_requests_kind")
        batch_op.drop_index("ix_correction_requests_key")
        batch_op.drop_index("ix_correction_requests_field")

    op.drop_table("correction_requests")
    op.drop_table("subscription_cursors")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_unit")
        batch_op.drop_index("ix_deliveries_principal")

    op.drop_table("deliveries")
    with op.batch_alter_table("dead_letters", schema=None) as batch_op:
        batch_op.drop_index("ix_dead_letters_state")

    op.drop_table("dead_letters")
