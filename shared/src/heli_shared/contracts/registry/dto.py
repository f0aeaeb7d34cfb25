"""What registry answers about the caller and the keys that sign tokens."""

from datetime import date
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


class TallyDto(BaseModel):
    """How many records a check of data quality looked at and how many fail it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    looked_at: Annotated[int, Field(ge=0)]
    failing: Annotated[int, Field(ge=0)]


class UnitQualityDto(BaseModel):
    """What the checks found among the records that one unit is responsible for; None gathers those nobody is."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    unit: Text | None
    records: Annotated[int, Field(ge=0)]
    with_errors: Annotated[int, Field(ge=0)]
    checks: dict[Text, TallyDto]


class QualityDto(BaseModel):
    """The results of data quality of a day, as known at a seq: `GET /v1/quality/results`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    on: date
    known_at: int
    units: list[UnitQualityDto]


class EnterpriseDto(BaseModel):
    """An enterprise as its reader may see it: `GET /v1/enterprises/{uscc}`; `covers` counts its open covers."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    uscc: Text
    name: Text
    state: Text
    full_members: Annotated[int, Field(ge=0)] | None
    staff: Annotated[int, Field(ge=0)] | None
    covers: Annotated[int, Field(ge=0)] = 0


class PlaceDto(BaseModel):
    """Where an enterprise or a Party organisation lies: its single record; an organisation names no unit."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Text
    state: Text
    division: Text | None
    zone: Text | None
    responsible_unit: Text | None = None


class CountDto(BaseModel):
    """How many records a list holds."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    total: Annotated[int, Field(ge=0)]


class KeySet(BaseModel):
    """The public keys that sign tokens (JWKS)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    keys: Annotated[list[dict[str, Any]], Field(max_length=100)]
