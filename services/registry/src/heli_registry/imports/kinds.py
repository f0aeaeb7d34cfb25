"""Kinds of lists that can be imported: which fields a list may carry and how their cells are to be read.

The fields are those of the registry's record kinds (a test holds the two together); `Hint` fields are read but not
stored, they help to find the division.
"""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal

FieldType = Literal[
    "name", "text", "texts", "uscc", "integer", "boolean", "date", "future_date", "yuan", "capital",
    "choice", "choices", "industry", "division", "division_code", "zone", "unit", "sector", "enterprise",
    "organization", "superior", "person", "census", "hint",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportField:
    """One field of a list: its name as in the API, how to read its cells, and the choices it draws from."""

    name: str
    type: FieldType
    choices: str | None = None
    required: bool = False
    needed_for_new: bool = False


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of list. `key` columns (any one group of them) must be there; `natural` finds records without an id."""

    plural: str
    entity: str
    zh: str
    key: str
    fields: tuple[ImportField, ...]
    key_columns: tuple[tuple[str, ...], ...]
    natural: tuple[str, ...] = ()
    starts: str | None = None
    prefix: str | None = None
    own_link: str | None = None
    """The field that names another record of the same kind, which may stand further down in the same list."""

    def field(self, name: str) -> ImportField:
        """Return a field by name."""
        return next(each for each in self.fields if each.name == name)


F = ImportField
ENTERPRISES = ImportKind(
    "enterprises", "enterprise", "企业", "uscc",
    (
        F("uscc", "uscc", required=True), F("name", "name", needed_for_new=True), F("former_names", "texts"),
        F("registered_on", "date"), F("registration_authority", "text"), F("enterprise_type", "text"),
        F("ownership", "choice", "ownership"),
        F("registered_capital_text", "capital"), F("registered_capital", "yuan"),
        F("business_scope", "text"), F("main_business", "text"), F("division", "division"), F("zone", "zone"),
        F("sector", "sector"), F("address", "text"),
        F("industry", "industry"), F("operation_state", "choice", "operation_state"),
        F("has_premises", "boolean"), F("has_stable_staff", "boolean"), F("has_activity", "boolean"),
        F("premises", "choice", "premises"), F("staff", "integer"), F("staff_local", "integer"),
        F("staff_outside", "integer"), F("staff_women", "integer"), F("staff_laid_off", "integer"),
        F("annual_revenue", "yuan"), F("total_assets", "yuan"), F("annual_output", "yuan"), F("annual_wages", "yuan"),
        F("listed_above_scale", "boolean"), F("full_members", "integer"), F("probationary_members", "integer"),
        F("members_management", "integer"), F("members_technical", "integer"), F("members_front_line", "integer"),
        F("members_investors", "integer"), F("members_elsewhere", "integer"), F("league_members", "integer"),
        F("investors", "integer"), F("owner", "person"), F("owner_posts", "choices", "owner_posts"),
        F("legal_representative_is_secretary", "boolean"), F("contact_person", "person"),
        F("unestablished_reason", "text"), F("planned_setup_on", "future_date"),
        F("is_branch_office", "boolean"), F("duplicate_of", "uscc"),
        F("responsible_unit", "unit"), F("refreshed_on", "date"),
        F("annual_report_year", "integer"), F("province", "hint"), F("region", "hint"),
    ),
    (("uscc",),),
    starts="registered_on", own_link="duplicate_of",
)  # fmt: skip
PARTY_ORGANIZATIONS = ImportKind(
    "party-organizations", "party_organization", "党组织", "id",
    (
        F("id", "text"), F("name", "name", needed_for_new=True),
        F("kind", "choice", "party_organization_kind", needed_for_new=True),
        F("setup_form", "choice", "setup_form", needed_for_new=True), F("division", "division"), F("zone", "zone"),
        F("established_on", "date"), F("approval_document", "text"), F("approval_body", "text"),
        F("approved_on", "date"), F("is_combined", "boolean"), F("elected_on", "date"),
        F("extension_until", "future_date"), F("extension_document", "text"), F("committee_seats", "integer"),
        F("committee_members", "integer"), F("deputy_secretaries", "integer"), F("full_members", "integer"),
        F("probationary_members", "integer"), F("has_secretary", "boolean"), F("secretary_is_investor", "boolean"),
        F("secretary_kind", "choice", "secretary_kind"), F("secretary_is_full_time", "boolean"),
        F("has_full_time_deputy", "boolean"), F("secretary_chairs_union", "boolean"),
        F("committee_in_management", "integer"), F("management_in_committee", "integer"),
        F("party_workers", "integer"), F("full_time_party_workers", "integer"),
        F("premises", "choice", "activity_premises"), F("premises_area", "integer"), F("star", "integer"),
        F("star_on", "date"), F("applicants", "integer"), F("activists", "integer"), F("prospects", "integer"),
        F("developed_this_year", "integer"), F("members_on_committee", "integer"), F("members_among_staff", "integer"),
        F("members_retired", "integer"), F("members_to_35", "integer"), F("members_36_50", "integer"),
        F("members_51_60", "integer"), F("members_over_60", "integer"), F("members_secondary", "integer"),
        F("members_college", "integer"), F("members_postgraduate", "integer"), F("relations_here", "integer"),
        F("relations_supervisor", "integer"), F("relations_attached", "integer"), F("relations_territory", "integer"),
        F("relations_former", "integer"), F("relations_other", "integer"), F("exception_document", "text"),
        F("exception_body", "text"), F("acts", "choices", "acts"), F("dissolution_document", "text"),
        F("dissolution_body", "text"),
    ),
    (("id",), ("name",)),
    natural=("name", "division"), starts="established_on", prefix="org",
)  # fmt: skip
COVERS = ImportKind(
    "covers", "cover", "覆盖关系", "id",
    (
        F("id", "text"), F("organization", "organization", needed_for_new=True),
        F("enterprise", "enterprise", needed_for_new=True), F("form", "choice", "setup_form"),
    ),
    (("id",), ("organization", "enterprise")),
    natural=("organization", "enterprise"), prefix="cov",
)  # fmt: skip
MASS_ORGANIZATIONS = ImportKind(
    "mass-organizations", "mass_organization", "群团组织", "id",
    (
        F("id", "text"), F("kind", "choice", "mass_organization_kind", needed_for_new=True),
        F("name", "name", needed_for_new=True), F("enterprise", "enterprise", needed_for_new=True),
        F("form", "choice", "mass_form"), F("superior", "text"), F("established_on", "date"),
        F("approval_document", "text"), F("elected_on", "date"), F("term_years", "integer"),
        F("committee_members", "integer"), F("members", "integer"), F("women_members", "integer"),
        F("chair", "person"), F("chair_is_secretary", "boolean"), F("chair_is_full_time", "boolean"),
        F("chair_is_investor", "boolean"), F("chair_is_relative", "boolean"),
    ),
    (("id",), ("kind", "enterprise")),
    natural=("kind", "enterprise"), starts="established_on", prefix="mas",
)  # fmt: skip
DIVISIONS = ImportKind(
    "divisions", "division", "行政区划", "code",
    (
        F("code", "division_code", required=True), F("name", "name", needed_for_new=True),
        F("level", "choice", "level"), F("parent", "division_code"),
    ),
    (("code",),),
)  # fmt: skip
ZONES = ImportKind(
    "zones", "zone", "园区楼宇商圈市场", "id",
    (
        F("id", "text"), F("name", "name", needed_for_new=True),
        F("kind", "choice", "zone_kind", needed_for_new=True), F("division", "division"),
        F("operator", "text"), F("unit", "unit"), F("planned_months", "integer"), F("full_members", "integer"),
    ),
    (("id",), ("name",)),
    natural=("name",), prefix="zon",
)  # fmt: skip
UNITS = ImportKind(
    "units", "unit", "机构", "id",
    (
        F("id", "text"), F("name", "name", needed_for_new=True),
        F("short_name", "text"), F("kind", "choice", "unit_kind", needed_for_new=True), F("parent", "unit"),
        F("division", "division"), F("zone", "zone"), F("uscc", "uscc"), F("duty", "choice", "duty"),
        F("first_responsible", "person"), F("established_on", "date"), F("approval_document", "text"),
    ),
    (("id",), ("name",)),
    natural=("name",), prefix="unt", own_link="parent",
)  # fmt: skip
ASSIGNMENTS = ImportKind(
    "assignments", "assignment", "派驻联系", "id",
    (
        F("id", "text"), F("person", "person", needed_for_new=True),
        F("role", "choice", "role", needed_for_new=True), F("enterprise", "enterprise"),
        F("organization", "organization"), F("unit", "unit"), F("level", "choice", "assignment_level"),
        F("is_full_time", "boolean"), F("appointment_document", "text"), F("term_ends_on", "future_date"),
        F("days_per_month", "integer"), F("visits_per_year", "integer"),
    ),
    (("id",), ("person", "role")),
    natural=("person", "role", "enterprise", "organization"), prefix="asg",
)  # fmt: skip

SECTORS = ImportKind(
    "sectors", "sector", "行业归口", "id",
    (
        F("id", "text"), F("name", "name", needed_for_new=True), F("parent", "sector"), F("lead_unit", "unit"),
        F("industries", "texts"), F("document", "text"),
    ),
    (("id",), ("name",)),
    natural=("name",), prefix="sct", own_link="parent",
)  # fmt: skip
AFFILIATIONS = ImportKind(
    "affiliations", "affiliation", "隶属关系", "id",
    (
        F("id", "text"), F("organization", "organization", needed_for_new=True),
        F("superior", "superior", needed_for_new=True), F("kind", "choice", "affiliation_kind"), F("document", "text"),
    ),
    (("id",), ("organization", "superior")),
    natural=("organization", "superior"), prefix="aff",
)  # fmt: skip
PAIRINGS = ImportKind(
    "pairings", "pairing", "结对共建", "id",
    (
        F("id", "text"), F("unit", "unit", needed_for_new=True), F("unit_organization", "text"),
        F("organization", "organization"), F("enterprise", "enterprise"), F("agreed_on", "date"),
        F("agreement_document", "text"), F("unit_principal", "person"), F("enterprise_principal", "person"),
        F("ends_on", "future_date"), F("activities_per_year", "integer"), F("meetings_per_year", "integer"),
        F("practical_matters_per_year", "integer"),
    ),
    (("id",), ("unit", "enterprise"), ("unit", "organization")),
    natural=("unit", "enterprise", "organization"), starts="agreed_on", prefix="par",
)  # fmt: skip
INSTRUCTORS = ImportKind(
    "instructors", "instructor", "党建指导员", "id",
    (
        F("id", "text"), F("person", "person", needed_for_new=True), F("unit", "unit", needed_for_new=True),
        F("division", "division"), F("zone", "zone"), F("level", "choice", "assignment_level"),
        F("is_full_time", "boolean"), F("max_enterprises", "integer"), F("appointment_document", "text"),
        F("term_ends_on", "future_date"),
    ),
    (("id",), ("person",)),
    natural=("person",), prefix="ins",
)  # fmt: skip
SECRETARY_CANDIDATES = ImportKind(
    "secretary-candidates", "secretary_candidate", "书记人选", "id",
    (
        F("id", "text"), F("person", "person", needed_for_new=True),
        F("source", "choice", "candidate_source", needed_for_new=True),
        F("stage", "choice", "candidate_stage", needed_for_new=True), F("unit", "unit"), F("division", "division"),
        F("zone", "zone"), F("enterprise", "enterprise"), F("organization", "organization"),
        F("can_be_full_time", "boolean"), F("trained_on", "date"), F("recommended_on", "date"), F("note", "text"),
    ),
    (("id",), ("person",)),
    natural=("person",), prefix="sec",
)  # fmt: skip
GUIDANCE_PROJECTS = ImportKind(
    "guidance-projects", "guidance_project", "立项早期指导项目", "id",
    (
        F("id", "text"), F("name", "name", needed_for_new=True), F("division", "division"), F("zone", "zone"),
        F("approval_number", "text"), F("approved_on", "date"), F("approving_unit", "unit"),
        F("enterprise", "enterprise"), F("investment", "yuan"), F("planned_staff", "integer"),
        F("planned_members", "integer"), F("starts_on", "future_date"), F("completes_on", "future_date"),
        F("unit", "unit"), F("guide", "person"), F("stage", "choice", "guidance_stage", needed_for_new=True),
        F("planned_setup_on", "future_date"), F("organization", "organization"), F("note", "text"),
    ),
    (("id",), ("name",)),
    natural=("name", "division"), starts="approved_on", prefix="gpr",
)  # fmt: skip
MEMBER_FLOWS = ImportKind(
    "member-flows", "member_flow", "党员增减表", "id",
    (
        F("id", "text"), F("organization", "organization", needed_for_new=True),
        F("year", "integer", needed_for_new=True), F("at_start", "integer"), F("increased", "integer"),
        F("developed", "integer"), F("restored", "integer"), F("transferred_in", "integer"),
        F("transferred_in_whole", "integer"), F("decreased", "integer"), F("expelled", "integer"),
        F("suspended", "integer"), F("died", "integer"), F("transferred_out", "integer"),
        F("transferred_out_whole", "integer"), F("expected_at_end", "integer"), F("at_end", "integer"),
        F("difference", "integer"), F("document", "text"),
    ),
    (("id",), ("organization", "year")),
    natural=("organization", "year"), prefix="mfl",
)  # fmt: skip
CALENDAR_DAYS = ImportKind(
    "calendar-days", "calendar_day", "工作日历", "day",
    (
        F("day", "future_date", required=True), F("is_working", "boolean", needed_for_new=True), F("name", "text"),
        F("document", "text"),
    ),
    (("day",),),
)  # fmt: skip
CENSUS_CHECKS = ImportKind(
    "census-checks", "census_check", "普查核查", "id",
    (
        F("id", "text"), F("census", "census", needed_for_new=True), F("enterprise", "enterprise", needed_for_new=True),
        F("item", "choice", "census_item", needed_for_new=True),
        F("answer", "choice", "census_answer", needed_for_new=True), F("note", "text"), F("checker", "person"),
        F("checked_on", "date"),
    ),
    (("id",), ("census", "enterprise", "item")),
    natural=("census", "enterprise", "item"), starts="checked_on", prefix="cck",
)  # fmt: skip

DAY = "effective_on"
"""The column, open to every list, of the day from which a row holds; it is no field of the record."""
KINDS = {
    kind.plural: replace(kind, fields=(*kind.fields, F(DAY, "date")))
    for kind in (
        ENTERPRISES, PARTY_ORGANIZATIONS, COVERS, AFFILIATIONS, MASS_ORGANIZATIONS, DIVISIONS, ZONES, UNITS, SECTORS,
        ASSIGNMENTS, INSTRUCTORS, PAIRINGS, SECRETARY_CANDIDATES, GUIDANCE_PROJECTS, MEMBER_FLOWS, CALENDAR_DAYS,
        CENSUS_CHECKS,
    )
}  # fmt: skip

PLURALS = tuple(KINDS)


def _table(name: str) -> dict[str, dict[str, list[str]]]:
    text = files("heli_registry.imports").joinpath(name).read_text("utf-8")
    return tomllib.loads(text)


@cache
def column_names() -> dict[str, dict[str, list[str]]]:
    """Return kind → field → names its column goes by."""
    return _table("columns.toml")


@cache
def choice_words() -> dict[str, dict[str, list[str]]]:
    """Return choice list → code → words for it."""
    return _table("choices.toml")
