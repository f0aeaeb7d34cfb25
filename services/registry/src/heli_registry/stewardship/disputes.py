"""Disputes: who sees which, and how each is shown, with what everybody says and what each value would change."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import linked
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.stewardship import repository
from heli_registry.stewardship.domain import InForce, Pair, by_rank, in_force, normal, positions_on, steward_on
from heli_registry.stewardship.effects import Effect, effect_of
from heli_registry.stewardship.models import DISPUTE
from heli_registry.stewardship.reach import NOTHING, links_of
from heli_registry.stewardship.service import is_department
from heli_registry.stewardship.values import label_of
from heli_registry.workdays.service import Calendar
from heli_shared.kernel.access import Principal, Scope
from heli_shared.kernel.pages import Page, bad_cursor, decode_cursor, encode_cursor
from heli_shared.records.calls import RecordCall
from heli_shared.records.reading import Condition, Record, record_of_row
from heli_shared.records.service import Resource

State = Literal["open", "lapsed", "settled", "withdrawn"]
_T = DISPUTE.table


def visible_disputes(session: Session, scope: Scope) -> list[Condition]:
    """Show the disputes about enterprises that the scope shows."""
    return [] if scope.everything else [linked(DISPUTE, "enterprise", ENTERPRISE, session, scope)]


DISPUTES = Resource(DISPUTE, visible_disputes)


def disputes_of(principal: Principal) -> Resource:
    """Return disputes as a principal sees them: a department those about its own fields, a township those below it."""
    if not is_department(principal):
        return DISPUTES
    return Resource(DISPUTE, lambda session, _scope: [_of_department(session, principal.unit or "")])


def _of_department(session: Session, unit: str) -> Condition:
    clause = repository.of_unit(unit)

    def matches(record: Mapping[str, Any]) -> bool:
        statement = sa.select(_T.c.id).where(_T.c.id == record["id"], clause)
        return record["owner"] == unit or session.execute(statement).first() is not None

    return Condition(clause, matches)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of disputes is narrowed to."""

    state: State | None = None
    owner: str | None = None
    field: str | None = None
    enterprise: str | None = None
    overdue: bool | None = None

    def clauses(self, today: date) -> Iterator[sa.ColumnElement[bool]]:
        """Yield each restriction as SQL."""
        late = sa.and_(_T.c.state == "open", _T.c.due_on < today)
        if self.state == "open":
            yield _T.c.state == "open"
        elif self.state == "lapsed":
            yield late
        elif self.state is not None:
            yield sa.and_(_T.c.state == "closed", _T.c.outcome == self.state)
        if self.overdue is not None:
            yield late if self.overdue else sa.not_(late)
        for name in ("owner", "field", "enterprise"):
            if getattr(self, name) is not None:
                yield _T.c[name] == getattr(self, name)


def list_disputes(call: RecordCall, asked: Asked, *, cursor: str | None, limit: int) -> Page[dict[str, Any]]:
    """Return a page of the disputes that the caller may see, the most urgent first."""
    today = call.clock.today()
    resource = disputes_of(call.principal)
    clauses = [each.clause for each in resource.visible(call.session, call.principal.scope)]
    clauses += list(asked.clauses(today))
    total = call.session.execute(sa.select(sa.func.count()).select_from(_T).where(*clauses)).scalar_one()
    statement = sa.select(_T).where(*clauses).order_by(_T.c.due_on, _T.c.id).limit(limit + 1)
    if cursor:
        due, key = decode_cursor(cursor, str, str)
        statement = statement.where(sa.tuple_(_T.c.due_on, _T.c.id) > sa.tuple_(_due(due), sa.literal(key)))
    rows = call.session.execute(statement).all()
    records = [record_of_row(DISPUTE, row) for row in rows[:limit]]
    more = encode_cursor(records[-1]["due_on"], records[-1]["id"]) if len(rows) > limit else None
    return Page(show_disputes(call, records), more, total)


def _due(text: str) -> sa.ColumnElement[date]:
    """Return the day of a cursor; BadRequest when it is none."""
    try:
        return sa.literal(date.fromisoformat(text), sa.Date)
    except ValueError as error:
        raise bad_cursor() from error


