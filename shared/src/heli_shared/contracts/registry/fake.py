"""Registry in memory: a ledger that a test writes, principals it knows by their tokens."""

from dataclasses import dataclass, field

from heli_shared.contracts.errors import Unrecognised
from heli_shared.contracts.fake_ledger import FakeLedger
from heli_shared.contracts.registry.dto import KeySet, PrincipalDto

_UNAUTHORIZED = 401


@dataclass(slots=True)
class FakeRegistry(FakeLedger):
    """A RegistryClient without a network; `principals` are found by token."""

    name: str = "registry"
    principals: dict[str, PrincipalDto] = field(default_factory=dict)
    key_set: KeySet = field(default_factory=lambda: KeySet(keys=[]))
    asked: int = 0

    def me(self, token: str) -> PrincipalDto:
        """Return whom a token belongs to; Unrecognised for one that nobody holds."""
        self._answer()
        self.asked += 1
        if token not in self.principals:
            raise Unrecognised(self.name, _UNAUTHORIZED, "unauthenticated")
        return self.principals[token]

    def keys(self) -> KeySet:
        """Return the public keys."""
        self._answer()
        return self.key_set
