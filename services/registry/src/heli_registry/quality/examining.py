"""An examination: what the checks find among the records of one scope at one moment, by check and by unit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from sqlalchemy.orm import Session

from heli_registry.quality.domain import Check, Quantity, Severity
from heli_registry.quality.past import PastRecords
from heli_registry.quality.placing import CHECKED, Place, Territory
from heli_registry.quality.reading import catalogue
from heli_registry.quality.repository import CurrentRecords
from heli_registry.quality.tallies import Counted, Group, Tally
from heli_shared.kernel.access import Scope
from heli_shared.kernel.divisions import padded
from heli_shared.kernel.errors import BadRequest, FieldProblem
from heli_shared.kernel.pages import Page, decode_cursor, encode_cursor
from heli_shared.ledger.appending import read_head
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.reading import Moment, Record, check_moment
from heli_shared.statistics.parameters import parameter

View = Literal["territory", "responsibility"]
Reason = Literal["nothing_looked_at", "not_in_force"]


class Source(Protocol):
    """The records of a moment, asked by kind."""

    def territory(self) -> Territory:
        """Return the units and divisions."""
        ...

    def groups(self, entity: str, checks: Sequence[Check]) -> Iterator[Group]:
        """Yield what each check finds at each place."""
        ...

    def sums(self, entity: str, quantities: Sequence[Quantity]) -> Iterator[tuple[Place, dict[str, int]]]:
        """Yield for each place what the quantities come to there."""
        ...

    def failing(self, entity: str, checks: Sequence[Check], *, after: str | None = None) -> Iterator[tuple[str, Place]]:
        """Yield key and place of the records that fail one of the checks, in order of keys."""
        ...

    def told(
        self, entity: str, checks: Sequence[Check], keys: Sequence[str]
    ) -> dict[str, tuple[Record, str | None, list[Check]]]:
        """Return records by key, each with its name and the checks that it fails."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What a caller wants to know; None means all of it."""

    check: str | None = None
    severity: Severity | None = None
    kind: str | None = None
    unit: str | None = None
    division: str | None = None
    view: View = "territory"
    moment: Moment = field(default_factory=Moment)
    blocking: bool | None = None
    alone: bool = False
    """Of the unit itself, without those below it."""
    within: str | None = None
    """Of this unit and those below it, whether or not the caller may see the unit itself."""

    @property
    def applied(self) -> dict[str, str]:
        """Return the filters that were given, to be echoed."""
        given = {"check": self.check, "severity": self.severity, "kind": self.kind, "unit": self.unit,
                 "division": self.division}  # fmt: skip
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Results:
    """Counts of a moment: `checks` are those asked for, `idle` those of them that were not in force on the day."""

    on: date
    known_at: int
    checks: tuple[Check, ...]
    idle: frozenset[str]
    counted: Counted
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FailingRecord:
    """A record that fails some checks, with the values that they looked at."""

    kind: str
    key: str
    name: str | None
    unit: str | None
    unit_name: str | None
    version: int
    failures: tuple[tuple[Check, Mapping[str, Any]], ...]


