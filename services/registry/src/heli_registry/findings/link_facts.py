"""Every statement behind the findings about people in roles, mass organisations and pairings."""

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.assignments.models import ASSIGNMENT
from heli_registry.mass_organizations.models import MASS_ORGANIZATION
from heli_registry.pairings.models import PAIRING
from heli_registry.people.models import PERSON
from heli_registry.rotations.models import MATURITY_DECISION

_A, _M, _P, _R, _D = (kind.table for kind in (ASSIGNMENT, MASS_ORGANIZATION, PERSON, PAIRING, MATURITY_DECISION))
_SOME = 500
Clauses = Iterable[sa.ColumnElement[bool]]


def people_in_posts(session: Session, clauses: Clauses, *, guided: int, contact_points: int) -> Iterator[Any]:
    """Yield the people with more open posts than these numbers: `id`, `guided` enterprises, `contact_points`."""
    enterprise = sa.case((_A.c.role == "instructor", _A.c.enterprise))
    point = sa.case((_A.c.role == "contact_leader", _A.c.id))
    counts = (sa.func.count(sa.distinct(enterprise)), sa.func.count(sa.distinct(point)))
    statement = (
        sa.select(_P.c.id, counts[0].label("guided"), counts[1].label("contact_points"))
        .select_from(_P.join(_A, _A.c.person == _P.c.id))
        .where(_P.c.state == "open", _A.c.state == "open", *clauses)
        .group_by(_P.c.id)
        .having((counts[0] > guided) | (counts[1] > contact_points))
    )
    yield from session.execute(statement)


def assignments(session: Session, clauses: Clauses) -> Iterator[Any]:
    """Yield the open assignments with `matured_on`, the latest open decision that the contact point is mature."""
    matured = (
        sa.select(_D.c.assignment, sa.func.max(_D.c.decided_on).label("matured_on"))
        .where(_D.c.state == "open", _D.c.outcome == "mature")
        .group_by(_D.c.assignment)
        .subquery()
    )
    statement = sa.select(_A, matured.c.matured_on).select_from(_A.outerjoin(matured, matured.c.assignment == _A.c.id))
    yield from session.execute(statement.where(_A.c.state == "open", *clauses))


def mass_organizations(session: Session, clauses: Clauses) -> Iterator[Any]:
    """Yield the open unions: the only mass organisations that rules look at."""
    yield from session.execute(sa.select(_M).where(_M.c.state == "open", _M.c.kind == "union", *clauses))


def pairings(session: Session, clauses: Clauses) -> Iterator[Any]:
    """Yield the open pairings."""
    yield from session.execute(sa.select(_R).where(_R.c.state == "open", *clauses))


def assignments_of(session: Session, people: list[str]) -> list[Any]:
    """Return every assignment, open or closed, of these people: its key and the person."""
    found: list[Any] = []
    for start in range(0, len(people), _SOME):
        some = people[start : start + _SOME]
        found += session.execute(sa.select(_A.c.id, _A.c.person).where(_A.c.person.in_(some))).all()
    return found
