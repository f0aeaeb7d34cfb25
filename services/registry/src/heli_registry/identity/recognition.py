"""Recognising a caller: the token says who, the database says at this moment what they may do and see."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import Request
from sqlalchemy.orm import Session

from heli_registry.identity import repository
from heli_registry.identity.domain import principal_of
from heli_shared.kernel.access import Principal
from heli_shared.kernel.errors import Unauthenticated
from heli_shared.web.calls import bearer_token, purpose_of
from heli_shared.web.tokens import TokenVerifier


@dataclass(frozen=True, slots=True)
class Recognition:
    """Turns a request's token into a principal, looked up afresh each time."""

    verifier: TokenVerifier
    purposes: Mapping[str, TokenVerifier] = field(default_factory=dict)

    def __call__(self, request: Request, session: Session) -> Principal:
        """Return the caller; Unauthenticated without a valid token or for a closed principal."""
        purpose = purpose_of(request)
        verifier = self.verifier if purpose is None else self.purposes[purpose]
        claims = verifier.verify(bearer_token(request))
        found = repository.find_principal(session, claims.subject)
        if found is None or found[0].state != "open":
            raise Unauthenticated("该账号不存在或已停用，请联系管理员。", "This account does not exist or was closed.")
        row, unit = found
        return principal_of(row, unit)
