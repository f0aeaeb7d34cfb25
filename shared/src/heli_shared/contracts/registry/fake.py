"""Registry in memory: a ledger that a test writes, principals it knows by their tokens."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from heli_shared.contracts.errors import Refused, Unrecognised
from heli_shared.contracts.fake_ledger import FakeLedger
from heli_shared.contracts.registry.dto import (
    EnterpriseDto,
    KeySet,
    PlaceDto,
    PrincipalDto,
    QualityDto,
    UnitQualityDto,
)
from heli_shared.kernel.divisions import ancestors

_BAD_REQUEST = 400
_UNAUTHORIZED = 401
_NOT_FOUND = 404


@dataclass(slots=True)
class FakeRegistry(FakeLedger):
    """A RegistryClient without a network; `principals` are found by token."""

    name: str = "registry"
    principals: dict[str, PrincipalDto] = field(default_factory=dict)
    key_set: KeySet = field(default_factory=lambda: KeySet(keys=[]))
    asked: int = 0
    units_quality: list[UnitQualityDto] = field(default_factory=list)
    quality_asked: list[tuple[date, int]] = field(default_factory=list)
    enterprises: dict[str, EnterpriseDto] = field(default_factory=dict)

    def me(self, token: str) -> PrincipalDto:
        """Return whom a token belongs to; Unrecognised for one that nobody holds."""
        self._answer()
        self.asked += 1
        if token not in self.principals:
            raise Unrecognised(self.name, _UNAUTHORIZED, "unauthenticated")
        return self.principals[token]

    def rights(self, principal: str) -> PrincipalDto:
        """Return whom a test let hold a token under this id; refused for others."""
        self._answer()
        found = next((each for each in self.principals.values() if each.id == principal), None)
        if found is None:
            raise Refused(self.name, _NOT_FOUND, "not-found")
        return found

    def keys(self) -> KeySet:
        """Return the public keys."""
        self._answer()
        return self.key_set

    def quality(self, *, on: date, known_at: int) -> QualityDto:
        """Return what the test put into `units_quality`; a seq beyond the ledger is refused."""
        self._answer()
        if known_at > len(self.entries):
            raise Refused(self.name, _BAD_REQUEST, "bad-request")
        self.quality_asked.append((on, known_at))
        return QualityDto(on=on, known_at=known_at, units=self.units_quality)

    def enterprise(self, token: str, uscc: str) -> EnterpriseDto:
        """Return what the test put into `enterprises`, to everybody who is recognised."""
        self.me(token)
        if uscc not in self.enterprises:
            raise Refused(self.name, _NOT_FOUND, "not-found")
        return self.enterprises[uscc]

    def place(self, token: str, entity: str, key: str, *, on: date) -> PlaceDto:
        """Return the place that the ledger's entries leave on a day, to whoever's scope it lies in."""
        scope = self.me(token).scope
        entries = [
            each for each in self.entries if (each.entity, each.key) == (entity, key) and each.effective_on <= on
        ]
        values: dict[str, Any] = {"name": key, "division": None, "zone": None}
        for each in sorted(entries, key=lambda entry: (entry.effective_on, entry.seq)):
            values |= each.changes
        division = values["division"]
        inside = division is not None and not {division, *ancestors(division)}.isdisjoint(scope.divisions)
        if not entries or not (scope.everything or inside or values["zone"] in scope.zones):
            raise Refused(self.name, _NOT_FOUND, "not-found")
        return PlaceDto.model_validate(values)
