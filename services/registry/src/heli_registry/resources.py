"""Every kind of record that the registry serves, by plural and by entity."""

from heli_registry.affiliations.service import AFFILIATIONS
from heli_registry.assignments.service import ASSIGNMENTS
from heli_registry.censuses.service import CENSUS_CHECKS, CENSUSES
from heli_registry.covers.service import COVERS
from heli_registry.divisions.service import DIVISIONS
from heli_registry.duplicates.service import DUPLICATE_DECISIONS
from heli_registry.enterprises.service import ENTERPRISES
from heli_registry.guidance_projects.service import GUIDANCE_PROJECTS
from heli_registry.instructors.service import INSTRUCTORS
from heli_registry.mass_organizations.service import MASS_ORGANIZATIONS
from heli_registry.member_flows.service import MEMBER_FLOWS
from heli_registry.merging.service import MERGERS
from heli_registry.organizations.service import PARTY_ORGANIZATIONS
from heli_registry.pairings.service import PAIRINGS
from heli_registry.rotations.service import MATURITY_DECISIONS
from heli_registry.secretary_candidates.service import SECRETARY_CANDIDATES
from heli_registry.sectors.service import SECTORS
from heli_registry.stewardship.service import FIELD_STEWARDS
from heli_registry.successions.service import SUCCESSIONS
from heli_registry.transfers.service import TRANSFERS
from heli_registry.units.service import UNITS
from heli_registry.workdays.service import CALENDAR_DAYS
from heli_registry.zones.service import ZONES

PLAIN_RESOURCES = (
    ENTERPRISES,
    PARTY_ORGANIZATIONS,
    COVERS,
    AFFILIATIONS,
    MASS_ORGANIZATIONS,
    ASSIGNMENTS,
    MATURITY_DECISIONS,
    PAIRINGS,
    INSTRUCTORS,
    SECRETARY_CANDIDATES,
    GUIDANCE_PROJECTS,
    MEMBER_FLOWS,
    UNITS,
    ZONES,
    DIVISIONS,
    SECTORS,
    CENSUSES,
    CENSUS_CHECKS,
    CALENDAR_DAYS,
    FIELD_STEWARDS,
)
"""The kinds whose routes are the plain ones; people and principals bring their own beside."""

PROCEDURE_RESOURCES = (SUCCESSIONS, TRANSFERS, DUPLICATE_DECISIONS, MERGERS)
"""The kinds that are read like the others and changed by the steps of a procedure alone."""
