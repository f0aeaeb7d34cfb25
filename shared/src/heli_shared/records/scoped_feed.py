"""The feed of somebody who sees a part: what comes into sight is told from its beginning, what goes is told to go."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_shared.db.types import instant_text
from heli_shared.kernel.access import Principal, Scope
from heli_shared.ledger.entries import Entry, changes_text
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.service import Resource, reads_whole_ledger
from heli_shared.records.sight import Name, ScopeSince, Sight, Sights

LEAVE = "leave"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Told:
    """One item of a feed: an entry as it is stored, or the word that a record has left the reader's sight."""

    seq: int
    recorded_at: str
    actor: str
    unit: str | None
    entity: str
    key: str
    operation: str
    effective_on: Any
    changes: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a feed comes from: the ledger as a transaction sees it, the resources by entity, and how they are seen."""

    session: Session
    ledger: LedgerTables
    resources: Mapping[str, Resource]
    sights: Sights


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of the ledger behind one seq up to another, and the entities that are asked for; none means all."""

    after: int
    until: int
    entities: Sequence[str] = ()


def told_of(source: Source, principal: Principal, entries: Sequence[Any], stretch: Stretch) -> list[Told]:
    """Return what a principal is told of the rows of a stretch.

    Who applies every page to a copy of what was seen at its cursor holds in the end what is seen at the end. A record
    that comes into sight is told from its first entry on, again if need be; one that leaves is told to leave, without
    saying what it has become.
    """
    if reads_whole_ledger(principal):
        return [_told(entry) for entry in entries]
    return _Page(source, principal, stretch).told(entries)


def looked_through(entities: Sequence[str], sights: Sights, principal: Principal) -> tuple[str, ...]:
    """Return the entities whose rows tell somebody about these entities; none means all."""
    if not entities or reads_whole_ledger(principal):
        return tuple(entities)
    return tuple(sorted(sights.behind(entities)))


