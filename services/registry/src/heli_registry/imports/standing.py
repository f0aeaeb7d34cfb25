"""What stands in the registry already: rows by key, records by name, and what the importer may see of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import subtree
from heli_registry.divisions.models import DIVISION
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_shared.kernel import divisions as division_codes
from heli_shared.kernel.access import Scope
from heli_shared.ledger.entries import json_value
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import columns_of, is_one_of
from heli_shared.records.service import Resource

Record = dict[str, Any]


class Standing:
    """Looks records up for one import, within its own transaction and the importer's scope."""

    def __init__(self, session: Session, scope: Scope) -> None:
        """Remember where and for whom to look."""
        self._session = session
        self._scope = scope
        self._names: dict[str, dict[str, list[str]]] = {}
        self._keys: dict[str, set[str]] = {}
        self.pending: dict[str, str | None] = {}
        self._founded: dict[str, date | None] | None = None
        rows = session.execute(sa.select(DIVISION.table.c.code, DIVISION.table.c.name)).all()
        self.divisions: dict[str, str] = {row.code: row.name for row in rows}
        roots = scope.divisions
        self._territory = set(session.execute(subtree(roots)).scalars()) | set(roots) if roots else set()

    def has_in_scope(self, division: str | None, zone: str | None) -> bool:
        """Say whether a place lies in the importer's scope; divisions yet to be created count by their codes."""
        if self._scope.everything or (zone is not None and zone in self._scope.zones):
            return True
        if division is None:
            return False
        return division in self._territory or any(
            above in self._territory for above in division_codes.ancestors(division)
        )

    def rows_by_key(self, kind: RecordKind, keys: Sequence[str]) -> dict[str, Record]:
        """Return the current rows with these keys as JSON values, with `last_effective_on`, wherever they lie."""
        table = kind.table
        columns = [*columns_of(kind), table.c.last_effective_on]
        wanted = is_one_of(self._session, table.c[kind.key], keys)
        found = self._session.execute(sa.select(*columns).where(wanted)).mappings()
        names = [column.name for column in columns]
        return {row[kind.key]: {name: json_value(row[name]) for name in names} for row in found}

    def open_by_fields(self, resource: Resource, fields: Sequence[str]) -> dict[tuple[Any, ...], str]:
        """Return the keys of visible open records by the values of some fields."""
        kind = resource.kind
        table = kind.table
        clauses = [condition.clause for condition in resource.visible(self._session, self._scope)]
        statement = sa.select(table.c[kind.key], *(table.c[name] for name in fields))
        rows = self._session.execute(statement.where(table.c.state == "open", *clauses).order_by(table.c[kind.key]))
        return {tuple(row[1:]): row[0] for row in rows}

    def visible_keys(self, resource: Resource) -> set[str]:
        """Return the keys of the visible open records of a kind of modest size."""
        self._load(resource)
        return self._keys[resource.kind.entity]

    def keys_named(self, resource: Resource, name: str) -> list[str]:
        """Return the keys of the visible open records with exactly this name."""
        self._load(resource)
        return self._names[resource.kind.entity].get(name, [])

    def note_pending(self, resource: Resource, key: str, *, name: str | None, link: str | None) -> None:
        """Remember a record that this import makes or changes, so that other rows of the list may refer to it."""
        self.pending[key] = link
        if resource.kind.entity in self._keys and key not in self._keys[resource.kind.entity]:
            self._keys[resource.kind.entity].add(key)
            if name is not None:
                self._names[resource.kind.entity].setdefault(name, []).append(key)

    def established_on(self, organization: str) -> date | None:
        """Return the day on which a Party organisation was founded, if it is told."""
        if self._founded is None:
            table = PARTY_ORGANIZATION.table
            rows = self._session.execute(sa.select(table.c.id, table.c.established_on))
            self._founded = {row.id: row.established_on for row in rows}
        return self._founded.get(organization)

    def _load(self, resource: Resource) -> None:
        kind = resource.kind
        if kind.entity in self._names:
            return
        table = kind.table
        named = "name" in kind.by_name
        columns = [table.c[kind.key], table.c.name if named else sa.null()]
        clauses = [condition.clause for condition in resource.visible(self._session, self._scope)]
        names: dict[str, list[str]] = {}
        keys: set[str] = set()
        for key, name in self._session.execute(sa.select(*columns).where(table.c.state == "open", *clauses)):
            keys.add(key)
            if name is not None:
                names.setdefault(name, []).append(key)
        self._names[kind.entity], self._keys[kind.entity] = names, keys

    def enterprises_by_word(self, resource: Resource, words: Iterable[str]) -> Mapping[str, list[str]]:
        """Return the codes of visible enterprises by code or exact name, for the words of one chunk."""
        table = ENTERPRISE.table
        wanted = list(dict.fromkeys(words))
        clauses = [condition.clause for condition in resource.visible(self._session, self._scope)]
        either = is_one_of(self._session, table.c.uscc, wanted) | is_one_of(self._session, table.c.name, wanted)
        found: dict[str, list[str]] = {}
        for uscc, name in self._session.execute(sa.select(table.c.uscc, table.c.name).where(either, *clauses)):
            found.setdefault(uscc, []).append(uscc)
            found.setdefault(name, []).append(uscc)
        return found
