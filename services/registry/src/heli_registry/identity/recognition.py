"""Recognising a caller: the token says who, the database says at this moment what they may do and see."""

from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import Request
from sqlalchemy.orm import Session

from heli_registry.identity.domain import UnitFacts, scope_of
from heli_registry.identity.models import PRINCIPAL
from heli_registry.identity.roles import permissions_of
from heli_registry.units.models import UNIT
from heli_shared.kernel.access import Principal
from heli_shared.kernel.errors import Unauthenticated
from heli_shared.web.calls import bearer_token
from heli_shared.web.tokens import TokenVerifier

_P, _U = PRINCIPAL.table, UNIT.table
_FOUND = (
    sa.select(
        _P.c.id,
        _P.c.login,
        _P.c.kind,
        _P.c.roles,
        _P.c.state,
        _U.c.id.label("unit_id"),
        _U.c.name.label("unit_name"),
        _U.c.kind.label("unit_kind"),
        _U.c.division.label("unit_division"),
        _U.c.zone.label("unit_zone"),
        _U.c.state.label("unit_state"),
    )
    .select_from(_P.outerjoin(_U, _P.c.unit == _U.c.id))
    .where(_P.c.id == sa.bindparam("id"))
)


@dataclass(frozen=True, slots=True)
class Recognition:
    """Turns a request's token into a principal, looked up afresh each time."""

    verifier: TokenVerifier

    def __call__(self, request: Request, session: Session) -> Principal:
        """Return the caller; Unauthenticated without a valid token or for a closed principal."""
        claims = self.verifier.verify(bearer_token(request))
        row = session.execute(_FOUND, {"id": claims.subject}).one_or_none()
        if row is None or row.state != "open":
            raise Unauthenticated("该账号不存在或已停用，请联系管理员。", "This account does not exist or was closed.")
        unit = None
        if row.unit_id is not None:
            unit = UnitFacts(
                row.unit_id, row.unit_name, row.unit_kind, row.unit_division, row.unit_zone, row.unit_state == "open"
            )
        roles = tuple(row.roles)
        scope = scope_of(roles, unit)
        return Principal(row.id, row.login, row.kind, row.unit_id, roles, permissions_of(roles), scope)
