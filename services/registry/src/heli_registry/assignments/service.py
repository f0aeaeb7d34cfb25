"""Assignments as the registry serves them: one person, one role, at one enterprise or one organisation."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.access import either, linked
from heli_registry.assignments.models import ASSIGNMENT
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.references import check_references
from heli_shared.kernel.access import Scope
from heli_shared.kernel.errors import FieldProblem, InvalidInput
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import equality_filters
from heli_shared.records.reading import Condition
from heli_shared.records.service import Resource


def visible_assignments(session: Session, scope: Scope) -> list[Condition]:
    """Show the assignments to enterprises and organisations that the scope shows."""
    if scope.everything:
        return []
    to_enterprise = linked(ASSIGNMENT, "enterprise", ENTERPRISE, session, scope)
    to_organization = linked(ASSIGNMENT, "organization", PARTY_ORGANIZATION, session, scope)
    return [either(to_enterprise, to_organization)]


def check_assignment(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse references that point nowhere, and an assignment to nothing or to two things."""
    check_references(call, ASSIGNMENT, before=before, after=after)
    if (after["enterprise"] is None) == (after["organization"] is None):
        found = FieldProblem(
            "/enterprise", "enterprise 与 organization 必须且只能填一个", "name either an enterprise or an organization"
        )
        raise InvalidInput("派驻对象有误。", "Assign to one enterprise or one organisation.", errors=[found])


ASSIGNMENTS = Resource(ASSIGNMENT, visible_assignments, check=check_assignment, filters=equality_filters(ASSIGNMENT))
