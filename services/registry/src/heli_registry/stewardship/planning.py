"""From what is said to what has to be written: claims, what the enterprise says then, and its disputes; all at once.

Whoever plans holds the enterprises' rows. The stewards may change meanwhile; that is found out under the ledger's
lock, before anything is written.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.stewardship import repository
from heli_registry.stewardship.domain import (
    Pair,
    Step,
    corrections,
    dispute_step,
    retract,
    say,
)
from heli_registry.stewardship.models import CLAIM, DISPUTE
from heli_registry.workdays.service import Calendar
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import Conflict
from heli_shared.ledger.entries import Author, Entry, json_value
from heli_shared.ledger.tables import LedgerTables
from heli_shared.records.bulk import BulkWrite, write_bulk
from heli_shared.records.kinds import BEGINNING, RecordKind
from heli_shared.statistics.parameters import parameter

_KINDS: tuple[RecordKind, ...] = (CLAIM, ENTERPRISE, DISPUTE)


@dataclass(frozen=True, slots=True)
class Said:
    """One statement: a unit says what a field of an enterprise was on a day; None says that it says nothing."""

    enterprise: str
    field: str
    unit: str
    value: Any
    observed_on: date
    document: str | None = None


@dataclass(slots=True)
class Plan:
    """What is to be written: steps by kind and key in order, each with the unit it comes from."""

    today: date
    steps: dict[str, list[tuple[str, Step]]] = field(default_factory=lambda: defaultdict(list))
    latest: dict[tuple[str, str], date] = field(default_factory=dict)

    def add(self, kind: RecordKind, key: str, step: Step, *, standing: Iterable[Entry] = ()) -> None:
        """Put a step at the end; `standing` are the entries of its record that are in the ledger already."""
        self.steps[kind.entity].append((key, step))
        known = max((each.effective_on for each in standing), default=BEGINNING)
        self.latest[kind.entity, key] = max(self.latest.get((kind.entity, key), BEGINNING), known)

    def count(self, kind: RecordKind, *operations: str) -> int:
        """Return how many records of a kind get a step of one of these operations."""
        return len({key for key, step in self.steps[kind.entity] if step.operation in operations})


class Planner:
    """Plans within one transaction."""

    def __init__(self, session: Session, ledger: LedgerTables, *, today: date) -> None:
        """Look up what holds for all pairs today."""
        self._session = session
        self._ledger = ledger
        self._calendar: Calendar | None = None
        self.plan = Plan(today)
        self._tolerance = Decimal(parameter("dispute.tolerance").on(today))
        self._days = int(parameter("dispute.answer_days").on(today))

    def say(self, pair: Pair, said: Said) -> bool:
        """Put a statement beside the others of its pair; False when exactly this was said before."""
        key = repository.claim_key(said.enterprise, said.field, said.unit)
        standing = list(pair.claims.get(said.unit, ()))
        steps = say(pair, said.unit, said.value, said.observed_on, said.document)
        for step in steps:
            self.plan.add(CLAIM, key, step, standing=standing)
        return bool(steps)

    def retract(self, pair: Pair, unit: str, value: Any, day: date, *, before: int) -> None:
        """Take back what a unit said of a day by an import that began at a seq."""
        standing = list(pair.claims.get(unit, ()))
        step = retract(pair, unit, value, day, before=before)
        if step is not None:
            self.plan.add(CLAIM, repository.claim_key(pair.enterprise, pair.field, unit), step, standing=standing)

    def follow(self, pair: Pair, *, since: date) -> None:
        """Bring the enterprise and the dispute into step with what is said, from a day on."""
        standing, before = list(pair.own), list(pair.dispute)
        step = dispute_step(pair, today=self.plan.today, tolerance=self._tolerance, deadline=self._deadline)
        if step is not None:
            self.plan.add(DISPUTE, repository.dispute_key(pair.enterprise, pair.field), step, standing=before)
        self.correct(pair, since=since, standing=standing)

    def correct(self, pair: Pair, *, since: date, standing: Sequence[Entry] | None = None) -> None:
        """Bring the enterprise into step with what is in force from a day on."""
        standing = list(pair.own) if standing is None else standing
        for correction in corrections(pair, since=since, today=self.plan.today):
            self.plan.add(ENTERPRISE, pair.enterprise, correction, standing=standing)

    def _deadline(self, days: int | None) -> date:
        self._calendar = self._calendar or Calendar(self._session)
        return self._calendar.deadline_after(self.plan.today, self._days if days is None else days)


def execute(session: Session, ledger: LedgerTables, plan: Plan, *, author: Author, clock: Clock) -> None:
    """Write a plan; the last act of the transaction. Each entry's unit is the one whose value it is.

    The steps of one record stay in order: each round writes at most one step of each.
    """
    for kind in _KINDS:
        for steps in _rounds(plan.steps[kind.entity]):
            by_unit: dict[str | None, list[BulkWrite]] = defaultdict(list)
            for key, step in steps:
                by_unit[step.unit if kind is ENTERPRISE else author.unit].append(_bulk(plan, kind, key, step))
            for unit in sorted(by_unit, key=lambda each: each or ""):
                write_bulk(
                    session, ledger, kind, [by_unit[unit]], author=Author(author.actor, unit), recorded_at=clock.now()
                )


def _rounds(steps: Sequence[tuple[str, Step]]) -> list[list[tuple[str, Step]]]:
    rounds: list[list[tuple[str, Step]]] = []
    seen: dict[str, int] = defaultdict(int)
    for key, step in steps:
        if seen[key] == len(rounds):
            rounds.append([])
        rounds[seen[key]].append((key, step))
        seen[key] += 1
    return rounds


def _bulk(plan: Plan, kind: RecordKind, key: str, step: Step) -> BulkWrite:
    """Return a step as a write; it is late when the record has entries with a later effect."""
    place = (kind.entity, key)
    is_late = step.effective_on < plan.latest[place]
    plan.latest[place] = max(plan.latest[place], step.effective_on)
    changes = {name: json_value(value) for name, value in step.changes.items()}
    return BulkWrite(key, step.operation, step.effective_on.isoformat(), changes, is_late)


def check_undisturbed(session: Session, ledger: LedgerTables, seq: int, *entities: str) -> None:
    """Take the ledger's lock; Conflict when records of these entities were written since the plan began."""
    if repository.was_written_since(session, ledger, seq, entities):
        raise Conflict(
            "数据责任或部门数据刚刚有变动，请重试。",
            "Stewards or claims were changed a moment ago; try again.",
            retry_after=1,
        )
