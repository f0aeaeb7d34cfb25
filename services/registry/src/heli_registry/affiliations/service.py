"""Affiliations as the registry serves them: the superior exists, and nobody stands above itself."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from heli_registry.access import linked
from heli_registry.affiliations.models import AFFILIATION
from heli_registry.ancestry import Steps, first_day_below, steps_of
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.references import check_references
from heli_registry.units.models import UNIT
from heli_shared.db.engine import is_writing
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.ledger.appending import lock_head
from heli_shared.ledger.reading import list_of_record
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import Condition, find_row
from heli_shared.records.service import Resource


def visible_affiliations(session: Session, scope: Scope) -> list[Condition]:
    """Show the affiliations of organisations that the scope shows."""
    return [] if scope.everything else [linked(AFFILIATION, "organization", PARTY_ORGANIZATION, session, scope)]


def check_affiliation(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], effective_on: date
) -> None:
    """Refuse ends that do not exist and superiors that would come back to the organisation on any day."""
    check_references(call, AFFILIATION, before=before, after=after)
    superior = after["superior"]
    if find_row(call.session, PARTY_ORGANIZATION, superior) is None and find_row(call.session, UNIT, superior) is None:
        found = FieldProblem("/superior", "没有这个上级党组织或机构", "there is no such organisation or unit")
        raise InvalidInput("上级不存在。", "The superior does not exist.", errors=[found])
    if is_writing(call.session):
        # Two affiliations at once could close a circle together: the second waits until the first is done.
        lock_head(call.session, call.ledger)
    day = first_day_below(superior, after["organization"], partial(_superiors, call), start=effective_on)
    if day is not None:
        found = FieldProblem("/superior", f"形成循环隶属（{day}）", f"makes a circle of superiors on {day}")
        raise InvalidInput("隶属关系不能成环。", "An organisation cannot stand above itself.", errors=[found])


def _superiors(call: RecordCall, organization: str) -> list[Steps]:
    """Return what stood above an organisation by each of its affiliations, open or closed by now."""
    keys = sa.select(AFFILIATION.table.c.id).where(AFFILIATION.table.c.organization == organization)
    return [
        steps_of(list_of_record(call.session, call.ledger, AFFILIATION.entity, key), _superior)
        for key in call.session.execute(keys).scalars()
    ]


def _superior(values: Mapping[str, Any]) -> str | None:
    return values["superior"] if values.get("state") == "open" else None


AFFILIATIONS = Resource(
    AFFILIATION, visible_affiliations, check=check_affiliation, filters=equality_filters(AFFILIATION)
)
