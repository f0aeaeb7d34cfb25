"""The classification of enterprises: pure functions from columns to columns, the same on every engine.

Each function takes a table expression with the fields of `tables.ENTERPRISES`, the counts of `facts` and the column
`day`, and returns a column. Nothing is engine-specific: no user-defined functions, no SQL text. An unknown value
never counts against an enterprise's being in scope and never for its meeting a threshold.
"""

from typing import Any

import ibis

from heli_shared.statistics.scope import SCOPE, dated, known
from heli_shared.statistics.tables import COVER_FORMS

Column = Any
Table = Any


def scope_reason(t: Table) -> Column:
    """Return why a row is out of scope, the first reason that applies; null when it is in scope (DOMAIN 1.1, 1.3)."""
    return ibis.cases(
        *((condition.column(t), reason) for reason, condition in SCOPE.items()), else_=ibis.null("string")
    )


def organization_cover(t: Table) -> Column:
    """Return the foremost way in which an enterprise is covered: sole, joint, …, or none."""
    return ibis.cases(*((t[f"covers_{form}"] > 0, form) for form in COVER_FORMS), else_="none")


def is_covered(t: Table) -> Column:
    """Say whether an open cover of an open organisation is there."""
    return t.covers > 0


def is_reached(t: Table) -> Column:
    """Say whether work reaches the enterprise: instructor, liaison, union or youth league (DOMAIN 1.1)."""
    return (t.instructors > 0) | (t.liaisons > 0) | (t.unions > 0) | (t.youth_leagues > 0)


def is_due(t: Table) -> Column:
    """Say whether an enterprise has the full members that make a branch due (R-1)."""
    return known(t.full_members >= dated("branch.min_full_members", t.day))


def has_staff50(t: Table) -> Column:
    """Say whether an enterprise has the staff that makes a Party member due."""
    return known(t.staff >= dated("staff50.min_staff", t.day))


def has_staff100(t: Table) -> Column:
    """Say whether an enterprise has the staff that makes an organisation due."""
    return known(t.staff >= dated("staff100.min_staff", t.day))


def has_member(t: Table) -> Column:
    """Say whether an enterprise has a full or probationary member."""
    zero = ibis.literal(0)
    return (t.full_members.fill_null(zero) + t.probationary_members.fill_null(zero)) >= 1


def is_above_scale(t: Table) -> Column:
    """Say whether an enterprise is above scale (规上) by revenue or staff."""
    by_revenue = known(t.annual_revenue >= dated("scale.above_revenue", t.day).cast("decimal(20, 2)"))
    return by_revenue | known(t.staff >= dated("scale.above_staff", t.day))


def not_established_class(in_scope: Column, covered: Column, due: Column, member: Column) -> Column:
    """Return the class of an enterprise in scope without an organisation: due, has_members or no_members; null else."""
    missing = in_scope & ~covered
    return ibis.cases(
        (missing & due, "due"),
        (missing & member, "has_members"),
        (missing, "no_members"),
        else_=ibis.null("string"),
    )


def industry_code(t: Table, length: int) -> Column:
    """Return the section (1 letter), division (+ 2 digits) or class (+ 4 digits); null where not given."""
    return ibis.cases((t.industry.length() >= length, t.industry.substr(0, length)), else_=ibis.null("string"))
