"""Every kind of record that the registry serves, by plural and by entity."""

from heli_registry.affiliations.service import AFFILIATIONS
from heli_registry.assignments.service import ASSIGNMENTS
from heli_registry.covers.service import COVERS
from heli_registry.divisions.service import DIVISIONS
from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.mass_organizations.service import MASS_ORGANIZATIONS
from heli_registry.organizations.service import PARTY_ORGANIZATIONS
from heli_registry.units.service import UNITS
from heli_registry.zones.service import ZONES

PLAIN_RESOURCES = (
    ENTERPRISES,
    PARTY_ORGANIZATIONS,
    COVERS,
    AFFILIATIONS,
    MASS_ORGANIZATIONS,
    ASSIGNMENTS,
    UNITS,
    ZONES,
    DIVISIONS,
)
"""The kinds whose routes are the plain ones; people and principals bring their own beside."""
