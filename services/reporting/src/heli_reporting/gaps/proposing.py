"""Proposals and simulations: who can take part is read once, in the asker's scope, and the plan follows from it."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from heli_reporting.gaps.areas import areas_of, is_seen
from heli_reporting.gaps.candidates import Field, Rules, enterprise_of, guides_of, hosts_of, place_of
from heli_reporting.gaps.gains import MEASURES, ORGANIZATIONS, Outlook, changes_of, outlooks
from heli_reporting.gaps.nearness import Place
from heli_reporting.gaps.planning import Plan, Proposal, planned
from heli_reporting.history.domain import Aggregate, Gap, Group, KnownAt
from heli_reporting.history.store import Store
from heli_reporting.intake.service import Intake
from heli_reporting.statistics.domain import Question
from heli_shared.kernel.errors import BadRequest, FieldProblem

_EVERYTHING = 10_000_000
_KEPT = 8
_PLACES = frozenset({"division", "zone"})


@dataclass(frozen=True, slots=True)
class Simulation:
    """The gaps of a question, the plan for them, and what each figure is before and would be after it."""

    gaps: list[Gap]
    field: Field
    plan: Plan
    figures: Aggregate
    towns: list[Outlook]
    total: Outlook
    names: Mapping[str | None, Group]
    known_at: KnownAt

    def gain_of(self, proposal: Proposal) -> tuple[list[Outlook], Outlook]:
        """Return what one proposal alone would gain: the townships it moves, and the whole."""
        touched = changes_of(proposal)
        rows = {each.division: each.before for each in self.towns if each.division in touched}
        return outlooks(rows, self.total.before, [proposal])


class Proposing:
    """Makes simulations from the store; safe to share between threads. The same question is not worked out twice."""

    def __init__(self, store: Store, intake: Intake) -> None:
        """Read from `store`, anew whenever `intake` has read its sources."""
        self._store = store
        self._intake = intake
        self._recent: OrderedDict[tuple[object, ...], Simulation] = OrderedDict()
        self._lock = threading.Lock()

    def simulate(self, question: Question, causes: Sequence[str]) -> Simulation:
        """Return the plan for the gaps of the question's one measure, those with one of some causes if any is named."""
        check_foreseeable(question)
        key = (self._intake.version, *sorted(set(causes)), *question.key)
        with self._lock:
            found = self._recent.get(key)
        if found is None:
            found = self._made(question, causes)
            with self._lock:
                self._recent[key] = found
                while len(self._recent) > _KEPT:
                    self._recent.popitem(last=False)
        return found

    def _made(self, question: Question, causes: Sequence[str]) -> Simulation:
        measure = question.measures[0].id
        page = self._store.gaps(question.query, measure=measure, causes=causes, limit=_EVERYTHING)
        # What is read from here on is read as known when the gaps were read, whatever comes in meanwhile.
        pinned = question.as_known(page.known_at)
        field = self._field(pinned, measure, frozenset(gap.uscc for gap in page.items))
        plan = planned(field)
        measures = [*MEASURES, *([ORGANIZATIONS] if _PLACES.issuperset(question.filters) else [])]
        figures = self._store.aggregate(measures, ["division:town"], pinned.query)
        rows = {line.groups[0].code: line.cells for line in figures.rows}
        towns, total = outlooks(rows, figures.total, plan.proposals)
        names = {line.groups[0].code: line.groups[0] for line in figures.rows}
        return Simulation(page.items, field, plan, figures, towns, total, names, page.known_at)

    def _field(self, question: Question, measure: str, wanted: frozenset[str]) -> Field:
        query, rules = question.query, Rules.on(question.on)
        rows = [{**row, "is_gap": row["uscc"] in wanted} for row in self._store.candidates(query, measure=measure)]
        by_place = {name: values for name, values in question.filters.items() if name in _PLACES}
        organizations = self._store.organizations(replace(query, filters=by_place))
        assignments = self._store.records("assignment", question.on, known_at=question.known_at)
        guided = sorted({each["enterprise"] for each in assignments if each["role"] == "instructor"} - {None})
        anywhere = replace(query, filters={})
        seen = {row["uscc"]: place_of(row) for row in self._store.places(guided, anywhere)}
        seen |= {row["id"]: place_of(row) for row in self._store.organizations(anywhere)}
        pool, areas = self._pool(question)
        guides = guides_of(assignments, pool, seen, areas, rules=rules, on=question.on)
        return Field(tuple(enterprise_of(row) for row in rows), hosts_of(organizations, rules), guides, rules)

    def _pool(self, question: Question) -> tuple[list[dict[str, Any]], dict[str, Place]]:
        """Return the instructors whom units make available, and the areas of those that the asker sees."""
        pool = self._store.records("instructor", question.on, known_at=question.known_at)
        if not pool:
            return pool, {}
        units, zones, divisions = (
            self._store.records(entity, question.on, known_at=question.known_at, open_only=False)
            for entity in ("unit", "zone", "division")
        )
        areas = areas_of(pool, units, zones, divisions)
        return pool, {person: place for person, place in areas.items() if is_seen(place, question.scope)}


def check_foreseeable(question: Question) -> None:
    """Refuse filters by what proposals change: nobody could say what comes after."""
    if "organization_cover" in question.filters:
        raise BadRequest(
            "建议会改变组织覆盖，不能再按 organization_cover 筛选。",
            "Proposals change organization_cover: they cannot be filtered by it.",
            errors=[FieldProblem("parameter organization_cover", "建议会改变它", "is what proposals change")],
        )
