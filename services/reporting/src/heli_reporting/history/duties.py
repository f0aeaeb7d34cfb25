# ruff: noqa: S608 -- names of columns and tables come from closed lists
"""Duties: what enterprises of some kind should have, and the runs of days in which one lacked it.

Who lacks something is few beside all, so since when and why is looked up among their runs and stretches, kept apart.
"""

from heli_shared.statistics.measures import Measure, columns, get_measure

DRIVERS = {
    "due_established_rate": "full_members",
    "staff50_with_member_rate": "staff",
    "staff100_with_organization_rate": "staff",
}
"""The measures whose gap is a duty not met, and the field that makes it one."""


SHOWN = ("uscc", "name", "division", "zone", "full_members", "probationary_members", "staff")
"""The facts that a list of gaps shows under their own names."""
_READ = (
    *SHOWN, "valid_from", "valid_to", "responsible_unit", "is_reached", "in_scope", "is_covered", "is_due",
    "has_member", "instructors", "covering_organization",
)  # fmt: skip
"""All that such a list reads, but for what decides about gaps."""


def gap_of(measure: Measure) -> str:
    """Return the condition of a row that is in a share's denominator and not in its numerator."""
    return f"({measure.denominator} AND NOT {measure.numerator})"


def any_gap() -> str:
    """Return the condition of a row that lacks anything it should have."""
    return " OR ".join(gap_of(get_measure(duty)) for duty in DRIVERS)


def stretches_of(facts: str) -> str:
    """Return the SELECT of the stretches of enterprises that lack something on any day, in the columns gaps read."""
    measures = [get_measure(duty) for duty in DRIVERS]
    read = dict.fromkeys((*_READ, *columns(measures)))
    return (
        f"SELECT {', '.join(read)} FROM {facts}"
        f" WHERE uscc IN (SELECT uscc FROM {facts} WHERE {any_gap()}) ORDER BY uscc, valid_from"
    )


def runs_of(stretches: str) -> str:
    """Return the SELECT of the runs (duty, uscc, since, until) that stretches make.

    A run is a row of stretches without one in between that is outside the gap; the stretches of an enterprise follow
    one another without a hole.
    """
    flags = ", ".join(f"{gap_of(get_measure(duty))} AS {duty}" for duty in DRIVERS)
    made = (
        f"SELECT '{duty}' AS duty, uscc, min(valid_from) AS since, max(valid_to) AS until FROM ("
        f"SELECT *, count_if(NOT {duty}) OVER (PARTITION BY uscc ORDER BY valid_from) AS breaks FROM flagged)"
        f" WHERE {duty} GROUP BY uscc, breaks"
        for duty in DRIVERS
    )
    return (
        f"WITH flagged AS (SELECT uscc, valid_from, valid_to, {flags} FROM {stretches})"
        f" SELECT * FROM ({' UNION ALL '.join(made)}) ORDER BY duty, since, uscc"
    )