class _Page:
    """One page for one principal."""

    def __init__(self, source: Source, principal: Principal, stretch: Stretch) -> None:
        resources, sights = source.resources, source.sights
        self._session = source.session
        self._resources = {
            entity: each for entity, each in resources.items() if principal.may(f"{each.kind.plural}:read")
        }
        self._entities = frozenset(stretch.entities or resources) & self._resources.keys()
        self._sights = sights
        self._principal = principal
        self._stretch = stretch
        self._scopes = list(sights.scopes(source.session, source.ledger, principal))
        self._sight = Sight(source.session, source.ledger, resources, sights, stretch.until)
        self._moving = {entity: sights.moving_fields(each.kind) for entity, each in resources.items()}
        self._visible: set[Name] = set()
        self._left: set[Name] = set()
        self._done: set[Name] = set()

    def told(self, entries: Sequence[Any]) -> list[Told]:
        """Return the items of the page, in the order in which they are to be applied."""
        after, until = self._stretch.after, self._stretch.until
        own = {(row.entity, row.key) for row in entries if row.entity in self._entities}
        rescoped = [each for each in self._scopes[1:] if after < each.seq <= until]
        sees_all = not rescoped and self._principal.scope.everything
        moves = [] if sees_all else [row for row in entries if self._is_move(row)]
        moved = {row.seq: list(self._followers(row)) for row in moves}
        followers = {name for some in moved.values() for name in some}
        gone, come = self._over_a_change_of_scope(rescoped)
        self._visible = self._keep_visible(own | followers) | come
        ever = dict.fromkeys(each.scope for each in self._scopes)
        self._left = self._sight.ever_seen((own | followers) - self._visible, ever) | gone
        moving = {(row.entity, row.key) for row in moves} | followers | come
        found: list[Told] = []
        for row in entries:
            name = row.entity, row.key
            if name in own:
                found += self._of_own(row, name, is_moving=name in moving)
            for each in moved.get(row.seq, ()):
                found += self._of_follower(row, each)
        for word in (_of_entry(each.entry) for each in rescoped[-1:] if each.entry is not None):
            found += [told for name in sorted(come | gone) for told in self._of_follower(word, name)]
        return found

    def _is_move(self, row: Any) -> bool:
        fields = self._moving.get(row.entity, frozenset())
        return any(f'"{name}":' in row.changes for name in fields)

    def _followers(self, row: Any) -> Iterator[Name]:
        if row.operation == "create" and not any(each.backwards for each in self._sights.to(row.entity)):
            return
        for name in self._sight.following((row.entity, row.key)):
            if name[0] in self._entities:
                yield name

    def _of_own(self, row: Any, name: Name, *, is_moving: bool) -> Iterator[Told]:
        if name not in self._visible:
            yield from self._of_follower(row, name)
            return
        if name not in self._done:
            before = [entry for entry in self._sight.history(name) if entry.seq < row.seq]
            if before and (is_moving or not self._sight.matched(name, before, [self._principal.scope])):
                yield from (_of_entry(entry) for entry in before)
            self._done.add(name)
        yield _told(row)

    def _of_follower(self, row: Any, name: Name) -> Iterator[Told]:
        """Tell a record from its beginning up to a row, or that it has left, unless this page told so already."""
        if name in self._done:
            return
        if name in self._visible:
            self._done.add(name)
            yield from (_of_entry(entry) for entry in self._sight.history(name) if entry.seq <= row.seq)
        elif name in self._left:
            self._done.add(name)
            entity, key = name
            yield Told(
                row.seq, row.recorded_at, row.actor, row.unit, entity, key, LEAVE, row.effective_on, "{}", "", ""
            )

    def _keep_visible(self, names: Iterable[Name]) -> set[Name]:
        wanted: dict[str, list[str]] = defaultdict(list)
        for entity, key in sorted(names):
            wanted[entity].append(key)
        return {
            (entity, key)
            for entity, keys in wanted.items()
            for start in range(0, len(keys), _AT_ONCE)
            for key in self._keys(entity, self._principal.scope, keys[start : start + _AT_ONCE])
        }

    def _keys(self, entity: str, scope: Scope, among: list[str] | None = None) -> set[str]:
        resource = self._resources.get(entity)
        if resource is None:
            return set()
        key = resource.kind.table.c[resource.kind.key]
        clauses = [each.clause for each in resource.visible(self._session, scope)]
        if among is not None:
            clauses.append(key.in_(among))
        return set(self._session.execute(sa.select(key).where(*clauses)).scalars())

    def _over_a_change_of_scope(self, rescoped: Sequence[ScopeSince]) -> tuple[set[Name], set[Name]]:
        """Return what earlier scopes show and the present one does not, and what only the present one shows."""
        if not rescoped:
            return set(), set()
        earlier = [each.scope for each in self._scopes if each.seq <= self._stretch.until][:-1]
        last = [each.scope for each in self._scopes if each.seq <= self._stretch.after][-1:]
        gone, come = set[Name](), set[Name]()
        for entity in self._entities:
            now = self._keys(entity, self._principal.scope)
            before = {key for scope in earlier for key in self._keys(entity, scope)}
            held = {key for scope in last for key in self._keys(entity, scope)}
            gone |= {(entity, key) for key in before - now}
            come |= {(entity, key) for key in now - held}
        return gone, come


def _of_entry(entry: Entry) -> Told:
    return Told(
        entry.seq, instant_text(entry.recorded_at), entry.actor, entry.unit, entry.entity, entry.key, entry.operation,
        entry.effective_on, changes_text(entry.changes), entry.previous_hash, entry.hash,
    )  # fmt: skip


def _told(row: Any) -> Told:
    return Told(
        row.seq, row.recorded_at, row.actor, row.unit, row.entity, row.key, row.operation, row.effective_on,
        row.changes, row.previous_hash, row.hash,
    )  # fmt: skip
