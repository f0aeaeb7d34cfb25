# ruff: noqa: S608 -- every piece of these statements stands in this file; values are bound
"""Measures that are counted on records of the registry: each as the rows behind it, so that a value equals its rows.

A row names its subject and a record, and says by `part` (of `whole`) what it adds; a null `part` is not known. They
are read from tables of one day that `facts` makes, from `theirs` (a subject's enterprises) and `led` (its
organisations).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from heli_assessment.intake.domain import POSTS, UNIT_KINDS, WHOLE_COUNTY, Counted, Place, Row
from heli_shared.statistics.compile import compiled
from heli_shared.statistics.measures import MEASURES
from heli_shared.statistics.organizations import TERM_KINDS
from heli_shared.statistics.parameters import parameter

Cursor = Any


_COUNTY_PREFIX = "county_"


class Sum(StrEnum):
    """How rows become a value."""

    COUNT = "count"
    SHARE = "share"
    LONGEST = "longest"


class Without(StrEnum):
    """What the value is of a subject without any row."""

    ZERO = "zero"
    NOT_APPLICABLE = "not_applicable"
    ZERO_AMONG = "zero_among"
    """Nothing among its enterprises: 0 where it has any that count, else not applicable."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The statement of a measure's rows, how they become a value, and what holds without any."""

    statement: str
    sum: Sum
    without: Without


_OPEN_POSTS = "SELECT person, enterprise, organization FROM dispatches WHERE state = 'open' AND role = '{}'"
_OWN_BY_UNIT = "SELECT responsible_unit AS subject, uscc FROM facts WHERE responsible_unit IS NOT NULL"
_THEIRS = {
    "organization": "SELECT DISTINCT organization AS subject, enterprise AS uscc FROM covers WHERE state = 'open'",
    "enterprise": "SELECT uscc AS subject, uscc FROM facts",
    "instructor": f"SELECT DISTINCT person AS subject, enterprise AS uscc FROM ({_OPEN_POSTS.format('instructor')})",
    "secretary": (
        f"SELECT DISTINCT p.person AS subject, c.enterprise AS uscc FROM ({_OPEN_POSTS.format('secretary')}) p "
        "JOIN covers c ON c.organization = p.organization WHERE c.state = 'open'"
    ),
    **dict.fromkeys(UNIT_KINDS, _OWN_BY_UNIT),
}
_COVERING = "SELECT DISTINCT t.subject, c.organization FROM theirs t JOIN covers c ON c.enterprise = t.uscc"
_LED = {
    "organization": "SELECT key AS subject, key AS organization FROM names",
    "secretary": f"SELECT DISTINCT person AS subject, organization FROM ({_OPEN_POSTS.format('secretary')})",
}


def _enterprises(part: str, where: str = "f.in_scope") -> str:
    return (
        "SELECT t.subject, 'enterprise' AS entity, f.uscc AS key, f.name, f.responsible_unit AS unit, f.division, "
        f"f.zone, {part} AS part, 1 AS whole FROM theirs t JOIN facts f ON f.uscc = t.uscc WHERE {where}"
    )


def _county(part: str, where: str = "f.in_scope") -> str:
    return (
        f"SELECT '{WHOLE_COUNTY}' AS subject, 'enterprise' AS entity, f.uscc AS key, f.name, "
        f"f.responsible_unit AS unit, f.division, f.zone, {part} AS part, 1 AS whole FROM facts f WHERE {where}"
    )


def _organizations(part: str, where: str = "true") -> str:
    return (
        "SELECT l.subject, 'party_organization' AS entity, n.key, n.name, NULL::VARCHAR AS unit, n.division, n.zone, "
        f"{part} AS part, 1 AS whole FROM led l JOIN names n ON n.key = l.organization "
        "JOIN organization_facts o ON o.id = n.key LEFT JOIN manned ON manned.organization = n.key "
        f"WHERE n.state = 'open' AND ({where})"
    )


def _masses(part: str, where: str = "true") -> str:
    return (
        "SELECT t.subject, 'mass_organization' AS entity, m.key, m.name, f.responsible_unit AS unit, f.division, "
        f"f.zone, {part} AS part, 1 AS whole FROM theirs t JOIN masses m ON m.enterprise = t.uscc "
        f"JOIN facts f ON f.uscc = t.uscc WHERE f.in_scope AND m.state = 'open' AND ({where})"
    )