def in_force(check: Check, on: date) -> bool:
    """Say whether a check applies on a day: it has begun, and so has every parameter that it reads."""
    return check.since <= on and all(parameter(name).find(on) is not None for name in check.parameters)


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, and from when: the records of a scope, on this day."""

    session: Session
    ledger: LedgerTables
    scope: Scope
    today: date


class Examination:
    """One look at the records of one moment; nothing is read before it is asked for."""

    def __init__(self, look: Look, asked: Asked) -> None:
        """Refuse a moment to come, a check that is none, and a division that is no code."""
        check_moment(look.session, look.ledger, asked.moment)
        if asked.check is not None and asked.check not in catalogue():
            raise _unknown_check()
        self._asked = asked
        head = read_head(look.session, look.ledger).seq
        self.on = asked.moment.on or look.today
        if self.on > look.today:
            raise _to_come(self.on, look.today)
        self.known_at = head if asked.moment.known_at is None else asked.moment.known_at
        # Nothing takes effect in the future, so today's state as known now is what the rows say.
        is_now = (self.on, self.known_at) == (look.today, head)
        self._source: Source = (
            CurrentRecords(look.session, look.scope, look.today)
            if is_now
            else PastRecords(look.session, look.ledger, look.scope, self.on, known_at=self.known_at)
        )
        self._division = None if asked.division is None else _code(asked.division)
        self.territory = self._source.territory()

    def checks(self) -> tuple[Check, ...]:
        """Return the checks that were asked for, those not in force included."""
        asked = self._asked
        return tuple(
            each
            for each in catalogue().values()
            if asked.check in (None, each.id)
            and asked.severity in (None, each.severity)
            and asked.kind in (None, each.kind)
            and asked.blocking in (None, each.blocks)
        )

    def _working(self) -> dict[str, list[Check]]:
        found: dict[str, list[Check]] = {entity: [] for entity in CHECKED}
        for check in self.checks():
            if in_force(check, self.on):
                found[check.kind].append(check)
        return found

    def unit_of(self, place: Place) -> str | None:
        """Return the unit a record counts for: whose territory it lies in, or who is responsible for it."""
        return self.territory.owner(place) if self._asked.view == "territory" else place.responsible

    def _keeps(self, place: Place) -> bool:
        asked = self._asked
        if self._division is not None and self._division not in self.territory.upwards(place.division):
            return False
        unit = self.unit_of(place)
        superiors = [unit] if asked.alone else self.territory.superiors(unit)
        return all(each is None or each in superiors for each in (asked.unit, asked.within))

    def results(self) -> Results:
        """Count records looked at and failing, by check and by unit."""
        counted = Counted()
        for entity, checks in self._working().items():
            if not checks and not self._asks_for(entity):
                continue
            counted.add(self._source.groups(entity, checks), unit_of=self.unit_of, keep=self._keeps)
        asked = self.checks()
        idle = frozenset(check.id for check in asked if not in_force(check, self.on))
        return Results(self.on, self.known_at, asked, idle, counted, self.territory.names)

    def sums_by_unit(self, quantities: Sequence[Quantity]) -> dict[str, dict[str, int]]:
        """Return what quantities come to for each unit, those below it included; records of no unit are left out."""
        found: dict[str, dict[str, int]] = {}
        for entity in dict.fromkeys(each.kind for each in quantities):
            wanted = [each for each in quantities if each.kind == entity]
            for place, numbers in self._source.sums(entity, wanted):
                for unit in self.territory.superiors(self.unit_of(place)) if self._keeps(place) else ():
                    held = found.setdefault(unit, dict.fromkeys((each.id for each in quantities), 0))
                    for id_, number in numbers.items():
                        held[id_] += number
        return found

    def _asks_for(self, entity: str) -> bool:
        asked = self._asked
        return asked.check is None and asked.severity is None and asked.kind in (None, entity)

    def rows(self, *, cursor: str | None, limit: int) -> Page[FailingRecord]:
        """Return a page of the records that fail, by kind and key; `total` counts all of them."""
        after = tuple(decode_cursor(cursor, str, str)) if cursor else None
        total, chosen = 0, list[tuple[str, str, Place]]()
        for entity, checks in sorted(self._working().items()):
            for key, place in self._source.failing(entity, checks) if checks else ():
                if self._keeps(place):
                    total += 1
                    if len(chosen) <= limit and (after is None or (entity, key) > after):
                        chosen.append((entity, key, place))
        items = self._told(chosen[:limit])
        following = encode_cursor(items[-1].kind, items[-1].key) if len(chosen) > limit else None
        return Page(items, following, total)

    def all_failing(self) -> list[FailingRecord]:
        """Return every record that fails; for the checks that block a period, which are few and fail seldom."""
        found = [
            (entity, key, place)
            for entity, checks in sorted(self._working().items())
            for key, place in (self._source.failing(entity, checks) if checks else ())
            if self._keeps(place)
        ]
        return self._told(found)

    def _told(self, chosen: Iterable[tuple[str, str, Place]]) -> list[FailingRecord]:
        working, by_kind = self._working(), dict[str, list[tuple[str, Place]]]()
        for entity, key, place in chosen:
            by_kind.setdefault(entity, []).append((key, place))
        found = []
        for entity, places in by_kind.items():
            told = self._source.told(entity, working[entity], [key for key, _ in places])
            found += [self._row(entity, key, place, told[key]) for key, place in places]
        return found

    def _row(self, entity: str, key: str, place: Place, told: tuple[Record, str | None, list[Check]]) -> FailingRecord:
        record, name, failed = told
        unit = self.unit_of(place)
        failures = tuple((check, {fact: record[fact] for fact in check.facts}) for check in failed)
        unit_name = None if unit is None else self.territory.names.get(unit)
        return FailingRecord(entity, key, name, unit, unit_name, record["version"], failures)


def reason_of(check: Check, tally: Tally, idle: frozenset[str]) -> Reason | None:
    """Return why a check has no share: it was not in force, or there was nothing to look at."""
    if check.id in idle:
        return "not_in_force"
    return None if tally.looked_at else "nothing_looked_at"


def _unknown_check() -> BadRequest:
    return BadRequest(
        "没有这项检查；全部检查见 /v1/quality/checks。",
        "There is no such check; /v1/quality/checks lists them all.",
        errors=[FieldProblem("parameter check", "没有这项检查", "is no check")],
    )


def _to_come(on: date, today: date) -> BadRequest:
    return BadRequest(
        f"参数 on 不能晚于今天 {today}。",
        f"Parameter on must not lie after today, {today}.",
        errors=[FieldProblem("parameter on", f"{on} 尚未到来", f"{on} has not come yet")],
    )


def _code(value: str) -> str:
    try:
        return padded(value)
    except ValueError as error:
        raise BadRequest(
            "区划代码应为 2、4、6、9 或 12 位数字。",
            "A division code has 2, 4, 6, 9 or 12 digits.",
            errors=[FieldProblem("parameter division", "不是区划代码", "is not a division code")],
        ) from error
