"""The tables of the copy: entries as they came, one version table per kind of record, and the facts."""

from heli_shared.statistics.tables import MEMBERS_AT_POSTS, REPORTED_NUMBERS, TABLES

MEMBER_FLOWS = (
    "at_start", "increased", "developed", "restored", "transferred_in", "transferred_in_whole", "decreased", "expelled",
    "suspended", "died", "transferred_out", "transferred_out_whole", "expected_at_end", "at_end", "difference",
)  # fmt: skip
"""The figures of a member flow, in the order of the statutory table."""

FUND_SOURCES = ("finance", "dues", "superior", "enterprise", "donation", "other")
"""Where the money of a Party organisation comes from."""

KINDS: dict[str, dict[str, str]] = {
    "division": {"name": "text", "level": "text", "parent": "text"},
    "zone": {
        "name": "text",
        "kind": "text",
        "division": "text",
        "planned_months": "int",
        "full_members": "int",
    },
    "unit": {"name": "text", "kind": "text", "parent": "text", "division": "text", "zone": "text"},
    "sector": {"name": "text", "parent": "text", "lead_unit": "text", "industries": "list"},
    "succession": {"node": "text", "predecessor": "text", "successor": "text", "form": "text", "is_rest": "bool"},
    "enterprise": {
        "name": "text",
        "division": "text",
        "zone": "text",
        "address": "text",
        "registered_on": "date",
        "enterprise_type": "text",
        "ownership": "text",
        "registered_capital": "decimal",
        "registered_capital_text": "text",
        "industry": "text",
        "business_scope": "text",
        "operation_state": "text",
        "has_premises": "bool",
        "has_stable_staff": "bool",
        "has_activity": "bool",
        "staff": "int",
        "annual_revenue": "decimal",
        "total_assets": "decimal",
        "full_members": "int",
        "probationary_members": "int",
        **dict.fromkeys(MEMBERS_AT_POSTS, "int"),
        "members_elsewhere": "int",
        "is_branch_office": "bool",
        "duplicate_of": "text",
        "responsible_unit": "text",
        "sector": "text",
        "refreshed_on": "date",
    },
    "party_organization": {
        "name": "text",
        "kind": "text",
        "setup_form": "text",
        "division": "text",
        "zone": "text",
        "established_on": "date",
        "approval_document": "text",
        "approval_body": "text",
        "elected_on": "date",
        "extension_until": "date",
        "extension_document": "text",
        "committee_seats": "int",
        "full_members": "int",
        "probationary_members": "int",
        "has_secretary": "bool",
        "secretary_is_investor": "bool",
        "secretary_kind": "text",
        "secretary_is_full_time": "bool",
        "premises": "text",
        **dict.fromkeys(REPORTED_NUMBERS, "int"),
        "exception_document": "text",
        "exception_body": "text",
        "acts": "list",
    },
    "cover": {"organization": "text", "enterprise": "text", "form": "text"},
    "affiliation": {"organization": "text", "superior": "text", "kind": "text", "document": "text"},
    "mass_organization": {
        "kind": "text",
        "name": "text",
        "enterprise": "text",
        "established_on": "date",
        "members": "int",
        "chair_is_secretary": "bool",
    },
    "person": {"unit": "text"},
    "assignment": {
        "person": "text",
        "role": "text",
        "enterprise": "text",
        "organization": "text",
        "unit": "text",
        "term_ends_on": "date",
        "visits_per_year": "int",
    },
    "instructor": {
        "person": "text",
        "unit": "text",
        "division": "text",
        "zone": "text",
        "max_enterprises": "int",
        "term_ends_on": "date",
    },
    "dispute": {
        "enterprise": "text",
        "field": "text",
        "owner": "text",
        "opened_on": "date",
        "due_on": "date",
        "outcome": "text",
    },
    "transfer": {
        "organization": "text",
        "from_superior": "text",
        "to_superior": "text",
        "members": "int",
        "due_on": "date",
        "stage": "text",
        "from_confirmed_on": "date",
        "to_confirmed_on": "date",
        "moved_on": "date",
    },
    "pairing": {
        "unit": "text",
        "organization": "text",
        "enterprise": "text",
        "agreed_on": "date",
        "ends_on": "date",
        "activities_per_year": "int",
    },
    "member_flow": {
        "organization": "text",
        "year": "int",
        **dict.fromkeys(MEMBER_FLOWS, "int"),
    },
    "explanation": {
        "period_code": "text",
        "starts_on": "date",
        "ends_on": "date",
        "unit": "text",
        "division": "text",
        "zone": "text",
        "check": "text",
        "record_kind": "text",
        "record": "text",
        "figure": "text",
        "compared_with": "text",
        "measures": "list",
        "value": "text",
        "previous": "text",
        "text": "text",
        "person": "text",
    },
    "principal": {"unit": "text", "kind": "text", "roles": "list"},
    "target": {"unit": "text", "measure": "text", "value": "text", "due_on": "date", "document": "text"},
    "plan": {"title": "text", "year": "int", "document": "text"},
    "task": {
        "plan": "text",
        "parent": "text",
        "title": "text",
        "unit": "text",
        "person": "text",
        "measure_word": "text",
        "target": "decimal",
        "progress": "decimal",
        "due_on": "date",
        "done_on": "date",
    },
    "activity": {
        "kind": "text",
        "unit": "text",
        "held_on": "date",
        "title": "text",
        "level": "text",
        "enterprise": "text",
        "organization": "text",
        "assignment": "text",
        "pairing": "text",
        "participants": "int",
        "evidence": "text",
    },
    "mark": {
        "subject": "text",
        "item": "text",
        "value": "decimal",
        "evidence": "text",
        "rulebook": "text",
    },
    "letter": {
        "plan": "text",
        "year": "int",
        "issuer": "text",
        "unit": "text",
        "issued_on": "date",
        "sign_by": "date",
        "is_signed": "bool",
        "signed_on": "date",
        "checked_on": "date",
    },
    "progress_report": {"task": "text", "unit": "text", "reported_on": "date", "progress": "decimal"},
    "rectification_order": {
        "number": "text",
        "activity": "text",
        "issuer": "text",
        "unit": "text",
        "problem": "text",
        "issued_on": "date",
        "due_on": "date",
        "stage": "text",
        "answered_on": "date",
        "rounds": "int",
    },
    "duty_session": {"title": "text", "year": "int", "unit": "text", "held_on": "date"},
    "duty_report": {"session": "text", "unit": "text", "person": "text"},
    "appeal": {"cycle": "text", "entry": "text", "unit": "text", "due_on": "date", "status": "text"},
    "representative_evaluation": {
        "person": "text",
        "enterprise": "text",
        "purpose_of": "text",
        "status": "text",
        "confirmed_on": "date",
        "valid_until": "date",
        "rechecked_on": "date",
    },
    "fund_budget": {"title": "text", "year": "int", "unit": "text", "source": "text", "amount": "decimal"},
    "fund_movement": {
        "kind": "text",
        "budget": "text",
        "unit": "text",
        "organization": "text",
        "happened_on": "date",
        "amount": "decimal",
        "used_for": "text",
    },
    "rulebook": {
        "title": "text",
        "subject_kind": "text",
        "effective_from": "date",
        "digest": "text",
    },
    "cycle": {
        "title": "text",
        "subject_kind": "text",
        "period_from": "date",
        "counted_on": "date",
        "stage": "text",
        "run": "text",
    },
    "cycle_entry": {
        "cycle": "text",
        "subject": "text",
        "name": "text",
        "unit": "text",
        "score": "text",
        "grade": "text",
        "rank": "int",
    },
}
"""Every kind of record of both ledgers with its fields; the entries keep what is not named here."""