_SECRETARY = (
    "CASE WHEN o.has_secretary OR manned.organization IS NOT NULL THEN 0 "
    "WHEN o.has_secretary IS NULL THEN NULL ELSE 1 END"
)
_DEPUTY = (
    "(coalesce(o.full_members, 0) + coalesce(o.probationary_members, 0) >= $deputy_from "
    "AND n.secretary_is_investor IS TRUE AND n.has_full_time_deputy IS FALSE)::INT"
)
_SEATS = (
    "CASE WHEN n.committee_seats > 0 THEN n.committee_seats WHEN o.kind NOT IN ($elected) THEN 0 "
    "WHEN o.full_members IS NULL THEN NULL WHEN o.full_members >= $committee_from THEN $least_seats ELSE 0 END"
)
_VACANT = (
    f"CASE WHEN ({_SEATS}) = 0 THEN 0 WHEN ({_SEATS}) IS NULL OR n.committee_members IS NULL THEN NULL "
    f"ELSE greatest(({_SEATS}) - n.committee_members, 0) END"
)
_MEMBERS = (
    "CASE WHEN o.full_members IS NULL AND o.probationary_members IS NULL THEN NULL "
    "ELSE coalesce(o.full_members, 0) + coalesce(o.probationary_members, 0) END"
)
_LATE = "CASE WHEN o.election_due_on IS NULL THEN NULL ELSE greatest($on - o.election_due_on, 0) END"
_ELECTED = "o.kind IN ($elected)"
_FIRST_OF_KIND = "(row_number() OVER (PARTITION BY t.subject, m.kind ORDER BY m.key) = 1)::INT"

ROLE = "role:"
"""Starts the name by which rows are asked for that are a unit's open assignments in a role."""
ROWS: Mapping[str, Rows] = {
    "guided_enterprises": Rows(_enterprises("1", "f.state = 'open'"), Sum.COUNT, Without.ZERO),
    "guided_staff50": Rows(_enterprises("f.has_staff50::INT", "f.state = 'open'"), Sum.COUNT, Without.ZERO),
    "union_coverage": Rows(_enterprises("(f.unions > 0)::INT"), Sum.SHARE, Without.NOT_APPLICABLE),
    "league_coverage": Rows(_enterprises("(f.youth_leagues > 0)::INT"), Sum.SHARE, Without.NOT_APPLICABLE),
    "women_coverage": Rows(_enterprises("(f.womens_federations > 0)::INT"), Sum.SHARE, Without.NOT_APPLICABLE),
    "county_union_coverage": Rows(_county("(f.unions > 0)::INT"), Sum.SHARE, Without.NOT_APPLICABLE),
    "county_league_coverage": Rows(_county("(f.youth_leagues > 0)::INT"), Sum.SHARE, Without.NOT_APPLICABLE),
    "county_women_coverage": Rows(_county("(f.womens_federations > 0)::INT"), Sum.SHARE, Without.NOT_APPLICABLE),
    "mass_kinds": Rows(_masses(_FIRST_OF_KIND), Sum.COUNT, Without.ZERO_AMONG),
    "dual_posts": Rows(
        _masses("coalesce(m.chair_is_secretary, false)::INT", "m.kind = 'union'"), Sum.COUNT, Without.NOT_APPLICABLE
    ),
    "secretaries_missing": Rows(_organizations(_SECRETARY), Sum.COUNT, Without.NOT_APPLICABLE),
    "deputies_missing": Rows(_organizations(_DEPUTY), Sum.COUNT, Without.NOT_APPLICABLE),
    "committee_vacancies": Rows(_organizations(_VACANT), Sum.COUNT, Without.NOT_APPLICABLE),
    "elections_overdue": Rows(_organizations(f"(({_LATE}) > 0)::INT", _ELECTED), Sum.COUNT, Without.NOT_APPLICABLE),
    "election_overdue_days": Rows(_organizations(_LATE, _ELECTED), Sum.LONGEST, Without.NOT_APPLICABLE),
    "party_members": Rows(_organizations(_MEMBERS), Sum.COUNT, Without.NOT_APPLICABLE),
}


_ZEROES = {Without.ZERO: "SELECT subject FROM theirs", Without.ZERO_AMONG: _enterprises("1")}
"""Of whom a value without rows is 0."""


