"""Mass organisations as the registry serves them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from heli_registry.access import linked
from heli_registry.enterprises.models import ENTERPRISE
from heli_registry.mass_organizations.models import MASS_ORGANIZATION
from heli_registry.references import check_references
from heli_shared.kernel.access import Scope
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import contains_filter, equality_filters
from heli_shared.records.reading import Condition
from heli_shared.records.service import Resource


def visible_mass_organizations(session: Session, scope: Scope) -> list[Condition]:
    """Show the mass organisations of enterprises that the scope shows."""
    return [] if scope.everything else [linked(MASS_ORGANIZATION, "enterprise", ENTERPRISE, session, scope)]


def check_mass_organization(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], _effective_on: date
) -> None:
    """Refuse an enterprise or a chair who does not exist."""
    check_references(call, MASS_ORGANIZATION, before=before, after=after)


MASS_ORGANIZATIONS = Resource(
    MASS_ORGANIZATION,
    visible_mass_organizations,
    check=check_mass_organization,
    filters={**equality_filters(MASS_ORGANIZATION), "name": contains_filter(MASS_ORGANIZATION, "name")},
)