def show_disputes(call: RecordCall, records: list[Record]) -> list[dict[str, Any]]:
    """Return disputes with what everybody says, the value in force, the days left and what each value changes."""
    session, today = call.session, call.clock.today()
    wanted: dict[str, set[str]] = {}
    for record in records:
        wanted.setdefault(record["enterprise"], set()).add(record["field"])
    pairs = repository.load_pairs(session, call.ledger, wanted)
    rows, links = repository.enterprise_records(session, wanted), links_of(session, wanted)
    units = {unit for pair in pairs.values() for unit in pair.claims} | {each["owner"] for each in records}
    names = repository.unit_names(session, units | {each["settled_unit"] for each in records})
    calendar = Calendar(session)
    shown = []
    for record in records:
        key = record["enterprise"]
        view = _View(record, pairs[key, record["field"]], today, names)
        reach = links.get(key, NOTHING)
        shown.append(view.shown(rows[key], calendar, partial(effect_of, links=reach, day=today)))
    return shown


@dataclass(frozen=True, slots=True)
class _View:
    """One dispute on its way to the caller."""

    record: Record
    pair: Pair
    today: date
    names: Mapping[str, str]

    def shown(self, enterprise: Record, calendar: Calendar, effect: Callable[[Record], Effect]) -> dict[str, Any]:
        """Return the dispute as the API shows it."""
        record, found = self.record, in_force(self.pair, self.today)
        is_open, due = record["state"] == "open", date.fromisoformat(record["due_on"])
        return {
            "id": record["id"],
            "enterprise": record["enterprise"],
            "enterprise_name": enterprise["name"],
            "field": record["field"],
            "field_zh": label_of(record["field"]),
            "owner": record["owner"],
            "owner_name": self.names.get(record["owner"] or ""),
            "state": "open" if is_open else record["outcome"],
            "opened_on": record["opened_on"],
            "due_on": record["due_on"],
            "days_left": calendar.days_left(self.today, due) if is_open else None,
            "overdue": is_open and self.today > due,
            "in_force": {**asdict(found), "unit_name": self.names.get(found.unit or "")},
            "values": self._values(found),
            "effect": self._effects(enterprise, found, effect) if is_open else [],
            "settlement": self._settlement(),
            "closed_reason": record["closed_reason"],
            "version": record["version"],
        }

    def _values(self, found: InForce) -> list[dict[str, Any]]:
        positions = positions_on(self.pair, self.today)
        order = by_rank(positions, steward_on(self.pair.stewards, self.today))
        return [
            {
                "unit": unit,
                "unit_name": self.names.get(unit),
                "value": positions[unit].value,
                "observed_on": positions[unit].observed_on,
                "document": positions[unit].document,
                "in_force": normal(positions[unit].value) == normal(found.value),
            }
            for unit in order
        ]

    def _effects(self, enterprise: Record, found: InForce, effect: Callable[[Record], Effect]) -> list[dict[str, Any]]:
        now = effect({**enterprise, self.record["field"]: found.value})
        shown = []
        for value, units in candidates(self.pair, self.today):
            then = effect({**enterprise, self.record["field"]: value})
            shown.append({"value": value, "units": units, **asdict(then), "changes": then.differs_from(now)})
        return shown

    def _settlement(self) -> dict[str, Any] | None:
        record = self.record
        if record["outcome"] != "settled":
            return None
        return {
            "value": json.loads(record["settled_value"]),
            "unit": record["settled_unit"],
            "unit_name": self.names.get(record["settled_unit"] or ""),
            "reason": record["closed_reason"],
            "evidence": record["evidence"],
            "settled_on": record["closed_on"],
        }


def candidates(pair: Pair, day: date) -> list[tuple[Any, list[str]]]:
    """Return the different values that are claimed, the one that prevails first, with the units that claim each."""
    positions = positions_on(pair, day)
    found: dict[Any, tuple[Any, list[str]]] = {}
    for unit in by_rank(positions, steward_on(pair.stewards, day)):
        value = positions[unit].value
        found.setdefault(normal(value), (value, []))[1].append(unit)
    return list(found.values())
