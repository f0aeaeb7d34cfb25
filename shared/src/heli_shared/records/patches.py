"""Entries as JSON Patches: from the current record as known before an entry to the current record as known after it.

A consumer that applies the patches of a record in the order of the feed ends with exactly the record that the API
shows. A back-dated entry therefore patches only the fields that no later effect holds; it always moves `version`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from heli_shared.ledger.entries import Entry
from heli_shared.ledger.reading import of_records
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.kinds import RecordKind
from heli_shared.records.service import Resource

SUCCESSORS = ("successor", "merged_into", "duplicate_of")
"""Fields that name the record that takes another's place."""


class _Current:
    """The current record of one key while its entries are laid in by seq: for each field the write that holds."""

    def __init__(self, kind: RecordKind, key: str) -> None:
        self._kind = kind
        self._key = key
        self._since: dict[str, date] = {}
        self._exists = False
        self.values: dict[str, Any] = {}

    def lay_in(self, entry: Entry) -> list[dict[str, Any]]:
        """Take the next entry in and return the operations from the record before it to the one after it."""
        moved: dict[str, Any] = {}
        for name, value in entry.changes.items():
            # Seqs only grow here, so an equal day of effect is overwritten, an earlier one is not.
            if entry.effective_on >= self._since.get(name, date.min):
                self._since[name] = entry.effective_on
                if self.values.get(name) != value:
                    moved[name] = value
                self.values[name] = value
        if not self._exists:
            self._exists = True
            return [{"op": "add", "path": "", "value": self._record(entry.seq)}]
        known = {each.name for each in self._kind.all_fields}
        operations = [
            {"op": "replace", "path": f"/{name}", "value": value} for name, value in moved.items() if name in known
        ]
        return [*operations, {"op": "replace", "path": "/version", "value": entry.seq}]

    def _record(self, version: int) -> dict[str, Any]:
        fields = {each.name: self.values.get(each.name) for each in self._kind.all_fields}
        return {self._kind.key: self._key, **fields, "version": version}

    def successor(self) -> str | None:
        """Return the key of the record that takes this one's place, or None."""
        named = (self.values.get(name) for name in SUCCESSORS)
        return next((str(value) for value in named if value is not None), None)


def patched(
    session: Session, ledger: LedgerTables, resources: Mapping[str, Resource], entries: Sequence[Any]
) -> list[dict[str, Any]]:
    """Return `tombstone`, `successor` and `patch` for each of these rows of the ledger, which come in order of seq."""
    keys: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        keys[entry.entity].add(entry.key)
    wanted = {entry.seq for entry in entries}
    found: dict[int, dict[str, Any]] = {}
    for entity, of_entity in keys.items():
        resource = resources.get(entity)
        if resource is not None:
            last = max(entry.seq for entry in entries if entry.entity == entity)
            for key, history in of_records(session, ledger, entity, of_entity, up_to=last):
                found |= _of_record(resource.kind, key, history, wanted)
    nothing = {"tombstone": None, "successor": None, "patch": None}
    return [found.get(entry.seq, nothing) for entry in entries]


def _of_record(kind: RecordKind, key: str, history: Sequence[Entry], wanted: set[int]) -> dict[int, dict[str, Any]]:
    current = _Current(kind, key)
    found: dict[int, dict[str, Any]] = {}
    erased = False
    for entry in history:
        operations = current.lay_in(entry)
        erased = erased or entry.operation == "erase"
        if entry.seq in wanted:
            found[entry.seq] = {
                "tombstone": erased or current.values.get("state") == "closed",
                "successor": current.successor(),
                "patch": operations,
            }
    return found
