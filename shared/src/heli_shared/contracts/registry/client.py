"""Registry as other services use it, and the same over HTTP."""

from typing import Protocol

from heli_shared.contracts.feed import LedgerSource
from heli_shared.contracts.ledger_client import HttpLedger
from heli_shared.contracts.peer import FixedToken, Peer
from heli_shared.contracts.registry.dto import KeySet, PrincipalDto

PRINCIPALS_ME = "/v1/principals/me"
KEYS = "/v1/keys"


class RegistryClient(LedgerSource, Protocol):
    """A ledger to copy, who a token belongs to, and the keys that sign tokens."""

    def me(self, token: str) -> PrincipalDto:
        """Return whom a token belongs to, as of now; Unrecognised when it is not valid."""
        ...

    def keys(self) -> KeySet:
        """Return the public keys that sign tokens."""
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

    def keys(self) -> KeySet:
        """Return the public keys that sign tokens."""
        return self._asker.get(KEYS, KeySet)
