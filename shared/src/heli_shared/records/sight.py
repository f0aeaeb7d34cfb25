"""What was ever in somebody's sight: which records are seen through which others, and which ones came and went so.

A record is seen because it lies in a scope, or because another one is seen. When that other one moves, this one comes
or goes without an entry of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.kernel.access import Principal, Scope
from heli_shared.ledger.entries import Entry
from heli_shared.ledger.folding import fold
from heli_shared.ledger.reading import of_records
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.kinds import RecordKind
from heli_shared.records.reading import Condition, record_of_fold
from heli_shared.records.service import Resource

Name = tuple[str, str]
"""A record: its entity and its key."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Through:
    """A kind is seen through another: its `field` names that one's key, or, `backwards`, that one's field names it."""

    entity: str
    field: str
    other: str
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class ScopeSince:
    """A scope that a principal has had from a seq on, and the entry that made it so."""

    seq: int
    scope: Scope
    entry: Entry | None = None


ScopeHistory = Callable[[Session, LedgerTables, Principal], Sequence[ScopeSince]]
"""Tells every scope that a principal had, in order; the last one is the present one."""


def always_the_same(_session: Session, _ledger: LedgerTables, principal: Principal) -> Sequence[ScopeSince]:
    """Take a principal's scope as the one it always had."""
    return [ScopeSince(0, principal.scope)]


@dataclass(frozen=True, slots=True)
class Sights:
    """How a service's records are seen: through which others, and what a principal's scope was."""

    throughs: tuple[Through, ...] = ()
    scopes: ScopeHistory = always_the_same
    _by_other: dict[str, list[Through]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Sort the links by what they lead to."""
        for each in self.throughs:
            self._by_other[each.other].append(each)

    def of(self, entity: str) -> list[Through]:
        """Return the links by which records of an entity are seen."""
        return [each for each in self.throughs if each.entity == entity]

    def to(self, entity: str) -> list[Through]:
        """Return the links by which other records are seen through records of an entity."""
        return self._by_other.get(entity, [])

    def behind(self, entities: Iterable[str]) -> set[str]:
        """Return these entities and all through which they are seen."""
        found, waiting = set[str](), list(entities)
        while waiting:
            entity = waiting.pop()
            if entity not in found:
                found.add(entity)
                waiting += [each.other for each in self.of(entity)]
        return found

    def moving_fields(self, kind: RecordKind) -> frozenset[str]:
        """Return the fields whose change may bring records of a kind, or what is seen through them, in or out."""
        own = {each.field for each in self.of(kind.entity) if not each.backwards}
        named = {each.field for each in self.to(kind.entity) if each.backwards}
        return frozenset({*own, *named, "zone", *(("state",) if named else ())})


class Sight:
    """What a principal sees of a service's records, and ever saw, as one transaction knows it."""

    def __init__(
        self, session: Session, ledger: LedgerTables, resources: Mapping[str, Resource], sights: Sights, up_to: int
    ) -> None:
        """Look at the ledger up to a seq."""
        self._session = session
        self._ledger = ledger
        self._resources = resources
        self._sights = sights
        self._up_to = up_to
        self._histories: dict[Name, Sequence[Entry]] = {}
        self._conditions: dict[tuple[str, Scope], list[Condition]] = {}

    def history(self, name: Name) -> Sequence[Entry]:
        """Return the entries of a record, by seq."""
        if name not in self._histories:
            self.read({name})
        return self._histories[name]

    def read(self, names: Iterable[Name]) -> None:
        """Read the entries of records at once."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for entity, key in names:
            if (entity, key) not in self._histories:
                wanted[entity].add(key)
                self._histories[entity, key] = ()
        for entity, keys in wanted.items():
            for key, entries in of_records(self._session, self._ledger, entity, keys, up_to=self._up_to):
                self._histories[entity, key] = entries

    def matched(self, name: Name, entries: Sequence[Entry], scopes: Iterable[Scope]) -> bool:
        """Say whether a record with these entries alone would be seen by one of these scopes, as things stand now."""
        entity, key = name
        resource, folded = self._resources.get(entity), fold(entries)
        if resource is None or folded is None:
            return False
        record = record_of_fold(resource.kind, key, folded)
        return any(all(each.matches(record) for each in self._of_scope(resource, scope)) for scope in scopes)

    def _of_scope(self, resource: Resource, scope: Scope) -> list[Condition]:
        place = resource.kind.entity, scope
        if place not in self._conditions:
            self._conditions[place] = resource.visible(self._session, scope)
        return self._conditions[place]

    def following(self, start: Name) -> Iterator[Name]:
        """Yield every record that is seen, directly or not, through one."""
        seen, waiting = {start}, {start[0]: {start[1]}}
        while waiting:
            entity, keys = waiting.popitem()
            for through in self._sights.to(entity):
                for key in self._linked(through, keys, is_wanted=not through.backwards):
                    name = through.entity, key
                    if name not in seen:
                        seen.add(name)
                        waiting.setdefault(through.entity, set()).add(key)
                        yield name

    def _linked(self, through: Through, keys: Collection[str], *, is_wanted: bool) -> set[str]:
        """Return the keys of records whose field names one of these, or else what the fields of these name."""
        resource = self._resources.get(through.other if through.backwards else through.entity)
        if resource is None:
            return set()
        own, named = resource.kind.table.c[resource.kind.key], resource.kind.table.c[through.field]
        column, answer = (named, own) if is_wanted else (own, named)
        found, ordered = set[str](), sorted(keys)
        for start in range(0, len(ordered), _AT_ONCE):
            chosen = column.in_(ordered[start : start + _AT_ONCE])
            found |= {key for key in self._session.execute(sa.select(answer).where(chosen)).scalars() if key}
        return found

    def ever_seen(self, names: Collection[Name], scopes: Collection[Scope]) -> set[Name]:
        """Return those of these records that one of these scopes ever showed, by themselves or through others."""
        targets: dict[Name, set[Name]] = {}
        waiting = set(names)
        while waiting:
            self.read(waiting)
            found = {name: self._ever_named(name) for name in waiting}
            targets |= found
            waiting = {each for some in found.values() for each in some} - targets.keys()
        seen = {name for name in targets if self._ever_matched(name, scopes)}
        while True:
            more = {name for name, others in targets.items() if name not in seen and others & seen}
            if not more:
                return seen & set(names)
            seen |= more

    def _ever_named(self, name: Name) -> set[Name]:
        entity, key = name
        found: set[Name] = set()
        for through in self._sights.of(entity):
            if through.backwards:
                found |= {(through.other, each) for each in self._linked(through, {key}, is_wanted=True)}
                continue
            values = (entry.changes.get(through.field) for entry in self.history(name))
            found |= {(through.other, value) for value in values if isinstance(value, str)}
        return found

    def _ever_matched(self, name: Name, scopes: Collection[Scope]) -> bool:
        resource, entries = self._resources.get(name[0]), self.history(name)
        if resource is None:
            return False
        telling = self._sights.moving_fields(resource.kind)
        ends = [number for number, entry in enumerate(entries) if number == 0 or telling & entry.changes.keys()]
        return any(self.matched(name, entries[: end + 1], scopes) for end in ends)
