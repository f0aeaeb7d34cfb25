"""Units as the registry serves them: a tree without circles, seen from one's own territory."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.access import in_territory
from heli_registry.ancestry import check_parent
from heli_registry.filters import division_filter
from heli_registry.references import check_references
from heli_registry.units.models import UNIT
from heli_shared.kernel.access import Scope
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import contains_filter, equality_filters
from heli_shared.records.reading import Condition
from heli_shared.records.service import Resource


def visible_units(session: Session, scope: Scope) -> list[Condition]:
    """Show the units of the scope's territory and zones."""
    if scope.everything:
        return []
    return [in_territory(UNIT, session, scope, code_field="division", zone_field="zone")]


def check_unit(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], effective_on: date
) -> None:
    """Refuse references that point nowhere and a unit that would stand above itself on any day."""
    check_references(call, UNIT, before=before, after=after)
    check_parent(call, UNIT, before, after, effective_on)


UNITS = Resource(
    UNIT,
    visible_units,
    check=check_unit,
    filters={
        **equality_filters(UNIT),
        "name": contains_filter(UNIT, "name"),
        "division": division_filter(UNIT),
    },
)
