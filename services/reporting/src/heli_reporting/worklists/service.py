"""Worklists from the copy of both ledgers, inside the caller's scope."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from heli_reporting.history.domain import KnownAt, Query
from heli_reporting.history.store import Store
from heli_reporting.intake.service import Intake
from heli_reporting.passports import Origin, check_answerable, known_by, passport_of
from heli_reporting.statistics.domain import Language
from heli_reporting.worklists.agreements import pairing_lines, transfer_lines
from heli_reporting.worklists.deadlines import (
    Unrefreshed,
    dispute_lines,
    evaluation_lines,
    letter_lines,
    parts_of_plans,
    rectification_lines,
    refresh_line,
    task_lines,
)
from heli_reporting.worklists.domain import (
    Line,
    Record,
    Site,
    below,
    election_lines,
    joint_branch_lines,
    load_lines,
    owners_of,
    place_of,
    term_lines,
    visit_lines,
)
from heli_reporting.worklists.persons import check_person
from heli_reporting.worklists.urgency import by_urgency
from heli_shared.kernel.access import Principal
from heli_shared.kernel.clock import Clock
from heli_shared.kernel.errors import NotFound
from heli_shared.statistics.parameters import parameter


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose worklist, as of which day, as known when; narrowed to a unit, kinds or a person."""

    principal: Principal
    on: date
    known_at: KnownAt
    language: Language
    unit: str | None = None
    kinds: Collection[str] = ()
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Worklist:
    """The lines, most urgent first, with the names of the units and divisions in them, and the passport.

    `unit` is the one that it was narrowed to.
    """

    lines: list[Line]
    units: Mapping[str, str]
    divisions: Mapping[str, str]
    passport: dict[str, Any]
    on: date
    made_at: datetime
    unit: str | None = None


class WorklistService:
    """Makes worklists; safe to share between threads."""

    def __init__(self, store: Store, intake: Intake, *, clock: Clock) -> None:
        """Answer from `store` as far as `intake` has brought it."""
        self._store = store
        self._intake = intake
        self._clock = clock

    def worklist(self, asked: Asked, *, strict: bool) -> Worklist:
        """Return what is due in the caller's scope, or at one unit of it and the units below."""
        freshness = self._intake.freshness()
        check_answerable(freshness, strict=strict)
        asked = replace(asked, known_at=known_by(asked.known_at, freshness))
        desk = _Desk(self._store, asked)
        lines = desk.lines()
        if asked.person is not None and all(line.person != asked.person for line in lines):
            check_person(self._store, asked.person, desk.is_seen)
        if asked.unit is not None:
            wanted = desk.units_below(asked.unit)
            lines = [line for line in lines if line.unit in wanted]
        lines = [
            line
            for line in lines
            if (not asked.kinds or line.kind in asked.kinds) and asked.person in (None, line.person)
        ]
        scope = asked.principal.scope
        now = self._clock.now()
        origin = Origin(freshness, asked.on, asked.known_at, {}, scope, now, asked.language)
        return Worklist(
            lines=by_urgency(lines, on=asked.on),
            units={each["key"]: each["name"] or each["key"] for each in desk.units},
            divisions={each["key"]: each["name"] or each["key"] for each in desk.divisions},
            passport=passport_of(origin, []),
            on=asked.on,
            made_at=now,
            unit=asked.unit,
        )


