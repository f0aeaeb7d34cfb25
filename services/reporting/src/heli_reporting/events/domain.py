"""What tells one piece of news from another."""

import hashlib
from collections.abc import Sequence

from heli_reporting.intake.domain import Freshness


def event_id(freshness: Sequence[Freshness]) -> str:
    """Return an id that changes with what is held of the sources and with what can be relied on, not with age."""
    state = " ".join(f"{each.source} {each.epoch} {each.status}" for each in freshness)
    return "-".join([*(str(each.known_at) for each in freshness), hashlib.sha256(state.encode()).hexdigest()[:8]])
