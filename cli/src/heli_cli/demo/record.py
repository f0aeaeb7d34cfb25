"""What the generator yields: one record of one kind as it goes into the ledger, with the day it takes effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

# Every kind after the kinds it refers to.
KINDS = (
    "divisions",
    "zones",
    "units",
    "enterprises",
    "party-organizations",
    "covers",
    "affiliations",
    "mass-organizations",
    "people",
    "assignments",
    "plans",
    "tasks",
    "activities",
    "marks",
)
OF_ASSESSMENT = ("plans", "tasks", "activities", "marks")


@dataclass(frozen=True, slots=True)
class Record:
    """A record to create (or to close, with a reason) on a day; `fields` are those of the API, empty ones left out."""

    kind: str
    key: str
    fields: Mapping[str, Any]
    effective_on: date
    operation: Literal["create", "close"] = "create"


def created(plural: str, key: str, effective_on: date, /, **fields: Any) -> Record:
    """Return a record to create; fields that are None are left out, dates become ISO text."""
    return Record(
        plural, key, {name: _plain(value) for name, value in fields.items() if value is not None}, effective_on
    )


def closed(plural: str, key: str, effective_on: date, reason: str) -> Record:
    """Return the closing of a record that was created before."""
    return Record(plural, key, {"closed_reason": reason}, effective_on, "close")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
