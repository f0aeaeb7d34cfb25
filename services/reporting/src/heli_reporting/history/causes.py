# ruff: noqa: S608 -- names of columns and tables come from closed lists, days are dates, values are bound
"""Causes: what stands in the way of who lacks something, and since when without a break (docs/rules/facts.md)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from heli_reporting.history import refreshing
from heli_reporting.history.domain import Cause
from heli_reporting.history.schema import version_table
from heli_reporting.history.vintages import Tables, known_versions
from heli_shared.statistics.parameters import Parameter, parameter
from heli_shared.statistics.reasons import CAUSES

Cursor = Any

_BY_FACTS = {
    "members_without_organization": "in_scope AND NOT is_covered AND is_due",
    "members_too_few": "in_scope AND NOT is_covered AND has_member AND NOT is_due",
    "no_member": "in_scope AND NOT has_member",
    "instructor_missing": "in_scope AND NOT is_covered AND instructors = 0",
}
"""The causes that the facts of a stretch tell by themselves, and by what condition."""
_ASKED_BY = {"instructor_missing": "instructor.required"}
"""The causes that are the lack of what a document asks for, and the parameter that says whether it does."""
_READ = ("enterprise", "assignment", "party_organization")
_ELSEWHERE = "members_elsewhere > 0"

RUNS = ", ".join(
    [
        *(f"max(valid_to) FILTER (WHERE NOT ({told})) AS ended_{cause}" for cause, told in _BY_FACTS.items()),
        "max(valid_to) FILTER (WHERE is_covered) AS left_on",
        "arg_max(covering_organization, valid_to) FILTER (WHERE is_covered) AS last_organization",
    ]
)
"""What the stretches of an enterprise up to the day add: where each run began, and who covered it last until when."""


def relations(cursor: Cursor, seq: int | None) -> Mapping[str, str]:
    """Return by kind the versions that causes read, as known at a seq (None: the head)."""
    if seq is None:
        return {entity: version_table(entity) for entity in _READ}
    refreshing.touch(cursor, f"SELECT entity, key FROM entries WHERE source = 'registry' AND seq > {seq:d}")
    return {entity: known_versions(cursor, entity, seq) for entity in _READ}


def steps(tables: Tables, versions: Mapping[str, str], on: date) -> str:
    """Return the WITH items behind `columns`; they read `gap` and `runs`, which has the columns `RUNS`."""
    day = f"DATE '{on.isoformat()}'"
    holds = f"valid_from <= {day} AND valid_to > {day}"
    return f"""
elsewhere AS (
  SELECT key AS uscc, coalesce(max(valid_to) FILTER (WHERE NOT coalesce({_ELSEWHERE}, FALSE)), min(valid_from)) AS since
  FROM {versions["enterprise"]} WHERE valid_from <= {day} AND state IS NOT NULL AND key IN (
    SELECT key FROM {versions["enterprise"]} WHERE {holds} AND state IS NOT NULL AND {_ELSEWHERE}
    AND key IN (SELECT uscc FROM gap)
  ) GROUP BY key
), expired AS (
  SELECT enterprise AS uscc, max(term_ends_on) + 1 AS since FROM {versions["assignment"]}
  WHERE {holds} AND state = 'open' AND role = 'instructor'
  GROUP BY enterprise HAVING bool_and(coalesce(term_ends_on < {day}, FALSE))
), dissolved AS (
  SELECT uscc FROM runs JOIN {versions["party_organization"]} AS o ON o.key = last_organization
  WHERE o.valid_from <= left_on AND o.valid_to > left_on AND o.state = 'closed'
), late AS (
  SELECT id, election_due_on + 1 AS since FROM {tables.organization_facts} WHERE {holds} AND election_due_on < {day}
  AND id IN (SELECT covering_organization FROM gap)
)"""


JOINS = (
    "LEFT JOIN elsewhere ON elsewhere.uscc = gap.uscc LEFT JOIN expired ON expired.uscc = gap.uscc"
    " LEFT JOIN dissolved ON dissolved.uscc = gap.uscc LEFT JOIN late ON late.id = gap.covering_organization"
)
_SINCE = {
    **{cause: f"CASE WHEN {told} THEN coalesce(ended_{cause}, born) END" for cause, told in _BY_FACTS.items()},
    "organization_dissolved": "CASE WHEN NOT gap.is_covered AND dissolved.uscc IS NOT NULL THEN left_on END",
    "cover_ended": "CASE WHEN NOT gap.is_covered AND dissolved.uscc IS NULL THEN left_on END",
    "members_elsewhere": "elsewhere.since",
    "instructor_term_expired": "expired.since",
    "election_overdue": "late.since",
}


def columns(on: date) -> str:
    """Return since when each cause holds on a day for an enterprise of the gap; null where it does not."""
    return ", ".join(f"{_asked(cause, on)} AS since_{cause}" for cause in CAUSES)


def _asked(cause: str, on: date) -> str:
    """Return since when a cause holds: nobody lacks what no document asks for yet."""
    if cause not in _ASKED_BY:
        return _SINCE[cause]
    first = asked_since(parameter(_ASKED_BY[cause]), on)
    if first is None:
        return "CAST(NULL AS DATE)"
    # `greatest` passes over nulls.
    return f"CASE WHEN {_SINCE[cause]} IS NOT NULL THEN greatest({_SINCE[cause]}, DATE '{first}') END"


def asked_since(rule: Parameter, on: date) -> date | None:
    """Return since when a rule has asked for something without a break, None where it does not on the day."""
    since = None
    for value in rule.values():
        if value.since <= on:
            since = (since or value.since) if value.value else None
    return since


def chosen(causes: Sequence[str]) -> str:
    """Return the condition of a gap for which one of these causes holds."""
    return f"({' OR '.join(f'since_{cause} IS NOT NULL' for cause in causes)})"


def taken(item: dict[str, Any]) -> tuple[Cause, ...]:
    """Take the columns of causes out of a row and return the causes that hold."""
    held = ((cause, item.pop(f"since_{cause}")) for cause in CAUSES)
    return tuple(Cause(cause, since) for cause, since in held if since is not None)
