"""Whether the statistics count an enterprise, said for one record at a time by the statistics' own definition."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from heli_shared.statistics.scope import scope_reason_of


def is_counted(enterprise: Mapping[str, Any], on: date) -> bool:
    """Say whether an enterprise is in the scope of the statistics on a day; unknown facts never put it out."""
    return scope_reason_of(enterprise, on) is None
