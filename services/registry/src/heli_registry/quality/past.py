"""Records of another day, or as known at an earlier seq, against the checks: folded from the ledger, one by one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.database import METADATA
from heli_registry.quality.domain import Check, Quantity
from heli_registry.quality.placing import CHECKED, PLACINGS, Path, Place, Territory
from heli_registry.quality.predicates import Day, amount_of, holds
from heli_registry.quality.tallies import Group, Tally
from heli_shared.kernel.access import Scope
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.kinds import kinds_of
from heli_shared.records.reading import Moment, Record, iterate_as_of

Failed = list[Check]


class PastRecords:
    """The records as of a moment; each kind is folded once, when it is first asked for."""

    def __init__(self, session: Session, ledger: LedgerTables, scope: Scope, day: Any, *, known_at: int) -> None:
        """Read what `scope` shows; links lead to all records, as they do in SQL."""
        self._session = session
        self._ledger = ledger
        self._scope = scope
        self._moment = Moment(day, known_at)
        self._day = Day(day, self)
        self._kinds: dict[str, list[Record]] = {}
        self._indexes: dict[tuple[str, tuple[str, ...]], dict[tuple[Any, ...], list[Record]]] = {}

    def key_of(self, kind: str) -> str:
        """Return the name of a kind's key field."""
        return kinds_of(METADATA)[kind].key

    def matching(self, kind: str, fields: tuple[str, ...], values: tuple[Any, ...]) -> Sequence[Mapping[str, Any]]:
        """Return the records of a kind whose fields have these values."""
        at = (kind, fields)
        if at not in self._indexes:
            index: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
            for record in self._all(kind):
                index[tuple(record[field] for field in fields)].append(record)
            self._indexes[at] = index
        return self._indexes[at].get(values, ())

    def _all(self, kind: str) -> list[Record]:
        if kind not in self._kinds:
            found = iterate_as_of(self._session, self._ledger, kinds_of(METADATA)[kind], self._moment)
            self._kinds[kind] = list(found)
        return self._kinds[kind]

    def _visible(self, entity: str) -> Iterator[Record]:
        conditions = CHECKED[entity].visible(self._session, self._scope)
        for record in self._all(entity):
            if record["state"] == "open" and all(condition.matches(record) for condition in conditions):
                yield record

    def territory(self) -> Territory:
        """Return the units and divisions of the moment."""
        return Territory(self._all("unit"), self._all("division"))

    def groups(self, entity: str, checks: Sequence[Check]) -> Iterator[Group]:
        """Yield for each place the open records there and what each check finds among them."""
        records: dict[Place, list[int]] = defaultdict(lambda: [0, 0])
        found: dict[Place, dict[str, list[int]]] = defaultdict(dict)
        for record in self._visible(entity):
            place, has_error = self._place(entity, record), False
            for check in checks:
                if self._looks_at(check, record):
                    fails = holds(check.fails, entity, (record,), self._day)
                    held = found[place].setdefault(check.id, [0, 0])
                    held[0] += 1
                    held[1] += fails
                    has_error = has_error or (fails and check.severity == "error")
            records[place][0] += 1
            records[place][1] += has_error
        for place, (number, with_errors) in records.items():
            yield Group(place, number, with_errors, {check: Tally(*pair) for check, pair in found[place].items()})

    def sums(self, entity: str, quantities: Sequence[Quantity]) -> Iterator[tuple[Place, dict[str, int]]]:
        """Yield for each place what the quantities come to there."""
        found: dict[Place, dict[str, int]] = defaultdict(lambda: dict.fromkeys((each.id for each in quantities), 0))
        for record in self._visible(entity):
            place = self._place(entity, record)
            for each in quantities:
                if holds(each.among, entity, (record,), self._day):
                    amount = 1 if each.amount is None else amount_of(each.amount, entity, record, self._day)
                    found[place][each.id] += amount
        yield from found.items()

    def failing(self, entity: str, checks: Sequence[Check], *, after: str | None = None) -> Iterator[tuple[str, Place]]:
        """Yield key and place of the records that fail one of the checks, in order of keys."""
        key = self.key_of(entity)
        for record in self._visible(entity):
            if (after is None or record[key] > after) and any(self._fails(check, record) for check in checks):
                yield record[key], self._place(entity, record)

    def told(
        self, entity: str, checks: Sequence[Check], keys: Sequence[str]
    ) -> dict[str, tuple[Record, str | None, Failed]]:
        """Return records by key, each with its name and the checks that it fails."""
        wanted, key = set(keys), self.key_of(entity)
        return {
            record[key]: (record, self._name(entity, record), [each for each in checks if self._fails(each, record)])
            for record in self._visible(entity)
            if record[key] in wanted
        }

    def _looks_at(self, check: Check, record: Record) -> bool:
        return holds(check.among, check.kind, (record,), self._day)

    def _fails(self, check: Check, record: Record) -> bool:
        return self._looks_at(check, record) and holds(check.fails, check.kind, (record,), self._day)

    def _place(self, entity: str, record: Record) -> Place:
        placing = PLACINGS[entity]
        return Place(*(self._first(record, paths) for paths in (placing.division, placing.zone, placing.responsible)))

    def _name(self, entity: str, record: Record) -> str | None:
        name: str | None = self._first(record, PLACINGS[entity].name)
        return name

    def _first(self, record: Record, paths: Sequence[Path]) -> Any:
        for field, *rest in paths:
            value = record[field]
            if rest and value is not None:
                target, wanted = rest
                others = self.matching(target, (self.key_of(target),), (value,))
                value = others[0][wanted] if others else None
            if value is not None:
                return value
        return None
