"""Every statement behind rotations: mature contact points, and enterprises that no leader looks after."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.assignments.models import ASSIGNMENT
from heli_registry.covers.models import COVER
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.rotations.models import MATURITY_DECISION

_A, _C, _E, _O, _D = (kind.table for kind in (ASSIGNMENT, COVER, ENTERPRISE, PARTY_ORGANIZATION, MATURITY_DECISION))
Clauses = Iterable[sa.ColumnElement[bool]]


def mature_points(session: Session, clauses: Clauses) -> list[Any]:
    """Return the open contact points with an open decision that they are mature, with the place they are in."""
    matured = (
        sa.select(_D.c.assignment, sa.func.max(_D.c.decided_on).label("matured_on"))
        .where(_D.c.state == "open", _D.c.outcome == "mature")
        .group_by(_D.c.assignment)
        .subquery()
    )
    place = sa.func.coalesce(_E.c.division, _O.c.division).label("division")
    name = sa.func.coalesce(_E.c.name, _O.c.name).label("name")
    statement = (
        sa.select(_A.c.id, _A.c.person, _A.c.enterprise, _A.c.organization, matured.c.matured_on, place, name)
        .select_from(
            _A.join(matured, matured.c.assignment == _A.c.id)
            .outerjoin(_E, _E.c.uscc == _A.c.enterprise)
            .outerjoin(_O, _O.c.id == _A.c.organization)
        )
        .where(_A.c.state == "open", _A.c.role == "contact_leader", *clauses)
        .order_by(_A.c.id)
    )
    return list(session.execute(statement).all())


def is_mature(session: Session, assignment: str) -> bool:
    """Say whether an open decision stands that a contact point is mature."""
    mature = (_D.c.assignment == assignment, _D.c.state == "open", _D.c.outcome == "mature")
    return session.execute(sa.select(_D.c.id).where(*mature).limit(1)).one_or_none() is not None


def without_leader(session: Session, clauses: Clauses) -> list[Any]:
    """Return the open enterprises that no open organisation covers and no leader has as contact point."""
    covered = sa.exists().where(
        _C.c.enterprise == _E.c.uscc, _C.c.state == "open", _C.c.organization == _O.c.id, _O.c.state == "open"
    )
    led = sa.exists().where(_A.c.enterprise == _E.c.uscc, _A.c.role == "contact_leader", _A.c.state == "open")
    return list(session.execute(sa.select(_E).where(_E.c.state == "open", ~covered, ~led, *clauses)).all())
