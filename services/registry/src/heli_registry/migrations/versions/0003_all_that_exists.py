"""All that exists: the fields of the real forms, pairings, candidates, projects, member flows, the working calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("day", _KEY, nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_calendar_days_state")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "guidance_projects",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("division", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("approval_number", sa.Text(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approving_unit", sa.Text(), nullable=True),
        sa.Column("enterprise", sa.Text(), nullable=True),
        sa.Column("investment", sa.Text(), nullable=True),
        sa.Column("planned_staff", sa.BigInteger(), nullable=True),
        sa.Column("planned_members", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("completes_on", sa.Date(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("guide", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("planned_setup_on", sa.Date(), nullable=True),
        sa.Column("organization", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_guidance_projects_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_projects")),
    )
    with op.batch_alter_table("guidance_projects", schema=None) as batch_op:
        batch_op.create_index("ix_guidance_projects_approving_unit", ["approving_unit"], unique=False)
        batch_op.create_index("ix_guidance_projects_division", ["division"], unique=False)
        batch_op.create_index("ix_guidance_projects_enterprise", ["enterprise"], unique=False)
        batch_op.create_index("ix_guidance_projects_guide", ["guide"], unique=False)
        batch_op.create_index("ix_guidance_projects_organization", ["organization"], unique=False)
        batch_op.create_index("ix_guidance_projects_stage", ["stage"], unique=False)
        batch_op.create_index("ix_guidance_projects_unit", ["unit"], unique=False)
        batch_op.create_index("ix_guidance_projects_zone", ["zone"], unique=False)
    op.create_table(
        "member_flows",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("at_start", sa.BigInteger(), nullable=True),
        sa.Column("increased", sa.BigInteger(), nullable=True),
        sa.Column("developed", sa.BigInteger(), nullable=True),
        sa.Column("restored", sa.BigInteger(), nullable=True),
        sa.Column("transferred_in", sa.BigInteger(), nullable=True),
        sa.Column("transferred_in_whole", sa.BigInteger(), nullable=True),
        sa.Column("decreased", sa.BigInteger(), nullable=True),
        sa.Column("expelled", sa.BigInteger(), nullable=True),
        sa.Column("suspended", sa.BigInteger(), nullable=True),
        sa.Column("died", sa.BigInteger(), nullable=True),
        sa.Column("transferred_out", sa.BigInteger(), nullable=True),
        sa.Column("transferred_out_whole", sa.BigInteger(), nullable=True),
        sa.Column("expected_at_end", sa.BigInteger(), nullable=True),
        sa.Column("at_end", sa.BigInteger(), nullable=True),
        sa.Column("difference", sa.BigInteger(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_member_flows_state")),
        sa.ForeignKeyConstraint(
            ["organization"], ["party_organizations.id"], name=op.f("fk_member_flows_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_flows")),
    )
    with op.batch_alter_table("member_flows", schema=None) as batch_op:
        batch_op.create_index("ix_member_flows_organization", ["organization"], unique=False)
        batch_op.create_index("ix_member_flows_year", ["year"], unique=False)
    op.create_table(
        "pairings",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_organization", sa.Text(), nullable=True),
        sa.Column("organization", sa.Text(), nullable=True),
        sa.Column("enterprise", sa.Text(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreement_document", sa.Text(), nullable=True),
        sa.Column("unit_principal", sa.Text(), nullable=True),
        sa.Column("enterprise_principal", sa.Text(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("activities_per_year", sa.BigInteger(), nullable=True),
        sa.Column("meetings_per_year", sa.BigInteger(), nullable=True),
        sa.Column("practical_matters_per_year", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_pairings_state")),
        sa.ForeignKeyConstraint(["enterprise"], ["enterprises.uscc"], name=op.f("fk_pairings_enterprise")),
        sa.ForeignKeyConstraint(["organization"], ["party_organizations.id"], name=op.f("fk_pairings_organization")),
        sa.ForeignKeyConstraint(["unit"], ["units.id"], name=op.f("fk_pairings_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairings")),
    )
    with op.batch_alter_table("pairings", schema=None) as batch_op:
        batch_op.create_index("ix_pairings_enterprise", ["enterprise"], unique=False)
        batch_op.create_index("ix_pairings_enterprise_principal", ["enterprise_principal"], unique=False)
        batch_op.create_index("ix_pairings_organization", ["organization"], unique=False)
        batch_op.create_index("ix_pairings_unit", ["unit"], unique=False)
        batch_op.create_index("ix_pairings_unit_principal", ["unit_principal"], unique=False)
    op.create_table(
        "secretary_candidates",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("division", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("enterprise", sa.Text(), nullable=True),
        sa.Column("organization", sa.Text(), nullable=True),
        sa.Column("can_be_full_time", sa.Boolean(), nullable=True),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column("recommended_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_secretary_candidates_state")),
        sa.ForeignKeyConstraint(["enterprise"], ["enterprises.uscc"], name=op.f("fk_secretary_candidates_enterprise")),
        sa.ForeignKeyConstraint(
            ["organization"], ["party_organizations.id"], name=op.f("fk_secretary_candidates_organization")
        ),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_secretary_candidates_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secretary_candidates")),
    )
    with op.batch_alter_table("secretary_candidates", schema=None) as batch_op:
        batch_op.create_index("ix_secretary_candidates_division", ["division"], unique=False)
        batch_op.create_index("ix_secretary_candidates_enterprise", ["enterprise"], unique=False)
        batch_op.create_index("ix_secretary_candidates_organization", ["organization"], unique=False)
        batch_op.create_index("ix_secretary_candidates_person", ["person"], unique=False)
        batch_op.create_index("ix_secretary_candidates_source", ["source"], unique=False)
        batch_op.create_index("ix_secretary_candidates_stage", ["stage"], unique=False)
        batch_op.create_index("ix_secretary_candidates_unit", ["unit"], unique=False)
        batch_op.create_index("ix_secretary_candidates_zone", ["zone"], unique=False)
    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.add_column(sa.Column("former_names", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("sector", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("registration_authority", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("main_business", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("premises", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("staff_local", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("staff_outside", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("staff_women", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("staff_laid_off", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("total_assets", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("annual_output", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("annual_wages", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("listed_above_scale", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("members_management", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("members_technical", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("members_front_line", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("members_investors", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("members_elsewhere", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("league_members", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("investors", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("owner", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("owner_posts", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("legal_representative_is_secretary", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("contact_person", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("unestablished_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("planned_setup_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("annual_report_year", sa.BigInteger(), nullable=True))
        batch_op.create_index("ix_enterprises_contact_person", ["contact_person"], unique=False)
        batch_op.create_index("ix_enterprises_owner", ["owner"], unique=False)
        batch_op.create_index("ix_enterprises_sector", ["sector"], unique=False)
    with op.batch_alter_table("mass_organizations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("form", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("superior", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("approval_document", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("elected_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("term_years", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("committee_members", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("women_members", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("chair", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("chair_is_full_time", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("chair_is_investor", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("chair_is_relative", sa.Boolean(), nullable=True))
        batch_op.create_index("ix_mass_organizations_chair", ["chair"], unique=False)
    with op.batch_alter_table("party_organizations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approved_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("is_combined", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("committee_members", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("deputy_secretaries", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("secretary_kind", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("secretary_is_full_time", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("has_full_time_deputy", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("secretary_chairs_union", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("committee_in_management", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("management_in_committee", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("party_workers", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("full_time_party_workers", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("premises", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("premises_area", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("star", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("star_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("applicants", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("activists", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("prospects", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("developed_this_year", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("members_on_committee", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("members_among_staff", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("members_retired", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("members_to_35", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("members_36_50", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("members_51_60", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("members_over_60", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("members_secondary", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("members_college", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("members_postgraduate", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("relations_here", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("relations_supervisor", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("relations_attached", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("relations_territory", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("relations_former", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("relations_other", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("dissolution_document", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("dissolution_body", sa.Text(), nullable=True))
        batch_op.create_index("ix_party_organizations_premises", ["premises"], unique=False)
        batch_op.create_index("ix_party_organizations_secretary_kind", ["secretary_kind"], unique=False)
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.add_column(sa.Column("short_name", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("uscc", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("duty", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("first_responsible", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("established_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("approval_document", sa.Text(), nullable=True))
        batch_op.create_index("ix_units_duty", ["duty"], unique=False)
        batch_op.create_index("ix_units_first_responsible", ["first_responsible"], unique=False)
    with op.batch_alter_table("zones", schema=None) as batch_op:
        batch_op.add_column(sa.Column("operator", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("unit", sa.Text(), nullable=True))
        batch_op.create_index("ix_zones_unit", ["unit"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("zones", schema=None) as batch_op:
        batch_op.drop_index("ix_zones_unit")
        batch_op.drop_column("unit")
        batch_op.drop_column("operator")
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_index("ix_units_first_responsible")
        batch_op.drop_index("ix_units_duty")
        batch_op.drop_column("approval_document")
        batch_op.drop_column("established_on")
        batch_op.drop_column("first_responsible")
        batch_op.drop_column("duty")
        batch_op.drop_column("uscc")
        batch_op.drop_column("short_name")
    with op.batch_alter_table("party_organizations", schema=None) as batch_op:
        batch_op.drop_index("ix_party_organizations_secretary_kind")
        batch_op.drop_index("ix_party_organizations_premises")
        batch_op.drop_column("dissolution_body")
        batch_op.drop_column("dissolution_document")
        batch_op.drop_column("relations_other")
        batch_op.drop_column("relations_former")
        batch_op.drop_column("relations_territory")
        batch_op.drop_column("relations_attached")
        batch_op.drop_column("relations_supervisor")
        batch_op.drop_column("relations_here")
        batch_op.drop_column("members_postgraduate")
        batch_op.drop_column("members_college")
        batch_op.drop_column("members_secondary")
        batch_op.drop_column("members_over_60")
        batch_op.drop_column("members_51_60")
        batch_op.drop_column("members_36_50")
        batch_op.drop_column("members_to_35")
        batch_op.drop_column("members_retired")
        batch_op.drop_column("members_among_staff")
        batch_op.drop_column("members_on_committee")
        batch_op.drop_column("developed_this_year")
        batch_op.drop_column("prospects")
        batch_op.drop_column("activists")
        batch_op.drop_column("applicants")
        batch_op.drop_column("star_on")
        batch_op.drop_column("star")
        batch_op.drop_column("premises_area")
        batch_op.drop_column("premises")
        batch_op.drop_column("full_time_party_workers")
        batch_op.drop_column("party_workers")
        batch_op.drop_column("management_in_committee")
        batch_op.drop_column("committee_in_management")
        batch_op.drop_column("secretary_chairs_union")
        batch_op.drop_column("has_full_time_deputy")
        batch_op.drop_column("secretary_is_full_time")
        batch_op.drop_column("secretary_kind")
        batch_op.drop_column("deputy_secretaries")
        batch_op.drop_column("committee_members")
        batch_op.drop_column("is_combined")
        batch_op.drop_column("approved_on")
    with op.batch_alter_table("mass_organizations", schema=None) as batch_op:
        batch_op.drop_index("ix_mass_organizations_chair")
        batch_op.drop_column("chair_is_relative")
        batch_op.drop_column("chair_is_investor")
        batch_op.drop_column("chair_is_full_time")
        batch_op.drop_column("chair")
        batch_op.drop_column("women_members")
        batch_op.drop_column("committee_members")
        batch_op.drop_column("term_years")
        batch_op.drop_column("elected_on")
        batch_op.drop_column("approval_document")
        batch_op.drop_column("superior")
        batch_op.drop_column("form")
    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.drop_index("ix_enterprises_sector")
        batch_op.drop_index("ix_enterprises_owner")
        batch_op.drop_index("ix_enterprises_contact_person")
        batch_op.drop_column("annual_report_year")
        batch_op.drop_column("planned_setup_on")
        batch_op.drop_column("unestablished_reason")
        batch_op.drop_column("contact_person")
        batch_op.drop_column("legal_representative_is_secretary")
        batch_op.drop_column("owner_posts")
        batch_op.drop_column("owner")
        batch_op.drop_column("investors")
        batch_op.drop_column("league_members")
        batch_op.drop_column("members_elsewhere")
        batch_op.drop_column("members_investors")
        batch_op.drop_column("members_front_line")
        batch_op.drop_column("members_technical")
        batch_op.drop_column("members_management")
        batch_op.drop_column("listed_above_scale")
        batch_op.drop_column("annual_wages")
        batch_op.drop_column("annual_output")
        batch_op.drop_column("total_assets")
        batch_op.drop_column("staff_laid_off")
        batch_op.drop_column("staff_women")
        batch_op.drop_column("staff_outside")
        batch_op.drop_column("staff_local")
        batch_op.drop_column("premises")
        batch_op.drop_column("main_business")
        batch_op.drop_column("registration_authority")
        batch_op.drop_column("sector")
        batch_op.drop_column("former_names")
    with op.batch_alter_table("secretary_candidates", schema=None) as batch_op:
        batch_op.drop_index("ix_secretary_candidates_zone")
        batch_op.drop_index("ix_secretary_candidates_unit")
        batch_op.drop_index("ix_secretary_candidates_stage")
        batch_op.drop_index("ix_secretary_candidates_source")
        batch_op.drop_index("ix_secretary_candidates_person")
        batch_op.drop_index("ix_secretary_candidates_organization")
        batch_op.drop_index("ix_secretary_candidates_enterprise")
        batch_op.drop_index("ix_secretary_candidates_division")
    op.drop_table("secretary_candidates")
    with op.batch_alter_table("pairings", schema=None) as batch_op:
        batch_op.drop_index("ix_pairings_unit_principal")
        batch_op.drop_index("ix_pairings_unit")
        batch_op.drop_index("ix_pairings_organization")
        batch_op.drop_index("ix_pairings_enterprise_principal")
        batch_op.drop_index("ix_pairings_enterprise")
    op.drop_table("pairings")
    with op.batch_alter_table("member_flows", schema=None) as batch_op:
        batch_op.drop_index("ix_member_flows_year")
        batch_op.drop_index("ix_member_flows_organization")
    op.drop_table("member_flows")
    with op.batch_alter_table("guidance_projects", schema=None) as batch_op:
        batch_op.drop_index("ix_guidance_projects_zone")
        batch_op.drop_index("ix_guidance_projects_unit")
        batch_op.drop_index("ix_guidance_projects_stage")
        batch_op.drop_index("ix_guidance_projects_organization")
        batch_op.drop_index("ix_guidance_projects_guide")
        batch_op.drop_index("ix_guidance_projects_enterprise")
        batch_op.drop_index("ix_guidance_projects_division")
        batch_op.drop_index("ix_guidance_projects_approving_unit")
    op.drop_table("guidance_projects")
    op.drop_table("calendar_days")
