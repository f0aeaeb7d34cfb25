"""Findings about people in roles, mass organisations and pairings that a scope shows, and what their since rests on."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.assignments.service import ASSIGNMENTS
from heli_registry.findings import link_facts
from heli_registry.findings.flags import Finding, held_on
from heli_registry.findings.link_rules import (
    PersonFacts,
    assignment_facts,
    findings_of_assignment,
    findings_of_mass_organization,
    findings_of_pairing,
    findings_of_person,
    mass_facts,
    pairing_facts,
)
from heli_registry.findings.timeline import Timeline
from heli_registry.mass_organizations.service import MASS_ORGANIZATIONS
from heli_registry.pairings.service import PAIRINGS
from heli_registry.people.models import PERSON
from heli_registry.people.service import visible_people
from heli_shared.kernel.access import Scope
from heli_shared.records.service import Resource

_PEOPLE = Resource(PERSON, visible_people)


def findings_of_posts(session: Session, scope: Scope, today: date, record_kind: str | None) -> Iterator[Finding]:
    """Yield what is flagged about the people, assignments, unions and pairings of a scope."""

    def clauses(resource: Resource) -> list[Any]:
        return [condition.clause for condition in resource.visible(session, scope)]

    if record_kind in (None, "person"):
        yield from _of_people(session, clauses(_PEOPLE), today)
    if record_kind in (None, "assignment"):
        for row in link_facts.assignments(session, clauses(ASSIGNMENTS)):
            facts = assignment_facts(_values(row), matured_on=row.matured_on)
            yield from findings_of_assignment(facts, today)
    if record_kind in (None, "mass_organization"):
        for row in link_facts.mass_organizations(session, clauses(MASS_ORGANIZATIONS)):
            yield from findings_of_mass_organization(mass_facts(_values(row)), today)
    if record_kind in (None, "pairing"):
        for row in link_facts.pairings(session, clauses(PAIRINGS)):
            yield from findings_of_pairing(pairing_facts(_values(row)), today)


def _of_people(session: Session, clauses: list[Any], today: date) -> Iterator[Finding]:
    guided, points = held_on("instructor.max_enterprises", today), held_on("contact_point.max_per_leader", today)
    if guided is None or points is None:
        return
    rows = link_facts.people_in_posts(session, clauses, guided=guided.value, contact_points=points.value)
    for row in rows:
        yield from findings_of_person(PersonFacts(row.id, row.guided, row.contact_points), today)


def _values(row: Any) -> Any:
    return row._mapping  # noqa: SLF001 - SQLAlchemy's public way to read a row by name


def link_people(session: Session, timeline: Timeline, people: list[str]) -> list[str]:
    """Link these people to every assignment they ever had, and return the assignments' keys."""
    found = link_facts.assignments_of(session, people)
    for row in found:
        timeline.links.setdefault(("person", row.person), []).append((row.id, "assignment", row.id))
    return [row.id for row in found]
