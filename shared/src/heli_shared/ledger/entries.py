"""Entries of the ledger: what was changed, by whom, with effect from when, chained by hashes.

An entry's hash covers the previous hash and every field of the entry as stored, so that one altered byte anywhere
breaks the chain from there on. No personal data is ever in an entry.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

Operation = Literal["create", "change", "close", "reopen", "erase"]

GENESIS = "0" * 64
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: the principal's id and the unit in whose name."""

    actor: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one record that is to be appended; `changes` holds new values only, None clears a field."""

    entity: str
    key: str
    operation: Operation
    effective_on: date
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger as stored; `recorded_at` is aware UTC, `changes` JSON values."""

    seq: int
    recorded_at: datetime
    actor: str
    unit: str | None
    entity: str
    key: str
    operation: Operation
    effective_on: date
    changes: dict[str, Any]
    previous_hash: str
    hash: str


def json_value(value: Any) -> Any:
    """Return a field's value as JSON knows it: dates and decimals as text, lists element by element."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [json_value(part) for part in value]
    return value


def changes_text(changes: Mapping[str, Any]) -> str:
    """Return changes as the canonical JSON text that is stored and hashed: sorted keys, no spaces."""
    values = {name: json_value(value) for name, value in changes.items()}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def entry_hash(previous_hash: str, *fields: str | int | None) -> str:
    """Return the SHA-256 of an entry's stored fields behind the previous hash, as 64 hexadecimal digits.

    `fields` in order: seq, recorded_at, actor, unit, entity, key, operation, effective_on, changes; all as stored.
    """
    return text_hash((previous_hash, *["" if field is None else str(field) for field in fields]))


def text_hash(texts: Iterable[str]) -> str:
    """Return the hash of an entry whose previous hash and fields are texts already, in the order of `entry_hash`."""
    return hashlib.sha256(_SEPARATOR.join(texts).encode()).hexdigest()
