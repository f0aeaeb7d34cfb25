"""The data quality of one day, asked of the registry for the same day and seq as the facts."""

from dataclasses import replace

from heli_assessment.intake.domain import RegistryFacts, UnitQuality
from heli_shared.contracts.registry.client import RegistryClient


def with_quality(registry: RegistryClient, facts: RegistryFacts) -> RegistryFacts:
    """Return the facts with what the registry's checks found by responsible unit; PeerError when it cannot say."""
    told = registry.quality(on=facts.on, known_at=facts.known_at)
    found = {
        each.unit: UnitQuality(
            each.records,
            each.with_errors,
            {check: (tally.looked_at, tally.failing) for check, tally in each.checks.items()},
        )
        for each in told.units
        if each.unit is not None
    }
    return replace(facts, quality=found)