class _Desk:
    """The records of one day that the caller may see, laid out for the rules."""

    def __init__(self, store: Store, asked: Asked) -> None:
        self._store = store
        self._asked = asked
        self._scope = asked.principal.scope
        self.divisions = self._records("division")
        self.units = self._records("unit")
        parents = {each["key"]: each["parent"] for each in self.divisions}
        self._seen = below(self._scope.divisions, parents)

    def _records(self, entity: str, keys: list[str] | None = None) -> list[dict[str, Any]]:
        return self._store.records(entity, self._asked.on, known_at=self._asked.known_at, keys=keys)

    def lines(self) -> list[Line]:
        """Return all lines of the scope, unsorted."""
        on = self._asked.on
        organizations = self._store.organizations(Query(on, self._asked.known_at, {}, self._scope))
        owners = owners_of(organizations, self.units)
        assignments, sites = self._assignments(organizations)
        pairings = self._pairings(sites)
        activities = self._records("activity") if assignments or pairings else []
        lines = [
            *election_lines(organizations, owners, on=on),
            *joint_branch_lines(organizations, owners, on=on),
            *self._lines_of_units(),
            *self._lines_of_enterprises(),
            *self._refresh_lines(),
            *visit_lines(assignments, activities, sites, on=on),
            *term_lines(assignments, sites, on=on),
            *load_lines(assignments, on=on),
            *pairing_lines(pairings, activities, sites, on=on),
            *transfer_lines(self._records("transfer"), sites, self._answering(owners), on=on),
        ]
        homes = {each["key"]: each["division"] for each in self.units}
        return [replace(each, division=each.division or homes.get(each.unit)) for each in lines]

    def _lines_of_units(self) -> list[Line]:
        """Return what units have to do themselves: tasks, letters, rectifications."""
        on = self._asked.on
        own = {each["key"] for each in self.units if self._is_unit_seen(each)}
        tasks, letters, orders = (
            [each for each in found if each["unit"] in own]
            for found in (
                parts_of_plans(self._records("task")),
                self._records("letter"),
                self._records("rectification_order"),
            )
        )
        return [*task_lines(tasks, on=on), *letter_lines(letters, on=on), *rectification_lines(orders, on=on)]

    def _lines_of_enterprises(self) -> list[Line]:
        """Return disputes and evaluations: what a department says is for its own eyes and those who may read all."""
        principal, on = self._asked.principal, self._asked.on
        disputes = [
            each
            for each in self._records("dispute")
            if principal.may("disputes:read") or each["owner"] == principal.unit is not None
        ]
        evaluations: list[dict[str, Any]] = []
        if principal.may("representative-evaluations:read"):
            evaluations = self._records("representative_evaluation")
        sites = self._enterprises({each["enterprise"] for each in (*disputes, *evaluations)})
        top = next(
            (each["key"] for each in self.units if each["kind"] == "commission" and each["parent"] is None), None
        )
        return [
            *dispute_lines([each for each in disputes if each["enterprise"] in sites], sites, on=on),
            *evaluation_lines([each for each in evaluations if each["enterprise"] in sites], sites, top, on=on),
        ]

    def _refresh_lines(self) -> list[Line]:
        """Return one line for each unit whose enterprises' ledgers are older than they may be."""
        on = self._asked.on
        most = parameter("ledger.refresh_max_days").find(on)
        if most is None:
            return []
        query = Query(on, self._asked.known_at, {}, self._scope)
        groups = self._store.not_refreshed_since(on - timedelta(days=most.value), query)
        owners = owners_of([{**each, "id": str(number)} for number, each in enumerate(groups)], self.units)
        held: dict[str | None, Unrefreshed] = {}
        for number, each in enumerate(groups):
            unit = each["responsible_unit"] or owners[str(number)]
            before = held.get(unit, Unrefreshed(unit, 0, 0, None))
            days = [day for day in (before.oldest, each["oldest"]) if day is not None]
            held[unit] = Unrefreshed(
                unit, before.enterprises + each["enterprises"], before.never + each["never"], min(days, default=None)
            )
        names = {each["key"]: each["name"] for each in self.units}
        return [refresh_line(each, names, on=on) for each in held.values()]

    def _enterprises(self, codes: set[str | None]) -> dict[str, Site]:
        """Return those of some enterprises that the caller may see."""
        wanted = sorted({code for code in codes if code is not None})
        found = self._records("enterprise", wanted) if wanted else []
        return {each["key"]: Site(each["name"], each["division"]) for each in found if self._is_place_seen(each)}

    def _assignments(self, organizations: list[dict[str, Any]]) -> tuple[list[Record], dict[str, Site]]:
        """Return the assignments whose enterprise or organisation is in scope, and those."""
        found = self._records("assignment")
        sites = self._enterprises({each["enterprise"] for each in found})
        sites |= {each["id"]: Site(each["name"], place_of(each)) for each in organizations}
        seen: list[Record] = [each for each in found if (each["enterprise"] or each["organization"]) in sites]
        return seen, sites

    def _pairings(self, sites: dict[str, Site]) -> list[dict[str, Any]]:
        """Return the pairings with what is in scope, and those of the caller's own unit; adds whom they are with."""
        found = self._records("pairing")
        sites |= self._enterprises({each["enterprise"] for each in found} - sites.keys())
        own = self._asked.principal.unit
        return [
            each
            for each in found
            if (each["organization"] or each["enterprise"]) in sites or each["unit"] == own is not None
        ]

    def _answering(self, owners: Mapping[str, str | None]) -> dict[str, str | None]:
        """Return for each superior of the scope, an organisation or a unit, the unit that sees to it."""
        return {**owners, **{each["key"]: each["key"] for each in self.units if self._is_unit_seen(each)}}

    def is_seen(self, entity: str, record: Record) -> bool:
        """Say whether the caller sees a record: a unit, what lies in a place, or anything at all."""
        if entity == "unit":
            return self._is_unit_seen(record)
        return self._is_place_seen(record) if "zone" in record else self._scope.everything

    def _is_place_seen(self, record: Record) -> bool:
        return self._scope.everything or record["division"] in self._seen or record["zone"] in self._scope.zones

    def _is_unit_seen(self, unit: Record) -> bool:
        return self._is_place_seen(unit) or unit["key"] == self._asked.principal.unit

    def units_below(self, key: str) -> set[str]:
        """Return a unit and the units below it; NotFound when there is none that the caller may see."""
        if not any(each["key"] == key and self._is_unit_seen(each) for each in self.units):
            raise NotFound("没有这个机构，或您无权查看。", "There is no such unit, or you may not see it.")
        return below([key], {each["key"]: each["parent"] for each in self.units})