CLOSING = {"state": "text", "closed_reason": "text", "closed_on": "date"}

ASSESSMENT_KINDS = frozenset(
    {
        "plan", "target", "task", "activity", "mark", "rulebook", "cycle", "cycle_entry", "letter", "progress_report",
        "rectification_order", "duty_session", "duty_report", "appeal", "representative_evaluation", "fund_budget",
        "fund_movement",
    }
)  # fmt: skip
"""The kinds whose ledger is assessment's; all others are registry's."""

FACT_INPUTS = {
    "enterprises": "enterprise",
    "organizations": "party_organization",
    "covers": "cover",
    "affiliations": "affiliation",
    "mass_organizations": "mass_organization",
    "assignments": "assignment",
}
"""Input tables of the definitions and the kinds whose versions they are."""

SQL_TYPES = {
    "text": "VARCHAR",
    "int": "BIGINT",
    "bool": "BOOLEAN",
    "date": "DATE",
    "decimal": "DECIMAL(20, 2)",
    "list": "VARCHAR[]",
}


def source_of(entity: str) -> str:
    """Return the source whose ledger holds a kind."""
    return "assessment" if entity in ASSESSMENT_KINDS else "registry"


def version_table(entity: str) -> str:
    """Return the name of the table with the versions of a kind."""
    return f"v_{entity}"


def columns_of(entity: str) -> dict[str, str]:
    """Return all fields of a kind with their types, those of closing included."""
    return {**KINDS[entity], **CLOSING}


def _typed(columns: dict[str, str]) -> str:
    return ", ".join(f'"{name}" {SQL_TYPES[kind]}' for name, kind in columns.items())


_ENTRIES = """
CREATE TABLE IF NOT EXISTS entries (
  source VARCHAR, seq BIGINT, recorded_at TIMESTAMP, actor VARCHAR, unit VARCHAR, entity VARCHAR, key VARCHAR,
  operation VARCHAR, effective_on DATE, changes VARCHAR, hash VARCHAR
)"""
_SOURCES = """
CREATE TABLE IF NOT EXISTS sources (
  source VARCHAR PRIMARY KEY, epoch VARCHAR,
  appended BIGINT, appended_at TIMESTAMP, refreshed BIGINT, refreshed_at TIMESTAMP
)"""
_DEFINITIONS = "CREATE TABLE IF NOT EXISTS definitions (name VARCHAR PRIMARY KEY, digest VARCHAR, text VARCHAR)"


def statements() -> list[str]:
    """Return the statements that make an empty store; none of them touches a store that is there."""
    return [_ENTRIES, _SOURCES, _DEFINITIONS]


def fresh_versions() -> list[str]:
    """Return the statements that make the tables of versions, empty, in the place of an older release's."""
    made = [f"CREATE OR REPLACE TABLE paths ({_typed(TABLES['division_paths'])})"]
    for entity in KINDS:
        stretch = {"key": "text", "valid_from": "date", "valid_to": "date"}
        typed = _typed({**stretch, **columns_of(entity), "seq": "int", "first_seq": "int"})
        made.append(f"CREATE OR REPLACE TABLE {version_table(entity)} ({typed})")
    return made
