"""The county as one CSV file per kind, in the columns the import knows; written while it is generated."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from heli_cli.demo.record import Record
from heli_shared.statistics.tables import MEMBERS_AT_POSTS, REPORTED_NUMBERS

# Columns of each kind: its key, the day it takes effect, its fields.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "divisions": ("code", "effective_on", "name", "level", "parent"),
    "zones": ("id", "effective_on", "name", "kind", "division", "planned_months", "full_members"),
    "units": ("id", "effective_on", "name", "kind", "parent", "division", "zone"),
    "enterprises": (
        "uscc", "effective_on", "name", "division", "zone", "address", "registered_on", "enterprise_type", "ownership",
        "registered_capital", "registered_capital_text", "industry", "business_scope", "operation_state",
        "has_premises", "has_stable_staff", "has_activity", "staff", "annual_revenue", "full_members",
        "probationary_members", *MEMBERS_AT_POSTS, "is_branch_office", "duplicate_of", "responsible_unit",
        "refreshed_on",
    ),
    "party-organizations": (
        "id", "effective_on", "name", "kind", "setup_form", "division", "zone", "established_on", "approval_document",
        "approval_body", "elected_on", "extension_until", "extension_document", "committee_seats", "committee_members",
        "full_members", "probationary_members", "has_secretary", "secretary_is_investor", "exception_document",
        "exception_body", "premises", "secretary_kind", "secretary_is_full_time", *REPORTED_NUMBERS,
    ),
    "covers": ("id", "effective_on", "organization", "enterprise", "form"),
    "affiliations": ("id", "effective_on", "organization", "superior", "kind", "document"),
    "mass-organizations": (
        "id", "effective_on", "kind", "name", "enterprise", "established_on", "members", "chair_is_secretary",
    ),
    "people": ("id", "effective_on", "unit", "name", "phone"),
    "assignments": (
        "id", "effective_on", "person", "role", "enterprise", "organization", "unit", "term_ends_on", "visits_per_year",
    ),
    "plans": ("id", "effective_on", "title", "year", "document"),
    "tasks": (
        "id", "effective_on", "plan", "title", "unit", "measure_word", "target", "progress", "due_on", "done_on",
    ),
    "activities": (
        "id", "effective_on", "kind", "unit", "held_on", "title", "level", "enterprise", "organization", "assignment",
        "participants", "audience", "days", "evidence",
    ),
    "marks": ("id", "effective_on", "subject", "item", "value", "evidence", "rulebook"),
    "closings": ("kind", "key", "effective_on", "reason"),
}  # fmt: skip


def write_files(records: Iterable[Record], folder: Path) -> Counter[str]:
    """Write `KIND.csv` for every kind and `closings.csv` into the folder and return the rows of each file."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        writers = {}
        for kind, columns in COLUMNS.items():
            # The mark at the start lets office programs read the file as UTF-8.
            stream = stack.enter_context((folder / f"{kind}.csv").open("w", encoding="utf-8-sig", newline=""))
            writers[kind] = csv.writer(stream)
            writers[kind].writerow(columns)
        for record in records:
            kind, row = file_row(record)
            writers[kind].writerow(row)
            counts[kind] += 1
    return counts


def file_row(record: Record) -> tuple[str, list[str]]:
    """Return the file a record goes to and its cells in the order of the file's columns."""
    if record.operation == "close":
        return "closings", [record.kind, record.key, str(record.effective_on), record.fields["closed_reason"]]
    columns = COLUMNS[record.kind]
    cells = (_cell(record.fields.get(name)) for name in columns[2:])
    return record.kind, [record.key, str(record.effective_on), *cells]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
