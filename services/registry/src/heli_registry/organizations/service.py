"""Party organisations as the registry serves them: the Party rules refuse what they must, and flag the rest."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from heli_registry.access import visible_organizations
from heli_registry.filters import division_filter
from heli_registry.organizations.domain import check_organization, organization_of
from heli_registry.organizations.models import PARTY_ORGANIZATION
from heli_registry.references import check_references
from heli_shared.records.calls import RecordCall
from heli_shared.records.filters import contains_filter, equality_filters
from heli_shared.records.reading import equals
from heli_shared.records.service import Resource


def check_party_organization(
    call: RecordCall, before: Mapping[str, Any] | None, after: Mapping[str, Any], effective_on: date
) -> None:
    """Refuse references that point nowhere and what a Party rule does not allow."""
    check_references(call, PARTY_ORGANIZATION, before=before, after=after)
    check_organization(
        organization_of(after),
        before=None if before is None else organization_of(before),
        effective_on=effective_on,
        today=call.clock.today(),
    )


PARTY_ORGANIZATIONS = Resource(
    PARTY_ORGANIZATION,
    visible_organizations,
    check=check_party_organization,
    filters={
        **equality_filters(PARTY_ORGANIZATION),
        "name": contains_filter(PARTY_ORGANIZATION, "name"),
        "division": division_filter(PARTY_ORGANIZATION),
        "zone": lambda _session, value: equals(PARTY_ORGANIZATION, "zone", value),
    },
)
