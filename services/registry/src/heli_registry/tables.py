"""Every table of the registry: importing this module declares them all in one metadata, for migrations and tests."""

from heli_registry.affiliations import models as affiliations
from heli_registry.agreements import models as agreements
from heli_registry.assignments import models as assignments
from heli_registry.burden import models as burden
from heli_registry.censuses import models as censuses
from heli_registry.corrections import models as corrections
from heli_registry.covers import models as covers
from heli_registry.database import METADATA
from heli_registry.deliveries import models as deliveries
from heli_registry.divisions import models as divisions
from heli_registry.duplicates import models as duplicates
from heli_registry.enterprises import models as enterprises
from heli_registry.guidance_projects import models as guidance_projects
from heli_registry.identity import models as identity
from heli_registry.imports import models as imports
from heli_registry.instructors import models as instructors
from heli_registry.mass_organizations import models as mass_organizations
from heli_registry.member_flows import models as member_flows
from heli_registry.merging import models as merging
from heli_registry.organizations import models as organizations
from heli_registry.pairings import models as pairings
from heli_registry.people import models as people
from heli_registry.periods import models as periods
from heli_registry.quality import models as quality
from heli_registry.rotations import models as rotations
from heli_registry.secretary_candidates import models as secretary_candidates
from heli_registry.sectors import models as sectors
from heli_registry.stewardship import models as stewardship
from heli_registry.subscriptions import models as subscriptions
from heli_registry.successions import models as successions
from heli_registry.transfers import models as transfers
from heli_registry.units import models as units
from heli_registry.workdays import models as workdays
from heli_registry.zones import models as zones

DECLARING = (
    subscriptions,
    deliveries,
    corrections,
    burden,
    agreements,
    affiliations,
    assignments,
    censuses,
    covers,
    divisions,
    duplicates,
    enterprises,
    guidance_projects,
    identity,
    imports,
    instructors,
    mass_organizations,
    member_flows,
    merging,
    organizations,
    pairings,
    people,
    rotations,
    periods,
    quality,
    secretary_candidates,
    sectors,
    successions,
    stewardship,
    transfers,
    units,
    workdays,
    zones,
)
__all__ = ["DECLARING", "METADATA"]
