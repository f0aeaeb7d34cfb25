"""Instructors as the registry serves them: each person once, for an area or for where the sending unit lies."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import either, in_territory
from heli_registry.instructors.models import INSTRUCTOR
from heli_registry.people.pools import check_once_in_pool
from heli_registry.references import check_references
from heli_registry.units.models import UNIT
from heli_registry.units.service import visible_units
from heli_shared.kernel.access import Scope
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import among, equality_filters
from heli_shared.records.reading import Condition
from heli_shared.records.service import Resource

_KIND = INSTRUCTOR


def visible_instructors(session: Session, scope: Scope) -> list[Condition]:
    """Show the instructors who are meant for the scope's territory or sent by one of its units."""
    if scope.everything:
        return []
    meant = in_territory(_KIND, session, scope, code_field="division", zone_field="zone")
    units = sa.select(UNIT.table.c.id).where(*(each.clause for each in visible_units(session, scope)))
    return [either(meant, among(_KIND, "unit", units, session))]


def check_instructor(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse references that point nowhere, and a person who is an instructor already."""
    check_references(call, _KIND, before=before, after=after)
    check_once_in_pool(call, _KIND, after)


INSTRUCTORS = Resource(_KIND, visible_instructors, check=check_instructor, filters=equality_filters(_KIND))
