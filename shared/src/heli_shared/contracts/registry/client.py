"""Registry as other services use it, and the same over HTTP."""

from datetime import date
from typing import Protocol
from urllib.parse import quote

from heli_shared.contracts.feed import LedgerSource
from heli_shared.contracts.ledger_client import HttpLedger
from heli_shared.contracts.peer import FixedToken, Peer
from heli_shared.contracts.registry.dto import CountDto, EnterpriseDto, KeySet, PlaceDto, PrincipalDto, QualityDto

PRINCIPALS_ME = "/v1/principals/me"
KEYS = "/v1/keys"
QUALITY_RESULTS = "/v1/quality/results"
PLACED = {"enterprise": "/v1/enterprises", "party_organization": "/v1/party-organizations"}
"""Where single records of what lies somewhere are read."""
_FOLDING_WAIT = 120.0
"""Seconds more than usual that the registry may take to fold all its records as of a day."""


class RegistryClient(LedgerSource, Protocol):
    """A ledger to copy, who a token belongs to, and the keys that sign tokens."""

    def me(self, token: str) -> PrincipalDto:
        """Return whom a token belongs to, as of now; Unrecognised when it is not valid."""
        ...

    def rights(self, principal: str) -> PrincipalDto:
        """Return what somebody may do and see, as of now; Refused (404) for a closed principal, as for none."""
        ...

    def keys(self) -> KeySet:
        """Return the public keys that sign tokens."""
        ...

    def quality(self, *, on: date, known_at: int) -> QualityDto:
        """Return what the checks of data quality found by responsible unit; Refused for what is yet to come."""
        ...

    def enterprise(self, token: str, uscc: str) -> EnterpriseDto:
        """Return an enterprise as the holder of a token may see it; Refused (404) where they may not."""
        ...

    def place(self, token: str, entity: str, key: str, *, on: date) -> PlaceDto:
        """Return where a record of `PLACED` lay on a day, as the holder of a token may see it; else Refused (404)."""
        ...


class HttpRegistry(HttpLedger):
    """A RegistryClient at the other end of HTTP."""

    def __init__(self, peer: Peer, *, asker: Peer | None = None) -> None:
        """Ask `peer`; who a caller is goes through `asker`, which may be less patient."""
        super().__init__(peer)
        self._asker = asker or peer

    def me(self, token: str) -> PrincipalDto:
        """Return whom a token belongs to, asked with that token and not with our own."""
        return self._asker.get(PRINCIPALS_ME, PrincipalDto, tokens=FixedToken(token))

    def rights(self, principal: str) -> PrincipalDto:
        """Return somebody's rights, asked with our own token: they are not there to lend us theirs."""
        return self._asker.get(f"/v1/principals/{quote(principal, safe='')}/rights", PrincipalDto)

    def keys(self) -> KeySet:
        """Return the public keys that sign tokens."""
        return self._asker.get(KEYS, KeySet)

    def quality(self, *, on: date, known_at: int) -> QualityDto:
        """Return the results by responsible unit; folding a day of the past takes the registry a while."""
        params: dict[str, str | int] = {"view": "responsibility", "on": on.isoformat(), "known_at": known_at}
        return self._peer.get(QUALITY_RESULTS, QualityDto, params=params, wait=_FOLDING_WAIT)

    def enterprise(self, token: str, uscc: str) -> EnterpriseDto:
        """Return the enterprise and how many open covers it has, both asked with that token."""
        own = FixedToken(token)
        found = self._asker.get(f"/v1/enterprises/{uscc}", EnterpriseDto, tokens=own)
        params: dict[str, str | int] = {"enterprise": uscc, "state": "open", "limit": 1}
        covers = self._asker.get("/v1/covers", CountDto, params=params, tokens=own)
        return found.model_copy(update={"covers": covers.total})

    def place(self, token: str, entity: str, key: str, *, on: date) -> PlaceDto:
        """Return the place, asked with that token for that day."""
        params: dict[str, str | int] = {"on": on.isoformat()}
        return self._asker.get(
            f"{PLACED[entity]}/{quote(key, safe='')}", PlaceDto, params=params, tokens=FixedToken(token)
        )
