"""What registry answers about the caller and the keys that sign tokens."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from heli_shared.kernel.access import Principal, Scope

Text = Annotated[str, Field(max_length=500)]


class UnitDto(BaseModel):
    """The unit somebody belongs to."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Text
    name: Text
    kind: Text


class ScopeDto(BaseModel):
    """The part of the county a principal sees."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    everything: bool
    divisions: list[Annotated[str, Field(pattern=r"^[0-9]{12}$")]]
    zones: list[Text]


class PrincipalDto(BaseModel):
    """The caller: `GET /v1/principals/me`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Text
    name: Text
    kind: Text
    unit: UnitDto | None
    roles: list[Text]
    permissions: list[Text]
    scope: ScopeDto

    def to_principal(self) -> Principal:
        """Return what the services decide with."""
        return Principal(
            id=self.id,
            name=self.name,
            kind=self.kind,
            unit=self.unit.id if self.unit else None,
            roles=tuple(self.roles),
            permissions=frozenset(self.permissions),
            scope=Scope(
                everything=self.scope.everything,
                divisions=tuple(self.scope.divisions),
                zones=tuple(self.scope.zones),
            ),
        )


class KeySet(BaseModel):
    """The public keys that sign tokens (JWKS)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    keys: Annotated[list[dict[str, Any]], Field(max_length=100)]
