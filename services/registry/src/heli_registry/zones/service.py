"""Zones as the registry serves them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.access import in_territory
from heli_registry.filters import division_filter
from heli_registry.references import check_references
from heli_registry.zones.models import ZONE
from heli_shared.kernel.access import Scope
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import contains_filter, equality_filters
from heli_shared.records.reading import Condition
from heli_shared.records.service import Resource


def visible_zones(session: Session, scope: Scope) -> list[Condition]:
    """Show the scope's own zones and those in its divisions."""
    if scope.everything:
        return []
    return [in_territory(ZONE, session, scope, code_field="division", zone_field="id")]


def check_zone(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse a zone in a division, or of a unit, that does not exist."""
    check_references(call, ZONE, before=before, after=after)


ZONES = Resource(
    ZONE,
    visible_zones,
    check=check_zone,
    filters={
        **equality_filters(ZONE),
        "name": contains_filter(ZONE, "name"),
        "division": division_filter(ZONE),
    },
)
