"""Every statement behind the findings about superiors."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.affiliations.models import AFFILIATION
from heli_registry.covers.models import COVER
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.transfers.models import TRANSFER
from heli_registry.units.models import UNIT
from heli_registry.zones.models import ZONE

_A, _C, _E, _O, _T, _U, _Z = (
    kind.table for kind in (AFFILIATION, COVER, ENTERPRISE, PARTY_ORGANIZATION, TRANSFER, UNIT, ZONE)
)
_ABOVE = _O.alias("above")
_SOME = 500
Clauses = Iterable[sa.ColumnElement[bool]]


def affiliated(session: Session, clauses: Clauses) -> Iterator[Any]:
    """Yield each open organisation once for every open affiliation it has, or once with none, in order of keys."""
    state = sa.func.coalesce(_ABOVE.c.state, _U.c.state, "closed").label("superior_state")
    link = sa.and_(_A.c.organization == _O.c.id, _A.c.state == "open")
    statement = (
        sa.select(
            _O.c.id, _O.c.name, _O.c.setup_form, _Z.c.kind.label("zone_kind"), _A.c.id.label("affiliation"),
            _A.c.superior, _A.c.kind.label("affiliation_kind"), state,
        )
        .select_from(
            _O.outerjoin(_A, link)
            .outerjoin(_Z, _Z.c.id == _O.c.zone)
            .outerjoin(_ABOVE, _ABOVE.c.id == _A.c.superior)
            .outerjoin(_U, _U.c.id == _A.c.superior)
        )
        .where(_O.c.state == "open", *clauses)
        .order_by(_O.c.id, _A.c.id)
    )  # fmt: skip
    yield from session.execute(statement)


def unattended(session: Session, clauses: Clauses) -> Iterator[Any]:
    """Yield the open enterprises with members that no organisation covers and no unit is responsible for."""
    covered = sa.exists().where(
        _C.c.enterprise == _E.c.uscc, _C.c.state == "open", _C.c.organization == _O.c.id, _O.c.state == "open"
    )
    members = sa.func.coalesce(_E.c.full_members, 0) + sa.func.coalesce(_E.c.probationary_members, 0)
    statement = sa.select(_E).where(
        _E.c.state == "open", members > 0, _E.c.responsible_unit.is_(None), ~covered, *clauses
    )
    yield from session.execute(statement)


def overdue_transfers(session: Session, clauses: Clauses, today: date) -> Iterator[Any]:
    """Yield the transfers under way whose deadline has passed, each with the organisation's `name`."""
    statement = sa.select(_T, _O.c.name).select_from(_T.join(_O, _O.c.id == _T.c.organization))
    yield from session.execute(statement.where(_T.c.state == "open", _T.c.due_on < today, *clauses))


def affiliations_of(session: Session, organizations: list[str]) -> list[Any]:
    """Return every affiliation, open or closed, of these organisations: its key and the organisation."""
    found: list[Any] = []
    for start in range(0, len(organizations), _SOME):
        some = organizations[start : start + _SOME]
        found += session.execute(sa.select(_A.c.id, _A.c.organization).where(_A.c.organization.in_(some))).all()
    return found
