"""Every table of the registry: importing this module declares them all in one metadata, for migrations and tests."""

from heli_registry.affiliations import models as affiliations
from heli_registry.assignments import models as assignments
from heli_registry.covers import models as covers
from heli_registry.database import METADATA
from heli_registry.divisions import models as divisions
from heli_registry.enterprises import models as enterprises
from heli_registry.identity import models as identity
from heli_registry.imports import models as imports
from heli_registry.mass_organizations import models as mass_organizations
from heli_registry.organizations import models as organizations
from heli_registry.people import models as people
from heli_registry.units import models as units
from heli_registry.zones import models as zones

DECLARING = (
    affiliations,
    assignments,
    covers,
    divisions,
    enterprises,
    identity,
    imports,
    mass_organizations,
    organizations,
    people,
    units,
    zones,
)
__all__ = ["DECLARING", "METADATA"]