def prepare(store: Cursor, kind: str) -> None:
    """Make the tables that rows are read from: a subject's enterprises and organisations, who leads what."""
    store.execute("CREATE TABLE organization_spine AS SELECT key AS id, valid_from AS day FROM organizations")
    store.execute(f"CREATE TABLE organization_facts AS {compiled('organization_facts')}")
    store.execute(f"CREATE TABLE theirs AS {_THEIRS[kind]}")
    led = "SELECT NULL::VARCHAR AS subject, NULL::VARCHAR AS organization WHERE false" if kind in POSTS else _COVERING
    led = f"{led} WHERE c.state = 'open'" if led is _COVERING else led
    store.execute(f"CREATE TABLE led AS {_LED.get(kind, led)}")
    posts = _OPEN_POSTS.format("secretary")
    store.execute(f"CREATE TABLE manned AS SELECT DISTINCT organization FROM ({posts}) WHERE organization IS NOT NULL")


def counted(store: Cursor, measures: Iterable[str], *, on: date) -> dict[str, dict[str, Counted]]:
    """Return the value of each measure by subject; a subject without rows is in it where that means 0."""
    found: dict[str, dict[str, Counted]] = {}
    for measure in sorted(measures):
        rows = ROWS[measure]
        whole = "sum(whole)" if rows.sum is Sum.SHARE else "NULL::BIGINT"
        part = "max(part)" if rows.sum is Sum.LONGEST else "sum(part)"
        sums = f"{part}::BIGINT, {whole}::BIGINT, bool_or(part IS NULL)"
        statement = f"SELECT subject, {sums} FROM ({_bound(rows, on)}) GROUP BY 1"
        values = {
            subject: Counted(None if unknown else number, of)
            for subject, number, of, unknown in store.execute(statement).fetchall()
        }
        if rows.without in _ZEROES:
            everybody = store.execute(f"SELECT DISTINCT subject FROM ({_ZEROES[rows.without]})").fetchall()
            values = {subject: Counted(0, None) for (subject,) in everybody} | values
        found[measure] = values
    return found


def _statistic(measure: str) -> Rows:
    """Return the rows of a statistic on enterprises: those in its denominator, or those that it counts."""
    defined = MEASURES[measure.removeprefix(_COUNTY_PREFIX)]
    made = _county if measure.startswith(_COUNTY_PREFIX) else _enterprises
    is_share = defined.denominator is not None
    statement = made(f"f.{defined.numerator}::INT", f"f.{defined.base}")
    return Rows(statement, Sum.SHARE if is_share else Sum.COUNT, Without.NOT_APPLICABLE)


def _dispatched(role: str) -> Rows:
    statement = (
        "SELECT d.unit AS subject, 'assignment' AS entity, d.key, d.key AS name, d.unit, f.division, f.zone, "
        "1 AS part, 1 AS whole FROM dispatches d LEFT JOIN facts f ON f.uscc = d.enterprise "
        f"WHERE d.state = 'open' AND d.role = '{role}'"
    )
    return Rows(statement, Sum.COUNT, Without.ZERO)


def find_rows(measure: str) -> Rows:
    """Return the rows of any measure that is read from the registry's records: of `ROWS`, a statistic, or a role."""
    if measure in ROWS:
        return ROWS[measure]
    return _dispatched(measure.removeprefix(ROLE)) if measure.startswith(ROLE) else _statistic(measure)


def rows_of(store: Cursor, measure: str, subject: str, *, on: date) -> list[Row]:
    """Return the rows behind the value of a measure for a subject, in order of their keys."""
    rows = find_rows(measure)
    whose = WHOLE_COUNTY if measure.startswith(_COUNTY_PREFIX) else subject
    statement = f"SELECT * EXCLUDE (subject) FROM ({_bound(rows, on)}) WHERE subject = ? ORDER BY entity, key"
    return [
        Row(entity, key, name or key, Place(unit, division, zone), part, whole if rows.sum is Sum.SHARE else None)
        for entity, key, name, unit, division, zone, part, whole in store.execute(statement, [whose]).fetchall()
    ]


def _bound(rows: Rows, on: date) -> str:
    """Return the statement with the day and the parameters of that day in it; before a parameter's first day none."""
    named = {
        "$on": f"DATE '{on.isoformat()}'",
        "$elected": ", ".join(f"'{kind}'" for kind in TERM_KINDS),
        "$deputy_from": _number("secretary.full_time_deputy_from", on),
        "$committee_from": _number("branch.committee_from", on),
        "$least_seats": _number("branch.committee_min_seats", on),
    }
    statement = rows.statement
    for name, value in named.items():
        statement = statement.replace(name, value)
    return statement


def _number(name: str, on: date) -> str:
    held = parameter(name).find(on)
    return "NULL" if held is None else str(int(held.value))
