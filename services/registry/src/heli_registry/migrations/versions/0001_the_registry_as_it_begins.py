"""the registry as it begins."""

import secrets

import sqlalchemy as sa
from alembic import op

from heli_shared.ledger.entries import GENESIS
from heli_shared.ledger.tables import guard_statements, unguard_statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "divisions",
        sa.Column("code", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_divisions_state")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_divisions")),
    )
    with op.batch_alter_table("divisions", schema=None) as batch_op:
        batch_op.create_index("ix_divisions_level", ["level"], unique=False)
        batch_op.create_index("ix_divisions_parent", ["parent"], unique=False)

    op.create_table(
        "enterprises",
        sa.Column("uscc", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("division", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("enterprise_type", sa.Text(), nullable=True),
        sa.Column("ownership", sa.Text(), nullable=True),
        sa.Column("registered_capital", sa.Text(), nullable=True),
        sa.Column("registered_capital_text", sa.Text(), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("business_scope", sa.Text(), nullable=True),
        sa.Column("operation_state", sa.Text(), nullable=True),
        sa.Column("has_premises", sa.Boolean(), nullable=True),
        sa.Column("has_stable_staff", sa.Boolean(), nullable=True),
        sa.Column("has_activity", sa.Boolean(), nullable=True),
        sa.Column("staff", sa.BigInteger(), nullable=True),
        sa.Column("annual_revenue", sa.Text(), nullable=True),
        sa.Column("full_members", sa.BigInteger(), nullable=True),
        sa.Column("probationary_members", sa.BigInteger(), nullable=True),
        sa.Column("is_branch_office", sa.Boolean(), nullable=True),
        sa.Column("duplicate_of", sa.Text(), nullable=True),
        sa.Column("responsible_unit", sa.Text(), nullable=True),
        sa.Column("refreshed_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_enterprises_state")),
        sa.PrimaryKeyConstraint("uscc", name=op.f("pk_enterprises")),
    )
    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.create_index("ix_enterprises_division", ["division"], unique=False)
        batch_op.create_index("ix_enterprises_operation_state", ["operation_state"], unique=False)
        batch_op.create_index("ix_enterprises_ownership", ["ownership"], unique=False)
        batch_op.create_index("ix_enterprises_responsible_unit", ["responsible_unit"], unique=False)
        batch_op.create_index("ix_enterprises_zone", ["zone"], unique=False)

    op.create_table(
        "idempotency_keys",
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_digest", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("principal", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "operation IN ('create', 'change', 'close', 'reopen', 'erase')", name=op.f("ck_ledger_entries_operation")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger_entries")),
    )
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_entries_entity_key_seq", ["entity", "key", "seq"], unique=False)

    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
    )
    op.create_table(
        "party_organizations",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("setup_form", sa.Text(), nullable=False),
        sa.Column("division", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("approval_document", sa.Text(), nullable=True),
        sa.Column("approval_body", sa.Text(), nullable=True),
        sa.Column("elected_on", sa.Date(), nullable=True),
        sa.Column("extension_until", sa.Date(), nullable=True),
        sa.Column("extension_document", sa.Text(), nullable=True),
        sa.Column("committee_seats", sa.BigInteger(), nullable=True),
        sa.Column("full_members", sa.BigInteger(), nullable=True),
        sa.Column("probationary_members", sa.BigInteger(), nullable=True),
        sa.Column("has_secretary", sa.Boolean(), nullable=True),
        sa.Column("secretary_is_investor", sa.Boolean(), nullable=True),
        sa.Column("exception_document", sa.Text(), nullable=True),
        sa.Column("exception_body", sa.Text(), nullable=True),
        sa.Column("acts", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_party_organizations_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_organizations")),
    )
    with op.batch_alter_table("party_organizations", schema=None) as batch_op:
        batch_op.create_index("ix_party_organizations_division", ["division"], unique=False)
        batch_op.create_index("ix_party_organizations_kind", ["kind"], unique=False)
        batch_op.create_index("ix_party_organizations_setup_form", ["setup_form"], unique=False)
        batch_op.create_index("ix_party_organizations_zone", ["zone"], unique=False)

    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("failed_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_failures_subject_failed_at", ["subject", "failed_at"], unique=False)

    op.create_table(
        "units",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("division", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_units_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index("ix_units_division", ["division"], unique=False)
        batch_op.create_index("ix_units_kind", ["kind"], unique=False)
        batch_op.create_index("ix_units_parent", ["parent"], unique=False)
        batch_op.create_index("ix_units_zone", ["zone"], unique=False)

    op.create_table(
        "zones",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("division", sa.Text(), nullable=False),
        sa.Column("planned_months", sa.BigInteger(), nullable=True),
        sa.Column("full_members", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_zones_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zones")),
    )
    with op.batch_alter_table("zones", schema=None) as batch_op:
        batch_op.create_index("ix_zones_division", ["division"], unique=False)
        batch_op.create_index("ix_zones_kind", ["kind"], unique=False)

    op.create_table(
        "affiliations",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("superior", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_affiliations_state")),
        sa.ForeignKeyConstraint(
            ["organization"], ["party_organizations.id"], name=op.f("fk_affiliations_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliations")),
    )
    with op.batch_alter_table("affiliations", schema=None) as batch_op:
        batch_op.create_index("ix_affiliations_kind", ["kind"], unique=False)
        batch_op.create_index("ix_affiliations_organization", ["organization"], unique=False)
        batch_op.create_index("ix_affiliations_superior", ["superior"], unique=False)

    op.create_table(
        "covers",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_covers_state")),
        sa.ForeignKeyConstraint(["enterprise"], ["enterprises.uscc"], name=op.f("fk_covers_enterprise")),
        sa.ForeignKeyConstraint(["organization"], ["party_organizations.id"], name=op.f("fk_covers_organization")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers")),
    )
    with op.batch_alter_table("covers", schema=None) as batch_op:
        batch_op.create_index("ix_covers_enterprise", ["enterprise"], unique=False)
        batch_op.create_index("ix_covers_form", ["form"], unique=False)
        batch_op.create_index("ix_covers_organization", ["organization"], unique=False)

    op.create_table(
        "mass_organizations",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("members", sa.BigInteger(), nullable=True),
        sa.Column("chair_is_secretary", sa.Boolean(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_mass_organizations_state")),
        sa.ForeignKeyConstraint(["enterprise"], ["enterprises.uscc"], name=op.f("fk_mass_organizations_enterprise")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mass_organizations")),
    )
    with op.batch_alter_table("mass_organizations", schema=None) as batch_op:
        batch_op.create_index("ix_mass_organizations_enterprise", ["enterprise"], unique=False)
        batch_op.create_index("ix_mass_organizations_kind", ["kind"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.Column("sealed_name", sa.Text(), nullable=True),
        sa.Column("sealed_phone", sa.Text(), nullable=True),
        sa.Column("phone_index", sa.Text(), nullable=True),
        sa.Column("erased_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_people_state")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_people_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_phone_index"), ["phone_index"], unique=False)
        batch_op.create_index("ix_people_unit", ["unit"], unique=False)

    op.create_table(
        "principals",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=True),
        sa.Column("secret_set_at", sa.String(length=27), nullable=True),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_principals_state")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_principals_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_principals")),
        sa.UniqueConstraint("login", name=op.f("uq_principals_login")),
    )
    with op.batch_alter_table("principals", schema=None) as batch_op:
        batch_op.create_index("ix_principals_kind", ["kind"], unique=False)
        batch_op.create_index("ix_principals_unit", ["unit"], unique=False)

    op.create_table(
        "assignments",
        sa.Column("id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=True),
        sa.Column("organization", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("term_ends_on", sa.Date(), nullable=True),
        sa.Column("visits_per_year", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_assignments_state")),
        sa.ForeignKeyConstraint(["enterprise"], ["enterprises.uscc"], name=op.f("fk_assignments_enterprise")),
        sa.ForeignKeyConstraint(["organization"], ["party_organizations.id"], name=op.f("fk_assignments_organization")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_assignments_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index("ix_assignments_enterprise", ["enterprise"], unique=False)
        batch_op.create_index("ix_assignments_organization", ["organization"], unique=False)
        batch_op.create_index("ix_assignments_person", ["person"], unique=False)
        batch_op.create_index("ix_assignments_role", ["role"], unique=False)
        batch_op.create_index("ix_assignments_unit", ["unit"], unique=False)

    op.create_table(
        "unmasked_reads",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("read_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_unmasked_reads_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmasked_reads")),
    )
    with op.batch_alter_table("unmasked_reads", schema=None) as batch_op:
        batch_op.create_index("ix_unmasked_reads_person_id", ["person", "id"], unique=False)
    head = sa.table(
        "ledger_head", sa.column("id", sa.Integer), sa.column("epoch"), sa.column("seq", sa.Integer), sa.column("hash")
    )
    op.execute(head.insert().values(id=1, epoch=secrets.token_hex(8), seq=0, hash=GENESIS))
    for statement in guard_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in unguard_statements(op.get_bind().dialect.name):
        op.execute(statement)
    with op.batch_alter_table("unmasked_reads", schema=None) as batch_op:
        batch_op.drop_index("ix_unmasked_reads_person_id")

    op.drop_table("unmasked_reads")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index("ix_assignments_unit")
        batch_op.drop_index("ix_assignments_role")
        batch_op.drop_index("ix_assignments_person")
        batch_op.drop_index("ix_assignments_organization")
        batch_op.drop_index("ix_assignments_enterprise")

    op.drop_table("assignments")
    with op.batch_alter_table("principals", schema=None) as batch_op:
        batch_op.drop_index("ix_principals_unit")
        batch_op.drop_index("ix_principals_kind")

    op.drop_table("principals")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index("ix_people_unit")
        batch_op.drop_index(batch_op.f("ix_people_phone_index"))

    op.drop_table("people")
    with op.batch_alter_table("mass_organizations", schema=None) as batch_op:
        batch_op.drop_index("ix_mass_organizations_kind")
        batch_op.drop_index("ix_mass_organizations_enterprise")

    op.drop_table("mass_organizations")
    with op.batch_alter_table("covers", schema=None) as batch_op:
        batch_op.drop_index("ix_covers_organization")
        batch_op.drop_index("ix_covers_form")
        batch_op.drop_index("ix_covers_enterprise")

    op.drop_table("covers")
    with op.batch_alter_table("affiliations", schema=None) as batch_op:
        batch_op.drop_index("ix_affiliations_superior")
        batch_op.drop_index("ix_affiliations_organization")
        batch_op.drop_index("ix_affiliations_kind")

    op.drop_table("affiliations")
    with op.batch_alter_table("zones", schema=None) as batch_op:
        batch_op.drop_index("ix_zones_kind")
        batch_op.drop_index("ix_zones_division")

    op.drop_table("zones")
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_index("ix_units_zone")
        batch_op.drop_index("ix_units_parent")
        batch_op.drop_index("ix_units_kind")
        batch_op.drop_index("ix_units_division")

    op.drop_table("units")
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_failures_subject_failed_at")

    op.drop_table("sign_in_failures")
    with op.batch_alter_table("party_organizations", schema=None) as batch_op:
        batch_op.drop_index("ix_party_organizations_zone")
        batch_op.drop_index("ix_party_organizations_setup_form")
        batch_op.drop_index("ix_party_organizations_kind")
        batch_op.drop_index("ix_party_organizations_division")

    op.drop_table("party_organizations")
    op.drop_table("ledger_head")
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_entries_entity_key_seq")

    op.drop_table("ledger_entries")
    op.drop_table("idempotency_keys")
    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.drop_index("ix_enterprises_zone")
        batch_op.drop_index("ix_enterprises_responsible_unit")
        batch_op.drop_index("ix_enterprises_ownership")
        batch_op.drop_index("ix_enterprises_operation_state")
        batch_op.drop_index("ix_enterprises_division")

    op.drop_table("enterprises")
    with op.batch_alter_table("divisions", schema=None) as batch_op:
        batch_op.drop_index("ix_divisions_parent")
        batch_op.drop_index("ix_divisions_level")

    op.drop_table("divisions")
