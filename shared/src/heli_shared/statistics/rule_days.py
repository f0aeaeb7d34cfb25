"""The days on which a rule of the classification changes: facts are cut there, and what changed may be the rule."""

from functools import cache

from heli_shared.statistics.parameters import parameter


@cache
def rule_days() -> tuple[str, ...]:
    """Return the days, as ISO text, on which a parameter of the classification changes."""
    used = (
        "substance.min_staff",
        "branch.min_full_members",
        "staff50.min_staff",
        "staff100.min_staff",
        "scale.above_revenue",
        "scale.above_staff",
        "enterprise_size.industries",
    )
    return tuple(sorted({value.since.isoformat() for name in used for value in parameter(name).values()}))
