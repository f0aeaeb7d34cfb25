"""What the rows of a list become: the resource of each kind, and how its fields are declared."""

from heli_registry.resources import PLAIN_RESOURCES
from heli_shared.records.kinds import Field
from heli_shared.records.service import Resource

RESOURCES: dict[str, Resource] = {resource.kind.plural: resource for resource in PLAIN_RESOURCES}


def find_record_field(plural: str, name: str) -> Field | None:
    """Return the declaration of a field of a kind; None for a key, a hint or the day of effect."""
    return RESOURCES[plural].kind.by_name.get(name)
