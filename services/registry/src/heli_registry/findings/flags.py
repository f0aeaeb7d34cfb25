"""What a finding is: every problem that can be flagged, its rule, how serious it is, and how one is made.

The rules themselves are generators over plain facts and a day; they stand in `domain` and `link_rules`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from heli_shared.statistics.parameters import DatedValue, parameter

Severity = Literal["violation", "warning", "reminder"]

RULES = (
    *(f"R-{number}" for number in range(1, 11)), "R-15", "R-16", "R-17", "S-4", "S-5", "S-9",
    "A-1", "A-2", "A-3", "A-4",
)  # fmt: skip
"""Party rules by number; what the work asks for (contact points, instructors, pairings); affiliation in order."""
PROBLEMS: Mapping[str, tuple[str, Severity]] = {
    "not-established": ("R-1", "violation"),
    "branch-below-number": ("R-1", "warning"),
    "branch-over-size": ("R-2", "warning"),
    "joint-branch-too-wide": ("R-3", "warning"),
    "joint-branch-of-one": ("R-3", "reminder"),
    "committee-missing": ("R-4", "warning"),
    "committee-not-due": ("R-4", "warning"),
    "committee-seats": ("R-4", "warning"),
    "below-number": ("R-5", "violation"),
    "next-kind-due": ("R-5", "reminder"),
    "no-secretary": ("R-6", "warning"),
    "project-without-organization": ("R-7", "warning"),
    "temporary-branch-act": ("R-8", "violation"),
    "temporary-branch-election": ("R-8", "violation"),
    "election-overdue": ("R-9", "violation"),
    "election-within-apply": ("R-9", "warning"),
    "election-within-remind": ("R-9", "reminder"),
    "election-unknown": ("R-9", "reminder"),
    "extension-too-long": ("R-10", "violation"),
    "extension-without-document": ("R-10", "violation"),
    "full-time-deputy-missing": ("R-15", "warning"),
    "union-chair-is-investor": ("R-15", "violation"),
    "organization-of-closed-enterprises": ("R-16", "violation"),
    "union-committee-missing": ("R-17", "warning"),
    "union-chair-is-relative": ("R-17", "violation"),
    "union-chair-not-full-time": ("R-17", "reminder"),
    "contact-points-too-many": ("S-4", "warning"),
    "contact-point-matured": ("S-4", "reminder"),
    "instructor-over-load": ("S-5", "warning"),
    "instructor-without-unit": ("S-5", "warning"),
    "term-over": ("S-5", "warning"),
    "term-unknown": ("S-5", "reminder"),
    "pairing-over": ("S-9", "warning"),
    "pairing-without-agreement": ("S-9", "reminder"),
    "organization-of-nobody": ("A-1", "violation"),
    "enterprise-of-nobody": ("A-1", "warning"),
    "two-masters": ("A-2", "violation"),
    "superior-closed": ("A-2", "violation"),
    "affiliation-mismatch": ("A-3", "warning"),
    "transfer-overdue": ("A-4", "violation"),
}
"""Every problem that can be flagged, with its rule and how serious it is."""


@dataclass(frozen=True, slots=True)
class UsedParameter:
    """The dated number a rule held the facts against."""

    name: str
    value: Any
    unit: str
    since: date
    basis: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a Party rule flags about one record.

    `rule` is the rule's number (`R-9`), `problem` a stable slug, `fact` the values that were looked at, `since` the
    day from which it has been so (None when that is not known).
    """

    rule: str
    problem: str
    severity: Severity
    record_kind: str
    record: str
    name: str
    zh: str
    en: str
    basis: str
    fact: Mapping[str, Any]
    parameter: UsedParameter | None
    since: date | None


@dataclass(frozen=True, slots=True)
class Subject:
    """The record that findings are about: its kind, key and name."""

    record_kind: str
    record: str
    name: str

    def flag(
        self,
        problem: str,
        words: tuple[str, str],
        *,
        fact: Mapping[str, Any],
        because: UsedParameter | str,
        since: date | None = None,
    ) -> Finding:
        """Return a finding about this record; `because` is the dated number it was held against, or the document."""
        rule, severity = PROBLEMS[problem]
        held_against = because if isinstance(because, UsedParameter) else None
        return Finding(
            rule=rule,
            problem=problem,
            severity=severity,
            record_kind=self.record_kind,
            record=self.record,
            name=self.name,
            zh=words[0],
            en=words[1],
            basis=because.basis if isinstance(because, UsedParameter) else because,
            fact=fact,
            parameter=held_against,
            since=since,
        )


def used(name: str, value: DatedValue) -> UsedParameter:
    """Return a parameter's value as a finding shows it."""
    return UsedParameter(name, value.value, parameter(name).unit, value.since, value.basis)


def held_on(name: str, on: date) -> UsedParameter | None:
    """Return the parameter in force on a day, or None before its first value: then its rule does not apply."""
    value = parameter(name).find(on)
    return None if value is None else used(name, value)
