"""The input tables of the definitions: names, columns and portable types.

A version table holds one row per record and stretch of days [valid_from, valid_to) during which its fields stand
still; `key` is the record's key and `state` is `open`, `closed` or null (not yet created). A copy of one day is a
version table whose rows are valid from that day to for ever. Types are `text`, `int`, `bool`, `date`, `decimal` and
`list` (of text).
"""

VALIDITY = {"key": "text", "valid_from": "date", "valid_to": "date"}
STATE = {"state": "text"}

MEMBERS_AT_POSTS = ("members_management", "members_technical", "members_front_line", "members_investors")
"""How many members of an enterprise hold which posts."""

ENTERPRISES = {
    "name": "text",
    "division": "text",
    "zone": "text",
    "ownership": "text",
    "industry": "text",
    "operation_state": "text",
    "has_premises": "bool",
    "has_stable_staff": "bool",
    "has_activity": "bool",
    "staff": "int",
    "annual_revenue": "decimal",
    "total_assets": "decimal",
    "full_members": "int",
    "probationary_members": "int",
    "is_branch_office": "bool",
    "duplicate_of": "text",
    "responsible_unit": "text",
    "sector": "text",
    **dict.fromkeys(MEMBERS_AT_POSTS, "int"),
}
REPORTED_NUMBERS = (
    "party_workers", "full_time_party_workers", "developed_this_year", "members_on_committee", "members_among_staff",
    "members_retired", "members_to_35", "members_36_50", "members_51_60", "members_over_60", "members_secondary",
    "members_college", "members_postgraduate", "relations_here", "relations_supervisor", "relations_attached",
    "relations_territory", "relations_former", "relations_other",
)  # fmt: skip
"""What an organisation tells in numbers about its members and workers, beside how many members it has."""

ORGANIZATIONS = {
    "name": "text",
    "kind": "text",
    "setup_form": "text",
    "division": "text",
    "zone": "text",
    "established_on": "date",
    "elected_on": "date",
    "extension_until": "date",
    "full_members": "int",
    "probationary_members": "int",
    "has_secretary": "bool",
    "secretary_kind": "text",
    "secretary_is_full_time": "bool",
    "premises": "text",
    **dict.fromkeys(REPORTED_NUMBERS, "int"),
}
COVERS = {"organization": "text", "enterprise": "text", "form": "text"}
AFFILIATIONS = {"organization": "text", "kind": "text"}
MASS_ORGANIZATIONS = {"kind": "text", "enterprise": "text"}
ASSIGNMENTS = {"role": "text", "enterprise": "text"}

DIVISION_PATHS = {
    "key": "text",
    "valid_from": "date",
    "valid_to": "date",
    "province": "text",
    "city": "text",
    "county": "text",
    "town": "text",
    "village": "text",
}
"""The ancestors of a division, itself included, by level: for every day, see `paths`."""

SPINE = {"uscc": "text", "day": "date"}
"""The enterprises and days for which facts are wanted."""

ORGANIZATION_SPINE = {"id": "text", "day": "date"}
"""The organisations and days for which facts are wanted."""

TABLES: dict[str, dict[str, str]] = {
    "spine": SPINE,
    "organization_spine": ORGANIZATION_SPINE,
    "enterprises": {**VALIDITY, **ENTERPRISES, **STATE},
    "organizations": {**VALIDITY, **ORGANIZATIONS, **STATE},
    "covers": {**VALIDITY, **COVERS, **STATE},
    "affiliations": {**VALIDITY, **AFFILIATIONS, **STATE},
    "mass_organizations": {**VALIDITY, **MASS_ORGANIZATIONS, **STATE},
    "assignments": {**VALIDITY, **ASSIGNMENTS, **STATE},
    "division_paths": DIVISION_PATHS,
}

PATH_LEVELS = ("province", "city", "county", "town", "village")
COVER_FORMS = (
    "sole", "joint", "regional", "industry", "industry_chain", "leading_enterprise", "building", "village_enterprise",
    "restructured", "combined", "attached", "functional", "temporary", "other",
)  # fmt: skip
"""The ways of setting up, in the order in which the foremost is chosen where an enterprise is covered in several."""
