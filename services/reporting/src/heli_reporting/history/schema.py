"""The tables of the copy: entries as they came, one version table per kind of record, and the facts."""

from heli_shared.statistics.tables import TABLES

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
        "full_members": "int",
        "probationary_members": "int",
        "is_branch_office": "bool",
        "duplicate_of": "text",
        "responsible_unit": "text",
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
    "principal": {"unit": "text", "kind": "text", "roles": "list"},
    "plan": {"title": "text", "year": "int", "document": "text"},
    "task": {
        "plan": "text",
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
    "rulebook": {
        "version": "text",
        "title": "text",
        "subject_kind": "text",
        "effective_from": "date",
        "digest": "text",
    },
}
"""Every kind of record of both ledgers with its fields; the entries keep what is not named here."""

CLOSING = {"state": "text", "closed_reason": "text", "closed_on": "date"}

ASSESSMENT_KINDS = frozenset({"plan", "task", "activity", "mark", "rulebook"})
"""The kinds whose ledger is assessment's; all others are registry's."""

FACT_INPUTS = {
    "enterprises": "enterprise",
    "organizations": "party_organization",
    "covers": "cover",
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
        typed = _typed({"key": "text", "valid_from": "date", "valid_to": "date", **columns_of(entity), "seq": "int"})
        made.append(f"CREATE OR REPLACE TABLE {version_table(entity)} ({typed})")
    return made
