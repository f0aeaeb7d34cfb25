"""Whether the statistics count an enterprise, said for one record at a time.

The definition stands in `heli_shared.statistics.classification.scope_reason`, on columns; a test compares the two.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from heli_shared.statistics.parameters import parameter


def is_counted(enterprise: Mapping[str, Any], on: date) -> bool:
    """Say whether an enterprise is in the scope of the statistics on a day; unknown facts never put it out."""
    fewest = parameter("substance.min_staff").find(on)
    staff = enterprise.get("staff")
    return (
        enterprise.get("state") == "open"
        and str(enterprise.get("uscc")).startswith("9")
        and enterprise.get("duplicate_of") is None
        and enterprise.get("is_branch_office") is not True
        and enterprise.get("ownership") not in {"state_owned", "collective"}
        and enterprise.get("operation_state") not in {"suspended", "closed_down"}
        and not any(enterprise.get(name) is False for name in ("has_premises", "has_stable_staff", "has_activity"))
        and not (staff is not None and fewest is not None and staff < fewest.value)
    )
